"""Applying amending documents: the sample law exactly, then each operation and each refusal."""

from __future__ import annotations

from pathlib import Path

from duthao.domain.amend.applying import Applied, apply
from duthao.domain.document import Document, NumberingPolicy
from duthao.domain.outline import canonical_text
from duthao.domain.structure import parse
from tests.support.texts import counter

LAW = Path(__file__).parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"


def read(text: str) -> Document:
    return parse(text, new_id=counter()).document


def law(name: str) -> str:
    return (LAW / name).read_text(encoding="utf-8")


def applied(before: str, amending: str, article: str | None = None, **options: bool) -> Applied:
    return apply(read(before), amending, new_id=counter("new"), article=article, **options)


def test_the_sample_law_is_amended_exactly() -> None:
    result = applied(law("before.txt"), law("amending.txt"), article="1")
    assert result.refusals == ()
    assert canonical_text(result.document) == canonical_text(read(law("after.txt")))
    assert len(result.instructions) == 21
    assert result.document.policy is NumberingPolicy.KEEP


def test_the_article_that_speaks_to_the_base_is_told_by_its_title() -> None:
    assert applied(law("before.txt"), law("amending.txt")).articles == ("1",)


def test_an_amending_document_may_be_given_parsed() -> None:
    amending = read(law("amending.txt"))
    result = apply(read(law("before.txt")), amending, new_id=counter("new"), article="1")
    assert canonical_text(result.document) == canonical_text(read(law("after.txt")))


def test_untouched_provisions_keep_their_ids() -> None:
    before = read(law("before.txt"))
    result = applied(law("before.txt"), law("amending.txt"), article="1")
    texts = {p.id: p.text for p in before.provisions}
    after = {p.id: p.text for p in result.document.provisions}
    same = [id for id in texts if after.get(id) == texts[id]]
    assert len(same) >= len(texts) - 30
    assert all(id.startswith("new") for id in after if id not in texts)
