"""Old encodings: the tables, fonts, telling without fonts (measured), and what is mended."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from duthao.domain.encodings.conversion import (
    Font,
    convert_runs,
    font_of,
    from_unicode,
    raised,
    to_unicode,
)
from duthao.domain.encodings.detection import detect, legacy_encoding
from duthao.domain.encodings.mending import mend
from duthao.domain.encodings.tables import TCVN3, VNI
from duthao.domain.syllables import is_spelt, is_syllable
from duthao.domain.text import clean

TESTS = Path(__file__).parents[1]
TEXTS = sorted(path for path in (TESTS / "samples").rglob("*.txt") if ".raw." not in path.name)


def test_the_tables_are_those_of_their_source() -> None:
    source = json.loads((TESTS / "samples" / "mapping-tables.json").read_text(encoding="utf-8"))
    assert {f"U+{ord(code):04X}": letter for code, letter in TCVN3.items()} == source["tcvn3"]
    codes = {letter: " ".join(f"{ord(sign):02X}" for sign in code) for code, letter in VNI.items()}
    assert codes == source["vni"]


@pytest.mark.parametrize(
    ("name", "font"),
    [
        (".VnTime", Font("tcvn3")),
        (".VnTimeH", Font("tcvn3", capitals=True)),
        (".vnarial", Font("tcvn3")),
        (".VnArial NarrowH", Font("tcvn3", capitals=True)),
        ("VNI-Times", Font("vni")),
        ("VNI-Helve", Font("vni")),
        ("Times New Roman", None),
        ("Vnitalic Sans", None),
        (None, None),
    ],
)
def test_a_font_tells_its_encoding(name: str | None, font: Font | None) -> None:
    assert font_of(name) == font


def test_a_paragraph_of_mixed_fonts_is_converted_run_by_run() -> None:
    converted = convert_runs(
        [
            ("§iÒu 5. ", ".VnTime"),
            ("chÕ ®é lµm viÖc", ".VnTimeH"),
            (" của Đảng ủy, ", "Times New Roman"),
            ("ñaûng vie", "VNI-Times"),
            ("ân", "VNI-Times"),
            (" Quốc hội", ".VnTime"),
            (" th\u00adêng vô", ".VnTime"),
            (" 2026", ".VnTime"),
        ]
    )
    assert converted.texts == (
        "Điều 5. ", "CHẾ ĐỘ LÀM VIỆC", " của Đảng ủy, ", "đảng viê", "n", " Quốc hội", " thường vụ",
        " 2026",
    )  # fmt: skip
    assert [(use.font, use.encoding, use.runs, use.kept) for use in converted.fonts] == [
        (".VnTime", "tcvn3", 4, 1),
        (".VnTimeH", "tcvn3", 1, 0),
        ("VNI-Times", "vni", 2, 0),
    ]
    assert converted.fonts[0].before == ("§iÒu 5. ", " th\u00adêng vô")
    assert converted.fonts[0].after == ("Điều 5. ", " thường vụ")


def test_signs_that_begin_a_run_belong_to_the_letter_before() -> None:
    assert convert_runs([("Đa", "Arial"), ("\u0309ng", "Arial")]).texts == ("Đả", "ng")


def test_capitals_that_only_a_font_told_are_raised() -> None:
    assert raised("QUY CHế LàM VIệC\nV¨n Uỷ ban CHế") == "QUY CHẾ LÀM VIỆC\nV¨n Uỷ ban CHẾ"
    assert to_unicode("Uûy ban", "vni") == "Ủy ban"
    assert to_unicode("µ μ", "tcvn3") == "à à"


def test_what_has_no_code_is_told() -> None:
    encoded = from_unicode("ĐẢNG ỦY – 5µ", "tcvn3")
    assert encoded.lowered == {"Ả": 1, "Ủ": 1}
    assert encoded.missing == {"–": 1, "µ": 1}
    assert not from_unicode("5° ÿ", "tcvn3").missing


# --- without fonts ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_real_texts_are_unicode_and_their_old_forms_are_told(path: Path) -> None:
    words = path.read_text(encoding="utf-8")
    assert legacy_encoding(words) is None
    assert clean(words).notes == ()
    lines = [line for line in words.splitlines() if len(line) > 60][::3]
    assert all(legacy_encoding(line) is None for line in lines)
    for encoding in ("tcvn3", "vni"):
        assert legacy_encoding(from_unicode(words, encoding).codes) == encoding
        told = sum(legacy_encoding(from_unicode(line, encoding).codes) == encoding for line in lines)
        assert told >= 0.95 * len(lines)  # TCVN3 has no accented capitals: lines in capitals stay Unicode


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("C«ng hoµ x· héi chñ nghÜa ViÖt Nam", "tcvn3"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "vni"),
        ("Cộng hòa xã hội chủ nghĩa Việt Nam", None),
        ("Tôi công tác và là cán bộ", None),
        ("nhân dân, công an, tôi", None),
        ("Les élèves étaient fâchés à l'école où l'été « même » déjà; Noël, Haïti, naïf.", None),
        ("© 2026 Foo® Bar™ «guillemets» 5µm naïve", None),
        ("lµm viÖc chñ", "tcvn3"),
        ("lµm viÖc, lµm viÖc", None),  # two words are no proof, however often they stand
        ("hä nö tôt dû", None),  # would read as họ nử tụt dỷ
        ("señor niño año Größe Übermut", None),
        ("Plain English text, nothing else.", None),
        ("", None),
    ],
)
def test_old_encodings_are_told_without_false_alarm(words: str, encoding: str | None) -> None:
    assert legacy_encoding(words) == encoding


def test_a_verdict_shows_lines_before_and_after() -> None:
    verdict = detect("Plain\nC«ng hoµ x· héi chñ nghÜa\nQUY CHÕ LµM VIÖC")
    assert (verdict.encoding, verdict.certain) == ("tcvn3", True)
    assert [(one.line, one.after) for one in verdict.previews] == [
        (2, "Công hoà xã hội chủ nghĩa"),
        (3, "QUY CHẾ LÀM VIỆC"),
    ]


def test_words_that_are_right_as_they_are_speak_against_an_old_encoding() -> None:
    old, right = "C«ng hoµ x· héi chñ nghÜa", "Cộng hòa xã hội"
    verdict = detect(right)
    assert (verdict.encoding, verdict.confidence, verdict.certain, verdict.words) == (None, 1.0, False, 4)
    assert detect(old).confidence > detect(f"{old} {right}").confidence > 0
    assert detect("Plain English.").words == 0


_FOREIGN = (
    "Les délégués se réunissent à l'issue de la séance où l'assemblée a déjà délibéré",
    "Der Präsident eröffnet die Sitzung und schließt sie nach Anhörung der Mitglieder für längere Zeit",
    "El presidente señala que la sesión comenzará a las nueve de la mañana según el régimen interior",
    "Sessão ordinária: não há objeções; a comissão aprovará as alterações até amanhã",
)


def _generated(size: int) -> Iterator[tuple[str, str | None]]:
    """Texts of `size` words with a letter outside ASCII, and what each was typed in."""
    chance = random.Random(size)
    words = " ".join(path.read_text(encoding="utf-8") for path in TEXTS).split()
    for _ in range(200):
        start = chance.randrange(len(words) - size)
        text = " ".join(words[start : start + size])
        if from_unicode(text, "tcvn3").codes != text:
            yield text, None
            yield from_unicode(text, "tcvn3").codes, "tcvn3"
            yield from_unicode(text, "vni").codes, "vni"
    for sentence in _FOREIGN:
        parts = sentence.split()
        for start in range(max(1, len(parts) - size)):
            yield " ".join(parts[start : start + size]), None


@pytest.mark.parametrize(("size", "recall"), [(8, 0.9), (20, 0.98), (60, 0.99)])
def test_precision_and_recall_without_fonts(size: int, recall: float) -> None:
    right = wrong = missed = 0
    for text, truth in _generated(size):
        found = detect(text).encoding
        right += found is not None and found == truth
        wrong += found is not None and found != truth
        missed += truth is not None and found is None
    precision, found_share = right / (right + wrong), right / (right + missed)
    print(
        f"{size} words: precision {precision:.4f}, recall {found_share:.4f} ({right + wrong + missed} told)"
    )
    assert precision >= 0.99
    assert found_share >= recall


def test_a_syllable_is_spelt_like_one() -> None:
    assert all(map(is_syllable, ["Nghiêng", "khuya", "Đảng", "ủy", "quyết", "việc", "oà", "uống"]))
    assert not any(map(is_syllable, ["ViÖt", "xyz", "", "école", "ngăng1", "hớ́"]))
    assert all(map(is_spelt, ["việc", "viết", "các", "Toàn", "ở"]))
    assert not any(map(is_spelt, ["viẻc", "viêc", "hớ́", "école"]))


# --- mending ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "whole", "code"),
    [
        ("Ban Qu ản lý dự án", "Ban Quản lý dự án", "split_syllables"),
        ("trong 06 gi ờ liền", "trong 06 giờ liền", "split_syllables"),
        ("quán tri ệt đến", "quán triệt đến", "split_syllables"),
        ("phải đápứng yêu cầu", "phải đáp ứng yêu cầu", "run_together"),
        ("tài chính ﬁle", "tài chính file", "ligatures"),
        ("cấp   ủy", "cấp ủy", "spaces_doubled"),
        ("cấp\u00a0ủy", "cấp ủy", "spaces"),
        ("66\u2011QĐ/TW", "66-QĐ/TW", "hyphens"),
        (unicodedata.normalize("NFD", "cấp"), "cấp", "composed"),
    ],
)
def test_repairs_are_counted_and_shown(broken: str, whole: str, code: str) -> None:
    mended = mend(broken)
    assert mended.text == whole
    assert [(one.code, one.count) for one in mended.mendings] == [(code, 1)]
    assert (mended.mendings[0].before, mended.mendings[0].after) == (broken, whole)


@pytest.mark.parametrize(
    "right", ["điểm c áp dụng", "khoản 1, điểm b ở trên", "gi", "Tổ Ủy ban", "bà ấy đi ổn", "an ủi", "ô e"]
)
def test_what_is_right_is_left_alone(right: str) -> None:
    assert mend(right).text == right


def test_a_real_text_from_pdf_reads_as_its_mended_copy() -> None:
    name = TESTS / "samples" / "quy-che-lam-viec-ban-qlda-tphcm"
    raw = name.with_suffix(".raw.txt").read_text(encoding="utf-8")
    good = set(name.with_suffix(".txt").read_text(encoding="utf-8").splitlines())
    mended = [line for line in mend(raw).text.splitlines() if line.strip()]
    differing = [line for line in mended if line not in good]
    before = [line for line in raw.splitlines() if line.strip() and line not in good]
    print(f"lines that differ from the mended copy: {len(before)} before, {len(differing)} after")
    assert len(differing) <= 10 < len(before)
    assert "".join("".join(mended).split()) == "".join(raw.split())


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("hoà b ình", "hoà bình"),
        ("Quy ết nghị", "Quyết nghị"),
        ("HỘI NGh Ị", "HỘI NGh Ị"),  # capitals that do not go on are no one word
        ("QU yết định", "QU yết định"),
        ("QU YẾT ĐỊNH", "QUYẾT ĐỊNH"),
        ("V iệt Nam", "Việt Nam"),
        ("b Ình", "b Ình"),
        ("Ng hị quyết", "Ng hị quyết"),  # no old program parts a word there
    ],
)
def test_a_syllable_is_put_together_where_no_word_is_lost(text: str, mended: str) -> None:
    assert mend(text).text == mended
