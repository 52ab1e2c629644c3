"""Laws of reading and applying: every operation at every level does what a simple list would do.

The expected text is made here by cutting and pasting lines, with no code of the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.amend.applying import Applied, apply
from duthao.domain.amend.reading import read_amending
from duthao.domain.document import Document, Kind, Provision
from duthao.domain.outline import canonical_text, outline
from duthao.domain.structure import parse
from tests.support.texts import counter, doc, provision, texts

SAMPLES = Path(__file__).parents[1] / "samples" / "luat-kiem-toan-nha-nuoc"
WORDS = ("ban", "cấp", "uỷ", "họp", "Đảng", "bộ", "quyết", "định", "khoá", "hội", "nghị")
LETTERS = "abcdđeghiklm"
RANK = {Kind.CHAPTER: 0, Kind.ARTICLE: 1, Kind.CLAUSE: 2, Kind.POINT: 3, Kind.PARAGRAPH: 4}
NAME = {Kind.CHAPTER: "Chương", Kind.ARTICLE: "Điều", Kind.CLAUSE: "khoản", Kind.POINT: "điểm"}
ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True)
class Line:
    """A provision as this test sees it: its own words never occur twice."""

    kind: Kind
    label: str
    text: str

    @property
    def printed(self) -> str:
        heads = {
            Kind.CHAPTER: f"Chương {self.label} ",
            Kind.ARTICLE: f"Điều {self.label}. ",
            Kind.CLAUSE: f"{self.label}. ",
            Kind.POINT: f"{self.label}) ",
            Kind.PARAGRAPH: "",
        }
        return heads[self.kind] + self.text

    @property
    def provision(self) -> Provision:
        return provision(self.kind, self.text, self.label or None)


class Maker:
    """Draws lines whose words are unique: "Việc 17 họp ban"."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0

    def words(self) -> str:
        self.count += 1
        drawn = self.draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=5))
        return f"Việc số{self.count} {' '.join(drawn)}"

    def under(self, kind: Kind, label: str) -> list[Line]:
        """A unit of a kind with something beneath it."""
        title = self.words().upper() if kind is Kind.CHAPTER else self.words()
        found = [Line(kind, label, title if kind in (Kind.CHAPTER, Kind.ARTICLE) else f"{title}.")]
        if kind is Kind.CHAPTER:
            for number in range(self.draw(st.integers(1, 2))):
                found += self.under(Kind.ARTICLE, f"9{number}")
        elif kind is Kind.ARTICLE:
            for number in range(1, self.draw(st.integers(0, 4)) + 1):
                found += self.under(Kind.CLAUSE, str(number))
            if len(found) == 1:
                found.append(Line(Kind.PARAGRAPH, "", f"{self.words()}."))
        elif kind is Kind.CLAUSE:
            count = self.draw(st.sampled_from((0, 0, 1, 2, 3)))
            found += [Line(Kind.POINT, LETTERS[n], f"{self.words()};") for n in range(count)]
        return found


@st.composite
def regulations(draw: st.DrawFn) -> tuple[Maker, list[Line]]:
    maker = Maker(draw)
    lines: list[Line] = []
    number = 0
    for chapter in range(draw(st.integers(1, 2))):
        lines.append(Line(Kind.CHAPTER, ROMAN[chapter], maker.words().upper()))
        for _ in range(draw(st.integers(1, 3))):
            number += 1
            lines += maker.under(Kind.ARTICLE, str(number))
    return maker, lines


def end(lines: Sequence[Line], start: int) -> int:
    after = start + 1
    while after < len(lines) and RANK[lines[after].kind] > RANK[lines[start].kind]:
        after += 1
    return after


def address(lines: Sequence[Line], at: int) -> str:
    """ "điểm a khoản 2 Điều 5", made by walking back."""
    named = f"{NAME[lines[at].kind]} {lines[at].label}"
    if lines[at].kind in (Kind.CHAPTER, Kind.ARTICLE):
        return named
    above = next(i for i in range(at, -1, -1) if RANK[lines[i].kind] < RANK[lines[at].kind])
    return f"{named} {address(lines, above)}"


def document(lines: Sequence[Line]) -> Document:
    return doc(*(line.provision for line in lines))


