"""Signing in at the office's own provider: npm's oidc-provider, and one that lies."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from duthao.domain.errors import Refusal
from duthao.domain.second_factor import PERIOD, code_at
from duthao.service.audit_verifying import in_order
from duthao.service.people import add_user
from duthao.settings import Settings
from duthao.store.accounts import SecondFactor
from tests.support.office import PASSWORD, Office, TestClient, office
from tests.support.oidc_provider import (
    BACK,
    CLIENT,
    ORIGIN,
    SECRET,
    Liar,
    liar,
    npm_provider,
    signed_in_there,
)

PEOPLE = {
    "p1": {"preferred_username": "Lead", "name": "Đồng chí lead"},
    "p2": {"preferred_username": "người.mới", "name": "Trần Thị Mới"},
    "p3": {"preferred_username": "lead"},
    "p4": {"name": "Không có tên đăng nhập"},
}


@pytest.fixture(scope="module")
def secret_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("oidc") / "secret"
    path.write_text(SECRET + "\n")
    return str(path)


@pytest.fixture(scope="module")
def npm() -> Iterator[str]:
    with npm_provider(PEOPLE) as issuer:
        yield issuer


@contextmanager
def house(issuer: str, secret_file: str, **more: Any) -> Iterator[Office]:
    settings = Settings(
        comparison_workers=0, public_origin=ORIGIN, oidc_issuer=issuer, oidc_client_id=CLIENT,
        oidc_client_secret_file=secret_file, login_attempts=3,
    )  # fmt: skip
    with office(replace(settings, **more)) as made:
        yield made


def sent(client: TestClient, target: str = "/account") -> str:
    """Where the browser is sent to sign in."""
    answer = client.get("/login/provider", params={"next": target})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def code_of(page: str) -> str:
    """Which sentence of ours the page says."""
    found = re.search(r'role="alert"><p>([^<]+)<', page)
    return found[1] if found else ""


@pytest.mark.node
def test_a_person_of_the_provider_comes_in_to_the_account_of_that_name_and_goes_out_there_too(
    npm: str, secret_file: str
) -> None:
    with house(npm, secret_file) as here:
        client = here.browser()
        assert "/login/provider?next=" in client.get("/login?next=/account").text
        answer = client.get(signed_in_there(sent(client), "p1"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        page = client.get("/account").text
        assert "Đồng chí lead" in page
        assert "Tài khoản này đăng nhập bằng" in page
        # Who was joined once is known by what never changes, whatever the name is now.
        assert [one.subject for one in here.store.identities.of(here.users["lead"])] == ["p1"]
        third = here.browser()
        assert "đã thuộc về một người khác" in code_of(third.get(signed_in_there(sent(third), "p3")).text)
        fourth = here.browser()
        assert "preferred_username" in code_of(fourth.get(signed_in_there(sent(fourth), "p4")).text)
        client.post("/logout", data={"csrf": here.csrf(client)})
        assert client.get("/account").status_code == 303
        assert 'href="/login/provider/out"' in client.get("/login").text
        gone = client.get("/login/provider/out").headers["location"]
        assert gone.startswith(f"{npm}/session/end?")
        assert parse_qs(urlsplit(gone).query)["post_logout_redirect_uri"] == [f"{ORIGIN}/login"]
        assert 'href="/login/provider/out"' not in client.get("/login").text
        kept = [(one.what, one.user_id) for one in _log(here)]
        assert kept == [
            ("signed_in", "u-lead"), ("sign_failed", "u-lead"), ("sign_failed", ""), ("signed_out", "u-lead"),
        ]  # fmt: skip


def _log(here: Office) -> list[Any]:
    here.services.audit._recorder.flush().result(5)
    return list(in_order(here.store, *here.store.audit.bounds()))


@pytest.mark.node
def test_unknown_people_are_made_only_where_the_house_wants_it_and_a_code_comes_in_once(
    npm: str, secret_file: str
) -> None:
    with house(npm, secret_file) as here:
        client = here.browser()
        assert "chưa có tài khoản" in code_of(client.get(signed_in_there(sent(client), "p2")).text)
    with house(npm, secret_file, oidc_create=True, oidc_link=False) as here:
        client = here.browser()
        address = sent(client)
        seed = client.cookies["duthao_provider"]
        back = signed_in_there(address, "p2")
        assert client.get(back).headers["location"] == "/account"
        made = here.store.users.by_username("người.mới")
        assert made is not None
        assert (made.name, made.is_admin) == ("Trần Thị Mới", False)
        # The very same answer again, with the cookie somebody copied: the provider knows that code no more.
        thief = here.browser()
        thief.cookies.set("duthao_provider", seed, domain="office.test", path="/login/provider")
        answer = thief.get(back)
        assert (answer.status_code, "không đáng tin" in code_of(answer.text)) == (401, True)
        # Without its cookie it is not even asked for.
        answer = here.browser().get(back)
        assert (answer.status_code, "bắt đầu ở một cửa sổ khác" in code_of(answer.text)) == (400, True)
        # An account that stands here is nobody's there until the administrator says so.
        lead = here.browser()
        assert "chưa có tài khoản" in code_of(lead.get(signed_in_there(sent(lead), "p1")).text)


@pytest.fixture(scope="module")
def lying() -> Iterator[Liar]:
    with liar() as made:
        yield made


@pytest.fixture
def liars(lying: Liar) -> Liar:
    """The same liar, honest again."""
    lying.claims, lying.description, lying.userinfo, lying.token = {}, {}, None, None
    lying.asked.clear()
    return lying


def through(here: Office, liars: Liar, target: str = "/account") -> tuple[int, str]:
    """What a new browser is told in the end: where it goes, or why it does not come in."""
    client = here.browser()
    answer = client.get(liars.sent_back(sent(client, target)))
    if answer.status_code == 303:
        return 303, answer.headers["location"]
    assert "duthao_session" not in client.cookies
    return answer.status_code, code_of(answer.text)


def by_hand(alg: str, claims: dict[str, Any], secret: bytes) -> str:
    """A token as no decent library would make it."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    said = ".".join(part(json.dumps(one).encode()) for one in ({"alg": alg, "kid": "1"}, claims))
    seal = hmac.new(secret, said.encode(), hashlib.sha256).digest() if secret else b""
    return f"{said}.{part(seal)}"


