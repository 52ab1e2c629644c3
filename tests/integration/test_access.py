"""Every route × every role: own, other people's, and what does not exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.office import Office, office

ALL = ("lead", "editor", "commenter", "reader")
WRITERS = ("lead", "editor")
D = "/documents/{id}"
A = "/api/documents/{id}"
ROUTES: tuple[tuple[str, str, object, tuple[str, ...], int], ...] = (
    ("GET", D, None, ALL, 200),
    ("GET", f"{D}/comparison", None, ALL, 200),
    ("GET", f"{D}/comparison.pdf", None, ALL, 200),
    ("GET", f"{D}/draft.pdf", None, ALL, 200),
    ("GET", f"{D}/versions", None, ALL, 200),
    ("GET", f"{D}/versions/{{version}}", None, ALL, 200),
    ("GET", f"{D}/members", None, ALL, 200),
    ("POST", f"{D}/versions", {"name": "v"}, WRITERS, 303),
    ("POST", f"{D}/versions/{{version}}/restore", {}, WRITERS, 303),
    ("POST", f"{D}/members", {"user": "u-stranger", "role": "reader"}, ("lead",), 303),
    ("GET", f"{A}/text", None, ALL, 200),
    ("GET", f"{A}/comparison", None, ALL, 200),
    ("POST", f"{A}/comparison/rows", {"known": []}, ALL, 200),
    ("GET", f"{A}/versions", None, ALL, 200),
    ("POST", f"{A}/versions", {"name": "v"}, WRITERS, 201),
    ("POST", f"{A}/restore", {"version": "{version}"}, WRITERS, 200),
    ("GET", f"{A}/members", None, ALL, 200),
    ("PUT", f"{A}/members/u-stranger", {"role": "reader"}, ("lead",), 204),
    ("DELETE", f"{A}/members/u-editor", None, ("lead",), 204),
)


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def ask(here: Office, who: str | None, method: str, path: str, body: object, id: str, version: str) -> int:
    client = here.browser(who)
    path = path.format(id=id, version=version)
    if path.startswith("/api/"):
        filled = {
            k: v.format(version=version) if isinstance(v, str) else v for k, v in dict(body or {}).items()
        }  # type: ignore[call-overload]
        return client.request(method, path, json=filled if body is not None else None).status_code
    if method == "POST":
        token = here.csrf(client) if who else "none"
        return client.post(path, data=dict(body or {}) | {"csrf": token}).status_code  # type: ignore[call-overload]
    return client.get(path).status_code


@pytest.mark.parametrize(("method", "path", "body", "allowed", "status"), ROUTES)
def test_a_route_is_open_to_its_roles_and_to_nobody_else(
    here: Office, method: str, path: str, body: object, allowed: tuple[str, ...], status: int
) -> None:
    id = here.with_everybody()
    version = here.store.versions.for_document(id)[0].id  # type: ignore[arg-type]
    for role in reversed(ALL):
        expected = status if role in allowed else 403
        assert ask(here, role, method, path, body, id, version) == expected, role
    assert ask(here, "lead", method, path, body, "nobodys", version) == 404
    other = here.document("editor")
    theirs = here.store.versions.for_document(other)[0].id  # type: ignore[arg-type]
    assert ask(here, "stranger", method, path, body, other, theirs) == 404
    signed_out = 401 if path.startswith("/api/") or method == "POST" else 303
    assert ask(here, None, method, path, body, id, version) == signed_out


def test_a_document_one_may_not_see_answers_exactly_as_one_that_does_not_exist(here: Office) -> None:
    id = here.document()
    stranger = here.browser("stranger")
    for path in (
        "/api/documents/{}/text",
        "/documents/{}",
        "/documents/{}/versions",
        "/api/documents/{}/members",
    ):
        theirs, nothing = (stranger.get(path.format(which)) for which in (id, "nothing-here-at-all"))
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.text.replace(id, "X") == nothing.text.replace("nothing-here-at-all", "X")


def test_a_version_of_another_document_is_not_found(here: Office) -> None:
    own, others = here.document("stranger"), here.document("lead")
    version = here.store.versions.for_document(others)[0].id  # type: ignore[arg-type]
    stranger = here.browser("stranger")
    assert stranger.get(f"/api/documents/{own}/text?version={version}").status_code == 404
    assert stranger.get(f"/documents/{own}/versions/{version}").status_code == 404


def test_the_last_lead_stays(here: Office) -> None:
    id = here.with_everybody()
    lead = here.browser("lead")
    for answer in (
        lead.put(f"/api/documents/{id}/members/u-lead", json={"role": "reader"}),
        lead.delete(f"/api/documents/{id}/members/u-lead"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "last_lead")
    assert lead.put(f"/api/documents/{id}/members/u-editor", json={"role": "lead"}).status_code == 204
    assert lead.delete(f"/api/documents/{id}/members/u-lead").status_code == 204
    assert ("access", id, "u-lead") in here.rooms.told
