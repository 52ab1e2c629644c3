"""Minutes of a meeting with its vote (biên bản), and the sheet members vote on (phiếu biểu quyết).

Both are documents like any other (norms A9, 11): the writers of the draft set them in its form.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from duthao.domain.document import Document, FrontMatter, Kind, Provision, ProvisionId
from duthao.domain.process import Decision, Outcome, Rules, State, Submission, Vote
from duthao.messages import Catalogue

TWO_DIGITS = 10, 3
"""Days below 10 and months below 3 are written with a nought before them (norms B2)."""


def minutes(
    title: str, rules: Rules, lay: Submission, decided: Decision, head: FrontMatter, t: Catalogue
) -> Document:
    """What a level discussed, concluded and voted. `title` is what it was about, `head` the draft's own."""
    level = t(f"dossiers.level.{decided.level.value}")
    front = _front(
        head, level, t("print.minutes.type"), t("print.minutes.title", n=lay.number, what=title), t,
        decided.met_on,
    )  # fmt: skip
    front = _signed(front, t("print.minutes.chair"), decided.chair)
    return Document(tuple(_numbered(_minutes(rules, lay, decided, level, t))), front)


def ballot(title: str, lay: Submission, head: FrontMatter, t: Catalogue) -> Document:
    """The sheet each member votes on for the draft that lies before a level."""
    level = t(f"dossiers.level.{lay.to.value}")
    front = _front(
        head, level, t("print.ballot.type"), t("print.ballot.title", n=lay.number, what=title), t, None
    )
    front = _signed(front, t("print.ballot.voter"), "")
    heads = ("", *(t(f"dossiers.vote.{one}") for one in ("favour", "against", "other")))
    draft = t("web.version.numbered", n=lay.number)
    lines = [
        (Kind.PARAGRAPH, t("print.ballot.how"), ()),
        (Kind.TABLE, "", ()),
        (Kind.ROW, "", heads),
        (Kind.ROW, "", (f"{draft} {title}", "", "", "")),
        (Kind.PARAGRAPH, t("print.ballot.remarks"), ()),
        *((Kind.PARAGRAPH, "…" * 22, ()) for _ in range(4)),
    ]
    return Document(tuple(_numbered(iter(lines))), front)


Line = tuple[Kind, str, tuple[str, ...]]


def _minutes(rules: Rules, lay: Submission, decided: Decision, level: str, t: Catalogue) -> Iterator[Line]:
    def say(key: str, **values: object) -> Line:
        return Kind.PARAGRAPH, t(f"print.minutes.{key}", **values), ()

    yield say("when", day=f"{decided.met_on:%d/%m/%Y}")
    for key, words in (("place", decided.place), ("chaired", decided.chair), ("wrote", decided.secretary)):
        if words.strip():
            yield say(key, words=_line(words))
    vote = decided.vote
    if vote is not None:
        yield say("attended", members=vote.members, present=vote.present, absent=vote.absent)
    yield Kind.HEADING, t("print.minutes.matter"), ()
    yield say("considered", level=level, n=lay.number)
    yield say("sealed", hash=lay.sha256[:16], table=lay.table_sha256[:16])
    yield Kind.HEADING, t("print.minutes.conclusion"), ()
    for line in filter(None, map(_line, decided.conclusion.splitlines())):
        yield Kind.PARAGRAPH, line, ()
    if vote is not None:
        yield Kind.HEADING, t("print.minutes.vote"), ()
        yield Kind.TABLE, "", ()
        yield from _counts(vote, t)
        yield Kind.PARAGRAPH, t(f"dossiers.majority.{rules.majority.value}.explained"), ()
        if 2 * vote.favour == vote.members and vote.chair_for is not None:
            yield say(f"tie.{'for' if vote.chair_for else 'against'}")
    if decided.outcome is Outcome.PASSED:
        yield say(f"passed.{'final' if decided.level is rules.final else 'on'}", level=level, n=lay.number)
    else:
        back = t(f"dossiers.state.{(decided.back_to or State.DRAFTING).value}")
        yield say("returned", level=level, n=lay.number, back=back)
    if decided.secretary.strip():
        yield say("signed_by", words=_line(decided.secretary))


def _counts(vote: Vote, t: Catalogue) -> Iterator[Line]:
    yield Kind.ROW, "", tuple(t(f"print.minutes.column.{one}") for one in ("what", "n", "share"))
    for name in ("favour", "against", "other", "absent"):
        n = getattr(vote, name)
        yield Kind.ROW, "", (t(f"dossiers.vote.{name}"), str(n), _share(n, vote.members))
    yield Kind.ROW, "", (t("print.minutes.all"), str(vote.members), _share(vote.members, vote.members))


def _share(n: int, members: int) -> str:
    """Per cent of all members with one digit, half up, as Vietnamese writes it: 33,3%."""
    tenths = (2000 * n + members) // (2 * members)
    return f"{tenths // 10},{tenths % 10}%"


def date_line(day: date, t: Catalogue) -> str:
    """A day as the head of a document has it: "ngày 05 tháng 02 năm 2026"."""
    below, early = TWO_DIGITS
    d = f"{day.day:02}" if day.day < below else str(day.day)
    m = f"{day.month:02}" if day.month < early else str(day.month)
    return t("print.minutes.date", d=d, m=m, y=day.year)


def _front(
    head: FrontMatter, level: str, kind: str, title: str, t: Catalogue, day: date | None
) -> FrontMatter:
    dated = t("print.minutes.blank_date") if day is None else date_line(day, t)
    return FrontMatter(
        upper_body=head.upper_body or head.body, body=level.upper(), place=head.place, date=dated, type=kind,
        title=title,
    )  # fmt: skip


def _signed(front: FrontMatter, position: str, name: str) -> FrontMatter:
    return FrontMatter(
        front.upper_body, front.body, "", front.place, front.date, front.type, front.title,
        position=position, signatory=_line(name),
    )  # fmt: skip


def _line(words: str) -> str:
    return " ".join(words.split())


def _numbered(lines: Iterator[Line]) -> Iterator[Provision]:
    for n, (kind, text, cells) in enumerate(lines, 1):
        yield Provision(ProvisionId(f"m{n}"), kind, text, cells=cells, header=kind is Kind.TABLE)