def unsigned(liars: Liar, claims: dict[str, Any]) -> str:
    return by_hand("none", claims, b"")


def by_the_public_key(liars: Liar, claims: dict[str, Any]) -> str:
    return by_hand("HS256", claims, liars.key.as_pem(private=False))


def by_our_secret(liars: Liar, claims: dict[str, Any]) -> str:
    return by_hand("HS256", claims, SECRET.encode())


def by_another_key(liars: Liar, claims: dict[str, Any]) -> str:
    return liars.sealed(claims, RSAKey.generate_key(2048))


ENDED = "/login/provider/ended"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def goodbye(liars: Liar, **changed: Any) -> dict[str, Any]:
    """The claims of a logout token as the standard has them, some changed, some (None) left out."""
    now = int(time.time())
    claims = {"iss": liars.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "1", "sub": "1",
              "events": {EVENT: {}}} | changed  # fmt: skip
    return {name: value for name, value in claims.items() if value is not None}


def test_who_is_signed_out_at_the_provider_is_signed_in_nowhere_any_more(
    liars: Liar, secret_file: str
) -> None:
    with house(liars.issuer, secret_file) as here:
        one, other = here.browser(), here.browser()
        for browser in (one, other):
            browser.get(liars.sent_back(sent(browser)))
        somebody = here.browser("editor")
        ended: list[str] = []
        here.services.sign_in.ended = ended.append
        told = here.browser().post(ENDED, data={"logout_token": liars.sealed(goodbye(liars))})
        assert (told.status_code, told.headers["cache-control"]) == (200, "no-store")
        assert [browser.get("/account").status_code for browser in (one, other, somebody)] == [303, 303, 200]
        assert ended == [here.users["lead"]]
        # Who never came by the provider is nobody here, and nothing is said of that.
        unknown = liars.sealed(goodbye(liars, sub="nobody"))
        assert here.browser().post(ENDED, data={"logout_token": unknown}).status_code == 200


