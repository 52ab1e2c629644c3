"""Headers, cookies, CSRF, origins, bounds, throttling, and words that try to be markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

import anyio
import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from duthao.domain.errors import Refusal
from duthao.service.sessions import SignIn
from duthao.settings import Settings
from duthao.web.auth import COOKIE
from tests.support.office import PASSWORD, Office, office

EVIL = "<script>alert(1)</script>\"'></script><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def test_every_answer_carries_the_headers(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    for path in (
        "/login",
        "/",
        f"/documents/{id}",
        "/api/documents",
        "/nowhere",
        "/static/none.js",
        "/healthz",
    ):
        headers = lead.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'; trusted-types duthao ProseMirrorClipboard" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        if not path.startswith("/static/"):
            assert headers["cache-control"] == "no-store"


def test_no_page_carries_inline_script_or_style(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    for path in (
        "/",
        "/documents/new",
        f"/documents/{id}/versions",
        f"/documents/{id}/members",
        f"/documents/{id}",
    ):
        html = lead.get(path).text.replace('<script type="application/json" id="page-data">', "")
        assert "<script>" not in html
        assert "style=" not in html
        assert " onclick" not in html
        assert "http://" not in html.replace("http://office.test", "")


def test_the_session_cookie_is_http_only_lax_and_rotates(here: Office) -> None:
    client = here.browser()
    body = {"username": "lead", "password": PASSWORD}
    first = client.post("/api/login", json=body)
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    before = client.cookies[COOKIE]
    client.post("/api/login", json=body)
    assert client.cookies[COOKIE] != before
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert client.get("/api/documents").status_code == 401


def test_a_secure_cookie_when_so_set() -> None:
    with office(Settings(secure_cookie=True, comparison_workers=0)) as here:
        client = TestClient(here.app, base_url="https://office.test", follow_redirects=False)
        answer = client.post("/api/login", json={"username": "lead", "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith(f"__Host-{COOKIE}=")
        assert re.search("; secure", answer.headers["set-cookie"], re.IGNORECASE)
        assert "domain" not in answer.headers["set-cookie"].lower()
        assert client.get("/api/documents").status_code == 200
        # A cookie without the prefix, which another name of the domain could set, is nobody's.
        token = client.cookies[f"__Host-{COOKIE}"]
        other = TestClient(here.app, base_url="https://office.test", cookies={COOKIE: token})
        assert other.get("/api/documents").status_code == 401
        assert client.post("/api/logout").status_code == 204
        assert client.get("/api/documents").status_code == 401
        page = client.get("/login")
        assert page.headers["set-cookie"].startswith("__Host-duthao_login=")


def test_the_token_is_stored_only_as_a_hash(here: Office) -> None:
    token = here.browser("lead").cookies[COOKIE]
    assert here.store.sessions.get(token) is None


@pytest.mark.parametrize("step", ["idle", "absolute"])
def test_a_session_ends(here: Office, step: str) -> None:
    lead, settings = here.browser("lead"), here.services.settings
    if step == "idle":
        here.clock.now += settings.session_idle_minutes * 60_000
    else:
        for _ in range(settings.session_days * 4):
            here.clock.now += 6 * 3_600_000 - 1
            assert lead.get("/api/documents").status_code == 200
        here.clock.now += settings.session_days * 4
    assert lead.get("/api/documents").status_code == 401


def test_passwords_are_hashed_as_rfc_9106_asks() -> None:
    # Tests sign in with a cheap hasher; this is the one the service begins with.
    assert PasswordHasher().hash("x").startswith("$argon2id$v=19$m=65536,t=3,")


def test_unknown_name_and_wrong_password_answer_alike(here: Office) -> None:
    client = here.browser()
    answers = [
        client.post("/api/login", json={"username": name, "password": "sai sai sai"})
        for name in ("lead", "nobody-by-this-name")
    ]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_too_many_wrong_tries_pause_the_account_and_only_it(here: Office) -> None:
    client = here.browser()
    for _ in range(here.services.settings.login_attempts):
        assert client.post("/api/login", json={"username": "Lead", "password": "sai"}).status_code == 401
    paused = client.post("/api/login", json={"username": "lead", "password": PASSWORD})
    assert paused.status_code == 429
    assert paused.json()["error"]["details"] == {"minutes": 10}
    assert "10 phút" in paused.json()["error"]["message"]
    assert client.post("/api/login", json={"username": "editor", "password": PASSWORD}).status_code == 200
    here.clock.now += 10 * 60_000
    assert client.post("/api/login", json={"username": "lead", "password": PASSWORD}).status_code == 200


def test_another_process_of_the_house_counts_with_it(here: Office) -> None:
    client = here.browser()
    for _ in range(here.services.settings.login_attempts):
        client.post("/api/login", json={"username": "lead", "password": "sai"})
    elsewhere = SignIn(here.store, here.services.settings, here.clock)
    with pytest.raises(Refusal, match="login_throttled"):
        anyio.run(elsewhere.sign_in, "lead", PASSWORD, "10.0.0.9")


def test_an_address_is_paused_too(here: Office) -> None:
    client = here.browser()
    for n in range(here.services.settings.login_attempts * 10):
        client.post("/api/login", json={"username": f"name{n}", "password": "sai"})
    assert client.post("/api/login", json={"username": "lead", "password": PASSWORD}).status_code == 429


def test_an_office_that_comes_in_by_one_address_is_not_paused(here: Office) -> None:
    client = here.browser()
    good = {"username": "lead", "password": PASSWORD}
    for _ in range(here.services.settings.login_attempts * 10 + 5):
        assert client.post("/api/login", json=good).status_code == 200
    # What was tried wrongly before is not taken back by it.
    for n in range(here.services.settings.login_attempts * 10):
        client.post("/api/login", json={"username": f"name{n}", "password": "sai"})
        if n == 40:
            assert client.post("/api/login", json=good).status_code == 200
    assert client.post("/api/login", json=good).status_code == 429


def test_forms_need_their_csrf_value(here: Office) -> None:
    id = here.document()
    lead = here.browser("lead")
    for path in (f"/documents/{id}/versions", f"/documents/{id}/members", "/documents/new", "/logout"):
        for data in (
            {"name": "x"},
            {"name": "x", "csrf": "wrong"},
            {"name": "x", "csrf": here.csrf(here.browser("lead"))},
        ):
            assert lead.post(path, data=data).status_code == 403
    assert (
        lead.post(f"/documents/{id}/versions", data={"name": "x", "csrf": here.csrf(lead)}).status_code == 303
    )


def test_signing_in_by_form_needs_its_own_csrf_and_goes_where_it_should(here: Office) -> None:
    client = here.browser()
    client.get("/login")
    csrf = client.cookies["duthao_login"]
    body = {"username": "lead", "password": PASSWORD, "csrf": csrf, "next": "//evil.example/"}
    assert client.post("/login", data=body | {"csrf": "no"}).status_code == 403
    wrong = client.post("/login", data=body | {"password": EVIL, "username": EVIL})
    assert wrong.status_code == 401
    assert "<script>alert" not in wrong.text
    answer = client.post("/login", data=body)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_json_requests_from_elsewhere_are_refused(here: Office) -> None:
    lead = here.browser("lead")
    body = {"title": "x", "text": "Điều 1. A"}
    foreign = lead.post("/api/documents", json=body, headers={"Origin": "http://evil.test"})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "origin_foreign")
    form = lead.post("/api/documents", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (form.status_code, form.json()["error"]["code"]) == (415, "json_required")
    assert lead.post("/api/documents", json=body, headers={"Origin": "http://office.test"}).status_code == 201
    assert lead.post("/api/logout", headers={"Origin": "null"}).status_code == 403


def test_bodies_are_bounded_before_they_are_read() -> None:
    with office(Settings(max_body_mib=1, max_json_kib=4, comparison_workers=0)) as here:
        lead = here.browser("lead")
        huge = lead.post("/api/documents", json={"title": "x", "text": "a" * 1_100_000})
        assert (huge.status_code, huge.json()["error"]["code"]) == (413, "body_too_large")
        claimed = lead.post(
            "/api/login",
            content=iter([b'{"username":"', b"x" * 9000]),
            headers={"Content-Type": "application/json"},
        )
        assert claimed.status_code == 413
        csrf = here.csrf(lead)
        page = lead.post("/documents/new", data={"csrf": csrf}, files={"file": ("a.txt", b"a" * 3_300_000)})
        assert page.status_code == 413


def test_words_that_try_to_be_markup_stay_words(here: Office) -> None:
    lead = here.browser("lead")
    id = here.document(title=EVIL, text=f"Điều 1. {EVIL}\n1. {EVIL}")
    lead.post(f"/api/documents/{id}/versions", json={"name": EVIL, "reason": EVIL})
    saved = lead.get(f"/api/documents/{id}/versions").json()["versions"]
    pages = [
        "/", f"/documents/{id}", f"/documents/{id}/comparison", f"/documents/{id}/versions",
        f"/documents/{id}/versions/{saved[0]['id']}", f"/documents/{id}/members",
    ]  # fmt: skip
    for path in pages:
        html = lead.get(path).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "{{7*7}}" in html
    rows = lead.post(f"/api/documents/{id}/comparison/rows", json={}).json()["rows"]
    assert all("<script" not in row["html"] for row in rows)
    preview = lead.post(
        "/documents/new", data={"csrf": here.csrf(lead), "text": f"Điều 1. {EVIL}", "title": EVIL}
    )
    assert preview.status_code == 200
    assert "<script>alert" not in preview.text
