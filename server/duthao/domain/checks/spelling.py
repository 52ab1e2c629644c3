"""Spelling that is only a matter of uniformity, spaces, and marks that come in pairs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from duthao.domain.checks.finding import Draft, Finding, Severity, at

_WORD = re.compile(r"[^\W\d_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_OPEN = re.compile(
    rf"^(?P<head>.*?)(?P<first>[oOuU])(?P<one>[{_TONES}]?)(?P<second>[aAeEyY])(?P<two>[{_TONES}]?)$"
)
_I_Y = re.compile(r"^(?P<head>[hklmstHKLMST])(?P<vowel>[iyIY])(?P<tone>[\u0300\u0301\u0303\u0309\u0323])$")


def _style(word: str) -> str | None:
    """ "old" for hòa, "new" for hoà, None where the two do not differ (NFC word)."""
    if len(word) < 2 or len(word) > 7:
        return None
    match = _OPEN.match(unicodedata.normalize("NFD", word))
    if match is None or bool(match["one"]) == bool(match["two"]):
        return None
    pair = (match["first"] + match["second"]).lower()
    if pair not in ("oa", "oe", "uy") or (pair == "uy" and match["head"].lower().endswith("q")):
        return None
    return "old" if match["one"] else "new"


def _restyled(word: str) -> str:
    match = _OPEN.match(unicodedata.normalize("NFD", word))
    assert match is not None
    tone = match["one"] or match["two"]
    first, second = (tone, "") if match["two"] else ("", tone)
    return unicodedata.normalize("NFC", f"{match['head']}{match['first']}{first}{match['second']}{second}")


def tone_placement(draft: Draft) -> Iterator[Finding]:
    """Words whose tone stands otherwise than in most of the text."""
    found = [
        (entry, match, style)
        for entry in draft.entries
        for match in _WORD.finditer(entry.provision.text)
        if (style := _style(match.group())) is not None
    ]
    counts = Counter(style for _, _, style in found)
    if len(counts) < 2:
        return
    # As many of each: the old style, which the Party's guidance prescribes (norms C2).
    main = "new" if counts["new"] > counts["old"] else "old"
    for entry, match, style in found:
        if style != main:
            better = _restyled(match.group())
            yield at(
                "tone_placement", Severity.HINT, entry, match.start(), match.end(), better,
                word=match.group(), better=better,
            )  # fmt: skip


def i_or_y(draft: Draft) -> Iterator[Finding]:
    """One word spelt with i here and with y there (kĩ, kỹ): the less usual one in this text."""
    places: dict[str, list[tuple[int, re.Match[str]]]] = {}
    for n, entry in enumerate(draft.entries):
        for match in _WORD.finditer(entry.provision.text):
            parts = _I_Y.match(unicodedata.normalize("NFD", match.group()))
            if parts is not None:
                key = f"{parts['head']}{parts['tone']}".lower()
                places.setdefault(key, []).append((n, match))
    for found in places.values():
        counts = Counter(_vowel(match.group()) for _, match in found)
        if len(counts) < 2:
            continue
        main = "i" if counts["i"] > counts["y"] else "y"
        for n, match in found:
            if _vowel(match.group()) != main:
                better = _with_vowel(match.group(), main)
                yield at(
                    "i_or_y", Severity.HINT, draft.entries[n], match.start(), match.end(), better,
                    word=match.group(), better=better,
                )  # fmt: skip


def _vowel(word: str) -> str:
    return "i" if "i" in unicodedata.normalize("NFD", word).lower() else "y"


def _with_vowel(word: str, vowel: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    other = vowel.upper() if apart[1].isupper() else vowel
    return unicodedata.normalize("NFC", f"{apart[0]}{other}{apart[2:]}")


_DOUBLE = re.compile(r" {2,}")
_BEFORE_MARK = re.compile(r"(?<=\w) +(?=[,;:.!?)\]”](?:\s|$))")
_AFTER_MARK = re.compile(r"(?<=[^\W\d_])([,;])(?=[^\W\d_])")


def spaces(draft: Draft) -> Iterator[Finding]:
    """Two spaces, a space before a mark, none behind one."""
    for entry in draft.entries:
        text = entry.provision.text
        for match in _DOUBLE.finditer(text):
            yield at("spaces_double", Severity.HINT, entry, match.start(), match.end(), " ")
        for match in _BEFORE_MARK.finditer(text):
            yield at("space_before_mark", Severity.HINT, entry, match.start(), match.end(), "")
        for match in _AFTER_MARK.finditer(text):
            yield at("space_after_mark", Severity.HINT, entry, match.start(), match.end(), f"{match[1]} ")


_PAIRS = {"“": "”", "(": ")", "[": "]", "«": "»"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items()}
_LIST_MARK = re.compile(r"(?<!\w)(?:[a-zđ]\d?|\d{1,2}|[ivxIVX]+)$")


def pairs_of_marks(draft: Draft) -> Iterator[Finding]:
    """Quotes and brackets that do not close, or close what was not open, within a provision."""
    for entry in draft.entries:
        text = entry.provision.text
        waiting: list[tuple[str, int]] = []
        for place, sign in enumerate(text):
            if sign in _PAIRS:
                waiting.append((sign, place))
            elif sign in _CLOSERS:
                if waiting and waiting[-1][0] == _CLOSERS[sign]:
                    waiting.pop()
                elif not (sign == ")" and _LIST_MARK.search(text[:place])):
                    yield at("mark_not_open", Severity.WARNING, entry, place, place + 1, mark=sign)
        for sign, place in waiting:
            yield at("mark_not_closed", Severity.WARNING, entry, place, place + 1, mark=sign)
        if text.count('"') % 2:
            place = text.rindex('"')
            yield at("mark_not_closed", Severity.WARNING, entry, place, place + 1, mark='"')
