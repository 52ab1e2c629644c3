"""References of a draft that was numbered afresh, written for the numbers an instrument keeps.

The draft says "khoản 2 Điều 8" of the article that the amended text calls "Điều 7a": the
instrument must write what the amended text will say. A reference that stands in the draft as it
stood in the text in force, and no longer points to what it pointed to there, was forgotten when
the draft was numbered: under kept numbers it is right again as it stands, so it is left, and told.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from duthao.domain.compare.renumber import Follower
from duthao.domain.compare.result import Comparison
from duthao.domain.compare.stale import stale_references
from duthao.domain.document import Document, Provision, ProvisionId
from duthao.domain.outline import outline
from duthao.domain.references import find, own_names


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A reference in the draft, and how the amended text writes it. `path` is the draft's."""

    path: str
    draft: str
    kept: str

    @property
    def is_left(self) -> bool:
        """Whether it stays as the text in force has it, though the draft's numbers are others."""
        return self.draft == self.kept


@dataclass(frozen=True)
class _Writer:
    follower: Follower
    forgotten: Collection[tuple[ProvisionId, int]]

    def provision(self, index: int, provision: Provision, found: list[tuple[str, str]]) -> Provision:
        """The provision with its references for kept numbers; `found` gets each that is another."""
        text = self._text(provision.text, index, provision.id, found)
        cells = tuple(self._text(cell, index, None, found) for cell in provision.cells)
        if text != provision.text:
            provision = replace(provision, text=text, marks=())
        return replace(provision, cells=cells) if cells != provision.cells else provision

    def _text(self, text: str, index: int, id: ProvisionId | None, found: list[tuple[str, str]]) -> str:
        parts: list[str] = []
        at = 0
        for phrase in find(text, self.follower.own):
            quote = text[phrase.start : phrase.end]
            written = None if phrase.external else self.follower.phrase(phrase, text, index, index)
            if id is not None and (id, phrase.start) in self.forgotten and written != quote:
                found.append((quote, quote))
                continue
            if written is None or written == quote:
                continue
            found.append((quote, written))
            parts += (text[at : phrase.start], written)
            at = phrase.end
        return "".join((*parts, text[at:]))


def followed(
    before: Document, after: Document, comparison: Comparison, kept: Document
) -> tuple[Document, tuple[Rewritten, ...]]:
    """`kept`, which is `after` under kept numbers, with its references for these numbers.

    `comparison` is that of `before` and `after`. References to what is not there stay as they
    are; so do the words of other documents. Linear in the text but for looking units up.
    """
    drafted, made = outline(after), outline(kept)
    own = (*own_names(before), *own_names(after))
    forgotten = {
        (stale.provision, stale.start)
        for stale in stale_references(comparison, before, after)
        if stale.reason != "dangling"
    }
    same = {index: index for index in range(len(made.entries))}
    writer = _Writer(Follower(drafted, made, same, own), forgotten)
    rewritten: list[Rewritten] = []
    provisions: list[Provision] = []
    for index, provision in enumerate(kept.provisions):
        found: list[tuple[str, str]] = []
        provisions.append(writer.provision(index, provision, found))
        rewritten += [Rewritten(drafted.entries[index].path, was, now) for was, now in found]
    return replace(kept, provisions=tuple(provisions)), tuple(rewritten)
