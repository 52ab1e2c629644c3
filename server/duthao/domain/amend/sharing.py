"""What the clauses of one sentence share: an Điều named once counts for the others too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from duthao.domain.amend.addresses import lacks_article, within
from duthao.domain.amend.values import Address, Insert, InsertPhrase, Operation, Path, ReplacePhrases, Side
from duthao.domain.document import Kind


def _addresses_of(operation: Operation) -> tuple[Address, ...]:
    if isinstance(operation, Insert):
        return (operation.anchor,) if operation.anchor else operation.units
    return operation.targets


def inherit(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """Each clause without an Điều takes it from the next clause, or else from the one before.

    "Sửa đổi, bổ sung khoản 4 và bổ sung khoản 4a vào sau khoản 4 Điều 13": both are of Điều 13.
    """
    found = list(operations)
    for index in range(len(found) - 2, -1, -1):
        found[index] = _given(found[index], found[index + 1])
    for index in range(1, len(found)):
        found[index] = _given(found[index], found[index - 1])
    return tuple(found)


def _given(operation: Operation, other: Operation) -> Operation:
    around = tuple(
        dict.fromkeys(
            path for address in _addresses_of(other) for path in address.paths if not lacks_article(address)
        )
    )
    articles = {step for path in around for step in path if step[0] is Kind.ARTICLE}
    if len(articles) != 1 or not all(any(step[0] is Kind.ARTICLE for step in path) for path in around):
        return operation
    return placed(operation, around)


def placed(operation: Operation, around: Sequence[Path]) -> Operation:
    """The operation with the parents its addresses lack taken from the paths around it."""
    if not around:
        return operation

    def given(address: Address) -> Address:
        return within(address, around) if lacks_article(address) else address

    if isinstance(operation, Insert):
        if operation.anchor:
            return replace(operation, anchor=given(operation.anchor))
        if operation.units[0].kind is Kind.PARAGRAPH:
            return replace(operation, side=Side.END, anchor=Address(tuple(around)))
        return replace(operation, units=tuple(given(unit) for unit in operation.units))
    targets = tuple(given(target) for target in operation.targets)
    if not targets and isinstance(operation, ReplacePhrases | InsertPhrase):
        targets = tuple(Address((path,)) for path in around)
    return replace(operation, targets=targets)
