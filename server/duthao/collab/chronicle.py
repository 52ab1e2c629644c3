"""What became of every letter of a document: the row that brought it and the row that took it.

Read once from the newest state, in which what was deleted is still there; any two earlier
moments are then told apart without replaying anything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from duthao.collab.attribution import Attribution, RowsByElement
from duthao.domain.changes import Row
from duthao.domain.document import Document, ProvisionId
from duthao.store.ports import Seq


@dataclass(frozen=True, slots=True)
class Letters:
    """All letters a provision ever had, in order: the letter, its row, the row that took it (0: none).

    `from_where` is the row it was first written in, before it came here with a split or a copy.
    """

    text: str
    born: tuple[Row, ...]
    died: tuple[Row, ...]
    from_where: tuple[Row, ...]

    def standing(self, seq: Seq) -> list[int]:
        """Places of the letters that stood when the journal ended at `seq`."""
        return [
            at
            for at, (born, died) in enumerate(zip(self.born, self.died, strict=True))
            if 0 < born <= seq and not 0 < died <= seq
        ]

    def read(self, places: Sequence[int]) -> str:
        return "".join([self.text[at] for at in places])


_NONE = Letters("", (), (), ())


class Chronicle:
    """The letters of a document up to row `end`. `rows` must reach there; they may reach further."""

    def __init__(self, state: bytes, document: Document, end: Seq, rows: RowsByElement) -> None:
        self.end = end
        self._rows = rows
        origins = {one.id: one.origin for one in (*document.provisions, *document.removed)}
        self._attribution = Attribution(state, rows, origins.get)
        self._letters: dict[ProvisionId, Letters] = {}

    def letters(self, provision_id: ProvisionId) -> Letters:
        """Empty for a provision there is not."""
        found = self._letters.get(provision_id)
        if found is None:
            found = self._letters[provision_id] = self._read(provision_id)
        return found

    def _read(self, provision_id: ProvisionId) -> Letters:
        shown = self._attribution.characters(provision_id)
        if not shown:
            return _NONE
        born = [self._rows.row(one.id) or 0 for one in shown]
        died = [(self._rows.deleted_by(one.id) or 0) if one.deleted else 0 for one in shown]
        first = self._attribution.first_rows(provision_id, shown)
        # A letter outside the basic plane is one character here, whatever the CRDT counts.
        return Letters("".join(one.text for one in shown), tuple(born), tuple(died), tuple(first))

    def words(self, provision_id: ProvisionId, since: Seq, seq: Seq) -> tuple[str, list[Row], str, list[Row]]:
        """(text at `since`, the row that took each letter, text at `seq`, the row that brought each).

        0 where a letter was not taken by `seq`, or was written at or before `since`, be it in
        the provision that it was split off from.
        """
        letters = self.letters(provision_id)
        before, after = letters.standing(since), letters.standing(seq)
        died = [letters.died[at] if since < letters.died[at] <= seq else 0 for at in before]
        born = [letters.from_where[at] if letters.from_where[at] > since else 0 for at in after]
        return letters.read(before), died, letters.read(after), born

    def placed_by(self, provision_id: ProvisionId, since: Seq, seq: Seq) -> Row:
        """The last row after `since`, up to `seq`, that made, moved, removed or renamed it; 0: none."""
        return max((row for row in self._attribution.settings(provision_id) if since < row <= seq), default=0)

    def touched(self, firsts: Sequence[Seq]) -> list[set[ProvisionId]]:
        """For each sitting, given by its first row and growing: the provisions whose content it touched."""
        found: list[set[ProvisionId]] = [set() for _ in firsts]
        for client, first, end, key in self._attribution.contents():
            for seq in self._rows.touching(client, first, end):
                at = bisect_left(firsts, seq + 1) - 1
                if at >= 0:
                    found[at].add(ProvisionId(key))
        return found
