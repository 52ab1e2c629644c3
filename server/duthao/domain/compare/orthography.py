"""Changes of spelling alone, each by its name: hoà for hòa, Ð for Đ, a capital, a space.

A text is folded in one respect after another; two texts that are equal when folded in every
respect differ in spelling alone, and a respect without which they would not be equal is named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from duthao.domain.compare import keys
from duthao.domain.compare.result import Orthography, Span
from duthao.domain.text import nfc

OPTIONAL = frozenset({Orthography.I_Y, Orthography.END_MARK})
"""Named, but never folded by a key: a text that differs in one of these alone is amended."""

_I_OR_Y = re.compile(
    r"(?<![^\W\d_])(?:(?:h|k|l|m|s|t|v|qu)[iyíìỉĩịýỳỷỹỵ]|[íìỉĩịýỳỷỹỵ])(?![^\W\d_])", re.IGNORECASE
)
_Y_TO_I = str.maketrans("yýỳỷỹỵYÝỲỶỸỴ", "iíìỉĩịIÍÌỈĨỊ")

_Fold = Callable[[str], str]


def _translated(table: keys.Table) -> _Fold:
    return lambda text: text.translate(table)


def _one_i(text: str) -> str:
    """lý and lí, kỹ and kĩ, quy and qui as one; tay and tai stay two."""
    return _I_OR_Y.sub(lambda match: match.group().translate(_Y_TO_I), text)


_FOLDS: tuple[tuple[Orthography, _Fold], ...] = (
    (Orthography.INVISIBLE, _translated(keys.INVISIBLE)),
    (Orthography.UNICODE, lambda text: text.translate(keys.FORMS)),
    (Orthography.LOOK_ALIKE, _translated(keys.LOOK_ALIKES)),
    (Orthography.QUOTES, _translated(keys.QUOTES)),
    (Orthography.DASHES, _translated(keys.DASHES)),
    (Orthography.I_Y, _one_i),
    (Orthography.TONE, keys.tones_last),
    (Orthography.CASE, str.lower),
    (Orthography.SPACE, keys.close_spaced),
    (Orthography.END_MARK, lambda text: text.rstrip(" ;.,:")),
)


def _folded(text: str, without: frozenset[Orthography]) -> str:
    text = nfc(text)
    for kind, fold in _FOLDS:
        if kind not in without:
            text = nfc(fold(text)) if kind is Orthography.INVISIBLE else fold(text)
    return text


def _decomposed(text: str) -> list[str]:
    return [word for word in text.split() if nfc(word) != word]


_LETTERS = {**keys.FORMS, **keys.LOOK_ALIKES}


def _bare(text: str) -> str:
    bare = unicodedata.normalize("NFD", nfc(text).translate(_LETTERS)).casefold()
    return "".join(sign for sign in bare if sign.isalnum()).replace("y", "i")


_chunk_bare = lru_cache(maxsize=16384)(_bare)


def _letters(text: str) -> str:
    """The letters and digits without marks, case, and the difference of i and y.

    No respect of spelling adds or takes a letter: texts that differ here differ in more.
    """
    chunks = keys.chunks(text)
    return _bare(text) if chunks is None else "".join(map(_chunk_bare, chunks))


def kinds(before: str, after: str, *, at_end: bool = True) -> frozenset[Orthography] | None:
    """In which respects of spelling two texts differ; None when they differ in more than that.

    Equal texts differ in none: the empty set. `at_end`: both stand at the end of a provision,
    where ";" for "." is a matter of the list, not of the words.
    """
    if before == after:
        return frozenset()
    never = frozenset() if at_end else frozenset({Orthography.END_MARK})
    if _letters(before) != _letters(after) or _folded(before, never) != _folded(after, never):
        return None
    named = {
        kind
        for kind, _ in _FOLDS
        if kind not in never and _folded(before, never | {kind}) != _folded(after, never | {kind})
    }
    if _decomposed(before) != _decomposed(after):
        named.add(Orthography.UNICODE)
    return frozenset(named) or frozenset({_last_needed(before, after, never)})


def _last_needed(before: str, after: str, never: frozenset[Orthography]) -> Orthography:
    """Where each of two respects would do alone: the one at which the texts become equal."""
    before, after = nfc(before), nfc(after)
    for kind, fold in _FOLDS:
        if kind not in never:
            before, after = fold(before), fold(after)
            if before == after:
                return kind
    return Orthography.UNICODE


def span_kinds(spans: Sequence[Span]) -> tuple[tuple[Orthography, ...], ...]:
    """For each span the respects of spelling it differs in from its counterpart, in order of name.

    Kept spans and changes of more than spelling have none. Empty when no span has any, so that
    a row without such changes carries nothing.
    """
    found: list[tuple[Orthography, ...]] = [()] * len(spans)
    last = len(spans) - 1
    index = 0
    while index <= last:
        op, text = spans[index]
        if op == "=":
            index += 1
            continue
        paired = op == "-" and index < last and spans[index + 1][0] == "+"
        end = index + paired
        before, after = ("", text) if op == "+" else (text, spans[end][1] if paired else "")
        named = kinds(before, after, at_end=end == last)
        if named:
            found[index] = found[end] = tuple(sorted(named))
        index = end + 1
    return tuple(found) if any(found) else ()