def test_no_lie_signs_anybody_out(liars: Liar, secret_file: str) -> None:
    with house(liars.issuer, secret_file, login_attempts=100) as here:
        mine = here.browser()
        mine.get(liars.sent_back(sent(mine)))
        now = int(time.time())
        wrong = {
            "no token": "", "none at all": "a.b.c",
            "unsigned": unsigned(liars, goodbye(liars)),
            "by our secret": by_our_secret(liars, goodbye(liars)),
            "by another key": by_another_key(liars, goodbye(liars)),
            "an ID token": liars.sealed(goodbye(liars, events=None, nonce="x")),
            "a nonce": liars.sealed(goodbye(liars, nonce="x")),
            "another event": liars.sealed(goodbye(liars, events={"x": {}})),
            "events that are none": liars.sealed(goodbye(liars, events=[EVENT])),
            "another audience": liars.sealed(goodbye(liars, aud="another")),
            "another issuer": liars.sealed(goodbye(liars, iss="https://elsewhere.vn")),
            "of a session alone": liars.sealed(goodbye(liars, sub=None, sid="1")),
            "over": liars.sealed(goodbye(liars, exp=now - 600)),
            "kept": liars.sealed(goodbye(liars, exp=None, iat=now - 3600)),
            "without a time": liars.sealed(goodbye(liars, exp=None, iat=None)),
        }  # fmt: skip
        heard = {}
        for lie, token in wrong.items():
            answer = here.browser().post(ENDED, data={"logout_token": token})
            if (answer.status_code, answer.json()["error"]["code"]) != (400, "oidc_token_bad"):
                heard[lie] = answer.text
        assert heard == {}
        assert here.browser().post(ENDED, data={"logout_token": "x" * 100_000}).status_code == 413
        assert mine.get("/account").status_code == 200
    with office() as here:
        assert here.browser().post(ENDED, data={"logout_token": "x"}).status_code == 404


def test_no_lie_of_a_provider_lets_anybody_in(liars: Liar, secret_file: str) -> None:
    with house(liars.issuer, secret_file, login_attempts=100) as here:
        assert through(here, liars) == (303, "/account")
        lies: dict[str, dict[str, Any]] = {
            "another audience": {"claims": {"aud": "another"}},
            "several audiences, none the one who asked": {"claims": {"aud": [CLIENT, "x"], "azp": "x"}},
            "another issuer": {"claims": {"iss": "https://elsewhere.vn"}},
            "another nonce": {"claims": {"nonce": "x" * 64}},
            "no nonce": {"claims": {"nonce": None}},
            "an old token": {"claims": {"exp": 1_000_000_000, "iat": 999_999_000}},
            "no end": {"claims": {"exp": None}},
            "nobody": {"claims": {"sub": None}},
            "unsigned": {"token": unsigned},
            "signed with the public key as a secret": {"token": by_the_public_key},
            "signed with our own secret": {"token": by_our_secret},
            "signed by another key": {"token": by_another_key},
            "no token": {"token": lambda *_: ""},
            "somebody else behind the token": {"userinfo": {"sub": "2", "preferred_username": "lead"}},
        }
        let_in = {}
        provider = here.services.vouched._provider
        for lie, how in lies.items():
            liars.claims, liars.token = how.get("claims", {}), how.get("token")
            liars.userinfo = how.get("userinfo")
            if liars.userinfo:
                provider._known = None  # type: ignore[union-attr]  # read anew what it says of itself
            told = through(here, liars)
            if told[0] != 401 or "không đáng tin" not in told[1]:
                let_in[lie] = told
        assert let_in == {}
        liars.claims, liars.token, liars.userinfo = {"sub": ["1"]}, None, None
        assert through(here, liars)[0] in (401, 403)


def test_a_state_of_another_browser_is_refused_before_the_provider_is_asked(
    liars: Liar, secret_file: str
) -> None:
    with house(liars.issuer, secret_file) as here:
        mine, others = here.browser(), here.browser()
        back = liars.sent_back(sent(mine))
        sent(others)
        for address in (back, f"{BACK}?code=code0&state=", f"{BACK}?state=x&error=access_denied", BACK):
            answer = others.get(address)
            assert (answer.status_code, "cửa sổ khác" in code_of(answer.text)) == (400, True)
            sent(others)
        assert "/token" not in liars.asked
        state = parse_qs(urlsplit(back).query)["state"][0]
        declined = mine.get(f"{BACK}?error=access_denied&error_description=<b>&state={state}")
        assert (declined.status_code, "đã thôi giữa chừng" in code_of(declined.text)) == (401, True)
        # Its seed was used up with that.
        assert mine.get(back).status_code == 400


