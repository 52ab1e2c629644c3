"""The comparison table with its titles in the reader's language."""

from __future__ import annotations

from anyio import to_thread

from duthao.domain.table import ComparisonTable
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comparison import Compared, Side
from duthao.service.services import Services
from duthao.web.templating import version_name


def side_title(side: Side, catalogue: Catalogue) -> str:
    return catalogue("web.version.draft") if side.version is None else version_name(side.version, catalogue)


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
