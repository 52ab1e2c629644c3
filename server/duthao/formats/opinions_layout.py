"""What the PDF and the Word file of the table of opinions share: heads, widths, the words of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from duthao.domain.rounds import Counts
from duthao.domain.synthesis.groups import Stance
from duthao.domain.synthesis.table import Form, RoundCount, Row, Said, SynthesisTable
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue

WIDTHS: Final = {Form.STATE: (38.0, 46.0, 82.0, 86.0), Form.PARTY: (10.0, 32.0, 42.0, 72.0, 48.0, 48.0)}
"""Millimetres; they fill A4 landscape between margins of 30 and 15."""

_HEADS: Final = {
    Form.STATE: ("place", "givers", "said", "answer"),
    Form.PARTY: ("number", "place_party", "givers_party", "said", "adopted", "explained"),
}
_IN_ADOPTED: Final = frozenset((Stance.ADOPTED, Stance.PARTLY))

NAMED: Final = 60
"""At most so many who agreed are named, the others counted: the list of who was asked names them all."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A row's cells, each with its paragraphs; the first cell of the place is empty where `leads` is not."""

    cells: tuple[tuple[str, ...], ...]
    leads: bool


def heads(form: Form, catalogue: Catalogue) -> list[str]:
    return [catalogue(f"print.opinions.head.{name}") for name in _HEADS[form]]


def titles(table: SynthesisTable, form: Form, catalogue: Catalogue) -> list[str]:
    """The form's name in lines, the draft's below."""
    return [
        catalogue(f"print.opinions.title.{form.value}"),
        catalogue("print.opinions.of", title=table.title),
    ]


def summary(table: SynthesisTable, form: Form, catalogue: Catalogue) -> list[str]:
    """The paragraphs above the table: how many were asked, how many opinions came, who agreed."""
    say = catalogue
    lines = [
        say("print.opinions.total", sent=table.sent, opinions=table.opinions)
        if table.rounds
        else say("print.opinions.total_only", opinions=table.opinions)
    ]
    lines += [_round_line(one, say) for one in table.rounds]
    if table.by_stance():
        counted = "; ".join(
            say("print.opinions.stance_count", stance=say(f"synthesis.stance.{stance.value}").lower(), n=n)
            for stance, n in table.by_stance()
        )
        lines.append(say("print.opinions.answered", counted=counted))
    if table.unanswered:
        lines.append(say("print.opinions.unanswered", n=table.unanswered))
    lines.append(say("print.opinions.results"))
    agreed = [name for one in table.rounds for name in one.agreed]
    silent = [name for one in table.rounds for name in one.presumed]
    if agreed or silent:
        lines.append(say("print.opinions.agreed", names=_named(agreed, say) or say("print.opinions.none")))
        if silent:
            lines.append(say("print.opinions.silent", names=_named(silent, say)))
        lines.append(say("print.opinions.with_opinions"))
    return lines


def _round_line(one: RoundCount, say: Catalogue) -> str:
    name = say("print.opinions.round", n=one.number, name=one.name) if one.name else str(one.number)
    return counts_line(name, one.counts, say)


def counts_line(name: str, found: Counts, say: Catalogue) -> str:
    """A round's figures in a line, those of the Party's form: sent, received, agreed, other opinions, no
    answer. Late ones and those against are told where there are any: nobody who is against stands among
    those who have another opinion.
    """
    late = say("print.opinions.counts.late", n=found.late) if found.late else ""
    against = say("print.opinions.counts.against", n=found.disagree) if found.disagree else ""
    return say(
        "print.opinions.counts", round=name, sent=found.sent, answered=found.answered, agree=found.agree,
        late=late, against=against, other=found.remarks + found.unsaid, silent=found.silent,
    )  # fmt: skip


def _named(names: Sequence[str], say: Catalogue) -> str:
    shown = "; ".join(names[:NAMED])
    more = len(names) - NAMED
    return say("print.opinions.more", names=shown, n=more) if more > 0 else shown


def rows(found: Sequence[Row], form: Form, catalogue: Catalogue) -> list[Cells]:
    return [_row(one, form, catalogue) for one in found]


def _row(row: Row, form: Form, say: Catalogue) -> Cells:
    where = spoken_path(row.path, say) if row.path else say("synthesis.elsewhere")
    place = (where[:1].upper() + where[1:],) if row.leads else ()
    givers = tuple(row.givers)
    several = len(row.said) > 1
    said = tuple(line for one in row.said for line in _said(one, say, named=several))
    answer = _answer(row, say)
    if form is Form.STATE:
        return Cells((place, givers, said, answer), row.leads)
    adopted = row.stance in _IN_ADOPTED
    return Cells(
        ((str(row.number),), place, givers, said, answer if adopted else (), () if adopted else answer),
        row.leads,
    )


def _said(one: Said, say: Catalogue, *, named: bool) -> list[str]:
    """An opinion's lines; where several wordings stand in one row, who gave each."""
    lines = [line for line in one.text.splitlines() if line.strip()]
    if one.wording:
        lines.append(say("print.opinions.wording", wording=one.wording))
    if named and lines:
        lines[0] = f"– {'; '.join(one.givers)}: {lines[0]}"
    return lines


def _answer(row: Row, say: Catalogue) -> tuple[str, ...]:
    if row.stance is None:
        return (say("print.opinions.open"),)
    lead = say(f"synthesis.stance.{row.stance.value}")
    lines = [line for line in row.answer.splitlines() if line.strip()]
    # Who wrote "Tiếp thu, …" has said it already.
    if lines and lines[0].casefold().startswith(lead.casefold().partition(",")[0]):
        first = lines
    else:
        first = [f"{lead}: {lines[0]}", *lines[1:]] if lines else [f"{lead}."]
    changes = [
        say("print.opinions.change", what=say(f"synthesis.what.{what.value}"), where=spoken_path(path, say))
        for what, path in row.changes
    ]
    return (*first, *([say("print.opinions.changes", changes="; ".join(changes))] if changes else []))


def section_title(title: str, catalogue: Catalogue) -> str:
    return catalogue("print.opinions.section", title=title)
