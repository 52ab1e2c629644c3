"""The answer to a round of opinions as a form has it, on the page of who is asked and on the clerk's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from duthao.domain.errors import Refusal
from duthao.domain.opinions import Verdict
from duthao.domain.rounds import MAX_ITEMS, Item, Said

FIELDS = 3 * MAX_ITEMS + 100
"""Fields of a form: three for an opinion, and the few others."""
MOST = 4 * 1024 * 1024
"""Bytes of such a form: an answer's bound, each letter as "%XX%XX%XX", and some."""

_ITEM = re.compile(r"text-(\d{1,4})")


def said_of(form: Mapping[str, str | bytes]) -> Said:
    """What the form says, as typed; opinions in the order of their numbers.

    Fields: `verdict`, `general`, `letter`, and for each opinion `on-N`, `text-N`, `wording-N`.
    """
    verdict = str(form.get("verdict", ""))
    if verdict and verdict not in Verdict.__members__.values():
        raise Refusal("field_bad", field="verdict")
    numbers = sorted(int(found[1]) for name in form if (found := _ITEM.fullmatch(name)))

    def typed(name: str, n: int) -> str:
        return str(form.get(f"{name}-{n}", ""))

    items = tuple(Item(typed("on", n) or None, typed("text", n), typed("wording", n)) for n in numbers)
    return Said(
        Verdict(verdict) if verdict else None, str(form.get("general", "")), items,
        str(form.get("letter", "")),
    )  # fmt: skip


def number_of(form: Mapping[str, str | bytes], name: str) -> int:
    """A whole number in a form. Raises Refusal field_bad (`field`)."""
    given = str(form.get(name, "0"))
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise Refusal("field_bad", field=name)
    return int(given)
