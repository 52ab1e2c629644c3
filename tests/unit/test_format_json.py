"""Documents as JSON: refusals name the place."""

from __future__ import annotations

import json

import pytest

from duthao.domain.errors import Refusal
from duthao.formats.json import document_from_json, document_to_json
from tests.support.texts import art, cl, doc

GOOD = json.loads(document_to_json(doc(art("A", "1"), cl("B", "1"))))


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"format": 2}, "document_json_format", None),
        ({"policy": "x"}, "document_json_malformed", "policy"),
        ({"extra": 1}, "document_json_malformed", "document"),
        ({"provisions": {}}, "document_json_malformed", "provisions"),
        (
            {"provisions": [{"id": "a", "kind": "x", "text": ""}]},
            "document_json_malformed",
            "provisions[0].kind",
        ),
        (
            {"provisions": [{"id": "a", "kind": "clause", "text": 1}]},
            "document_json_malformed",
            "provisions[0].text",
        ),
        ({"front": {"bases": "x"}}, "document_json_malformed", "front.bases"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(
    change: dict[str, object], code: str, where: str | None
) -> None:
    with pytest.raises(Refusal) as caught:
        document_from_json(json.dumps(GOOD | change).encode())
    assert caught.value.code == code
    assert caught.value.details.get("where") == where


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"\xff", b'{"a":1,"a":2}', b"NaN"])
def test_any_bytes_are_a_document_or_a_refusal(data: bytes) -> None:
    with pytest.raises(Refusal):
        document_from_json(data)


def test_it_is_canonical() -> None:
    assert (
        document_to_json(doc(art("Ủy", id="a")))
        == (
            '{"format":1,"front":{},"policy":"renumber","provisions":[{"id":"a","kind":"article","text":"Ủy"}],'
            '"rationale":{},"removed":[]}'
        ).encode()
    )