def amend(lines: Sequence[Line], instructions: str) -> Applied:
    text = f"Điều 1. Sửa đổi, bổ sung một số điều của Quy chế\n{instructions}\n"
    return apply(document(lines), text, new_id=counter("new"))


def quoted(lines: Sequence[Line]) -> str:
    written = [
        line.printed if line.kind is not Kind.CHAPTER else f"Chương {line.label}\n{line.text}"
        for line in lines
    ]
    return "“" + "\n".join(written) + "”."


def check(result: Applied, expected: Sequence[Line]) -> None:
    assert [(refused.code, refused.details) for refused in result.refusals] == []
    assert canonical_text(result.document).splitlines() == [line.printed for line in expected]


def pick(maker: Maker, lines: Sequence[Line], *kinds: Kind) -> int | None:
    places = [index for index, line in enumerate(lines) if line.kind in kinds]
    return maker.draw(st.sampled_from(places)) if places else None


UNITS = (Kind.CHAPTER, Kind.ARTICLE, Kind.CLAUSE, Kind.POINT)


@st.composite
def cases(draw: st.DrawFn, *kinds: Kind) -> tuple[Maker, list[Line], int]:
    maker, lines = draw(regulations())
    at = pick(maker, lines, *kinds)
    if at is None:
        at = pick(maker, lines, Kind.ARTICLE) or 0
    return maker, lines, at


@given(cases(*UNITS), st.data())
def test_amending_a_unit_puts_the_new_one_in_its_place(
    case: tuple[Maker, list[Line], int], data: st.DataObject
) -> None:
    maker, lines, at = case
    maker.draw = data.draw
    new = maker.under(lines[at].kind, lines[at].label)
    sentence = data.draw(st.sampled_from(("Sửa đổi, bổ sung", "Sửa đổi")))
    result = amend(lines, f"1. {sentence} {address(lines, at)} như sau:\n{quoted(new)}")
    check(result, [*lines[:at], *new, *lines[end(lines, at) :]])


@given(cases(Kind.ARTICLE, Kind.CLAUSE))
def test_units_that_are_given_the_next_numbers_stay_where_they_are(
    case: tuple[Maker, list[Line], int],
) -> None:
    """From one unit on, all of its kind beside it; what stands in them goes along."""
    _, lines, at = case
    kind = lines[at].kind
    stop = len(lines)
    if kind is Kind.CLAUSE:
        stop = next((k for k in range(at, stop) if RANK[lines[k].kind] < RANK[kind]), stop)
    moving = [k for k in range(at, stop) if lines[k].kind is kind]
    fresh = {k: str(500 + n) for n, k in enumerate(moving)}
    olds = ", ".join(address(lines, k) for k in moving)
    news = ", ".join(f"{NAME[kind]} {number}" for number in fresh.values())
    result = amend(lines, f"1. {olds} được đánh số lại thành {news}.")
    check(result, [replace(line, label=fresh.get(k, line.label)) for k, line in enumerate(lines)])


@given(cases(*UNITS))
def test_repealing_takes_a_unit_out_and_renumbers_nothing(case: tuple[Maker, list[Line], int]) -> None:
    _, lines, at = case
    result = amend(lines, f"1. Bãi bỏ {address(lines, at)}.")
    check(result, [*lines[:at], *lines[end(lines, at) :]])


@given(cases(Kind.ARTICLE, Kind.CLAUSE, Kind.POINT), st.data())
def test_inserting_beside_a_unit_moves_nothing_else(
    case: tuple[Maker, list[Line], int], data: st.DataObject
) -> None:
    maker, lines, at = case
    maker.draw = data.draw
    kind, label = lines[at].kind, lines[at].label
    after = data.draw(st.booleans())
    letter = data.draw(st.sampled_from("bđe"))
    new = maker.under(kind, f"{label}7" if kind is Kind.POINT else f"{label}{letter}")
    side = "sau" if after else "trước"
    result = amend(
        lines,
        f"1. Bổ sung {NAME[kind]} {new[0].label} vào {side} {address(lines, at)} như sau:\n{quoted(new)}",
    )
    place = end(lines, at) if after else at
    check(result, [*lines[:place], *new, *lines[place:]])


