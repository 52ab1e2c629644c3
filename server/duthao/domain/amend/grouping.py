"""Operations put together as a drafter would: by article, repeals and phrases at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from duthao.domain.amend.operations import (
    AddRows,
    Amend,
    Append,
    Insert,
    Operation,
    Part,
    Recount,
    Repeal,
    Rephrase,
)
from duthao.domain.amend.swaps import Verb
from duthao.domain.amend.units import HEADS, Address
from duthao.domain.document import Kind

MAX_JOINED = 4
"""Units amended by one sentence; more become items of a list."""


@dataclass(frozen=True, slots=True)
class Run:
    """One sentence with one quotation: units amended, then new ones behind the last of them;
    or a paragraph or rows added."""

    amends: tuple[Amend, ...]
    insert: Insert | None
    append: Append | AddRows | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """Several sentences about one unit, listed as a), b), c)."""

    parent: Address
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Rephrasings:
    """Phrase instructions of one kind; several are listed as a), b), c)."""

    rephrasings: tuple[Rephrase, ...]


@dataclass(frozen=True, slots=True)
class Repeals:
    """Everything repealed, in one sentence."""

    repeals: tuple[Repeal, ...]


Quoting = Amend | Insert | Append | AddRows
"""Operations that come with new text."""

Group = Run | Container | Rephrasings | Repeals | Recount

_LISTS = ((Verb.REPLACE,), (Verb.ADD_AFTER, Verb.ADD_BEFORE), (Verb.DROP,))


def grouped(operations: Sequence[Operation]) -> tuple[Group, ...]:
    """The instructions in their order: amended and new units as the text runs, phrases, repeals,
    tables counted again."""
    found: list[Group] = []
    by_owner: dict[Address, list[Quoting]] = {}
    for operation in operations:
        if isinstance(operation, Quoting):
            by_owner.setdefault(_owner(operation), []).append(operation)
    for owner, members in by_owner.items():
        runs = _runs(members)
        found.append(runs[0] if len(runs) == 1 else Container(_common(owner, runs), runs))
    rephrasings = [operation for operation in operations if isinstance(operation, Rephrase)]
    for verbs in _LISTS:
        if some := tuple(r for r in rephrasings if r.swap.verb in verbs):
            found.append(Rephrasings(some))
    if repeals := tuple(operation for operation in operations if isinstance(operation, Repeal)):
        found.append(Repeals(repeals))
    # Last, when every row is there that is to be counted.
    found.extend(operation for operation in operations if isinstance(operation, Recount))
    return tuple(found)


def _owner(operation: Quoting) -> Address:
    """The article (or division) an operation is about; new articles and divisions are their own."""
    address = _about(operation)[0]
    if isinstance(operation, Insert) and address[-1][0] in HEADS:
        return (*address, (Kind.ROW, "new"))
    heads = [k for k, (kind, _) in enumerate(address) if kind in HEADS]
    return address[: heads[-1] + 1] if heads else ()


def _about(operation: Quoting) -> tuple[Address, ...]:
    if isinstance(operation, Insert):
        return operation.units
    return (operation.place.address if isinstance(operation, Amend) else _added_to(operation),)


def _added_to(operation: Append | AddRows) -> Address:
    return operation.address if isinstance(operation, Append) else operation.anchor.address


def _runs(members: Iterable[Quoting]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for member in members:
        last = runs[-1] if runs else Run((), None)
        if isinstance(member, Append | AddRows):
            runs.append(Run((), None, member))
        elif last.insert is None and _joins(last, member):
            amends = last.amends
            runs[-1] = Run(amends, member) if isinstance(member, Insert) else Run((*amends, member), None)
        else:
            runs.append(Run((), member) if isinstance(member, Insert) else Run((member,), None))
    return tuple(runs)


def _joins(run: Run, member: Amend | Insert) -> bool:
    last = run.amends[-1].place if run.amends else None
    if last is not None and last.part is Part.ROW and isinstance(member, Amend):
        return replace(member.place, row=last.row) == last and bool(member.place.row and last.row)
    if last is None or last.part is not Part.WHOLE:
        return False
    if isinstance(member, Insert):
        return member.after and member.anchor == last.address
    return (
        member.place.part is Part.WHOLE
        and len(run.amends) < MAX_JOINED
        and member.place.address[:-1] == last.address[:-1]
        and member.place.address[-1][0] is last.address[-1][0]
        and last.address[-1][0] not in HEADS
    )


def touched(run: Run) -> tuple[Address, ...]:
    """The units a sentence is about."""
    units = run.insert.units if run.insert else ()
    appended = (_added_to(run.append),) if run.append else ()
    return (*(amend.place.address for amend in run.amends), *units, *appended)


def _common(owner: Address, runs: Sequence[Run]) -> Address:
    """The clause all sentences are about, when they only touch its points."""
    parents = {address[:-1] for run in runs for address in touched(run)}
    parts = {amend.place.part for run in runs for amend in run.amends}
    plain = parts <= {Part.WHOLE} and not any(run.append for run in runs)
    return parents.pop() if len(parents) == 1 and plain else owner
