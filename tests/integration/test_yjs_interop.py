"""Yjs, pycrdt and y-py at one document: all read the same, whoever wrote it."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from duthao.collab.conformance import VECTORS
from duthao.collab.edits import empty_reason, restore, seed
from duthao.collab.items import Elements, texts_of
from duthao.collab.replica import Replica
from duthao.collab.update_reader import read_update
from duthao.domain.document import (
    CharOffset,
    Document,
    FrontMatter,
    Kind,
    Mark,
    MarkKind,
    Provision,
    ProvisionId,
)
from tests.conftest import absent

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "tests/support/yjs"


def node(script: str, *arguments: str, lines: Iterable[Any] = ()) -> list[Any]:
    """What the script prints, each line as JSON."""
    found = shutil.which("node")
    if found is None or not (ROOT / "client/node_modules/yjs").exists():
        absent("Node.js with the client's packages")
    done = subprocess.run(
        [str(found), str(SCRIPTS / script), *arguments], capture_output=True, check=False, timeout=120,
        input="".join(json.dumps(line) + "\n" for line in lines).encode(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    text = done.stdout.decode()
    return [json.loads(line) for line in text.splitlines()] if text[:2] != "{\n" else [json.loads(text)]


def shaped(tree: Document) -> dict[str, Any]:
    """Our tree in the shape of the reading in tests/support/yjs/document.mjs."""

    def provision(one: Provision) -> dict[str, Any]:
        return {
            "id": one.id, "kind": one.kind.value, "order": one.order, "text": one.text,
            "marks": [[mark.kind.value, mark.start, mark.end] for mark in one.marks],
            "label": one.label, "from": one.origin, "cells": list(one.cells),
        }  # fmt: skip

    front = {field.name: getattr(tree.front, field.name) for field in fields(FrontMatter)}
    return {
        "provisions": [provision(one) for one in tree.provisions],
        "removed": [provision(one) for one in tree.removed],
        "rationale": dict(tree.rationale),
        "front": {name: list(value) if isinstance(value, tuple) else value for name, value in front.items()},
        "policy": tree.policy.value,
    }


def words_by_element(state: bytes) -> dict[str, str]:
    """Every provision's text as `collab.items` puts it together from single elements."""
    elements = Elements(state)
    return {
        id_: "".join(c.text for c in elements.sequence(text) if not c.deleted)
        for id_, text in texts_of(elements).items()
    }


@pytest.mark.node
@pytest.mark.parametrize("first_seed", [1, 1001])
def test_random_histories_made_by_yjs_pass_the_reader_and_read_the_same(first_seed: int) -> None:
    histories = node("history.mjs", str(first_seed), "25", "400")
    assert len(histories) == 25
    ours = []
    for history in histories:
        assert history["agreed"], history["seed"]
        replica = Replica()
        for update in history["updates"]:
            replica.apply(bytes.fromhex(update))
        assert not replica.pending()
        assert shaped(replica.tree()) == history["reading"], history["seed"]
        words = words_by_element(replica.state())
        for one in (*history["reading"]["provisions"], *history["reading"]["removed"]):
            assert words[one["id"]] == one["text"], history["seed"]
        ours.append([replica.state().hex()])
    for history, back in zip(histories, node("read.mjs", lines=ours), strict=True):
        # What pycrdt writes out, Yjs reads as the same document.
        assert (back["reading"], back["pending"]) == (history["reading"], False)


@pytest.mark.node
def test_the_histories_hold_every_kind_of_content() -> None:
    updates = [bytes.fromhex(u) for h in node("history.mjs", "5", "6", "400") for u in h["updates"]]
    facts = [read_update(update) for update in updates]
    kinds = {made.kind for fact in facts for made in fact.types}
    assert kinds == {0, 1, 2}
    assert any(len(fact.clients) > 1 for fact in facts)
    assert any(fact.deletes > 5 for fact in facts)
    assert any(fact.is_empty for fact in facts)
    whole = b"".join(updates)
    for part in (
        "😀".encode(),
        "quye\u0302\u0301t".encode(),
        b"\x04bold\x04true",
        b"\x09rationale",
        b"numbering",
    ):
        assert part in whole