@given(cases(Kind.ARTICLE, Kind.CHAPTER), st.data())
def test_a_title_changes_alone(case: tuple[Maker, list[Line], int], data: st.DataObject) -> None:
    maker, lines, at = case
    maker.draw = data.draw
    old = lines[at]
    title = maker.words().upper() if old.kind is Kind.CHAPTER else maker.words()
    new = Line(old.kind, old.label, title)
    form = data.draw(st.sampled_from((quoted([new]), f"“{title}”;")))
    result = amend(lines, f"1. Sửa đổi, bổ sung tên {address(lines, at)} như sau:\n{form}")
    check(result, [*lines[:at], new, *lines[at + 1 :]])


@given(cases(Kind.CLAUSE), st.data())
def test_a_lead_in_changes_alone(case: tuple[Maker, list[Line], int], data: st.DataObject) -> None:
    maker, lines, at = case
    maker.draw = data.draw
    if lines[at].kind is not Kind.CLAUSE:
        return
    new = Line(Kind.CLAUSE, lines[at].label, f"{maker.words()}:")
    result = amend(lines, f"1. Sửa đổi đoạn mở đầu {address(lines, at)} như sau:\n{quoted([new])}")
    check(result, [*lines[:at], new, *lines[at + 1 :]])


def swapped(text: str, word: str, new: str) -> str:
    tokens = text.split()
    return " ".join(new + token[len(word) :] if token.rstrip(".;") == word else token for token in tokens)


@given(cases(*UNITS), st.data())
def test_a_phrase_changes_in_its_unit_only(case: tuple[Maker, list[Line], int], data: st.DataObject) -> None:
    _, lines, at = case
    stop = end(lines, at)
    word = data.draw(st.sampled_from(lines[at].text.rstrip(".;").split()[2:]))
    action = data.draw(st.sampled_from(("replace", "insert")))
    if action == "replace":
        sentence, new = f"Thay thế cụm từ “{word}” bằng cụm từ “tổ công tác”", "tổ công tác"
    else:
        sentence, new = f"Bổ sung cụm từ “và tổ” vào sau cụm từ “{word}”", f"{word} và tổ"
    upper = lines[at].kind is Kind.CHAPTER
    target = f"tên {address(lines, at)}" if upper else address(lines, at)
    stop = at + 1 if upper else stop
    expected = [
        Line(line.kind, line.label, swapped(line.text, word, new)) if at <= index < stop else line
        for index, line in enumerate(lines)
    ]
    check(amend(lines, f"1. {sentence} tại {target};"), expected)


@given(cases(Kind.ARTICLE, Kind.CLAUSE, Kind.POINT))
def test_a_dropped_phrase_leaves_the_rest_as_it_was(case: tuple[Maker, list[Line], int]) -> None:
    _, lines, at = case
    word = lines[at].text.split()[1]  # "số17" stands nowhere else
    new = Line(lines[at].kind, lines[at].label, lines[at].text.replace(f"{word} ", ""))
    result = amend(lines, f"1. Bỏ từ “{word}” tại {address(lines, at)}.")
    check(result, [*lines[:at], new, *lines[at + 1 :]])


@given(cases(Kind.ARTICLE), st.data())
def test_a_container_gives_its_article_to_what_stands_beneath(
    case: tuple[Maker, list[Line], int], data: st.DataObject
) -> None:
    maker, lines, at = case
    maker.draw = data.draw
    clauses = [i for i in range(at, end(lines, at)) if lines[i].kind is Kind.CLAUSE]
    if not clauses:
        return
    first, last = clauses[0], clauses[-1]
    new = maker.under(Kind.CLAUSE, f"{lines[last].label}a")
    changed = maker.under(Kind.CLAUSE, lines[first].label)
    stop = end(lines, last)
    expected = [*lines[:first], *changed, *lines[end(lines, first) : stop], *new, *lines[stop:]]
    result = amend(
        lines,
        f"1. Sửa đổi, bổ sung một số khoản của {address(lines, at)} như sau:\n"
        f"a) Sửa đổi, bổ sung khoản {lines[first].label} như sau:\n{quoted(changed)[:-1]};\n"
        f"b) Bổ sung khoản {new[0].label} vào sau khoản {lines[last].label} như sau:\n{quoted(new)}",
    )
    check(result, expected)


