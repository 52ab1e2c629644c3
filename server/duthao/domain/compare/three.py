"""Two comparisons that share a text, joined over it: in force and draft, draft and next draft."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duthao.domain.compare.result import ELSEWHERE, Comparison, Row, RowClass, Unit
from duthao.domain.document import Kind
from duthao.domain.outline import UPPER


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows of the first and of the second comparison that share provisions of the common text.

    One of the two is empty for a provision the common text has not: repealed before it, or new
    after it; neither is when it came back word for word. Without a second comparison there is
    one row.
    """

    rows: tuple[Row, ...]
    later: tuple[Row, ...] = ()

    @property
    def before(self) -> tuple[Unit, ...]:
        return tuple(unit for row in self.rows for unit in row.before)

    @property
    def after(self) -> tuple[Unit, ...]:
        return tuple(unit for row in self.rows for unit in row.after)

    @property
    def third(self) -> tuple[Unit, ...]:
        return tuple(unit for row in self.later for unit in row.after)

    @property
    def classes(self) -> tuple[RowClass, ...]:
        return tuple(row.row_class for row in (*self.rows, *self.later))

    @property
    def lead(self) -> Unit:
        """The provision the row is placed by: of the common text, where that has it."""
        return (self.after or self.third or self.before)[0]


def joined(first: Comparison, second: Comparison | None = None) -> list[Joined]:
    """The rows of a table of two or three texts.

    Guaranteed: every row of both comparisons stands in exactly one joined row, so each provision
    of each text does; they follow the common text, what is repealed before it where it stood,
    what is new after it behind what it follows in the third. Raises ValueError when the second
    comparison does not begin with the text the first ends with.
    """
    if second is None:
        return [Joined((row,)) for row in first.rows]
    if first.after != second.before:
        raise ValueError("the second comparison begins with another text")
    size = len(first.rows)
    groups = _groups(first.rows, second.rows)
    own: dict[int, list[Row]] = {}
    for group, row in zip(groups[:size], first.rows, strict=True):
        own.setdefault(group, []).append(row)
    later: dict[int, list[Row]] = {}
    new: dict[int | None, list[Row]] = {}  # rows of the third text alone, by the group they follow
    anchor: int | None = None
    back = _restored(first.rows, second.rows)
    for group, row in zip(groups[size:], second.rows, strict=True):
        if id(row) in back:
            later[back[id(row)]] = [row]
            continue
        if not row.before:
            new.setdefault(anchor, []).append(row)
            continue
        later.setdefault(group, []).append(row)
        if row.row_class not in ELSEWHERE:
            anchor = group
    return list(_in_order(own, later, new))


def _groups(first: Sequence[Row], second: Sequence[Row]) -> list[int]:
    """A number for each row of both: rows that share a provision of the common text have the same,
    that of the first of them."""
    found = list(range(len(first) + len(second)))

    def root(number: int) -> int:
        while found[number] != number:
            found[number] = number = found[found[number]]
        return number

    home = {unit.path: number for number, row in enumerate(first) for unit in row.after}
    for number, row in enumerate(second, len(first)):
        for unit in row.before:
            ends = root(number), root(home[unit.path])
            found[max(ends)] = min(ends)
    return [root(number) for number in range(len(found))]


def _restored(first: Sequence[Row], second: Sequence[Row]) -> dict[int, int]:
    """Rows (by identity) of what came back, to the group of what had gone: the same words, which
    stand once on either side."""
    gone: dict[tuple[Kind, str], list[int]] = {}
    for number, row in enumerate(first):
        if not row.after and row.before[0].text:
            gone.setdefault((row.before[0].kind, row.before[0].text), []).append(number)
    came: dict[tuple[Kind, str], list[Row]] = {}
    for row in second:
        if not row.before:
            came.setdefault((row.after[0].kind, row.after[0].text), []).append(row)
    return {
        id(rows[0]): gone[key][0]
        for key, rows in came.items()
        if len(rows) == 1 and len(gone.get(key, ())) == 1
    }


def _in_order(
    own: Mapping[int, Sequence[Row]],
    later: Mapping[int, Sequence[Row]],
    new: Mapping[int | None, Sequence[Row]],
) -> Iterator[Joined]:
    """The groups as the first comparison has them, what is new behind what it follows.

    A new article or chapter waits for the end of the article it follows in the common text.
    """
    waiting = deque(new.get(None, ()))
    article = ""
    for group, rows in own.items():
        made = Joined(tuple(rows), tuple(later.get(group, ())))
        while waiting and not (_begins(waiting[0].after[0]) and _continues(made, article)):
            yield Joined((), (waiting.popleft(),))
        yield made
        if made.after:
            article = article_of(made.after[-1].path)
        waiting.extend(new.get(group, ()))
    for row in waiting:
        yield Joined((), (row,))


def _begins(unit: Unit) -> bool:
    return unit.kind is Kind.ARTICLE or unit.kind in UPPER


def _continues(made: Joined, article: str) -> bool:
    """Whether this belongs to the article that was begun; what was repealed stands within it."""
    if not made.after:
        return not _begins(made.before[0])
    return article != "" and article_of(made.after[0].path) == article


def article_of(path: str) -> str:
    """The part of a path that names the article; empty outside articles."""
    return _upto(path, "dieu:")


def appendix_of(path: str) -> str:
    """The part of a path that names the appendix; empty outside appendices."""
    return _upto(path, "phuluc:")


def _upto(path: str, kind: str) -> str:
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part.startswith(kind):
            return "/".join(parts[: index + 1])
    return ""
