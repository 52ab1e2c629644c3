"""The trail of a dossier as a story: a sentence for every row, and the same as a table to keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from duthao.domain.days import moment
from duthao.domain.dossiers import Paper, Part, Person, PlanStep, Source
from duthao.domain.process import (
    Again,
    Appraisal,
    Decision,
    Finishing,
    Gathered,
    Issue,
    Outcome,
    Submission,
    Vote,
    Watching,
)
from duthao.formats.spreadsheet import csv_text
from duthao.messages import Catalogue
from duthao.service.dossiers import Told, View
from duthao.service.happenings import Happening


@dataclass(frozen=True, slots=True)
class Sentence:
    """One row: when, who, what they did, and what was written with it ("" for nothing)."""

    at: int
    name: str
    did: str
    said: str = ""


def on(day: date | None) -> str:
    """26/11/2026; nothing for no day."""
    return "" if day is None else f"{day:%d/%m/%Y}"


def part_words(part: Part, t: Catalogue) -> str:
    """What a part is called."""
    match part:
        case PlanStep():
            return part.title or t(f"dossiers.plan.{part.key}")
        case Person() | Paper():
            return part.name
        case Source():
            return part.text


def duty_words(part: PlanStep | Person, t: Catalogue) -> str:
    """What is to be done: a step of the plan, or somebody's task."""
    return part.task if isinstance(part, Person) else part_words(part, t)


def vote_words(vote: Vote, t: Catalogue) -> str:
    return t(
        "dossiers.vote.counts", favour=vote.favour, against=vote.against, other=vote.other,
        absent=vote.absent, members=vote.members,
    )  # fmt: skip


def story(view: View, beside: Iterable[Happening], t: Catalogue) -> list[Sentence]:
    """Oldest first; what happened beside the steps, in its place among them."""
    found = []
    for one in view.trail:
        who = view.people.get(one.event.by)
        did, said = _told(one, t)
        found.append(Sentence(one.event.at, who.name if who else t("web.someone"), did, said))
    found += [_happening(one, view, t) for one in beside]
    return sorted(found, key=lambda one: one.at)


def _happening(one: Happening, view: View, t: Catalogue) -> Sentence:
    round_ = one.round
    named = "" if round_ is None else t("rounds.number", n=round_.number)
    if round_ is not None and round_.name:
        named += f" ({round_.name})"
    until = "" if round_ is None else moment(round_.deadline)
    did = t(f"dossiers.trail.happened.{one.what.value}", n=one.n, round=named, until=until)
    if one.by is not None:
        name = view.people[one.by].name if one.by in view.people else t("web.someone")
    else:
        name = one.name or t("dossiers.trail.team")
    return Sentence(one.at, name, did, ", ".join(one.givers) or one.said)


def _told(one: Told, t: Catalogue) -> tuple[str, str]:
    act, about = one.event.act, one.about
    match about:
        case Submission():
            level = t(f"dossiers.state.{about.to.value}")
            return t("dossiers.trail.submit", n=about.number, level=level), about.note
        case Decision():
            key = "passed" if about.outcome is Outcome.PASSED else "returned"
            back = t(f"dossiers.state.{about.back_to.value}") if about.back_to else ""
            level = t(f"dossiers.level.{about.level.value}")
            did = t(f"dossiers.trail.{key}", level=level, day=on(about.met_on), back=back)
            votes = f" {vote_words(about.vote, t)}" if about.vote else ""
            return did + votes, about.conclusion
        case Appraisal():
            key = "good" if about.good else "bad"
            return t(f"dossiers.trail.appraised.{key}", n=about.findings), about.text
        case Issue():
            return t("dossiers.trail.issue", number=about.number, day=on(about.dated)), ""
        case Gathered() | Finishing():
            return t(f"dossiers.trail.{act}"), about.note
        case Again():
            return t("dossiers.trail.again"), about.reason
        case Watching():
            return t("dossiers.trail.watch", who=about.who), ""
        case None:
            said = str(one.said.get("title", ""))
            return t(f"dossiers.trail.{act}", title=said), ""
        case _:
            kind = t(f"dossiers.part.{one.said['part']}")
            return t(f"dossiers.trail.{act}", kind=kind, what=part_words(about, t)), _particulars(about, t)


def _particulars(part: Part, t: Catalogue) -> str:
    """What else a part says, on one line."""
    match part:
        case PlanStep():
            said = [part.who, on(part.due), part.note]
        case Person():
            said = [part.task, on(part.due)]
        case Source():
            said = [t(f"dossiers.source.{part.origin.value}"), part.letter, part.place, part.by, part.settled]
        case Paper():
            said = [t(f"dossiers.paper.{part.kind.value}"), part.letter]
    done = part.done_on if isinstance(part, PlanStep | Person) else None
    if done is not None:
        said.append(t("dossiers.done_on", day=on(done)))
    return " · ".join(filter(None, said))


def trail_csv(told: Iterable[Sentence], t: Catalogue) -> bytes:
    """The story as a table for a spreadsheet (UTF-8 with its mark, as Excel wants it)."""
    heads = [t(f"dossiers.trail.column.{one}") for one in ("n", "at", "who", "what", "words")]
    rows = ([place, moment(one.at), one.name, one.did, one.said] for place, one in enumerate(told, 1))
    return csv_text([heads, *rows]).encode("utf-8-sig")


def trail_text(title: str, told: Iterable[Sentence]) -> bytes:
    """The story as plain text."""
    lines = [title, ""]
    for one in told:
        lines.append(f"{moment(one.at)}  {one.name}: {one.did}")
        lines += [f"    {line}" for line in one.said.splitlines()]
    return ("\n".join(lines) + "\n").encode()
