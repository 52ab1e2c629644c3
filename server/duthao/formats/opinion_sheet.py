"""The sheet a member or a unit gives their opinion on by hand (phiếu lấy ý kiến; norms A9, table 3).

A document like any other: the writers of the draft set it in its form. What is written on it comes back
through the clerk's page of the round, so it asks in the order in which that page does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from duthao.domain.compare.result import RowClass
from duthao.domain.days import moment
from duthao.domain.document import Document, FrontMatter, Kind, Provision, ProvisionId
from duthao.domain.opinions import Verdict
from duthao.domain.outline import outline
from duthao.domain.rounds import Invitation, Invited, Round, deadline_of
from duthao.domain.table import ComparisonTable
from duthao.formats.cited import spoken_path, spoken_paths
from duthao.messages import Catalogue

MOST_ROWS = 300
"""Provisions listed on a sheet; a longer list is no longer filled in by hand, and the sheet says so."""
FREE_ROWS = 3
"""Rows without a provision, for what the list does not name."""
_DOTS = "…" * 22
_FEW_DOTS = "…" * 8
_TWO_LINES = " ".join(["…" * 13] * 2)
"""Room to write in a cell."""


@dataclass(frozen=True, slots=True)
class Place:
    """A provision that is asked about: as it is cited, and its heading or what becomes of it, or ""."""

    where: str
    said: str


def places(document: Document, table: ComparisonTable | None, t: Catalogue) -> tuple[Place, ...]:
    """What there is to give an opinion on: the rows of the comparison with the text in force, by their
    numbers there; without one, or where nothing changed, the articles of the draft.
    """
    rows = (
        [row for row in table.rows if row.kind == "row" and row.row_class is not RowClass.UNCHANGED]
        if table is not None
        else []
    )
    if rows:
        return tuple(
            Place(_upper(spoken_paths(row.after_paths or row.before_paths, t)),
                  t(f"table.class.{row.row_class.value}"))
            for row in rows
        )  # fmt: skip
    entries = outline(document).entries
    articles = [one for one in entries if one.provision.kind is Kind.ARTICLE]
    return tuple(Place(_upper(spoken_path(one.path, t)), one.provision.text) for one in articles)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def opinion_sheet(
    title: str, draft: str, round_: Round, asked: Invitation | None, found: Sequence[Place],
    head: FrontMatter, t: Catalogue,
) -> Document:  # fmt: skip
    """The sheet for one who is asked, or with a place for the name. `title` is the document's, `draft` what
    the frozen draft is called, `head` its own front matter.
    """
    front = FrontMatter(
        upper_body=head.upper_body, body=head.body, place=head.place, date=t("print.minutes.blank_date"),
        type=t("print.sheet.type"), title=t("print.sheet.title", draft=draft, title=title),
        position=t("print.sheet.signed"), signatory="",
    )  # fmt: skip
    lines = _lines(round_, asked, found, t)
    return Document(
        tuple(
            Provision(ProvisionId(f"s{n}"), kind, text, cells=cells, header=kind is Kind.TABLE)
            for n, (kind, text, cells) in enumerate(lines, 1)
        ),
        front,
    )


Line = tuple[Kind, str, tuple[str, ...]]


def _lines(round_: Round, asked: Invitation | None, found: Sequence[Place], t: Catalogue) -> Iterator[Line]:
    def say(key: str, **values: object) -> Line:
        return Kind.PARAGRAPH, t(f"print.sheet.{key}", **values), ()

    yield say("name", name=asked.name if asked is not None else _FEW_DOTS)
    yield say("until", at=moment(deadline_of(round_, asked)))
    for kind, silent in ((Invited.MEMBER, round_.silent_members), (Invited.UNIT, round_.silent_units)):
        if silent and (asked is None or asked.kind is kind):
            yield Kind.PARAGRAPH, t(f"rounds.silence_{kind.value}s_on"), ()
    for line in filter(None, (" ".join(one.split()) for one in round_.question.splitlines())):
        yield Kind.PARAGRAPH, line, ()
    yield Kind.HEADING, t("print.sheet.general"), ()
    yield say("how")
    yield Kind.TABLE, "", ()
    yield Kind.ROW, "", tuple(t(f"rounds.verdict.{one.value}") for one in Verdict)
    yield Kind.ROW, "", ("",) * len(Verdict)
    yield say("remarks")
    for _ in range(3):
        yield Kind.PARAGRAPH, _DOTS, ()
    yield Kind.HEADING, t("print.sheet.places"), ()
    yield Kind.TABLE, "", ()
    yield Kind.ROW, "", (t("print.sheet.head.place"), t("print.sheet.head.opinion"))
    for n, one in enumerate(found[:MOST_ROWS], 1):
        said = (
            t("print.sheet.place", n=n, where=one.where, said=one.said) if one.said else f"{n}. {one.where}"
        )
        yield Kind.ROW, "", (said, _TWO_LINES)
    for _ in range(FREE_ROWS):
        yield Kind.ROW, "", (_FEW_DOTS, _TWO_LINES)
    if len(found) > MOST_ROWS:
        yield say("more", n=len(found) - MOST_ROWS)
    yield say("back")
