"""What somebody types to search, read: words, phrases in quotes, and a provision that is named.

"khoản 2 Điều 5" is searched both as the place and as words that cite it; places come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from duthao.domain.search.folding import Word, forms, words
from duthao.domain.text import clean_line

MAX_QUERY: Final = 200
"""Characters that are read of what is typed."""
MAX_TERMS: Final = 16
"""Words that are looked for."""


class Form(StrEnum):
    """Which form of a word is compared."""

    EXACT = "exact"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, one at least, that stand one right after the other."""

    form: Form
    words: tuple[str, ...]


Condition = tuple[Phrase, ...]
"""All of these stand in the text. An empty one holds for every text."""


@dataclass(frozen=True, slots=True)
class Query:
    """`ranks`: conditions from the best to the one that everything found meets, none for no words.

    `address` is the end of a path ("dieu:5/khoan:2") when a provision is named, `rest` what must stand
    in it or below. `marked` are the bare forms that are shown as found.
    """

    ranks: tuple[Condition, ...] = ()
    address: str = ""
    rest: Condition = ()
    marked: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not self.ranks


_NAMES = ("phần", "chương", "mục", "điều", "khoản", "điểm")
_UNITS = {bare: (bare, exact) for exact, bare in map(forms, _NAMES)}
_LABELS = {
    "phan": r"[ivxlc]+|\d+|[abcd]", "chuong": r"[ivxlc]+|\d+", "muc": r"\d+[a-zđ]?|[ivxlc]+",
    "dieu": r"\d+[a-zđ]?", "khoan": r"\d+[a-zđ]?", "diem": r"[a-zđ]\d?",
}  # fmt: skip
_UPPER = ("muc", "chuong", "phan")
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")


def read_query(typed: str) -> Query:
    """What was typed, as it is searched. Total: what says nothing is an empty query."""
    line = clean_line(typed[:MAX_QUERY])
    quoted = [found for match in _QUOTED.finditer(line) if (found := words(match.group(1)))]
    loose = words(_QUOTED.sub(" ", line))[:MAX_TERMS]
    held = tuple(_phrase(_own_form(one), one[:MAX_TERMS]) for one in quoted[:4])
    if not held and not loose:
        return Query()
    address, left = _address(loose)
    every = (*loose, *(word for one in quoted for word in one))
    return Query(
        tuple(dict.fromkeys((*held, *ask) for ask in _asks(loose))),
        address,
        (*held, *(_phrase(Form.BARE, (word,)) for word in left)),
        frozenset(word.bare for word in every),
    )


def _asks(loose: Sequence[Word]) -> Iterator[Condition]:
    """Ways to find these words, the closest first."""
    for form in Form:
        if len(loose) > 1:
            yield (_phrase(form, loose),)
        yield tuple(dict.fromkeys(_phrase(form, (word,)) for word in loose))


def _phrase(form: Form, of: Sequence[Word]) -> Phrase:
    return Phrase(form, tuple(word.exact if form is Form.EXACT else word.bare for word in of))


def _own_form(of: Sequence[Word]) -> Form:
    """Words in quotes are meant as they are written; without any mark they are typed without marks."""
    return Form.BARE if all(word.exact == word.bare for word in of) else Form.EXACT


def _address(loose: Sequence[Word]) -> tuple[str, tuple[Word, ...]]:
    """The address named, "" for none, and the other words."""
    found: dict[str, str] = {}
    left: list[Word] = []
    at = 0
    while at < len(loose):
        unit = loose[at].bare
        label = loose[at + 1].exact if at + 1 < len(loose) else ""
        named = unit in _UNITS and unit not in found and loose[at].exact in _UNITS[unit]
        if named and re.fullmatch(_LABELS[unit], label):
            found[unit] = label.upper() if unit in _UPPER else label
            at += 2
        else:
            left.append(loose[at])
            at += 1
    if "dieu" in found:
        chain = [f"{unit}:{found[unit]}" for unit in ("dieu", "khoan", "diem") if unit in found]
        return "/".join(chain), tuple(left)
    for unit in _UPPER:
        if unit in found:
            return f"{unit}:{found[unit]}", tuple(left)
    return "", tuple(loose)


def holds(condition: Condition, text: Sequence[Word]) -> bool:
    """Whether a text of these words meets the condition."""
    return all(_stands(phrase, text) for phrase in condition)


def _stands(phrase: Phrase, text: Sequence[Word]) -> bool:
    said = [word.exact if phrase.form is Form.EXACT else word.bare for word in text]
    size = len(phrase.words)
    return any(tuple(said[at : at + size]) == phrase.words for at in range(len(said)))


def address_of(path: str) -> str:
    """The end of a path that people say: from the article on, else the last unit."""
    steps = path.split("/")
    for at, step in enumerate(steps):
        if step.startswith("dieu:"):
            return "/".join(steps[at:])
    return steps[-1]
