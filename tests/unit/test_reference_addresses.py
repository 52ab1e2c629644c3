"""How units are cited: the shared examples, the same that the browser is held to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from duthao.collab.codec import read_document
from duthao.domain.document import Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.outline import outline_of
from duthao.domain.references.citing import address

PROTOCOL = Path(__file__).parents[2] / "docs/protocol"


def examples(name: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in json.loads((PROTOCOL / name).read_text(encoding="utf-8"))}


NUMBERED, CITED = examples("numbering-examples.json"), examples("reference-examples.json")


def test_there_is_one_for_each_example_of_numbers() -> None:
    assert CITED.keys() == NUMBERED.keys()


@pytest.mark.parametrize("name", CITED)
def test_the_shared_examples(name: str) -> None:
    provisions = [
        Provision(ProvisionId(str(at)), Kind(each["kind"]), "", each.get("label"))
        for at, each in enumerate(NUMBERED[name]["provisions"])
    ]
    made = outline_of(provisions, NumberingPolicy(NUMBERED[name]["policy"]))
    assert [address(made, at) for at in range(len(provisions))] == CITED[name]["addresses"]


def test_words_that_cite_read_as_words() -> None:
    doc: Any = Doc()
    entry = Map({"kind": "clause", "order": "V", "text": Text("Theo khoản 2.")})
    doc.get("provisions", type=Map)["p"] = entry
    entry["text"].format(5, 13, {"ref": "abc khoản 2"})
    found, report = read_document(doc)
    assert (found.provisions[0].text, found.provisions[0].marks, report.clean) == ("Theo khoản 2.", (), True)
