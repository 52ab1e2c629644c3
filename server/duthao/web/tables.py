"""The comparison table with its titles in the reader's language."""

from __future__ import annotations

from typing import Any

from anyio import to_thread

from duthao.domain.compare.guard import structural_changes
from duthao.domain.compare.result import Comparison
from duthao.domain.references.citing import cited
from duthao.domain.table import ComparisonTable
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comparison import Compared, Side
from duthao.service.services import Services
from duthao.web.templating import version_name


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
    changed_only: bool = False,
) -> tuple[Compared, ComparisonTable]:
    """The comparison and its table, whole or changes only. Raises as `Comparisons.compared`."""
    found = await services.comparisons.compared(access, before, after)
    table = await to_thread.run_sync(
        services.writers.changed_table if changed_only else services.writers.table,
        found.comparison,
        found.before.document,
        found.after.document,
        access.record.title,
        side_title(found.before, catalogue),
        side_title(found.after, catalogue),
    )
    return found, table