def test_nobody_is_sent_to_another_site_afterwards(liars: Liar, secret_file: str) -> None:
    with house(liars.issuer, secret_file) as here:
        for target in ("https://evil.vn/", "//evil.vn", "/\\evil.vn", "javascript:alert(1)", "/\t/evil.vn",
                       "/" + "a" * 3000, "\\\\evil.vn"):  # fmt: skip
            assert through(here, liars, target) == (303, "/")
        assert through(here, liars, "/documents/new?a=b&c=ờ") == (303, "/documents/new?a=b&c=%E1%BB%9D")


def test_a_second_proof_of_ours_is_asked_for_unless_the_provider_vouches(
    liars: Liar, secret_file: str
) -> None:
    with house(liars.issuer, secret_file) as here:
        secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        here.store.second_factors.put(SecondFactor(here.users["lead"], secret, True, -1, (), 1))
        client = here.browser()
        answer = client.get(liars.sent_back(sent(client)))
        assert answer.headers["location"] == "/login/code?next=%2Faccount"
        assert client.get("/account").status_code == 303
        page = client.get(answer.headers["location"]).text
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)
        assert csrf
        code = code_at(secret, here.clock() // PERIOD)
        answer = client.post("/login/code", data={"csrf": csrf[1], "next": "/account", "code": code})
        assert answer.headers["location"] == "/account"
        liars.claims = {"amr": ["pwd", "mfa"]}
        assert through(here, liars) == (303, "/account")
        liars.claims = {"amr": "mfa"}
        assert through(here, liars)[0] == 401


def test_a_provider_that_does_not_answer_or_is_another_says_so(liars: Liar, secret_file: str) -> None:
    for description in (
        {"issuer": "https://elsewhere.vn"}, {"token_endpoint": "http://elsewhere.vn/token"},
        {"jwks_uri": None}, {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"padding": "x" * 300_000},
    ):  # fmt: skip
        liars.description = description
        with house(liars.issuer, secret_file) as here:
            answer = here.browser().get("/login/provider")
            assert (answer.status_code, "Chưa liên lạc được" in answer.text) == (503, True)
    with house("http://127.0.0.1:9", secret_file) as here:
        assert here.browser().get("/login/provider").status_code == 503


def test_passwords_may_be_switched_off_but_the_administrators_way_in_stays(
    liars: Liar, secret_file: str
) -> None:
    with house(liars.issuer, secret_file, local_sign_in=False, oidc_name="SSO <tỉnh>") as here:
        hashed = here.services.sign_in.password_hash(PASSWORD)
        add_user(here.store, "u-admin", "admin", "Quản trị", "", hashed, here.clock(), is_admin=True)  # type: ignore[arg-type]
        client = here.browser()
        page = client.get("/login").text
        assert 'name="password"' not in page
        assert "Đăng nhập bằng SSO &lt;tỉnh&gt;" in page
        refused = client.post("/api/login", json={"username": "lead", "password": PASSWORD})
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "login_elsewhere")
        # A wrong password is told nothing of that.
        refused = client.post("/api/login", json={"username": "lead", "password": "wrong wrong"})
        assert refused.json()["error"]["code"] == "login_failed"
        assert 'name="password"' in client.get("/login?local=1").text
        here.browser("admin")
        mine = here.browser()
        mine.get(liars.sent_back(sent(mine)))
        assert 'name="password"' not in mine.get("/account").text


def test_tries_are_counted_by_address_and_who_is_disabled_stays_out(liars: Liar, secret_file: str) -> None:
    with house(liars.issuer, secret_file, login_attempts=1) as here:
        here.store.users.update(replace(here.store.users.get(here.users["lead"]), disabled=True))  # type: ignore[type-var]
        told = [through(here, liars) for _ in range(11)]
        assert (told[0][0], "bị khoá" in told[0][1]) == (403, True)
        assert told[-1][0] == 429


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_client_id": ""}, {"oidc_issuer": "http://sso.example.vn"}, {"oidc_scopes": "profile"},
        {"oidc_client_secret_file": "/nonexistent"}, {"public_origin": ""},
        {"oidc_issuer": "", "local_sign_in": False},
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused_at_the_start(secret_file: str, wrong: dict[str, Any]) -> None:
    with (
        pytest.raises(Refusal, match="oidc_settings_bad"),
        house("https://sso.example.vn", secret_file, **wrong),
    ):
        pass
