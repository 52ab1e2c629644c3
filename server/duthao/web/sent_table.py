"""The list "Danh sách theo dõi gửi, nhận ý kiến" of a round (norm A9, table 5), in the reader's language."""

from __future__ import annotations

from typing import Final

from duthao.domain.plain_table import PlainTable
from duthao.domain.rounds import Answer, Invitation, counts, deadline_of, presumed
from duthao.formats.opinions_layout import counts_line
from duthao.messages import Catalogue
from duthao.service.synthesis import Asked
from duthao.web.templating import day

_HEADS: Final = ("number", "name", "sent", "deadline", "received", "verdict", "letter", "note")
_WIDTHS: Final = (10.0, 64.0, 24.0, 24.0, 24.0, 36.0, 38.0, 32.0)


def sent_table(found: Asked, now: int, catalogue: Catalogue) -> PlainTable:
    """Everybody who was asked in their order; its counts are those of `rounds.counts`."""
    round_ = found.round
    asked = [one for one in found.invitations if one.withdrawn_at is None or one.id in found.answers]
    counted = counts(round_, found.invitations, list(found.answers.values()), now)
    name = "print.sent.of" if round_.name else "print.sent.of_plain"
    return PlainTable(
        (
            catalogue("print.sent.title"),
            catalogue(name, n=round_.number, name=round_.name, title=found.title),
        ),
        (counts_line(str(round_.number), counted, catalogue),),
        tuple(catalogue(f"print.sent.head.{head}") for head in _HEADS),
        _WIDTHS,
        tuple(_row(n, one, found, now, catalogue) for n, one in enumerate(asked, start=1)),
        catalogue("print.sent.nothing"),
        centred=(0, 2, 3, 4),
    )


def _row(n: int, one: Invitation, found: Asked, now: int, say: Catalogue) -> tuple[str, ...]:
    answer = found.answers.get(one.id)
    return (
        str(n), one.name, day(one.created_at), day(deadline_of(found.round, one)),
        "" if answer is None else day(answer.at), _verdict(answer, say),
        "" if answer is None else answer.said.letter, "\n".join(_notes(one, answer, found, now, say)),
    )  # fmt: skip


def _verdict(answer: Answer | None, say: Catalogue) -> str:
    if answer is None:
        return ""
    verdict = answer.said.verdict
    return say(f"print.sent.verdict.{'unsaid' if verdict is None else verdict.value}")


def _notes(one: Invitation, answer: Answer | None, found: Asked, now: int, say: Catalogue) -> list[str]:
    notes = []
    if answer is None:
        notes.append(say("print.sent.presumed" if presumed(found.round, one, now) else "print.sent.waiting"))
    elif answer.late:
        notes.append(say("print.sent.late"))
    if one.reminders:
        notes.append(say("print.sent.reminded", n=one.reminders))
    return notes
