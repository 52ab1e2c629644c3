"""Addresses in words, as a drafter writes them: "khoản 3 và khoản 4 Điều 5", "các khoản 3, 4 và 5"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from duthao.domain.amend.operations import Part, Place
from duthao.domain.amend.templates import Templates
from duthao.domain.amend.units import Address, Step
from duthao.domain.document import Kind
from duthao.domain.numbering import ORDINALS
from duthao.domain.references.citing import NAMES, enumerated

LISTED = 3
"""From so many on, units of one kind are listed by number: "các khoản 3, 4 và 5"."""


def name(step: Step) -> str:
    """ "Điều 5", "khoản 2", "Chương IV", "Phần thứ nhất"."""
    kind, number = step
    return f"{NAMES[kind]} {number}".strip()


def full(address: Address, under: Address = ()) -> str:
    """The address from the unit up to, and without, what it stands under."""
    steps = address[len(under) :] if address[: len(under)] == under else address
    return " ".join(name(step) for step in reversed(steps))


def siblings(addresses: Sequence[Address], under: Address = (), last: str = " và ") -> str:
    """Units of one kind in one parent, with the parent's address once."""
    parent = addresses[0][:-1]
    kind = addresses[0][-1][0]
    if len(addresses) < LISTED or kind in (Kind.PART, Kind.APPENDIX):
        listed = enumerated([name(address[-1]) for address in addresses], last)
    else:
        listed = f"các {NAMES[kind].lower()} {enumerated([address[-1][1] for address in addresses], last)}"
    above = full(parent, under)
    return f"{listed} {above}" if above else listed


def place(where: Place, templates: Templates, under: Address = ()) -> str:
    """A unit, or "tên Điều 5", "đoạn mở đầu khoản 2"."""
    unit = full(where.address, under)
    if where.part is Part.TITLE:
        return templates.say("title_of", unit=unit or name(where.address[-1]))
    if where.part is Part.LEAD:
        return templates.say("lead_of", unit=unit or name(where.address[-1]))
    if where.part is Part.PASSAGE:
        return templates.say("passage_of", nth=ORDINALS[where.nth - 1], unit=unit or name(where.address[-1]))
    if where.part in TABLED:
        return rows([where], templates, under)
    return unit


TABLED = frozenset((Part.TABLE, Part.CAPTION, Part.ROW))


def rows(found: Sequence[Place], templates: Templates, under: Address = ()) -> str:
    """Rows of one table, or the table: "số thứ tự 3 và số thứ tự 5 của bảng tại Phụ lục I"."""
    first = found[0]
    unit = full(first.address, under)
    table = f"bảng thứ {ORDINALS[first.nth - 1]}" if first.nth else "bảng"
    if unit:
        table = templates.say("table_of", table=table, unit=unit)
    if first.part is Part.TABLE:
        return table
    if first.part is Part.CAPTION:
        return templates.say("caption_of", table=table)
    word = "số thứ tự" if first.counted else "hàng thứ"
    if len(found) < LISTED or not all(where.row for where in found):
        named = enumerated([f"{word} {where.row}" if where.row else "hàng tiêu đề" for where in found])
    else:
        named = f"các {word} {enumerated([where.row for where in found])}"
    return templates.say("row_of", row=named, table=table)


def places(found: Sequence[Place], templates: Templates) -> str:
    """Any places as one list; each unit binds to the number on its right."""
    items: list[str] = []
    for key, run in groupby(found, _list_key):
        members = list(run)
        if key[0] is Part.WHOLE:
            items.append(siblings([member.address for member in members]))
        elif key[0] is Part.ROW:
            items.append(rows(members, templates))
        else:
            items.extend(place(member, templates) for member in members)
    return enumerated(items)


def _list_key(where: Place) -> tuple[Part, Address, Kind, int]:
    unit = where.address if where.part is Part.ROW else where.address[:-1]
    return where.part, unit, where.address[-1][0], where.nth


def kinds(found: Sequence[Place], others: str) -> str:
    """The kinds in a container's name, small first ("điểm, khoản"); `others` when parts are meant."""
    if any(where.part is not Part.WHOLE for where in found):
        return others
    known = {where.address[-1][0] for where in found}
    order = (Kind.POINT, Kind.CLAUSE, Kind.ARTICLE)
    return ", ".join(NAMES[kind].lower() for kind in order if kind in known) or others
