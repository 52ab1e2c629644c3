"""The proof: what a reader makes of the old text with the instrument is the draft, or it is not released."""

from __future__ import annotations

from pathlib import Path

import pytest

from duthao.domain.amend import proving
from duthao.domain.amend.applying import apply
from duthao.domain.amend.instrument import Instrument
from duthao.domain.amend.proving import Proof, proved
from duthao.domain.amend.templates import Templates
from duthao.domain.compare import compare
from duthao.domain.document import Document
from duthao.domain.outline import canonical_text
from duthao.domain.structure import parse
from duthao.formats.text import to_text
from tests.support.texts import art, cl, counter, doc, row, table

LAW = Path(__file__).parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"


def law(name: str) -> Document:
    return parse((LAW / f"{name}.txt").read_text(encoding="utf-8"), new_id=counter(name)).document


@pytest.fixture(scope="module")
def before() -> Document:
    return law("before")


@pytest.fixture(scope="module")
def proof(before: Document) -> Proof:
    after = law("after")
    return proved(before, after, compare(before, after))


def test_the_law_s_instrument_gives_the_amended_law_exactly(before: Document, proof: Proof) -> None:
    assert proof.holds
    assert proof.exact
    applied = apply(before, proof.instrument.text(), new_id=counter("n"), article="1")
    assert applied.refusals == ()
    assert canonical_text(applied.document) == canonical_text(law("after"))


def test_it_is_no_longer_than_the_real_law_s(proof: Proof) -> None:
    """The real Điều 1: 16 clauses, 13,413 quoted characters of new text, 15,218 in all."""
    assert len(proof.instrument.instructions) <= 16
    quoted, written = proof.instrument.quoted_characters(), proof.instrument.written_characters()
    assert quoted <= 13_413
    assert quoted < written <= 15_218


def test_it_proves_through_the_text_that_is_exported(before: Document, proof: Proof) -> None:
    exported = to_text(proof.instrument.document())
    assert exported.startswith("LUẬT\nsửa đổi, bổ sung một số điều của Luật Kiểm toán nhà nước\n")
    applied = apply(before, exported, new_id=counter("n"), article="1")
    assert canonical_text(applied.document) == canonical_text(law("after"))


def test_a_draft_numbered_afresh_proves_under_kept_numbers(before: Document) -> None:
    after = law("after-renumbered")
    found = proved(before, after, compare(before, after))
    assert found.holds
    assert not found.exact
    assert {(r.draft, r.kept) for r in found.renumbered} >= {("dieu:50", "dieu:49a"), ("dieu:51", "dieu:50")}
    applied = apply(before, found.instrument.text(), new_id=counter("n"), article="1")
    assert [p.text for p in applied.document.provisions] == [p.text for p in after.provisions]


def test_the_same_input_gives_the_same_bytes(before: Document, proof: Proof) -> None:
    after = law("after")
    again = proved(before, after, compare(before, after))
    assert again == proof


def test_an_instrument_that_says_something_else_is_caught(
    before: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader reads a tampered text: every provision it spoils is named, nothing is released."""
    after = law("after")
    honest = Instrument.text
    monkeypatch.setattr(Instrument, "text", lambda self: honest(self).replace("Tố tụng", "Tố  tung"))
    found = proved(before, after, compare(before, after))
    assert not found.holds
    assert {d.path for d in found.differences} == {"dieu:56/khoan:5a", "dieu:69a/khoan:2"}


def test_a_sentence_that_cannot_be_read_back_gives_way_to_a_coarser_one(before: Document) -> None:
    after = law("after")
    wording = Templates({"repeal": "Từ nay không còn áp dụng {targets}"})
    found = proved(before, after, compare(before, after), wording)
    assert found.holds
    assert found.rounds > 1
    assert "không còn áp dụng" not in found.instrument.text()
    assert "Sửa đổi, bổ sung Điều 57 như sau:" in found.instrument.text()


def test_templates_nobody_can_read_back_are_caught(before: Document) -> None:
    after = law("after")
    wording = Templates({"amend": "{targets}, nội dung mới là", "repeal": "Thôi {targets}"})
    found = proved(before, after, compare(before, after), wording)
    assert not found.holds
    assert found.refused


def test_a_template_in_other_words_proves_all_the_same(before: Document) -> None:
    after = law("after")
    wording = Templates({"repeal": "Hủy bỏ {targets}", "amend": "Sửa đổi {targets} như sau:"})
    found = proved(before, after, compare(before, after), wording)
    assert found.holds
    assert "Hủy bỏ khoản 7 Điều 57." in found.instrument.text()


def test_what_no_instrument_can_say_is_listed_and_not_blurred() -> None:
    """A quotation that a cell leaves open has no end in an instrument: the rows that differ are named."""
    old = doc(art("Biểu"), table("Mức chi"), row("Hội nghị"), row("Họp"))
    new = doc(art("Biểu"), table("Mức chi"), row("Hội nghị"), row("“Họp báo"), row("Hội thảo"))
    found = proved(old, new, compare(old, new))
    assert not found.holds
    assert found.differences
    assert all(d.path.startswith("dieu:1") for d in found.differences)


def test_a_rewritten_text_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    real = proving.draft

    def counted(*arguments: object) -> object:
        tried.append(1)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(proving, "draft", counted)
    old = doc(art("Một"), cl("“ngoặc mở"), cl("hai."), art("Hai"), cl("ba."))
    new = doc(art("Một"), cl("“ngoặc mở ra"), cl("hai"), cl("“thêm nữa"), art("Hai”"), cl("bốn."))
    proved(old, new, compare(old, new))
    assert len(tried) <= proving.MAX_ROUNDS