@given(cases(Kind.CLAUSE), st.data())
def test_one_quotation_may_hold_several_units(
    case: tuple[Maker, list[Line], int], data: st.DataObject
) -> None:
    maker, lines, at = case
    maker.draw = data.draw
    if lines[at].kind is not Kind.CLAUSE:
        return
    changed = maker.under(Kind.CLAUSE, lines[at].label)
    new = maker.under(Kind.CLAUSE, f"{lines[at].label}a")
    label = lines[at].label
    above = address(lines, at).split(" ", 2)[2]
    result = amend(
        lines,
        f"1. Sửa đổi khoản {label} và bổ sung khoản {label}a vào sau khoản {label} {above} như sau:\n"
        f"{quoted([*changed, *new])}",
    )
    check(result, [*lines[:at], *changed, *new, *lines[end(lines, at) :]])


@given(texts, st.lists(texts, max_size=6))
def test_reading_never_raises(first: str, others: list[str]) -> None:
    text = "\n".join([first, *others])
    read_amending(text)
    read_amending(f"Điều 1. Sửa đổi, bổ sung một số điều\n1. {text}")


SMALL = parse(
    "Chương I\nCHUNG\nĐiều 1. Một\n1. A\n2. B:\na) C;\nb) D.\nĐiều 2. Hai\n1. A\n2. B",
    new_id=counter(),
).document
FRAGMENTS = (
    "Sửa đổi, bổ sung", "Bổ sung", "Bãi bỏ", "Thay thế cụm từ", "Bỏ cụm từ", "bằng cụm từ", "khoản 2",
    "các khoản 1, 2", "Điều 5", "điểm a", "vào sau", "vào trước", "tại", "và", ",", ";", "như sau:", "“", "”",
    "“A”", "“B”", "tên", "đoạn mở đầu", "một số khoản của", "Chương II", "Mục 1", "Phụ lục", "Luật này",
    "1.", "a)", "\n", "\nĐiều 1.", "\n1.", "\n“1. Nội dung”.", "Chuyển", "Gộp", "Tách", "thành",
    "được đánh số lại thành", "Đánh số lại", "trong toàn bộ Quy chế", "“…”", "các Điều 1, 2",
)  # fmt: skip


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25))
def test_any_heap_of_instruction_words_is_read_or_refused(words: list[str]) -> None:
    amending = "Điều 1. Sửa đổi một số điều\n1. " + " ".join(words)
    assert len(read_amending(amending).items) <= len(words) + 1
    result = apply(SMALL, amending, new_id=counter("new"))
    if not result.instructions:
        assert canonical_text(result.document) == canonical_text(SMALL)


LAW = (SAMPLES / "amending.txt").read_text(encoding="utf-8").split("\nĐiều 2.")[0]
BEFORE = parse((SAMPLES / "before.txt").read_text(encoding="utf-8"), new_id=counter()).document


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The sample's instructions with lines lost, doubled or exchanged, and signs lost or put in."""
    lines = LAW.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[at])
            case 2:
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = lines[at].replace(draw(st.sampled_from("“”.;:,")), "", 1)
            case 4:
                cut = draw(st.integers(0, min(len(lines[at]), 90)))
                lines[at] = (
                    lines[at][:cut]
                    + draw(st.sampled_from(("“", "”", " Điều 3 ", " khoản 9", "\n")))
                    + lines[at][cut:]
                )
            case _:
                lines[at] = lines[at].replace("khoản", draw(st.sampled_from(("điểm", "Điều", ""))), 1)
        lines = "\n".join(lines).split("\n")
    return "\n".join(lines)


@settings(max_examples=40 if settings().max_examples <= 100 else settings().max_examples)
@given(damaged())
def test_a_damaged_text_never_touches_what_it_does_not_name(text: str) -> None:
    """What differs lies under a path that an applied instruction reports; the rest is as it was."""
    before = BEFORE
    result = apply(before, text, new_id=counter("new"))
    touched = {change.path for done in result.instructions for change in done.changes}
    kept = {entry.provision.id: entry.provision.text for entry in outline(result.document).entries}
    for entry in outline(before).entries:
        if kept.get(entry.provision.id) != entry.provision.text:
            assert any(entry.path == path or entry.path.startswith(f"{path}/") for path in touched), (
                entry.path
            )
    if not result.instructions:
        assert canonical_text(result.document) == canonical_text(before)
