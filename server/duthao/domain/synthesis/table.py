"""The table "Bản tổng hợp ý kiến, tiếp thu, giải trình" as one value (norm B8), for every printed form.

Its counts are taken from the same records as its rows, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from duthao.domain.compare.keys import spelling_key
from duthao.domain.opinions import Opinion, Verdict
from duthao.domain.rounds import Answer, Counts, Invitation, Round, counts, presumed, standing
from duthao.domain.synthesis.chain import What
from duthao.domain.synthesis.groups import Group, Stance
from duthao.domain.synthesis.ordering import Place


class Form(StrEnum):
    """STATE: one column for what is adopted and explained (Mẫu 10, NĐ 78/2025). PARTY: one for each."""

    STATE = "state"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Said:
    """The same words, once, and who gave them."""

    givers: tuple[str, ...]
    text: str
    wording: str


@dataclass(frozen=True, slots=True)
class Row:
    """Opinions answered as one. `path` is "" under "Vấn đề khác"; `leads`: the first of its place, whose
    name is printed once. `changes` are what the answer led to: what, and where it stands or stood.
    """

    number: int
    path: str
    leads: bool
    said: tuple[Said, ...]
    opinions: int
    stance: Stance | None
    answer: str
    changes: tuple[tuple[What, str], ...]

    @property
    def givers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(giver for one in self.said for giver in one.givers))


@dataclass(frozen=True, slots=True)
class Section:
    """The opinions on one draft: "Đối với dự thảo Quy chế"."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RoundCount:
    """A round's figures, who agreed and who did not answer, as printed."""

    number: int
    name: str
    counts: Counts
    agreed: tuple[str, ...]
    presumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynthesisTable:
    """`title` is the draft's. Every opinion that stands is in exactly one row."""

    title: str
    sections: tuple[Section, ...]
    rounds: tuple[RoundCount, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.sections for row in section.rows)

    @property
    def opinions(self) -> int:
        return sum(row.opinions for row in self.rows)

    @property
    def unanswered(self) -> int:
        return sum(row.opinions for row in self.rows if row.stance is None)

    @property
    def sent(self) -> int:
        """Who was asked, round by round."""
        return sum(one.counts.sent for one in self.rounds)

    def by_stance(self) -> tuple[tuple[Stance, int], ...]:
        """How many opinions were answered how, those of no opinion left out."""
        found = {stance: sum(row.opinions for row in self.rows if row.stance is stance) for stance in Stance}
        return tuple((stance, number) for stance, number in found.items() if number)

    @property
    def givers(self) -> tuple[str, ...]:
        """Everybody who gave an opinion, in the order of the table."""
        return tuple(dict.fromkeys(giver for row in self.rows for giver in row.givers))


@dataclass(frozen=True, slots=True)
class Grouped:
    """A group with its opinions and their place, as a list in order has them.

    `changes` as in `Row`.
    """

    group: Group
    opinions: tuple[Opinion, ...]
    place: Place
    changes: tuple[tuple[What, str], ...] = ()


def section(title: str, grouped: Sequence[Grouped], first: int = 1) -> Section:
    """The rows of groups in order, numbered from `first`."""
    rows: list[Row] = []
    for one in grouped:
        answer = one.group.answer
        rows.append(
            Row(
                first + len(rows),
                one.place.path,
                not rows or rows[-1].path != one.place.path,
                _said(one.opinions),
                len(one.opinions),
                None if answer is None else answer.stance,
                "" if answer is None else answer.text,
                one.changes,
            )
        )
    return Section(title, tuple(rows))


def printed_giver(name: str, letter: str) -> str:
    """ "Sở Nội vụ (CV số 5 ngày 2/3/2026)"."""
    return f"{name} ({letter})" if letter else name


def _said(opinions: Iterable[Opinion]) -> tuple[Said, ...]:
    """Every wording once, in the order in which it first came; what is only spelt otherwise is the same."""
    found: dict[tuple[str, str], Said] = {}
    for one in opinions:
        key = (spelling_key(one.text), spelling_key(one.wording))
        giver = printed_giver(one.giver, one.letter)
        was = found.get(key)
        givers = (giver,) if was is None else tuple(dict.fromkeys((*was.givers, giver)))
        found[key] = Said(
            givers, one.text if was is None else was.text, one.wording if was is None else was.wording
        )
    return tuple(found.values())


def round_count(
    round_: Round, invitations: Sequence[Invitation], answers: Sequence[Answer], now: int
) -> RoundCount:
    """Counted from the round's records, who was asked by mistake left out as `rounds.counts` does."""
    counted = standing(answers)
    agreed = [
        printed_giver(answer.giver, answer.said.letter)
        for answer in counted.values()
        if answer.said.verdict is Verdict.AGREE and not (answer.said.general or answer.said.items)
    ]
    silent = [
        one.name
        for one in invitations
        if one.withdrawn_at is None and one.id not in counted and presumed(round_, one, now)
    ]
    return RoundCount(
        round_.number,
        round_.name,
        counts(round_, invitations, answers, now),
        tuple(dict.fromkeys(agreed)),
        tuple(silent),
    )
