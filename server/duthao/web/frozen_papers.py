"""The frozen draft of a round and its comparison table, drawn once for everybody who is asked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Final

from anyio import to_thread
from markupsafe import Markup

from duthao.domain.compare.table_builder import TableOptions
from duthao.domain.document import Document
from duthao.domain.outline import outline
from duthao.domain.rounds import Invitation
from duthao.domain.table import ComparisonTable
from duthao.formats.cited import spoken_path
from duthao.formats.opinion_sheet import opinion_sheet, places
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.answers import Paper
from duthao.service.asked import Asked
from duthao.web.context import Web
from duthao.web.templating import version_name

KEPT: Final = 32
"""Papers kept; each is some hundred KiB."""
SECONDS: Final = 60.0
"""After so long one is drawn anew: a pairing may have been corrected by hand."""

_CHOICE: Final = Markup('<option value="{}">{}</option>')


@dataclass(frozen=True, slots=True)
class Drawn:
    """`where` names each provision one can give an opinion on, by id, in reading order; `choices` has them
    as the options of a select: half of the page's time, when each page wrote its own.
    """

    version_name: str
    draft: Markup
    table: Markup
    changes: int
    where: dict[str, str]
    choices: Markup


class FrozenPapers:
    def __init__(self, web: Web) -> None:
        self._web = web
        self._kept: OrderedDict[tuple[str, str], tuple[float, asyncio.Future[Drawn]]] = OrderedDict()

    async def drawn(self, asked: Asked, catalogue: Catalogue) -> Drawn:
        """Three hundred who come in one minute share one drawing. Raises as `Answers.paper`."""
        key = (asked.round.id, catalogue.language)
        now = asyncio.get_running_loop().time()
        found = self._kept.get(key)
        if found is None or now - found[0] > SECONDS or _failed(found[1]):
            found = now, asyncio.ensure_future(self._draw(asked, catalogue))
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        # Shielded: who leaves must not end the drawing for those who stay.
        return await asyncio.shield(found[1])

    async def _draw(self, asked: Asked, catalogue: Catalogue) -> Drawn:
        paper = await self._web.services.answers.paper(asked)
        return await to_thread.run_sync(self._rendered, asked, paper, catalogue)

    def _rendered(self, asked: Asked, paper: Paper, catalogue: Catalogue) -> Drawn:
        entries = outline(paper.document).entries
        table = self.table(asked, paper, catalogue)
        where: dict[str, str] = {e.provision.id: spoken_path(e.path, catalogue) for e in entries if e.path}
        context = {
            "t": catalogue,
            "shown": paper.document,
            "entries": entries,
            "table": table,
            "where": where,
        }
        render = self._web.templates.render
        changes = 0 if table is None else sum(row.kind != "division" for row in table.rows)
        return Drawn(
            version_name(paper.version, catalogue),
            Markup(render("_asked_draft.html", context)),  # noqa: S704  (our own template)
            Markup(render("_asked_table.html", context)) if table is not None else Markup(""),  # noqa: S704
            changes,
            where,
            Markup("").join(_CHOICE.format(id_, name) for id_, name in where.items()),
        )

    async def sheet(self, asked: Asked, invitation: Invitation | None, catalogue: Catalogue) -> Document:
        """The sheet to answer on by hand. Raises as `Answers.paper`."""
        paper = await self._web.services.answers.paper(asked)

        def made() -> Document:
            found = places(paper.document, self.table(asked, paper, catalogue), catalogue)
            return opinion_sheet(
                asked.record.title, version_name(paper.version, catalogue), asked.round, invitation, found,
                paper.document.front, catalogue,
            )  # fmt: skip

        return await to_thread.run_sync(made)

    async def sheet_pdf(self, asked: Asked | Access, sheet: Document, catalogue: Catalogue) -> bytes:
        """It in the form of the document."""
        form = (await self._web.services.forms.printed(asked, None)).form
        # It is filled in and given back: it names nobody but who answers.
        writers = self._web.services.stamped("", asked.record)
        return await to_thread.run_sync(writers.draft_pdf, sheet, catalogue, form, None)

    def table(self, asked: Asked, paper: Paper, catalogue: Catalogue) -> ComparisonTable | None:
        """What has been changed; None when there was no text in force. Blocks."""
        if paper.before is None or paper.before.version is None or paper.comparison is None:
            return None
        build = partial(
            self._web.services.writers.table, paper.comparison, paper.before.document, paper.document,
            asked.record.title, version_name(paper.before.version, catalogue),
            version_name(paper.version, catalogue),
        )  # fmt: skip
        return build(third=None, in_force=True, notes=(), sources=None, options=TableOptions())


def _failed(one: asyncio.Future[Drawn]) -> bool:
    return one.done() and (one.cancelled() or one.exception() is not None)
