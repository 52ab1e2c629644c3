"""Providers of OpenID Connect for the tests: npm's own, and one that lies as it is told."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.conftest import absent

ROOT = Path(__file__).resolve().parents[2]
CLIENT, SECRET = "duthao", "a secret of the provider"
ORIGIN = "http://office.test"
BACK = f"{ORIGIN}/login/provider/back"


@contextmanager
def npm_provider(people: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Its issuer, while it runs. Whoever types a name of `people` is that one."""
    node = shutil.which("node")
    if node is None or not (ROOT / "client/node_modules/oidc-provider").exists():
        absent("Node.js with the client's packages")
    told = {
        "people": people, "back": BACK, "after": f"{ORIGIN}/login",
        "client": {"id": CLIENT, "secret": SECRET},
    }  # fmt: skip
    script = str(ROOT / "tests/support/oidc/provider.mjs")
    with subprocess.Popen([str(node), script, json.dumps(told)], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["issuer"]
        finally:
            process.kill()


def signed_in_there(address: str, name: str) -> str:
    """What a person's browser does at npm's provider, up to the address by which it sends them back."""
    with httpx2.Client(timeout=30) as browser:
        answer = browser.get(address)
        while not (place := answer.headers.get("location", "")).startswith(ORIGIN):
            if answer.status_code in (302, 303):
                answer = browser.get(urljoin(str(answer.url), place))
                continue
            assert answer.status_code == 200, answer.text
            form = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert form
            assert prompt
            sent = {"prompt": prompt[1], "login": name, "password": "x"}
            answer = browser.post(urljoin(str(answer.url), form[1]), data=sent)
        return str(place)


@dataclass
class Liar:
    """A provider over real HTTP with a real key, whose every statement a test may change.

    `token` makes the ID token of the claims that would be right; `description`: what else it says of itself.
    A code is good once, for the proof that was announced with it, as the standard has it.
    """

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}, auto_kid=False))
    claims: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    token: Callable[[Liar, dict[str, Any]], str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def sent_back(self, address: str) -> str:
        """Where the browser is sent that came with this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}&iss={self.issuer}"

    def sealed(self, claims: Mapping[str, Any], key: Any = None, alg: str = "RS256") -> str:
        return jwt.encode({"alg": alg, "kid": "1"}, dict(claims), key or self.key, algorithms=[alg])

    def described(self) -> dict[str, Any]:
        own = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }  # fmt: skip
        if self.userinfo is not None:
            own["userinfo_endpoint"] = f"{self.issuer}/me"
        return own | self.description

    def exchanged(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        announced = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != announced:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "preferred_username": "lead",
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        token = self.token(self, claims) if self.token else self.sealed(claims)
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": token}

    def answered(self, path: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if path.endswith("openid-configuration"):
            return 200, self.described()
        if path == "/keys":
            return 200, KeySet([self.key]).as_dict(private=False)
        return (200, self.userinfo or {}) if path == "/me" else self.exchanged(form)


@contextmanager
def liar() -> Iterator[Liar]:
    made = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("content-length", 0))
            sent = parse_qs(self.rfile.read(length).decode())
            status, body = made.answered(self.path, {name: values[0] for name, values in sent.items()})
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
