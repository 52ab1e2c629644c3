"""Phrases in a text: finding them folded, replacing, dropping and inserting them.

A phrase is matched by whole syllables. It matches as written or with the tone placed
otherwise (ủy, uỷ), and with a capital where a sentence begins; only when there is no such
place in a target, in any letter case ("chủ tịch" / "Chủ tịch").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from duthao.domain.compare.keys import spelling_key
from duthao.domain.document import CharOffset, Mark, Provision

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_STRANDED = re.compile(r"[,;:.]\s*[,;:.]|\(\s*[,;:.)]|^\s*[,;:.)]|[,;:]\s*\)")


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a phrase stands. `capital`: its first letter was raised; `upper`: all were."""

    start: int
    end: int
    capital: bool = False
    upper: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


def _same(a: str, b: str) -> bool:
    """Equal but for the place of the tone."""
    if a == b:
        return True
    return (
        len(a) == len(b)
        and spelling_key(a) == spelling_key(b)
        and all(x.isupper() == y.isupper() for x, y in zip(a, b, strict=True))
    )


def _opens_sentence(text: str, at: int) -> bool:
    head = text[:at].rstrip(' “"(‘')
    return not head or head[-1] in ".:!?;-–+"


def occurrences(text: str, phrase: str) -> list[Found]:
    """Where a phrase stands in a text, left to right, without overlaps."""
    wanted = _TOKEN.findall(phrase)
    if not wanted:
        return []
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    keys = [spelling_key(token) for token in wanted]
    places: list[tuple[Found, bool]] = []
    index, width = 0, len(wanted)
    while index + width <= len(tokens):
        run = tokens[index : index + width]
        if all(
            token == want or spelling_key(token) == key
            for (token, _, _), want, key in zip(run, wanted, keys, strict=True)
        ):
            places.append(_judged(text, [token for token, _, _ in run], wanted, run[0][1], run[-1][2]))
        index += 1
    sure = [found for found, exact in places if exact]
    return _apart(sure or [found for found, _ in places])


def _judged(text: str, run: Sequence[str], wanted: Sequence[str], start: int, end: int) -> tuple[Found, bool]:
    if all(map(_same, run, wanted)):
        return Found(start, end), True
    first = wanted[0]
    raised = first[:1].upper() + first[1:]
    rest_same = all(map(_same, run[1:], wanted[1:]))
    if rest_same and first[:1].islower() and _same(run[0], raised) and _opens_sentence(text, start):
        return Found(start, end, capital=True), True
    whole = "".join(run)
    upper = whole.isupper() and not "".join(wanted).isupper() and sum(map(str.isalpha, whole)) > 1
    return Found(
        start, end, capital=rest_same and first[:1].islower() and _same(run[0], raised), upper=upper
    ), False


