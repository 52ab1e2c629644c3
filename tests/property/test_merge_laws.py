"""The laws of joining two changes: nothing disappears silently, nothing is decided in silence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.compare.tokens import tokens
from duthao.domain.document import CharOffset, Mark, MarkKind
from duthao.domain.merge import Meeting, Sort, carried, hunks, meeting, merge, part_of

VOCABULARY = """
Ban Thường vụ Tỉnh ủy họp thường kỳ một tháng và của các 05 (năm) ngày làm việc khoản 2 Điều 5, ; .
ngày 03/02/2025 12-QĐ/TU hoà hòa (là) “cơ quan”
"""
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCES = st.lists(WORDS, max_size=14).map(" ".join)
ANYTHING = st.text(st.sampled_from("ab Ạạ ,.;()05\u0323\u200b𐐷"), max_size=20)
TEXTS = SENTENCES | ANYTHING


@given(TEXTS, TEXTS)
def test_on_an_unchanged_base_the_change_is_exactly_itself(base: str, changed: str) -> None:
    for found in (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)):
        assert found.is_clean
        assert found.text() == changed


@given(TEXTS, TEXTS, TEXTS)
def test_the_pieces_spell_all_three_texts(base: str, theirs: str, ours: str) -> None:
    found = merge(base, theirs, ours)
    assert "".join(piece.base for piece in found.pieces) == base
    assert "".join(piece.theirs for piece in found.pieces) == theirs
    assert "".join(piece.ours for piece in found.pieces) == ours
    assert found == merge(base, theirs, ours)
    for piece in found.pieces:
        if piece.sort is Sort.KEPT:
            assert piece.base == piece.theirs == piece.ours == piece.text
        elif piece.sort is Sort.THEIRS:
            assert piece.ours == piece.base
            assert piece.text == piece.theirs != piece.base
        elif piece.sort is Sort.OURS:
            assert piece.theirs == piece.base
            assert piece.text == piece.ours != piece.base
        elif piece.sort is Sort.CONFLICT:
            assert len({piece.base, piece.theirs, piece.ours}) == 3


@given(TEXTS, TEXTS, TEXTS)
def test_swapped_sides_mirror(base: str, theirs: str, ours: str) -> None:
    one, other = merge(base, theirs, ours), merge(base, ours, theirs)
    assert one.text("ours") == other.text("theirs")
    assert one.text("theirs") == other.text("ours")
    assert [(c.base, c.theirs, c.ours) for c in one.conflicts] == [
        (c.base, c.ours, c.theirs) for c in other.conflicts
    ]


@dataclass(frozen=True)
class Edited:
    """A text of words of which no two are alike, and what became of it."""

    words: tuple[str, ...]
    gone: frozenset[str]
    new: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


BASE = tuple(f"từ{'aeiouy'[n % 6]}{'bcdghklmnpqrstvx'[n // 6]}" for n in range(40))


def edited(side: str) -> st.SearchStrategy[Edited]:
    @st.composite
    def made(draw: st.DrawFn) -> Edited:
        words: list[str] = []
        gone, new = set(), []
        places = draw(st.lists(st.integers(0, len(BASE) - 1), max_size=6))
        for at, word in enumerate(BASE):
            what = draw(st.sampled_from(("replace", "delete", "insert"))) if at in places else "keep"
            if what in ("replace", "insert"):
                new.append(f"{side}{'aeiouy'[len(new)]}")
                words.append(new[-1])
            if what in ("keep", "insert"):
                words.append(word)
            else:
                gone.add(word)
        return Edited(tuple(words), frozenset(gone), tuple(new))

    return made()


@given(edited("mới"), edited("khác"))
def test_no_word_of_either_side_disappears_silently(theirs: Edited, ours: Edited) -> None:
    base = " ".join(BASE)
    found = merge(base, theirs.text, ours.text)
    shown = Counter[str]()
    for piece in found.pieces:
        shown.update((piece.theirs + " " + piece.ours if piece.sort is Sort.CONFLICT else piece.text).split())
    for side in (theirs, ours):
        assert set(side.new) <= set(shown)
    missing = set(BASE) - set(shown)
    assert missing <= theirs.gone | ours.gone
    if found.is_clean:
        result = found.text().split()
        assert Counter(result) == Counter(set(BASE) - theirs.gone - ours.gone) + Counter(
            theirs.new + ours.new
        )
        for side in (theirs, ours):  # and each side's words stand in its order
            kept = set(result)
            assert [w for w in result if w in side.words] == [w for w in side.words if w in kept]


@given(edited("mới"), edited("khác"))
def test_a_conflict_is_where_both_changed_the_same_words_otherwise(theirs: Edited, ours: Edited) -> None:
    base = " ".join(BASE)
    found = merge(base, theirs.text, ours.text)
    collide = meeting(base, theirs.text, ours.text)
    assert (collide is Meeting.COLLIDE) == (not found.is_clean)
    assert (collide is Meeting.SAME) == (theirs.text == ours.text)
    touched = [
        (one, other)
        for one in hunks(base, theirs.text)
        for other in hunks(base, ours.text)
        if max(one.start, other.start) <= min(one.end, other.end)
        and one != other
        and (one.text or other.text)
    ]
    assert bool(touched) == (not found.is_clean)


@given(edited("mới"), edited("khác"))
def test_accepting_again_changes_nothing(theirs: Edited, ours: Edited) -> None:
    base = " ".join(BASE)
    found = merge(base, theirs.text, ours.text)
    if found.is_clean:
        again = merge(base, theirs.text, found.text())
        assert again.is_clean
        assert again.text() == found.text()


@given(TEXTS, TEXTS)
def test_hunks_are_whole_tokens_apart_from_each_other(before: str, after: str) -> None:
    made = hunks(before, after)
    at, parts = 0, []
    bounds = {0, len(before), *tokens(before).starts, *tokens(before).ends}
    for hunk in made:
        assert at <= hunk.start <= hunk.end
        assert {hunk.start, hunk.end} <= bounds
        assert before[hunk.start : hunk.end] != hunk.text
        if parts:
            assert before[at : hunk.start].strip()
        parts += (before[at : hunk.start], hunk.text)
        at = hunk.end
    assert "".join((*parts, before[at:])) == after


@given(TEXTS, TEXTS, TEXTS)
def test_a_person_who_changed_a_proposal_is_credited_with_the_difference(
    text: str, merged: str, final: str
) -> None:
    assert part_of(text, merged, merged) == merged
    assert part_of(text, merged, text) == text
    assert part_of(text, text, final) == text


@given(edited("mới"), edited("khác"))
def test_words_a_person_added_are_not_the_proposers(merged: Edited, final: Edited) -> None:
    brought = part_of(" ".join(BASE), merged.text, final.text).split()
    assert not set(brought) & set(final.new)
    assert set(brought) - set(BASE) <= set(merged.new)


@st.composite
def formatted(draw: st.DrawFn) -> tuple[str, tuple[Mark, ...]]:
    text = draw(SENTENCES)
    found = []
    for kind in MarkKind:
        edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
        found += [
            Mark(kind, CharOffset(a), CharOffset(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)
        ]
    return text, tuple(found)


@given(formatted(), SENTENCES)
def test_formats_of_kept_words_are_kept(given_text: tuple[str, tuple[Mark, ...]], after: str) -> None:
    before, marks = given_text
    found = carried(marks, before, after)
    assert carried(marks, before, before) == marks
    assert all(0 <= mark.start < mark.end <= len(after) for mark in found)

    def on(held: tuple[Mark, ...], kind: MarkKind, at: int) -> bool:
        return any(mark.kind is kind and mark.start <= at < mark.end for mark in held)

    old = new = 0
    for hunk in (*hunks(before, after), None):
        size = (len(before) if hunk is None else hunk.start) - old
        for step in range(size):
            for kind in MarkKind:
                assert on(marks, kind, old + step) == on(found, kind, new + step)
        old, new = old + size, new + size
        if hunk is not None:
            old, new = hunk.end, new + len(hunk.text)
