"""Every route × every role: what docs/operate/authorisation.md says is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.office import Office, office
from tests.support.roles import FORBIDDEN, HIDDEN, OPEN, SIGN_IN, WHO, Everybody, empty_rooms, routes

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/operate/authorisation.md"
LINE = re.compile(r"^\| `(GET|POST|PUT|DELETE) ([^`]+)` \| (\w[\w ]*?) \|$", re.MULTILINE)
ROLES = ("reader", "commenter", "editor", "lead")


def of_a_document(weakest: str) -> dict[str, str]:
    """Open from that role on; for who has no part in it the document is not there."""
    least = ROLES.index(weakest)
    told = {role: OPEN if at >= least else FORBIDDEN for at, role in enumerate(ROLES)}
    return {"nobody": SIGN_IN, "stranger": HIDDEN, **told, "administrator": HIDDEN}


EXPECTED = {
    "anybody": dict.fromkeys(WHO, OPEN),
    "signed in": dict.fromkeys(WHO, OPEN) | {"nobody": SIGN_IN},
    "administrator": dict.fromkeys(WHO, FORBIDDEN) | {"nobody": SIGN_IN, "administrator": OPEN},
    **{role: of_a_document(role) for role in ROLES},
}
"""What each word of the table's second column promises."""
ELSEWHERE = {"elsewhere"}
"""Said in the table's own words below it, and tested where it says."""


@pytest.fixture(scope="module")
def here() -> Iterator[Office]:
    with office() as made, empty_rooms():
        yield made


@pytest.fixture(scope="module")
def everybody(here: Office) -> Everybody:
    return Everybody(here)


def table() -> dict[tuple[str, str], str]:
    return {(method, path): who for method, path, who in LINE.findall(DOCUMENT.read_text(encoding="utf-8"))}


def test_every_route_stands_in_the_table_and_nothing_else(here: Office) -> None:
    assert set(routes(here)) == set(table()), "docs/operate/authorisation.md"
    assert set(table().values()) <= set(EXPECTED) | ELSEWHERE


def test_a_form_without_its_secret_is_refused_everywhere(everybody: Everybody) -> None:
    # Before anything is changed or taken away, and as those who might: the secret alone stands in the way.
    asking = {"administrator": "administrator", "signed in": "lead"} | dict.fromkeys(ROLES, "lead")
    told = {
        path: everybody.told(asking[word], method, path, csrf="other")
        for (method, path), word in table().items()
        if method == "POST" and not path.startswith("/api/") and word not in ELSEWHERE
    }
    assert told == dict.fromkeys(told, FORBIDDEN)


@pytest.mark.parametrize("who", WHO)
def test_everybody_is_told_what_the_table_says(everybody: Everybody, who: str) -> None:
    wrong = {}
    for (method, path), word in table().items():
        if word in ELSEWHERE:
            continue
        told = everybody.told(who, method, path)
        if told != EXPECTED[word][who]:
            wrong[f"{method} {path}"] = (told, EXPECTED[word][who])
    assert wrong == {}


def test_a_document_that_does_not_exist_is_as_one_that_one_has_no_part_in(everybody: Everybody) -> None:
    told = {
        f"{method} {path}": everybody.told("lead", method, path, id="nobodys")
        for (method, path), word in table().items()
        if word in ROLES and "{id}" in path
    }
    assert told == dict.fromkeys(told, HIDDEN)
