"""The printed table of opinions: its counts equal the records, its files say what the value says."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as open_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Opinion, Source, Verdict
from duthao.domain.rounds import Answer as RoundAnswer
from duthao.domain.rounds import Invitation, Invited, Item, Round, Said, Way
from duthao.domain.synthesis.chain import What
from duthao.domain.synthesis.groups import Answer, Group, Stance
from duthao.domain.synthesis.ordering import WHOLE, Place
from duthao.domain.synthesis.table import Form, Grouped, SynthesisTable, round_count, section
from duthao.formats.opinions_docx import opinions_docx
from duthao.formats.opinions_layout import heads, rows, summary
from duthao.formats.opinions_pdf import opinions_pdf
from duthao.formats.pdf import PrintOptions
from duthao.formats.plain_table import plain_docx, plain_pdf
from duthao.messages import Catalogue
from duthao.service.synthesis import Asked
from duthao.web.sent_table import sent_table
from tests.conftest import absent
from tests.support.fonts import gather_fonts

VI = Catalogue("vi")
D = DocumentId("d")
K2 = Place(3.0, "dieu:5/khoan:2", "dieu:5")
EVIL = "#set text(red) *đậm* $x$ <nhãn> @b \\ [a] `m`"


def opinion(id_: str, giver: str = "Sở Nội vụ", text: str = "Bỏ khoản 2", letter: str = "") -> Opinion:
    return Opinion(id_, D, Source.ROUND, "a", "r", giver, None, "v", None, text, "", letter, late=False, at=1)


def grouped(*opinions: Opinion, stance: Stance | None = None, text: str = "", place: Place = K2) -> Grouped:
    answer = None if stance is None else Answer(stance, text, UserId("an"), 1)
    ids = tuple(one.id for one in opinions)
    changes = ((What.REWORDED, "dieu:5/khoan:2"),) if stance is Stance.ADOPTED else ()
    return Grouped(Group(ids[0], D, ids, 1, None, answer), opinions, place, changes)


def table(*groups: Grouped) -> SynthesisTable:
    return SynthesisTable("Quy chế làm việc", (section("Quy chế làm việc", groups),))


def test_the_same_words_stand_once_with_all_who_gave_them_and_a_place_is_named_once() -> None:
    made = table(
        grouped(
            opinion("a", letter="CV số 5"), opinion("b", "Ban C", "Bỏ  khoản 2"),
            opinion("c", "Sở D", "Nên bỏ"),
            stance=Stance.ADOPTED, text="Tiếp thu, điều chỉnh",
        ),
        grouped(opinion("d"), stance=Stance.KEPT, text="Đã thống nhất"),
        grouped(opinion("e"), place=WHOLE),
    )  # fmt: skip
    first, second, last = rows(made.rows, Form.STATE, VI)
    assert first.cells == (
        ("Khoản 2 Điều 5",),
        ("Sở Nội vụ (CV số 5)", "Ban C", "Sở D"),
        ("– Sở Nội vụ (CV số 5); Ban C: Bỏ khoản 2", "– Sở D: Nên bỏ"),
        ("Tiếp thu, điều chỉnh", "(Dự thảo: sửa khoản 2 Điều 5)"),
    )
    assert (second.leads, second.cells[0]) == (False, ())
    assert second.cells[3] == ("Giải trình, giữ nguyên: Đã thống nhất",)
    assert last.cells[0] == ("Vấn đề khác",)
    assert last.cells[3] == ("(chưa trả lời)",)
    party = rows(made.rows, Form.PARTY, VI)
    assert [one.cells[0] for one in party] == [("1",), ("2",), ("3",)]
    assert party[0].cells[4]
    assert not party[0].cells[5]
    assert not party[1].cells[4]
    assert party[1].cells[5]
    assert len(heads(Form.PARTY, VI)) == len(party[0].cells)


GIVERS = st.sampled_from(["Sở A", "Sở B", "UBND C"])
HEAPS = st.lists(
    st.tuples(
        st.lists(st.tuples(GIVERS, st.sampled_from(["Bỏ", "bỏ", "Thêm"])), min_size=1, max_size=4),
        st.sampled_from([None, *Stance]),
        st.sampled_from([K2, WHOLE]),
    ),
    max_size=8,
)
VERDICTS = st.lists(st.sampled_from([None, *Verdict, "silent", "withdrawn"]), max_size=10)


@given(HEAPS, VERDICTS, st.booleans())
@settings(max_examples=40)
def test_counts_printed_equal_the_records(
    heaps: list[tuple[list[tuple[str, str]], Stance | None, Place]], verdicts: list[object], silent: bool
) -> None:
    groups = [
        grouped(
            *(opinion(f"{n}-{m}", giver, text) for m, (giver, text) in enumerate(said)),
            stance=stance, text="Lý do", place=place,
        )
        for n, (said, stance, place) in enumerate(heaps)
    ]  # fmt: skip
    round_ = Round("r", D, 1, "v", None, "", "", 10, silent, silent, UserId("an"), 1)
    asked, answers = [], []
    for n, verdict in enumerate(verdicts):
        withdrawn = 5 if verdict == "withdrawn" else None
        asked.append(
            Invitation(f"i{n}", "r", Invited.UNIT, None, f"Đơn vị {n}", "", 1, withdrawn_at=withdrawn)
        )
        if verdict not in ("silent", "withdrawn"):
            assert verdict is None or isinstance(verdict, Verdict)
            items = () if verdict is Verdict.AGREE else (Item(None, "Khác"),)
            said_ = Said(verdict, "", items)
            answers.append(
                RoundAnswer(f"a{n}", "r", f"i{n}", 1, Way.PAGE, f"Đơn vị {n}", said_, 5, 5, late=False)
            )
    counted = round_count(round_, asked, answers, now=20)
    made = SynthesisTable("Quy chế", (section("Quy chế", groups),), (counted,))
    given_ = [one for said, _, _ in heaps for one in said]
    assert made.opinions == len(given_)
    assert made.opinions == sum(n for _, n in made.by_stance()) + made.unanswered
    assert set(made.givers) == {giver for giver, _ in given_}
    for row, (said, _, _) in zip(made.rows, heaps, strict=True):
        assert {giver for one in row.said for giver in one.givers} == {giver for giver, _ in said}
        assert {one.text.casefold() for one in row.said} == {text.casefold() for _, text in said}
    assert [row.number for row in made.rows] == list(range(1, len(heaps) + 1))
    total = counted.counts
    assert (
        made.sent
        == total.sent
        == total.answered + total.silent
        == len(verdicts) - verdicts.count("withdrawn")
    )
    assert len(counted.agreed) == verdicts.count(Verdict.AGREE) == total.agree
    assert len(counted.presumed) == (verdicts.count("silent") if silent else 0) == total.presumed
    lines = " ".join(summary(made, Form.STATE, VI))
    assert f"tổng số {len(given_)} ý kiến" in lines
    assert f"gửi {total.sent}, nhận {total.answered}, đồng ý {total.agree}" in lines


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> PrintOptions:
    fonts = gather_fonts(tmp_path_factory.mktemp("fonts"))
    if fonts is None:
        absent("the font Tinos")
        raise AssertionError
    return PrintOptions(fonts=fonts)


@pytest.mark.parametrize("form", list(Form))
def test_files_say_what_the_value_says(form: Form, options: PrintOptions, tmp_path: Path) -> None:
    made = table(
        grouped(opinion("a", text=EVIL), stance=Stance.ADOPTED),
        grouped(opinion("b", text="x" * 300), stance=Stance.OUTSIDE, text="Ngoài phạm vi của quy chế"),
    )
    file = open_docx(BytesIO(opinions_docx(made, form, VI)))
    words = [cell.text for row in file.tables[0].rows for cell in row.cells]
    assert EVIL in words
    assert file.tables[0].rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    pdf = opinions_pdf(made, form, VI, options=options)
    assert pdf.startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        (tmp_path / "t.pdf").write_bytes(pdf)
        text = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "t.pdf", "-"], capture_output=True, text=True
        ).stdout
        assert "#set text(red)" in " ".join(text.split())
        assert "NỘI DUNG GÓP Ý" in text


def test_who_was_asked_is_listed_with_what_came_back(options: PrintOptions) -> None:
    round_ = Round("r", D, 1, "v", None, "Các sở", "", 10**12, True, True, UserId("an"), 1)
    asked = tuple(
        Invitation(f"i{n}", "r", Invited.UNIT, None, f"Sở {n}", "", 1, reminders=n) for n in range(3)
    )
    said = Said(Verdict.REMARKS, "Thêm", (), "CV số 9")
    answers = {"i0": RoundAnswer("a", "r", "i0", 1, Way.PAPER, "Sở 0", said, 10**12 + 1, 1, late=True)}
    made = sent_table(Asked("Quy chế", round_, asked, answers), 2 * 10**12, VI)
    assert [row[1] for row in made.rows] == ["Sở 0", "Sở 1", "Sở 2"]
    assert made.rows[0][5:] == ("đồng ý, có ý kiến khác", "CV số 9", "nhận muộn")
    assert made.rows[2][7] == "không trả lời, xem như thống nhất\nđã nhắc 2 lần"
    assert "gửi 3, nhận 1" in made.summary[0]
    assert sum(made.widths) == 252
    assert plain_pdf(made, VI, options=options).startswith(b"%PDF-")
    file = open_docx(BytesIO(plain_docx(made, VI)))
    assert [cell.text for cell in file.tables[0].rows[1].cells] == list(made.rows[0])
    assert plain_docx(replace(made, rows=()), VI)


def test_several_drafts_are_sections_of_one_table(options: PrintOptions) -> None:
    one = section("Quyết định", [grouped(opinion("a"))])
    other = section("Quy chế", [grouped(opinion("b")), grouped(opinion("c"))], first=2)
    made = SynthesisTable("Quyết định", (one, other, section("Quy trình", [])))
    assert [row.number for row in made.rows] == [1, 2, 3]
    words = [
        paragraph.text for paragraph in open_docx(BytesIO(opinions_docx(made, Form.STATE, VI))).paragraphs
    ]
    assert "Đối với dự thảo Quy chế" in words
    assert opinions_pdf(made, Form.STATE, VI, options=options)
