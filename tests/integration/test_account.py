"""One's own account: the password, where one is signed in, the second proof at sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from duthao.domain.second_factor import PERIOD, code_at
from tests.support.office import PASSWORD, Office, TestClient, office

NEW = "một câu dài dễ nhớ 2026"


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def act(here: Office, client: TestClient, name: str, **fields: str) -> tuple[int, str]:
    """What the page of one's account answers, with what it leads to."""
    answer = client.post("/account", data={"csrf": here.csrf(client), "act": name} | fields)
    if answer.status_code == 303:
        answer = client.get(answer.headers["location"])
    return answer.status_code, answer.text


def log_in(here: Office, username: str, password: str, **more: str) -> tuple[int, str]:
    client = here.browser()
    answer = client.post("/api/login", json={"username": username, "password": password} | more)
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def secret_in(page: str) -> str:
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def with_factor(here: Office, client: TestClient) -> tuple[str, list[str]]:
    """The secret and the recovery codes of the person signed in there."""
    secret = secret_in(act(here, client, "begin", password=PASSWORD)[1])
    status, page = act(here, client, "confirm", code=code_at(secret, here.clock() // PERIOD))
    assert status == 200
    return secret, re.findall(r"<li><code>([\w-]+)</code>", page)


def test_a_new_password_takes_the_old_ones_place_and_signs_out_everywhere_else(here: Office) -> None:
    mine, other = here.browser("lead"), here.browser("lead")
    assert act(here, mine, "password", password="nothing of the kind", new=NEW)[0] == 403
    assert act(here, mine, "password", password=PASSWORD, new="ngắn")[0] == 400
    assert act(here, mine, "password", password=PASSWORD, new=PASSWORD)[0] == 400
    status, page = act(here, mine, "password", password=PASSWORD, new=NEW)
    assert (status, "Đã đổi mật khẩu" in page) == (200, True)
    assert other.get("/account").status_code == 303
    assert log_in(here, "lead", PASSWORD) == (401, "login_failed")
    assert log_in(here, "lead", NEW) == (200, "")


@pytest.mark.parametrize(
    "easy",
    [
        "1234567890",
        "password123",
        "qwertyuiop",
        "0912345678",
        "leadleadlead",
        "Đồng chí lead",
        "vietnam2026",
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(here: Office, easy: str) -> None:
    status, page = act(here, here.browser("lead"), "password", password=PASSWORD, new=easy)
    assert (status, "dễ đoán" in page) == (400, True)
    assert log_in(here, "lead", PASSWORD) == (200, "")


def test_a_few_words_are_enough_and_the_longest_is_looked_at_in_no_time(here: Office) -> None:
    hashed = here.services.sign_in.password_hash
    assert hashed("con mèo ăn mây", "lead")
    assert hashed("mật khẩu " * 22, "lead")


def test_who_found_a_screen_open_may_not_try_passwords_for_ever(here: Office) -> None:
    mine = here.browser("lead")
    statuses = [act(here, mine, "password", password=f"wrong {n} wrong", new=NEW)[0] for n in range(12)]
    assert statuses[0] == 403
    assert statuses[-1] == 429


def test_where_one_is_signed_in_is_listed_and_ended(here: Office) -> None:
    mine = here.browser("lead")
    other = here.browser()
    body = {"username": "lead", "password": PASSWORD}
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0"
    other.post("/api/login", json=body, headers={"user-agent": agent})
    third, stranger = here.browser("lead"), here.browser("stranger")
    page = mine.get("/account").text
    assert "Edge · Windows" in page
    keys = re.findall(r'name="place" value="(\w+)"', page)
    assert len(keys) == 2
    at_edge = next(key for key in keys if page.index(key) > page.index("Edge · Windows"))
    assert act(here, stranger, "end", place=at_edge)[0] == 404
    assert act(here, mine, "end", place=at_edge)[0] == 200
    assert (other.get("/account").status_code, third.get("/account").status_code) == (303, 200)
    assert act(here, mine, "end_others")[0] == 200
    assert (third.get("/account").status_code, mine.get("/account").status_code) == (303, 200)
    assert stranger.get("/account").status_code == 200


def test_a_second_factor_is_asked_for_once_a_code_of_it_was_shown(here: Office) -> None:
    mine = here.browser("lead")
    assert act(here, mine, "begin", password="nothing of the kind")[0] == 403
    secret = secret_in(act(here, mine, "begin", password=PASSWORD)[1])
    assert log_in(here, "lead", PASSWORD) == (200, "")
    assert act(here, mine, "confirm", code="000000")[0] == 401
    status, page = act(here, mine, "confirm", code=code_at(secret, here.clock() // PERIOD))
    assert (status, len(set(re.findall(r"<li><code>([\w-]+)</code>", page)))) == (200, 10)
    assert secret not in page.replace(" ", "")
    assert log_in(here, "lead", PASSWORD) == (401, "code_needed")


def test_a_code_comes_in_once_and_a_recovery_code_too(here: Office) -> None:
    secret, codes = with_factor(here, here.browser("lead"))
    # The code that confirmed it was used then.
    now = here.clock() // PERIOD
    assert log_in(here, "lead", PASSWORD, code=code_at(secret, now)) == (401, "code_wrong")
    here.clock.now += PERIOD
    later = code_at(secret, now + 1)
    assert log_in(here, "lead", PASSWORD, code=later) == (200, "")
    assert log_in(here, "lead", PASSWORD, code=later) == (401, "code_wrong")
    assert log_in(here, "lead", PASSWORD, code=codes[0].upper()) == (200, "")
    assert log_in(here, "lead", PASSWORD, code=codes[0]) == (401, "code_wrong")
    assert log_in(here, "lead", PASSWORD, code=codes[1]) == (200, "")


def test_between_the_two_steps_one_is_nobody(here: Office) -> None:
    secret, _ = with_factor(here, here.browser("lead"))
    document = here.document("editor")
    client = here.browser()
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    assert csrf
    form = {"csrf": csrf[1], "username": "lead", "password": PASSWORD, "next": f"/documents/{document}"}
    answer = client.post("/login", data=form)
    assert answer.headers["location"].startswith("/login/code?next=")
    assert client.get("/account").status_code == 303
    assert client.get("/api/documents").status_code == 401
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    here.clock.now += PERIOD
    code = {"csrf": csrf[1], "next": "/account", "code": "000000"}
    assert client.post("/login/code", data=code).status_code == 401
    code["code"] = code_at(secret, here.clock() // PERIOD)
    assert client.post("/login/code", data=code | {"csrf": "other"}).status_code == 403
    assert client.post("/login/code", data=code).headers["location"] == "/account"
    assert client.get("/account").status_code == 200


def test_a_sign_in_waits_five_minutes_for_its_second_proof(here: Office) -> None:
    secret, _ = with_factor(here, here.browser("lead"))
    client = here.browser()
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text)
    assert csrf
    client.post("/login", data={"csrf": csrf[1], "username": "lead", "password": PASSWORD, "next": "/"})
    here.clock.now += 5 * 60_000
    code = code_at(secret, here.clock() // PERIOD)
    answer = client.post("/login/code", data={"csrf": csrf[1], "next": "/", "code": code})
    assert answer.headers["location"].startswith("/login?next=")
    assert client.get("/login/code").headers["location"].startswith("/login?next=")


def test_codes_cannot_be_guessed_for_ever(here: Office) -> None:
    with_factor(here, here.browser("lead"))
    answers = [log_in(here, "lead", PASSWORD, code=f"{n:06}") for n in range(12)]
    assert answers[0] == (401, "code_wrong")
    assert answers[-1] == (429, "login_throttled")


def test_the_second_factor_goes_with_the_password(here: Office) -> None:
    mine = here.browser("lead")
    with_factor(here, mine)
    assert act(here, mine, "remove", password="nothing of the kind")[0] == 403
    assert act(here, mine, "remove", password=PASSWORD)[0] == 200
    assert log_in(here, "lead", PASSWORD) == (200, "")