def _apart(places: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    for found in places:
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept


def _cased(new: str, found: Found) -> str:
    if found.upper:
        return new.upper()
    return new[:1].upper() + new[1:] if found.capital else new


def replacements(text: str, pairs: Sequence[tuple[str, str]]) -> list[Edit]:
    """The edits that put each pair's new phrase for its old one, all at once.

    Where two old phrases overlap, the longer wins. An old phrase that already stands inside
    its new one is left alone: it was replaced before.
    """
    edits: list[tuple[Found, str]] = []
    for old, new in pairs:
        done = list(occurrences(text, new)) if new and occurrences(new, old) else []
        for found in occurrences(text, old):
            if not any(place.start <= found.start and found.end <= place.end for place in done):
                edits.append((found, new))
    edits.sort(key=lambda item: (item[0].start - item[0].end, item[0].start))
    kept: list[tuple[Found, str]] = []
    for found, new in edits:
        if all(found.end <= other.start or other.end <= found.start for other, _ in kept):
            kept.append((found, new))
    kept.sort(key=lambda item: item[0].start)
    return [
        _drop(text, found) if not new else Edit(found.start, found.end, _cased(new, found))
        for found, new in kept
    ]


def _drop(text: str, found: Found) -> Edit:
    """Takes the phrase out with one of the spaces beside it; a capital moves on."""
    start, end = found.start, found.end
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == " " and (not after or not after.isalnum()):
        start -= 1
    elif after == " " and (not before or before in ' “"('):
        end += 1
    raised = (
        text[found.start].isupper() and _opens_sentence(text, found.start) and text[end : end + 1].islower()
    )
    if raised:
        return Edit(start, end + 1, text[end].upper())
    return Edit(start, end, "")


def strands(text: str, edit: Edit) -> bool:
    """Whether a deletion leaves marks without words between them, or nothing at all."""
    if edit.new:
        return False
    before, after = text[: edit.start].rstrip(), text[edit.end :].lstrip()
    if not (before + after).strip(" .;,:"):
        return True
    joined = before[-1:] + after[:1]
    had = _STRANDED.search(text[max(edit.start - 1, 0) : edit.end + 1])
    if not before:
        return after[:1] in ",;:.)"
    return _STRANDED.search(joined) is not None and not (had and had.group() == joined)


def insertions(text: str, phrase: str, beside: str, *, after: bool) -> list[Edit]:
    """The edits that put a phrase after or before every occurrence of another."""
    edits: list[Edit] = []
    for found in occurrences(text, beside):
        if _is_there(text, phrase, found, after=after):
            continue
        if after:
            edits.append(Edit(found.end, found.end, _joined(text[: found.end], phrase, "")))
        elif found.capital:
            lowered = text[found.start].lower() + text[found.start + 1 : found.end]
            edits.append(
                Edit(
                    found.start,
                    found.end,
                    f"{phrase[:1].upper()}{phrase[1:]}{_gap(phrase, lowered)}{lowered}",
                )
            )
        else:
            start = found.start - (phrase[:1] in ",;:." and text[found.start - 1 : found.start] == " ")
            edits.append(Edit(start, found.start, phrase + _gap(phrase, text[found.start :])))
    return edits


def _is_there(text: str, phrase: str, found: Found, *, after: bool) -> bool:
    part = text[found.end :] if after else text[: found.start]
    wanted = [spelling_key(token) for token in _TOKEN.findall(phrase)]
    have = [spelling_key(token) for token in _TOKEN.findall(part)]
    return bool(wanted) and (have[: len(wanted)] if after else have[-len(wanted) :]) == wanted


def _gap(left: str, right: str) -> str:
    """The space between two pieces of text that meet."""
    if not left or not right or left[-1].isspace() or right[0].isspace():
        return ""
    return "" if right[0] in ",;:.)”!?" or left[-1] in "(“" else " "


def _joined(before: str, phrase: str, after: str) -> str:
    return f"{_gap(before, phrase)}{phrase}{_gap(phrase, after)}"


def at_start(text: str, phrase: str) -> Edit:
    """The phrase before all the words, as it is given: a name keeps its capital."""
    return Edit(0, 0, phrase + _gap(phrase, text))


def at_end(text: str, phrase: str) -> Edit:
    """The phrase behind all the words, before the mark that ends them."""
    end = len(text.rstrip(" .;,:"))
    ended = phrase.rstrip()[-1:] in tuple(".;:")
    return Edit(end, len(text) if ended else end, _joined(text[:end], phrase, ""))


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text after edits, given left to right."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*pieces, text[at:]])


def moved_marks(marks: Sequence[Mark], edits: Sequence[Edit]) -> tuple[Mark, ...]:
    """The formats of a text over what became of the characters they covered."""

    def at(offset: int, *, end: bool) -> int:
        shift = 0
        for edit in edits:
            if edit.end <= offset and not (edit.start == edit.end == offset and end):
                shift += len(edit.new) - (edit.end - edit.start)
            elif edit.start < offset:
                return edit.start + shift + (len(edit.new) if end else 0)
        return offset + shift

    moved = (
        replace(m, start=CharOffset(at(m.start, end=False)), end=CharOffset(at(m.end, end=True)))
        for m in marks
    )
    joined: list[Mark] = []
    for mark in sorted((m for m in moved if m.start < m.end), key=lambda m: (m.kind.value, m.start)):
        if joined and joined[-1].kind is mark.kind and mark.start <= joined[-1].end:
            joined[-1] = replace(joined[-1], end=max(joined[-1].end, mark.end))
        else:
            joined.append(mark)
    return tuple(sorted(joined, key=lambda m: (m.start, m.end, m.kind.value)))


def with_edits(provision: Provision, edits: Sequence[Edit]) -> Provision:
    """The provision with its text edited and its formats moved along."""
    if not edits:
        return provision
    return replace(provision, text=edited(provision.text, edits), marks=moved_marks(provision.marks, edits))
