"""What differs from a form: each rule on a document that breaks it, its repair, and one that keeps it."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.commands import check as command
from duthao.domain.checks import Finding, check
from duthao.domain.checks.form import LINES, fields_of, part_text
from duthao.domain.document import Document, FrontMatter
from duthao.domain.form_profile import BUILT_IN, PARTY, STATE, FormProfile, profile_to_json
from duthao.domain.review import GROUP_OF, Group, review
from duthao.messages import Catalogue
from tests.support.texts import appendix, art, cl, doc, para, row, table

RIGHT = FrontMatter(
    upper_body="Đảng bộ Thành phố",
    body="Đảng ủy phường Bến Thành",
    number="05-NQ/ĐU",
    place="Bến Thành",
    date="ngày 05 tháng 02 năm 2026",
    type="NGHỊ QUYẾT",
    title="về công tác văn phòng",
    bases=("Căn cứ Điều lệ Đảng;", "Căn cứ Quy định số 24-QĐ/TW, ngày 30/7/2021;"),
    recipients=("- Các chi bộ,", "- Lưu Văn phòng Đảng ủy."),
    authority="T/M BAN CHẤP HÀNH",
    position="BÍ THƯ",
    signatory="Nguyễn Văn An",
)
STATE_RIGHT = replace(
    RIGHT,
    body="Ủy ban nhân dân phường",
    number="05/QĐ-UBND",
    type="QUYẾT ĐỊNH",
    bases=("Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020.",),
    recipients=("- Như Điều 3;", "- Lưu: VT."),
    authority="TM. ỦY BAN NHÂN DÂN",
)


def whole(front: FrontMatter, *words: str, end: str = "Nghị quyết này có hiệu lực từ ngày ký.") -> Document:
    return replace(doc(art("Phạm vi"), *map(cl, words), cl(end)), front=front)


def found(document: Document, form: FormProfile) -> list[Finding]:
    return [one for one in check(document, form) if one.code.startswith("form_")]


def codes(document: Document, form: FormProfile) -> list[str]:
    return [one.code for one in found(document, form)]


def mended(document: Document, finding: Finding) -> str:
    text = (
        part_text(document.front, finding.part)
        if finding.part
        else next(p.text for p in document.provisions if p.id == finding.provision)
    )
    assert finding.repair is not None
    return text[: finding.repair.start] + finding.repair.replacement + text[finding.repair.end :]


def test_what_keeps_its_form_is_not_told() -> None:
    assert codes(whole(RIGHT), PARTY) == []
    assert codes(whole(STATE_RIGHT, end="Quyết định này có hiệu lực từ ngày ký./."), STATE) == []


@pytest.mark.parametrize(
    ("field", "written", "code", "right"),
    [
        ("number", "5-NQ/ĐU", "form_number_digits", "05-NQ/ĐU"),
        ("number", "Số: 5-NQ/ĐU", "form_number_digits", "Số: 05-NQ/ĐU"),
        ("number", "05/NQ-ĐU", "form_number", "05-NQ/ĐU"),
        ("number", "05NQ/ĐU", "form_number", "05-NQ/ĐU"),
        ("number", "năm 2026", "form_number", None),
        ("number", "05-QĐ/ĐU", "form_code", None),
        ("date", "ngày 5 tháng 02 năm 2026", "form_date_zero", "ngày 05 tháng 02 năm 2026"),
        ("date", "ngày 05 tháng 2 năm 2026", "form_date_zero", "ngày 05 tháng 02 năm 2026"),
        ("date", "ngày 05 tháng 03 năm 2026", "form_date_zero", "ngày 05 tháng 3 năm 2026"),
        ("date", "ngày 30 tháng 02 năm 2026", "form_date_impossible", None),
        ("date", "05/02/2026", "form_date", None),
        ("place", "", "form_place_missing", None),
        ("body", "", "form_body_missing", None),
        ("body", "ĐẢNG UỶ PHƯỜNG", "form_uy", "ĐẢNG ỦY PHƯỜNG"),
        ("title", "VỀ CÔNG TÁC VĂN PHÒNG", "form_title_capitals", None),
        ("bases", (), "form_bases_missing", None),
        ("bases", ("Căn cứ A.", "Căn cứ B;"), "form_base_end", "Căn cứ A;"),
        ("bases", ("Căn cứ Quy định số 24-QĐ/TW ngày 30/7/2021;",), "form_cite_comma",
         "Căn cứ Quy định số 24-QĐ/TW, ngày 30/7/2021;"),
        ("recipients", (), "form_recipients_missing", None),
        ("recipients", ("- Các chi bộ.",), "form_recipients_last", None),
        ("authority", "TM. BAN CHẤP HÀNH", "form_authority", "T/M BAN CHẤP HÀNH"),
        ("authority", "KT. BÍ THƯ", "form_authority", "K/T BÍ THƯ"),
        ("authority", "K/T BAN THƯỜNG VỤ", "form_collective", "T/M BAN THƯỜNG VỤ"),
        ("authority", "TUQ. BÍ THƯ", "form_authority", None),
        ("signatory", "PGS.TS Nguyễn Văn An", "form_degree", "Nguyễn Văn An"),
        ("preamble", ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",), "form_motto", None),
        ("preamble", ("(Dự thảo lần 2)",), "form_draft_mark", None),
    ],
)  # fmt: skip
def test_the_head_and_the_foot(field: str, written: object, code: str, right: str | None) -> None:
    document = whole(replace(RIGHT, **{field: written}))  # type: ignore[arg-type]
    (one,) = found(document, PARTY)
    assert (one.code, one.part.partition(".")[0]) == (code, field)
    assert (one.repair and mended(document, one)) == right


def test_a_number_or_date_left_blank_is_not_yet_wrong() -> None:
    for number, date in (
        ("", ""),
        ("…-NQ/ĐU", "ngày … tháng … năm 2026"),
        ("    -NQ/ĐU", "ngày   tháng   năm 2026"),
    ):
        assert codes(whole(replace(RIGHT, number=number, date=date)), PARTY) == []


def test_nothing_lacks_where_the_head_is_written_elsewhere() -> None:
    assert codes(whole(FrontMatter()), PARTY) == []
    assert codes(whole(FrontMatter(type="QUY CHẾ", title="làm việc")), PARTY) == []
    assert "form_authority_missing" in codes(whole(FrontMatter(type="QUY CHẾ", body="ĐẢNG ỦY")), PARTY)


@pytest.mark.parametrize(
    ("form", "words", "right"),
    [
        (PARTY, "Theo số 12-NQ/ĐU ngày 05/9/2026 của", "Theo số 12-NQ/ĐU, ngày 05/9/2026 của"),
        (STATE, "số 30/2020/NĐ-CP, ngày 05 tháng 3 năm 2020", "số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020"),
        (PARTY, "Đảng uỷ họp", "Đảng ủy họp"),
    ],
)  # fmt: skip
def test_words_of_the_body(form: FormProfile, words: str, right: str) -> None:
    document = whole(FrontMatter(), words, end="Hết" + form.body_end)
    (one,) = found(document, form)
    assert mended(document, one) == right
    kept = whole(FrontMatter(), right, end="Hết" + form.body_end)
    assert codes(kept, form) == []


@pytest.mark.parametrize(
    ("form", "written", "right"),
    [
        (PARTY, "Hết./.", "Hết."), (PARTY, "Hết. /.", "Hết."), (PARTY, "Hết", None), (PARTY, "Hết;", None),
        (STATE, "Hết.", "Hết./."), (STATE, "Hết", "Hết./."), (STATE, "Hết./", "Hết./."),
        (STATE, "Hết./.", None),
    ],
)  # fmt: skip
def test_the_end_of_the_body(form: FormProfile, written: str, right: str | None) -> None:
    document = doc(art("Phạm vi"), cl(written), appendix("Biểu mẫu"), para("Không phải chỗ cuối"))
    ends = [one for one in found(document, form) if one.code == "form_body_end"]
    assert [mended(document, one) for one in ends] == ([right] if right else [])
    assert "form_body_end" not in codes(
        replace(document, front=FrontMatter(closing=("Quy chế này …",))), form
    )


def test_a_paragraph_that_reads_like_a_division() -> None:
    document = doc(art("Phạm vi"), para("Chương II"), para("Chương trình công tác năm."), para("Hết."))
    assert codes(document, PARTY) == ["form_label"]


def test_findings_are_placed_for_the_list_and_keep_their_keys() -> None:
    document = whole(
        replace(RIGHT, date="ngày 5 tháng 02 năm 2026", authority="TM. BAN CHẤP HÀNH"), "Họp  kín."
    )
    placed = review(document, document, form=profile_to_json(PARTY)).findings
    assert [one.code for one in placed] == ["form_date_zero", "spaces_double", "form_authority"]
    first, _, last = placed
    assert (first.part, first.provision, first.path, first.quote) == ("date", "", "", "5")
    assert (first.lead, first.trail, first.replacement) == ("ngày ", " tháng 02 năm 2026", "05")
    assert last.group is Group.FORM
    other = replace(document, front=replace(document.front, title="về việc khác"))
    again = review(other, other, form=profile_to_json(PARTY)).findings
    assert [one.key for one in again] == [one.key for one in placed]


_WORDS = st.text(alphabet="aĐỦỶủỷuyTMKL/.,;- 059()ngàythănmsố", max_size=40)
_FRONTS = st.builds(
    FrontMatter,
    **{
        name: st.lists(_WORDS, max_size=2).map(tuple) if name in LINES else _WORDS
        for name in FrontMatter.__dataclass_fields__
    },
)


@settings(max_examples=60, deadline=None)
@given(_FRONTS, _WORDS, st.sampled_from(sorted(BUILT_IN)))
def test_any_front_matter_is_read_and_every_finding_has_its_place(
    front: FrontMatter, words: str, key: str
) -> None:
    document = whole(front, words)
    parts = dict(fields_of(front))
    for one in found(document, BUILT_IN[key]):
        assert one.code in GROUP_OF
        text = part_text(front, one.part) if one.part else None
        if text is not None:
            assert 0 <= one.start <= one.end <= len(text)
            assert one.part in parts or one.end == 0
        assert not Catalogue("vi")(f"check.{one.code}", **one.details).startswith("[")
    review(document, document, form=profile_to_json(BUILT_IN[key]))


def test_the_command_holds_a_text_against_a_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "text.txt"
    file.write_text(
        "Điều 1. Phạm vi\n1. Theo Nghị quyết số 12-NQ/ĐU ngày 05/9/2026 của Đảng ủy.\n", encoding="utf-8"
    )
    own = tmp_path / "form.json"
    own.write_text(profile_to_json(replace(STATE, key="x", name="Của xã")), encoding="utf-8")
    told = {}
    for form in ("party", "none", "state", str(own)):
        assert command.run(argparse.Namespace(file=str(file), json=True, form=form), Catalogue("vi")) == 0
        told[form] = [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]]
    assert told["party"] == ["form_cite_comma"]
    assert told["none"] == []
    assert told["state"] == told[str(own)] == ["form_body_end"]


def test_a_body_that_ends_with_a_table_has_no_words_to_end() -> None:
    for body in ((cl("Hết"), table("Bảng 1"), row("a", "b")), (appendix("Biểu mẫu"), para("Hết"))):
        assert "form_body_end" not in codes(doc(*body), STATE)


def test_a_number_of_the_state_may_name_its_year() -> None:
    document = whole(replace(STATE_RIGHT, number="05/2026/NQ-HĐND"))
    assert "form_number" not in codes(document, STATE)
