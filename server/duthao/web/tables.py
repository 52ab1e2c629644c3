"""The comparison table with its titles in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyio import to_thread

from duthao.domain.compare.guard import structural_changes
from duthao.domain.compare.result import Comparison
from duthao.domain.compare.table_builder import TableOptions
from duthao.domain.errors import Refusal
from duthao.domain.references.citing import cited
from duthao.domain.table import ComparisonTable
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comparison import Compared, Side
from duthao.service.services import Services
from duthao.web.templating import version_name

WHOLE = TableOptions(everything=True, renumbered=True)
"""Every provision's row, renumbered ones too: the page chooses among them."""

_LAYOUT: Mapping[str, Mapping[str, Any]] = {
    "rows": {"all": {"everything": True, "renumbered": True}, "changed": {}},
    "by": {"clause": {}, "article": {"by_article": True}},
    "columns": {"3": {}, "2": {"columns": 2}, "4": {"columns": 4}},
    "orthography": {"0": {}, "1": {"orthography": True}},
    "renumbered": {"0": {}, "1": {"renumbered": True}},
}


def layout(query: Mapping[str, str]) -> TableOptions:
    """How a printed table is wanted. Raises Refusal field_bad (`field`)."""
    asked: dict[str, Any] = {}
    for name, words in _LAYOUT.items():
        word = query.get(name, next(iter(words)))
        if word not in words:
            raise Refusal("field_bad", field=name)
        asked |= words[word]
    return TableOptions(**asked)


def side_title(side: Side, catalogue: Catalogue) -> str:
    return catalogue("web.version.draft") if side.version is None else version_name(side.version, catalogue)


def guard_json(comparison: Comparison) -> list[dict[str, Any]]:
    """Structural changes, for the page: what happened, and how the units are cited."""
    return [
        {
            "what": change.what,
            "before": [cited(unit.path) for unit in change.before],
            "after": [cited(unit.path) for unit in change.after],
            "provision": (change.after or change.before)[0].id,
        }
        for change in structural_changes(comparison)
    ]


async def compared_table(
    services: Services,
    access: Access,
    before: str | None,
    after: str | None,
    catalogue: Catalogue,
    *,
    options: TableOptions = WHOLE,
) -> tuple[Compared, ComparisonTable]:
    """The comparison and its table. Raises as `Comparisons.compared`."""
    found = await services.comparisons.compared(access, before, after)
    table = await to_thread.run_sync(
        services.writers.table,
        found.comparison,
        found.before.document,
        found.after.document,
        access.record.title,
        side_title(found.before, catalogue),
        side_title(found.after, catalogue),
        options,
    )
    return found, table
