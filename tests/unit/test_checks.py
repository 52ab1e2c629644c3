"""What a careful clerk would mark: each check on a text that needs it and on one that does not."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from duthao.commands import check as command
from duthao.domain.checks import Finding, Severity, check
from duthao.domain.compare import compare
from duthao.domain.compare.guard import structural_changes
from duthao.domain.document import Document, NumberingPolicy
from duthao.domain.structure import parse
from duthao.messages import LANGUAGES, Catalogue
from tests.support.edit_scripts import edited_pair
from tests.support.texts import art, ch, cl, counter, doc, pt, regulations, texts

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
LONG = "Ban Thường vụ lãnh đạo, chỉ đạo việc thực hiện nghị quyết của Đảng bộ."


def found(document: Document) -> list[tuple[str, str]]:
    """(code, the words it is about)"""
    by_id = {p.id: p.text for p in document.provisions}
    return [(f.code, by_id[f.provision][f.start : f.end]) for f in check(document)]


def written(text: str) -> Document:
    return doc(art("Chế độ họp"), cl(text), cl("Nội dung thứ hai của Điều này."))


def repaired(document: Document, finding: Finding) -> str:
    (text,) = [p.text for p in document.provisions if p.id == finding.provision]
    assert finding.repair is not None
    return text[: finding.repair.start] + finding.repair.replacement + text[finding.repair.end :]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Thực hiện theo khoản 9 Điều 1.", "reference_dangling", "khoản 9 Điều 1"),
        ("Thực hiện theo khoản 1 Điều 1.", "reference_self", "khoản 1 Điều 1"),
        ("Trách nhiệm của BTV và các cơ quan.", "short_form_undefined", "BTV"),
        ("Họp  hằng tháng theo lịch.", "spaces_double", "  "),
        ("Họp hằng tháng , theo lịch.", "space_before_mark", " "),
        ("Họp hằng tháng,theo lịch.", "space_after_mark", ","),
        ("Gọi là “Quy chế theo lịch.", "mark_not_closed", "“"),
        ("Họp hằng tháng) theo lịch.", "mark_not_open", ")"),
        ('Gọi là "Quy chế" và "Lịch.', "mark_not_closed", '"'),
        ("Theo Nghị quyết số 22NQ/TW của Trung ương.", "document_number", "22NQ/TW"),
    ],
)
def test_marks(text: str, code: str, words: str) -> None:
    assert found(written(text)) == [(code, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện theo khoản 2 Điều 1 và khoản này.",
        "Thực hiện theo khoản 9 Điều 99 của Luật Kế toán.",
        "Ban Thường vụ (sau đây gọi tắt là BTV) họp; BTV quyết định.",
        "Ủy ban nhân dân (UBND) các cấp; UBND báo cáo.",
        "Chương trình giai đoạn II, kỳ họp thứ XIV.",
        "Nghị quyết số 05-NQ/ĐU, Nghị định số 30/2020/NĐ-CP, Quyết định số 66-QĐ/TW và Luật số 81/2015/QH13.",
        "Các trường hợp: a) họp; b) xin ý kiến (bằng văn bản), c) khác.",
        "Mức chi 1.000,5 đồng; thời hạn 05/9/2026.",
        "Gọi là “Quy chế” (theo lịch).",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(written(text)) == []


def test_spelling_that_differs_from_most_of_the_text_is_told_with_its_repair() -> None:
    document = doc(
        art("Hòa"), cl("Hòa giải, thủy lợi, kỹ thuật, kỹ năng."), cl("Cộng hoà, kĩ càng, quý, hoàn.")
    )
    findings = check(document)
    assert [f.code for f in findings] == ["tone_placement", "i_or_y"]
    assert repaired(document, findings[0]) == "Cộng hòa, kĩ càng, quý, hoàn."
    assert repaired(document, findings[1]) == "Cộng hoà, kỹ càng, quý, hoàn."
    new = doc(art("Hoà"), cl("Hoà giải, thuỷ lợi."), cl("Cộng hòa."))
    assert repaired(new, check(new)[0]) == "Cộng hoà."
    even = doc(art("Họp"), cl("Hoà giải, thuỷ lợi."), cl("Cộng hòa, thủy sản."))
    assert {finding.start for finding in check(even)} == {0, 10}
    assert {finding.provision for finding in check(even)} == {even.provisions[1].id}


def test_an_agency_is_written_one_way() -> None:
    document = doc(
        art("Họp"), cl("Ban Thường vụ họp. Ban Thường vụ quyết định."), cl("Ban thường vụ báo cáo.")
    )
    (finding,) = check(document)
    assert (finding.code, repaired(document, finding)) == ("agency_varies", "Ban Thường vụ báo cáo.")


def test_written_numbers_with_a_gap_a_double_or_a_missed_letter() -> None:
    text = (
        "Điều 1. Một\n1. Nội dung a.\n3. Nội dung b.\n3. Nội dung c.\nĐiều 2. Hai\n"
        "1. Gồm:\na) một;\nb) hai;\nc) ba;\nd) bốn;\ne) năm.\n"
        "Điều 2a. Thêm\nNội dung.\nĐiều 4. Bốn\nNội dung.\n"
    )
    parsed = parse(text, new_id=counter()).document
    assert parsed.policy is NumberingPolicy.KEEP
    codes = [f.code for f in check(parsed)]
    assert codes == ["number_gap", "number_twice", "point_d_missed", "number_gap"]
    assert check(replace(parsed, policy=NumberingPolicy.RENUMBER)) == ()


def test_an_article_without_text_and_a_division_without_title() -> None:
    document = doc(ch(None, "CHUNG"), art("Một"), cl(LONG), ch(None, ""), art("Hai"))
    assert [f.code for f in check(document)] == ["title_missing", "article_empty"]


def test_a_clause_or_point_says_something_or_has_something_in_it() -> None:
    document = doc(art("Một"), cl(""), pt("a"), cl(""), cl(LONG), pt(""))
    empty = [(f.code, f.provision) for f in check(document)]
    assert empty == [("provision_empty", document.provisions[n].id) for n in (3, 5)]


def test_real_texts_give_few_findings_and_each_is_true() -> None:
    law = parse((SAMPLES / "luat-kiem-toan-nha-nuoc/before.txt").read_text(), new_id=counter()).document
    assert check(law) == ()
    left = parse((SAMPLES / "luat-kiem-toan-nha-nuoc/after-renumbered.txt").read_text(), new_id=counter())
    assert found(left.document) == [("reference_dangling", "điểm a, b và c khoản 2 Điều 50")]


@given(regulations())
def test_every_finding_lies_in_its_provision_and_has_a_sentence(document: Document) -> None:
    by_id = {p.id: p for p in document.provisions}
    for finding in check(document):
        assert 0 <= finding.start <= finding.end <= len(by_id[finding.provision].text)
        for language in LANGUAGES:
            assert "[" not in Catalogue(language)(f"check.{finding.code}", **finding.details)


@given(texts)
def test_any_text_can_be_checked(text: str) -> None:
    document = doc(art("Một"), cl(text), pt(text))
    assert check(document) == check(document)


# --- the structure guard --------------------------------------------------------------------


def test_the_guard_lists_what_leaves_its_order_and_nothing_else() -> None:
    one, two, three = (art(f"Điều khoản về nội dung {n}") for n in ("thứ nhất", "thứ hai", "thứ ba"))
    bodies = [cl(f"{LONG} Phần {n} gồm những việc cụ thể được giao.") for n in ("một", "hai", "ba")]
    before = doc(one, bodies[0], two, bodies[1], three, bodies[2])
    amended = doc(one, replace(bodies[0], text=f"{bodies[0].text} Thêm."), two, bodies[1], three, bodies[2])
    assert structural_changes(compare(before, amended)) == ()
    without = doc(one, bodies[0], three, bodies[2])
    changes = structural_changes(compare(before, without))
    assert [(c.what, c.before[0].label) for c in changes] == [
        ("repealed", "Điều 2."),
        ("renumbered", "Điều 3."),
    ]
    swapped = doc(two, bodies[1], one, bodies[0], three, bodies[2])
    assert {c.what for c in structural_changes(compare(before, swapped))} >= {"moved"}


def test_the_guard_sees_split_and_merged_articles() -> None:
    pair = edited_pair(4, only=("split_article",), edits=1)
    assert "split" in {c.what for c in structural_changes(compare(pair.before, pair.after))}
    assert "merged" in {c.what for c in structural_changes(compare(pair.after, pair.before))}


# --- the command ----------------------------------------------------------------------------


def run(*words: str) -> int:
    catalogue = Catalogue("vi")
    parser = argparse.ArgumentParser()
    command.add_arguments(parser, catalogue)
    return command.run(parser.parse_args(words), catalogue)


def test_the_command_names_places_and_ends_with_one_for_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Điều 1. Họp\n1. Theo khoản 5 Điều 7.\n2. Họp , đều.\n", encoding="utf-8")
    assert run(str(file)) == 1
    printed = capsys.readouterr().out
    assert "khoản 1 Điều 1: lỗi: Viện dẫn “khoản 5 Điều 7” không có trong văn bản." in printed
    assert "1 lỗi, 0 cảnh báo, 1 gợi ý." in printed
    assert run(str(file), "--json") == 1
    values = json.loads(capsys.readouterr().out)["findings"]
    assert [v["replacement"] for v in values] == [None, ""]
    file.write_text("Điều 1. Họp\n1. Họp đều.\n", encoding="utf-8")
    assert run(str(file)) == 0
    assert capsys.readouterr().out == "Không có gì cần xem lại.\n"


def test_severities_are_three() -> None:
    assert [s.value for s in Severity] == ["error", "warning", "hint"]


def test_a_written_number_that_goes_back_is_told() -> None:
    document = doc(
        art("Một", "1"), cl("Họp.", "1"), cl("Họp kín.", "3"), cl("Họp mở.", "2"), policy=NumberingPolicy.KEEP
    )
    assert [f.code for f in check(document)] == ["number_gap", "number_back"]
