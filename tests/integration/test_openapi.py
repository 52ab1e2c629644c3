"""docs/protocol/openapi.json is what http.md says, and what the service does with anything sent to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.office import Office, office
from tests.support.openapi import ERROR, TARGET, NotUnderstood, Schema, mismatch, shape, written
from tests.support.roles import NAMES, Everybody, empty_rooms, routes

DESCRIBED: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))
OPERATIONS = [
    (method, path)
    for path, methods in DESCRIBED["paths"].items()
    for method in methods
    if path not in ("/api/login", "/api/logout", "/readyz")  # sessions end there; not in the office
]
ODD = ("", "x", "điều", "\x00", "\ud800", "9" * 30, "a" * 300, "../..", "party", "draft")
NUMBERS = st.sampled_from((0, 1, -1, 2**31, 2**63, 10**30))
ANY = st.recursive(
    st.sampled_from((None, True, False, 1.5, *ODD)) | NUMBERS,
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.sampled_from(ODD), inside, max_size=2),
    max_leaves=3,
)


def meant(schema: Schema) -> st.SearchStrategy[Any]:
    """What the shape asks for: often just that, now and then anything."""
    if "anyOf" in schema:
        return st.one_of(*map(meant, schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    sorts = schema.get("type", "string")
    match sorts if isinstance(sorts, str) else sorts[0]:
        case "object":
            named = {name: sent(one) for name, one in schema.get("properties", {}).items()}
            needed = set(schema.get("required", ()))
            return st.fixed_dictionaries(
                {name: one for name, one in named.items() if name in needed},
                optional={name: one for name, one in named.items() if name not in needed},
            )
        case "array":
            return st.lists(sent(schema.get("items", {})), max_size=2)
        case "integer":
            return NUMBERS
        case "boolean":
            return st.booleans()
        case _:
            return st.sampled_from(("Điều 1. Phạm vi\n1. Một.", *ODD))


def sent(schema: Schema) -> st.SearchStrategy[Any]:
    return st.integers(0, 7).flatmap(lambda luck: meant(schema) if luck else ANY)


@st.composite
def requests(draw: st.DrawFn, method: str, path: str) -> tuple[dict[str, str], dict[str, str], Any]:
    """The names in its path that are not there, its query, its body."""
    operation = DESCRIBED["paths"][path][method]
    strange = {
        name: draw(st.sampled_from(("x", "đ", "9" * 30, "a" * 300, "%00", "-1")))
        for name in NAMES.findall(path)
        if draw(st.integers(0, 5)) == 0
    }
    query = {
        one["name"]: draw(st.sampled_from(("", "x", "1", "draft", "9" * 30, "\x00")))
        for one in operation["parameters"]
        if one["in"] == "query" and draw(st.booleans())
    }
    body = operation.get("requestBody")
    schema = body and body["content"]["application/json"]["schema"]
    return strange, query, None if schema is None else draw(sent(schema))


@pytest.fixture(scope="module")
def here() -> Iterator[Office]:
    with office() as made, empty_rooms():
        yield made


@pytest.fixture(scope="module")
def everybody(here: Office) -> Everybody:
    return Everybody(here)


def test_the_description_is_generated_from_the_tables_of_the_protocol() -> None:
    assert TARGET.read_text(encoding="utf-8") == written(), "python -m tests.support.openapi"


def test_every_request_of_the_api_is_described_and_nothing_else(here: Office) -> None:
    described = {(method.upper(), path) for path, methods in DESCRIBED["paths"].items() for method in methods}
    answered = {one for one in routes(here) if one[1].startswith("/api/")}
    asked = {one for one in described if one[1].startswith("/api/")}
    assert asked == answered, "rows of docs/protocol/http.md, then python -m tests.support.openapi"


def test_a_shape_is_read_as_it_is_written() -> None:
    read = shape(
        '{"id", "of"?: "a"/"b", "runs": [["="/"-", text]…], "by": {"name"} or null, "counts": {kind: n}}'
    )
    good = {"id": 1, "runs": [["=", "x"]], "by": None, "counts": {"point": 2}}
    assert mismatch(read, good) == ""
    assert mismatch(read, good | {"of": "c"}) == "$.of: none of ['a', 'b']"
    assert mismatch(read, good | {"runs": [["="]]}) == "$.runs[0]: 1 items, not 2"
    assert mismatch(read, good | {"counts": {"point": True}}) == "$.counts.point: bool, not integer"
    assert mismatch(read, good | {"by": {}}).startswith("$.by: without")
    assert mismatch(read, good | {"new": 1}).startswith("$: ['new'] stand in no row")
    assert mismatch(shape('{"id", …}'), {"id": 1, "new": 1}) == ""
    with pytest.raises(NotUnderstood):
        shape('{"id", "of"')


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_that_is_told(
    here: Office, everybody: Everybody, method: str, path: str
) -> None:
    answers = DESCRIBED["paths"][path][method]["responses"]

    @settings(
        max_examples=4,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(method, path))
    def holds(asked: tuple[dict[str, str], dict[str, str], Any]) -> None:
        strange, query, body = asked
        answer = everybody.sent("lead", method.upper(), path, query, body, **strange)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert mismatch(ERROR, answer.json()) == ""
            return
        assert str(answer.status_code) in answers
        told = answers[str(answer.status_code)].get("content", {})
        media = answer.headers.get("content-type", "").split(";")[0]
        assert media in told or not answer.content
        if "schema" in told.get("application/json", {}):
            assert mismatch(told["application/json"]["schema"], answer.json()) == ""

    holds()


def test_half_a_letter_is_left_out_and_no_failure(here: Office) -> None:
    # JSON can say it, UTF-8 cannot: neither the answer that quotes it nor the store could hold it.
    lead = here.browser("lead")
    words = '{"title": "Quy \\ud800chế", "text": "Điều 1. Phạm vi", "numbering": "\\udfff"}'
    headers = {"Content-Type": "application/json"}
    assert lead.post("/api/documents", content=words, headers=headers).status_code == 400
    words = words.replace("\\udfff", "keep")
    assert lead.post("/api/documents", content=words, headers=headers).status_code == 201
    titles = [one["title"] for one in lead.get("/api/documents").json()["documents"]]
    assert "Quy chế" in titles


def test_a_method_that_is_not_answered_is_told_all_that_are(here: Office) -> None:
    lead = here.browser("lead")
    for path, methods in DESCRIBED["paths"].items():
        if path == "/readyz":
            continue  # not in the office
        assert lead.request("TRACE", NAMES.sub("x", path)).status_code == 405
        told = lead.request("PATCH", NAMES.sub("x", path))
        assert told.status_code == 405
        assert set(told.headers["allow"].split(", ")) - {"HEAD"} == {method.upper() for method in methods}, (
            path
        )


def test_nul_is_left_out_at_every_entrance(here: Office) -> None:
    # SQLite keeps it, PostgreSQL refuses the whole question: it was a failure there.
    lead = here.browser("lead")
    id = here.document(title="Quy\x00 chế \x00mới")
    assert "Quy chế mới" in [one["title"] for one in lead.get("/api/documents").json()["documents"]]
    assert lead.get(f"/api/documents/{id}%00/text").status_code == 200
    assert lead.get(f"/api/documents/{id}/text?version=%00draft").status_code == 200
    assert lead.get("/api/documents/%00/text").status_code == 404
    form = {"csrf": here.csrf(lead), "do": "x", "name": "\x00Bản\x00 đầu"}
    assert lead.post(f"/documents/{id}/versions", data=form).status_code == 303
    assert "Bản đầu" in [one["name"] for one in lead.get(f"/api/documents/{id}/versions").json()["versions"]]
