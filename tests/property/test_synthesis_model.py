"""No opinion disappears, none is answered twice, no answer is lost: whatever people do with groups."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.opinions import Opinion, Source
from duthao.domain.synthesis.groups import Answer, Change, Stance, Synthesis, applied
from duthao.domain.synthesis.ordering import WHOLE
from duthao.domain.synthesis.table import Grouped, SynthesisTable, section

DRAFT = DocumentId("d")
WORDS = st.lists(st.sampled_from(["bổ", "sung", "bỏ", "khoản", "điều", "rõ", "hơn"]), min_size=1, max_size=6)


class Table(RuleBasedStateMachine):
    """A synthesis, and beside it, in plain sight, what was given and what was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = count()
        self.now = Synthesis((), ())
        self.given: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        """The text of every answer that stands, by one opinion it was given to."""

    def new_id(self) -> str:
        return f"x{next(self.ids)}"

    def change(self, change: Change) -> None:
        self.now = applied(self.now, change)

    def done(self, change: Callable[[], Change], unless: str) -> bool:
        """Whether it was done: the one thing it may be refused for is `unless`."""
        try:
            made = change()
        except Refusal as refusal:
            if refusal.code != unless:
                raise
            return False
        self.change(made)
        return True

    @rule(words=WORDS)
    def given_(self, words: list[str]) -> None:
        id_ = self.new_id()
        one = Opinion(
            id_, DRAFT, Source.ROUND, "", None, "A", None, None, None, " ".join(words), "", "", False, 1
        )
        self.given[id_] = one.text
        self.now = Synthesis((*self.now.opinions, one), self.now.groups, self.now.pieces)

    @rule(data=st.data())
    def sent_again(self, data: st.DataObject) -> None:
        """Its giver has sent other words instead: the opinion stands no more, the group stays."""
        if not self.given:
            return
        gone = data.draw(st.sampled_from(sorted(self.given)))
        self.given.pop(gone)
        for piece in self.now.pieces:
            if piece.whole == gone:
                self.answers.pop(piece.id, None)
        self.answers.pop(gone, None)
        left = tuple(one for one in self.now.opinions if one.id != gone)
        self.now = Synthesis(left, self.now.groups, self.now.pieces)

    def some(self, data: st.DataObject) -> str | None:
        return data.draw(st.sampled_from(sorted(self.now.by_id))) if self.now.by_id else None

    @rule(data=st.data())
    def joined(self, data: st.DataObject) -> None:
        heaps = [one.id for one in self.now.heaps]
        if len(heaps) < 2:
            return
        chosen = data.draw(st.lists(st.sampled_from(heaps), min_size=2, max_size=4, unique=True))
        members = {id_ for one in self.now.heaps if one.id in chosen for id_ in one.opinions}
        if not self.done(lambda: self.now.joined(chosen, self.new_id, 1), "opinions_answered_twice"):
            return
        (found,) = [one for one in self.now.heaps if not members.isdisjoint(one.opinions)]
        assert members == set(found.opinions)

    @rule(data=st.data())
    def parted(self, data: st.DataObject) -> None:
        one = self.some(data)
        if one is None:
            return
        if not self.done(lambda: self.now.parted(one), "opinions_one"):
            return
        assert one not in self.now.group_of
        self.answers.pop(one, None)

    @rule(data=st.data(), stance=st.sampled_from(Stance), text=st.text("abc", min_size=1))
    def answered(self, data: st.DataObject, stance: Stance, text: str) -> None:
        one = self.some(data)
        if one is None:
            return
        heap = next(heap for heap in self.now.heaps if one in heap.opinions)
        text = f"{self.new_id()} {text}"
        answer = Answer(stance, text, UserId("an"), 1)
        self.change(self.now.answered(heap.id, heap.edition, answer, None, heap.links, self.new_id, 1))
        for id_ in heap.opinions:
            self.answers.pop(id_, None)
        for id_ in heap.opinions:
            self.answers[id_] = text

    @rule(data=st.data())
    def cut(self, data: st.DataObject) -> None:
        one = self.some(data)
        if one is None or len(words := self.now.by_id[one].text.split()) < 2:
            return
        at = data.draw(st.integers(1, len(words) - 1))
        self.change(self.now.cut(one, [" ".join(words[:at]), " ".join(words[at:])], self.new_id))

    @rule(data=st.data())
    def placed(self, data: st.DataObject) -> None:
        one = self.some(data)
        if one is not None:
            self.change(self.now.placed(one, data.draw(st.sampled_from(["k1", None]))))

    @rule(data=st.data())
    def whole_again(self, data: st.DataObject) -> None:
        one = self.some(data)
        if one is None:
            return
        self.done(lambda: self.now.whole_again(one), "opinion_pieces_answered")

    @invariant()
    def every_word_given_is_there_once_and_in_order(self) -> None:
        read: dict[str, list[str]] = {}
        whole = {piece.id: piece.whole for piece in self.now.pieces}
        for one in self.now.items:
            read.setdefault(whole.get(one.id, one.id), []).append(one.text)
        assert {id_: " ".join(texts) for id_, texts in read.items()} == self.given

    @invariant()
    def every_opinion_is_in_one_heap(self) -> None:
        there = [id_ for heap in self.now.heaps for id_ in heap.opinions]
        assert sorted(there) == sorted(self.now.by_id)
        assert len(set(there)) == len(there)

    @invariant()
    def answers_stand_and_the_rest_is_counted(self) -> None:
        kept = {heap.answer.text for heap in self.now.heaps if heap.answer is not None}
        there = [group for group in self.now.groups if not self.now.by_id.keys().isdisjoint(group.opinions)]
        assert kept == {group.answer.text for group in there if group.answer is not None}
        open_ = [id_ for heap in self.now.heaps if heap.answer is None for id_ in heap.opinions]
        assert self.now.unanswered == len(open_)
        for text in set(self.answers.values()):
            assert text in kept
        assert not any(heap.answer or heap.links or heap.responsible for heap in self.now.as_sent().heaps)
        sent = applied(self.now, self.now.sent(2)[0])
        assert sent.as_sent().heaps == sent.heaps

    @invariant()
    def the_printed_table_counts_what_is_on_record(self) -> None:
        by_id = self.now.by_id
        rows = [Grouped(heap, tuple(by_id[id_] for id_ in heap.opinions), WHOLE) for heap in self.now.heaps]
        printed = SynthesisTable("Quy chế", (section("Quy chế", rows),))
        assert printed.opinions == len(self.now.items)
        assert printed.unanswered == self.now.unanswered
        told = dict(printed.by_stance())
        for stance in Stance:
            given = [heap for heap in self.now.heaps if heap.answer and heap.answer.stance is stance]
            assert told.get(stance, 0) == sum(len(heap.opinions) for heap in given)
        # The same words stand once with all who gave them: no word of anybody's is missing.
        words = {one.text.casefold() for row in printed.rows for one in row.said}
        assert words == {one.text.casefold() for one in self.now.items}


TestTable = Table.TestCase
TestTable.settings = settings(max_examples=25, stateful_step_count=25)
