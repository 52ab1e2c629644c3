"""Word and OpenDocument files of a draft or a version: what a person asked for, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from anyio import to_thread

from duthao.domain.document import Document, ProvisionId
from duthao.domain.errors import Refusal
from duthao.formats.docx_out import Choices, Note, Remark, Tracked, WordOptions
from duthao.messages import Catalogue
from duthao.service.access import Access
from duthao.service.comments import Comments, Listing, Shown
from duthao.service.comparison import Comparisons, Side
from duthao.service.forms import form_of, printed_of
from duthao.service.ports import Tools
from duthao.store.ports import EpochMillis, Seq

Write = Callable[[Document, Catalogue, WordOptions], bytes]
Authors = Callable[[Access, Seq, Seq], Awaitable[Mapping[ProvisionId, str]]]
"""Who alone changed a provision between two places of the journal, by its id."""

NUMBERINGS: Final = ("literal", "automatic")


def choices_of(numbering: str, *, tracked: bool, comments: bool) -> Choices:
    """Raises Refusal export_choice (`value`) for a numbering there is not."""
    for known in NUMBERINGS:
        if numbering == known:
            return Choices("automatic" if known == "automatic" else "literal", tracked, comments)
    raise Refusal("export_choice", value=numbering[:40])


def _moment(at: EpochMillis) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def notes_of(listing: Listing) -> Iterator[Note]:
    """The threads as Word holds them, in reading order; words that were removed are left out.

    What stands nowhere any more goes to the whole document, with the words it was about before it.
    """
    for shown in listing.threads:
        lost = _lost(shown)
        remarks = tuple(
            Remark(
                listing.people[comment.author].name if comment.author in listing.people else "",
                _moment(comment.created_at),
                f"“{lost}”\n{comment.text}" if lost and at == 0 else comment.text,
            )
            for at, comment in enumerate(shown.comments)
            if not comment.removed
        )
        resolved = shown.thread.resolved_by is not None
        stretch = shown.carried.stretches[0] if shown.carried.stretches else None
        if stretch is None:
            yield Note(remarks, shown.provision, resolved=resolved)
        else:
            spot = stretch.spot
            yield Note(remarks, spot.provision, spot.cell, stretch.start, stretch.end, resolved)


def _lost(shown: Shown) -> str:
    made = shown.thread.anchor.made
    if made is None or shown.carried.stretches or shown.provision is not None:
        return ""
    return made.quote[:200]


class WordFiles:
    def __init__(
        self,
        tools: Tools,
        comparisons: Comparisons,
        comments: Comments,
        authors: Authors,
        write: Write,
        odt: Callable[[bytes], bytes],
    ) -> None:
        self._tools, self._comparisons, self._comments = tools, comparisons, comments
        self._authors, self._write, self._odt = authors, write, odt

    async def written(self, access: Access, side: Side, choices: Choices, catalogue: Catalogue) -> bytes:
        """The draft or version as .docx.

        Raises Refusal: export_nothing_current (no text in force to track changes against),
        export_comments_version (comments stand on the live draft), and as `Comparisons.of_texts`.
        """
        tracked, notes = None, tuple[Note, ...]()
        if choices.comments:
            if side.version is not None:
                raise Refusal("export_comments_version")
            notes = tuple(notes_of(await self._comments.standing(access, side.document, side.seq)))
        if choices.tracked:
            current = access.record.current_version
            if current is None:
                raise Refusal("export_nothing_current")
            before = await self._comparisons.side(access, current, current)
            found = await self._comparisons.of_texts(access, before, side)
            at = self._tools.clock() if side.version is None else side.version.created_at
            authors = await self._authors(access, before.seq, side.seq)
            tracked = Tracked(before.document, found, catalogue("docx.author"), _moment(at), authors)
        printed = await to_thread.run_sync(printed_of, self._tools.store, access.id, side.version)
        options = WordOptions(
            choices.numbering, tracked, notes, printed.form, printed.draft_number, access.record.secrecy.mark
        )
        return await to_thread.run_sync(self._write, side.document, catalogue, options)

    async def plain(
        self, access: Access, document: Document, choices: Choices, catalogue: Catalogue
    ) -> bytes:
        """Another document beside this one, such as its instrument, as .docx in the same form; of the
        choices only the numbering counts."""
        form = await to_thread.run_sync(form_of, self._tools.store, access.id)
        options = WordOptions(choices.numbering, form=form, secrecy=access.record.secrecy.mark)
        return await to_thread.run_sync(self._write, document, catalogue, options)

    async def odt(self, docx: bytes) -> bytes:
        """A Word file as OpenDocument. Raises Refusal: odt_missing, busy, office_failed, office_too_slow."""
        return await to_thread.run_sync(self._odt, docx)