@pytest.mark.node
@pytest.mark.parametrize("first_seed", [1, 40])
def test_a_half_deleted_letter_never_breaks_the_replica(first_seed: int) -> None:
    """Yjs shows a replacement character where pycrdt keeps the letter; our client never cuts one."""
    for history in node("history.mjs", str(first_seed), "10", "300", "halves"):
        replica = Replica()
        for update in history["updates"]:
            replica.apply(bytes.fromhex(update))
        assert not replica.pending()
        ids = [one["id"] for one in history["reading"]["provisions"]]
        assert [one.id for one in replica.tree().provisions] == ids


def a_document() -> Document:
    marks = (
        Mark(MarkKind.BOLD, CharOffset(0), CharOffset(6)),
        Mark(MarkKind.ITALIC, CharOffset(3), CharOffset(9)),
    )
    return Document(
        (
            Provision(ProvisionId("a"), Kind.ARTICLE, "Điều 😀 này", "5a", marks, order="A"),
            Provision(ProvisionId("r"), Kind.ROW, "", cells=("ô", ""), origin=ProvisionId("a"), order="B"),
        ),
        FrontMatter(title="Quy chế", bases=("Căn cứ;",)),
        rationale={ProvisionId("a"): "vì cần"},
        removed=(Provision(ProvisionId("x"), Kind.POINT, "đã bỏ", order="C"),),
    )


@pytest.mark.node
def test_what_the_service_writes_yjs_reads() -> None:
    target = Document((Provision(ProvisionId("a"), Kind.CLAUSE, "Khoản 😀😀 này khác", order="Z"),))
    replica = Replica()
    replica.apply(seed(a_document(), 5))
    update = restore(replica.state(), replica.tree(), target, 6)
    assert update is not None
    seeded, restored = node(
        "read.mjs", lines=[[seed(a_document(), 5).hex()], [seed(a_document(), 5).hex(), update.hex()]]
    )
    assert seeded["reading"] == shaped(replica.tree())
    replica.apply(update)
    assert (restored["reading"], restored["pending"]) == (shaped(replica.tree()), False)


@pytest.mark.node
def test_an_empty_reason_is_made_by_the_same_bytes_in_the_browser() -> None:
    ids = ["a", "V1StGXR8_Z5jdHi6", "điều-5", "😀"]
    assert node("reasons.mjs", *ids) == [[empty_reason(ProvisionId(id_)).hex() for id_ in ids]]


@pytest.mark.node
def test_the_conformance_vectors_are_what_yjs_makes() -> None:
    (made,) = node("vectors.mjs")
    found = [(v.updates, v.text, v.cells) for v in VECTORS]
    assert found == [(tuple(v["updates"]), v["text"], tuple(v.get("cells", ()))) for v in made.values()]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="y-py has no wheel for Python 3.13 and later")
@pytest.mark.parametrize("seed_", range(10))
def test_y_py_an_older_replica_reads_the_same_words(seed_: int) -> None:
    """Both write into one reason, at once and in turn; words only, which is all it can read."""
    import y_py

    chance = random.Random(seed_)
    ours, theirs = Replica(), y_py.YDoc(client_id=99)
    first = empty_reason(ProvisionId("p"))
    ours.apply(first)
    y_py.apply_update(theirs, first)
    text = theirs.get_map("rationale")["p"]
    for number in range(30):
        now = ours.tree()
        words = now.rationale.get(ProvisionId("p"), "")
        at = chance.randrange(len(words) + 1)
        goal = words[:at] + chance.choice(["lý do ", "ộ", "vì", f"{number} "]) + words[at:]
        mine = restore(ours.state(), now, Document(rationale={ProvisionId("p"): goal}), 1000 + number)
        assert mine is not None
        known = y_py.encode_state_vector(theirs)
        with theirs.begin_transaction() as transaction:
            if chance.random() < 0.3 and len(text) > 4:
                text.delete_range(transaction, 0, 1)
            text.insert(transaction, 0, "a")
        other = bytes(y_py.encode_state_as_update(theirs, known))
        for update in (mine, other) if chance.random() < 0.5 else (other, mine):
            ours.apply(update)
        y_py.apply_update(theirs, mine)
        assert str(text) == ours.tree().rationale[ProvisionId("p")]
    assert read_update(bytes(y_py.encode_state_as_update(theirs))).hole({}) is None
