"""The chain opinion → answer → words changed, walked both ways.

An answer is linked to a change of one provision: how it read in the draft that opinions were asked
on, and how it reads with the change. The words the change brought are anchored as a comment's are
(`domain.anchors`), so that they are found wherever provisions are moved, split, merged or restored;
what was undone since is told, for then the answer printed would not be true any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from duthao.domain.anchors import (
    Anchor,
    On,
    Spot,
    Stretch,
    Texts,
    carried,
    shortened,
    worth_holding,
)
from duthao.domain.anchors import Standing as Found
from duthao.domain.changes import places
from duthao.domain.compare.result import Op
from duthao.domain.compare.words import word_spans
from duthao.domain.document import Document, Provision, ProvisionId
from duthao.domain.outline import row_line

MAX_LINKS: Final = 50
"""Changes one answer may lead to."""


class What(StrEnum):
    """What happened to a provision."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"  # to another place, its words as they were


@dataclass(frozen=True, slots=True)
class Changed:
    """A provision changed between two texts. `path` is where it stands, or stood when it is gone.

    `before` and `after` are its words in the two, "" where it is not there; of a row its cells on one line.
    """

    provision: ProvisionId
    what: What
    path: str
    before: str
    after: str

    @property
    def spans(self) -> tuple[tuple[Op, str], ...]:
        return tuple(word_spans(self.before, self.after))


@dataclass(frozen=True, slots=True)
class Link:
    """A change that an answer led to, as it was when a person said so.

    It lies between two places in the draft's journal, `since` and `seq`. `made` are the words it brought,
    in the text at `seq`; all of the provision where it brought none, or moved it; None when it took the
    provision out. `held` is where they were found last, as for a comment.
    """

    id: str
    change: Changed
    since: int
    seq: int
    made: Stretch | None
    held: tuple[Stretch, ...] = ()


class Standing(StrEnum):
    """What a change is today."""

    STANDS = "stands"
    REWORDED = "reworded"  # its words were changed further since
    UNDONE = "undone"  # the provision reads as before, or is back, or the words are gone


@dataclass(frozen=True, slots=True)
class Today:
    """A link in the draft of today: the provisions in which its words are, none when they are nowhere.

    Of a provision that was taken out it is that provision. `stretches` are the words themselves.
    """

    standing: Standing
    provisions: tuple[ProvisionId, ...]
    stretches: tuple[Stretch, ...] = ()


def changed(before: Document, after: Document) -> tuple[Changed, ...]:
    """Every provision that differs, in reading order; what only has another number does not."""
    found = []
    for place in places(before, after):
        was = "" if place.before is None else _words(place.before.provision)
        now = "" if place.after is None else _words(place.after.provision)
        if place.before is None:
            what = What.ADDED
        elif place.after is None:
            what = What.REMOVED
        elif was != now:
            what = What.REWORDED
        elif place.moved:
            what = What.MOVED
        else:
            continue
        found.append(Changed(place.entry.provision.id, what, place.entry.path, was, now))
    return tuple(found)


def _words(one: Provision) -> str:
    return row_line(one.cells) if one.cells else one.text


def linked(id_: str, change: Changed, before: Document, after: Document, since: int, seq: int) -> Link:
    """The link to a change between these two texts."""
    made = None
    if change.what is not What.REMOVED:
        was = next((one for one in before.provisions if one.id == change.provision), None)
        now = next(one for one in after.provisions if one.id == change.provision)
        made = shortened(_brought(was, now, Texts(after)))
    return Link(id_, change, since, seq, made)


def _brought(was: Provision | None, now: Provision, texts: Texts) -> Stretch:
    """From the first to the last word the change brought; all of the text where it brought none."""
    spots = [Spot(now.id, n) for n in range(len(now.cells))] or [Spot(now.id)]
    old = was.cells if was is not None and now.cells else ("" if was is None else was.text,)
    widest = max(spots, key=lambda spot: len(texts.at[spot]))
    for n, spot in enumerate(spots):
        text = texts.at[spot]
        start, end = inserted(old[n] if n < len(old) else "", text)
        if start < end and was is not None:
            return texts.stretch(spot, start, end)
    return texts.stretch(widest, 0, len(texts.at[widest]))


def inserted(before: str, after: str) -> tuple[int, int]:
    """The hull of the words that only the later text has."""
    at, start, end = 0, len(after), 0
    for op, words in word_spans(before, after):
        if op == "-":
            continue
        if op == "+" and words.strip():
            start = min(start, at + len(words) - len(words.lstrip()))
            end = at + len(words.rstrip())
        at += len(words)
    return start, end


# --- where it is today ------------------------------------------------------------------------------


def today(link: Link, texts: Texts, reads: Mapping[ProvisionId, str]) -> Today:
    """A link in the draft of today. `reads`: what each of its provisions reads, see `words_of`."""
    id_, now = link.change.provision, reads.get(link.change.provision)
    if link.made is None:
        gone = now is None
        return Today(Standing.STANDS if gone else Standing.UNDONE, (id_,))
    found = carried(Anchor(On.WORDS, link.made), link.held, texts)
    here = tuple(dict.fromkeys(one.spot.provision for one in found.stretches))
    if found.standing is Found.ORPHANED or not here:
        return Today(Standing.UNDONE, (id_,) if id_ in reads else ())
    back = link.change.what is What.REWORDED and now == link.change.before
    if back and here == (id_,):
        return Today(Standing.UNDONE, here, found.stretches)
    same = _said(found.stretches) == _said((link.made,))
    return Today(Standing.STANDS if same else Standing.REWORDED, here, found.stretches)


def _said(stretches: Iterable[Stretch]) -> list[str]:
    return [word for one in stretches for word in one.quote.split()]


def words_of(document: Document) -> dict[ProvisionId, str]:
    """What every provision of a document reads."""
    return {one.id: _words(one) for one in document.provisions}


def worth_keeping(link: Link, today_: Today) -> tuple[Stretch, ...] | None:
    """What to hold of this link from now on; None: what is held will do."""
    return None if link.made is None else worth_holding(link.made, link.held, today_.stretches)


def led_to(found: Iterable[tuple[str, Today]]) -> dict[ProvisionId, tuple[str, ...]]:
    """The way back: for each provision of today the ids of the links whose words are in it."""
    back: defaultdict[ProvisionId, list[str]] = defaultdict(list)
    for id_, one in found:
        for provision in one.provisions:
            back[provision].append(id_)
    return {provision: tuple(ids) for provision, ids in back.items()}
