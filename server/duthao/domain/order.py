"""Fractional index keys: places between places, for the `order` of a provision.

A key is a string over 0-9A-Za-z compared by code unit, read as a fraction in base 62; it
never ends in "0", so there is always room before it. The browser makes keys by the same
rules (client/src/model); two people inserting at one place may make equal keys, which is
why readers break ties by id.
"""

from __future__ import annotations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
_VALUE = {digit: value for value, digit in enumerate(DIGITS)}
_STEP = 4
"""How far an open end moves: appending again and again uses a digit's room sparingly."""


def is_key(text: str) -> bool:
    """Whether `text` is a key that `between` can work with."""
    return bool(text) and not text.endswith("0") and all(digit in _VALUE for digit in text)


def _readable(key: str | None) -> str:
    """The longest beginning of `key` that is a key; "" when there is none."""
    kept = ""
    for digit in key or "":
        if digit not in _VALUE:
            break
        kept += digit
    return kept.rstrip("0")


def _after(before: str) -> str:
    """A short key after `before`, with nothing following it."""
    for index, digit in enumerate(before):
        if _VALUE[digit] < BASE - 1:
            return before[:index] + DIGITS[min(_VALUE[digit] + _STEP, BASE - 1)]
    return before + DIGITS[_STEP]


def _ahead(after: str) -> str:
    """A short key before `after`, with nothing in front of it."""
    index = len(after) - len(after.lstrip("0"))
    value = _VALUE[after[index]]
    if value > 1:
        return after[:index] + DIGITS[max(value - _STEP, 1)]
    return after[:index] + "0" + DIGITS[BASE - _STEP]


def _amid(before: str, after: str) -> str:
    """A key in the middle of two keys, `before` < `after`, both given."""
    index, written = 0, ""
    bounded = True
    while True:
        low = _VALUE[before[index]] if index < len(before) else 0
        high = _VALUE[after[index]] if bounded and index < len(after) else BASE
        if high - low > 1:
            return written + DIGITS[(low + high) // 2]
        written += DIGITS[low]
        bounded = bounded and high == low
        index += 1


def between(before: str | None, after: str | None) -> str:
    """A key that sorts after `before` and ahead of `after`; None is an open end.

    Total: what is no key is read up to its first foreign character. Where there is no room
    (`before` >= `after`: two people made equal keys) the answer only sorts after `before`.
    """
    low, high = _readable(before), _readable(after)
    if not low and not high:
        return DIGITS[BASE // 2]
    if not high or low >= high:
        return _after(low)
    return _amid(low, high) if low else _ahead(high)


def spread(count: int) -> list[str]:
    """`count` keys in order, all short and of one length, evenly spaced with room on all sides."""
    width, room = 1, BASE
    while room < 2 * (count + 1):
        width, room = width + 1, room * BASE
    keys = []
    for position in range(1, count + 1):
        value = position * room // (count + 1)
        value += value % BASE == 0
        digits = ""
        for _ in range(width):
            value, digit = divmod(value, BASE)
            digits = DIGITS[digit] + digits
        keys.append(digits)
    return keys
