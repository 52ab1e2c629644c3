"""The comparison table with its titles in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from anyio import to_thread

from duthao.domain.compare.guard import StructuralChange, structural_changes
from duthao.domain.compare.result import Comparison
from duthao.domain.compare.table_builder import TableOptions, Third
from duthao.domain.days import moment
from duthao.domain.document import ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.table import ComparisonTable
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comparison import Compared, Side
from duthao.service.services import Services
from duthao.store.ports import EpochMillis, VersionKind
from duthao.web.templating import day, version_name

WHOLE = TableOptions(everything=True, by="provision", renumbered=True, orthography=True, formats=True)
"""A row for every provision and every mark: the page chooses among them."""

SIDES = ("before", "after", "third")
"""The texts of a comparison, as addresses and requests name them."""

SOURCE_COLUMNS = 4

_LAYOUT: Mapping[str, Mapping[str, Any]] = {
    "rows": {"all": {"everything": True, "renumbered": True}, "changed": {}},
    "by": {"clause": {}, "article": {"by": "article"}},
    "columns": {"3": {}, "2": {"columns": 2}, "4": {"columns": 4}},
    "orthography": {"0": {}, "1": {"orthography": True}},
    "formats": {"0": {}, "1": {"formats": True}},
    "renumbered": {"0": {}, "1": {"renumbered": True}},
}


def layout(query: Mapping[str, str]) -> TableOptions:
    """How a printed table is wanted. Raises Refusal field_bad (`field`)."""
    asked: dict[str, Any] = {}
    for name, words in _LAYOUT.items():
        # Three texts leave no room for reasons unless they are asked for.
        usual = "2" if name == "columns" and query.get("third") else next(iter(words))
        word = query.get(name, usual)
        if word not in words:
            raise Refusal("field_bad", field=name)
        asked |= words[word]
    return TableOptions(**asked)


def side_title(side: Side, access: Access, catalogue: Catalogue) -> str:
    if side.model is not None:
        return catalogue("models.side", title=side.model.title)
    if side.version is None:
        return catalogue("web.version.draft")
    return version_name(side.version, catalogue, access.record.current_version)


def warnings_json(found: Compared, catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """What the page warns of beside the table: structural changes (what happened, how the units are
    cited), and corrections by hand that rest. Those of the second and third text are `later`."""
    pairs: list[tuple[Comparison, dict[str, Any]]] = [(found.comparison, {})]
    if found.later is not None:
        pairs.append((found.later, {"later": True}))
    return {
        "guard": [
            _disturbance(change, catalogue) | own for one, own in pairs for change in structural_changes(one)
        ],
        "resting": [asdict(rest) | own for one, own in pairs for rest in one.resting],
    }


def _disturbance(change: StructuralChange, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "what": change.what,
        "before": [spoken_path(unit.path, catalogue) for unit in change.before],
        "after": [spoken_path(unit.path, catalogue) for unit in change.after],
        "provision": (change.after or change.before)[0].id,
    }


async def compared_table(
    services: Services,
    access: Access,
    sides: Mapping[str, str | None],
    catalogue: Catalogue,
    *,
    options: TableOptions = WHOLE,
    dated: bool = False,
) -> tuple[Compared, ComparisonTable]:
    """The comparison of the texts named by `before`, `after` and `third`, and its table; for
    paper `dated`, each text with its number and day.

    Raises as `Comparisons.compared`.
    """
    found = await services.comparisons.compared(access, *map(sides.get, SIDES))
    third = None
    if found.third is not None and found.later is not None:
        third = Third(found.later, found.third.document, side_title(found.third, access, catalogue))
    build = partial(
        services.writers.table,
        found.comparison,
        found.before.document,
        found.after.document,
        access.record.title,
        side_title(found.before, access, catalogue),
        side_title(found.after, access, catalogue),
        third=third,
        in_force=_is_in_force(found.before) and not _is_in_force(found.after),
        notes=_notes(found, services.tools.clock(), catalogue) if dated else (),
        sources=await _sources(services, access, found, catalogue)
        if options.columns == SOURCE_COLUMNS
        else None,
        options=options,
    )
    table = await to_thread.run_sync(build)
    return found, replace(table, amends=False) if _with_model(found) else table


def _notes(found: Compared, now: EpochMillis, catalogue: Catalogue) -> tuple[str, ...]:
    """Below each text's name: number and date of the one in force, the day a version was kept,
    the moment at which the live draft is printed."""
    sides = (found.before, found.after, found.third)
    return tuple(_note(side, now, catalogue) for side in sides if side is not None)


def _note(side: Side, now: EpochMillis, catalogue: Catalogue) -> str:
    if side.version is None:
        return catalogue("web.print.at", at=moment(now))
    if side.version.kind is not VersionKind.CURRENT:
        return catalogue("web.print.day", day=day(side.version.created_at))
    front = side.document.front
    kind = front.type.capitalize() or catalogue("web.print.text")
    number = catalogue("web.print.number", kind=kind, number=front.number) if front.number else ""
    return ", ".join(filter(None, (number, front.date)))


async def _sources(
    services: Services, access: Access, found: Compared, catalogue: Catalogue
) -> dict[ProvisionId, str]:
    """Whose opinions led to words of each provision; who changed it since the first text, and when last."""
    since, last = found.before.seq, (found.third or found.after).seq
    if _with_model(found):
        return {}  # nobody wrote one text from the other
    if since >= last:  # read the other way round: nothing was written since
        return {}
    told = await services.history.changes(access.user, access.id, since, last)
    sources: dict[ProvisionId, str] = {}
    for line in told.lines:
        names = [person.name for person in line.who(told.people)]
        days = [told.times[run.row] for run in line.written if run.row]
        if line.changed and names:
            said = [*names, day(max(days))] if days else names
            sources[line.place.entry.provision.id] = ", ".join(said)
    asked = await services.syntheses.sources(access)
    for id_, givers in asked.items():
        lines = [catalogue("synthesis.asked_by", names=", ".join(givers)), sources.get(id_, "")]
        sources[id_] = "\n".join(filter(None, lines))
    return sources


def _with_model(found: Compared) -> bool:
    sides = (found.before, found.after, found.third)
    return any(side is not None and side.model is not None for side in sides)


def _is_in_force(side: Side) -> bool:
    """Whether it is what this document amends: the text in force of a model is another's."""
    return side.model is None and side.version is not None and side.version.kind is VersionKind.CURRENT
