"""Sentences in which units become others: merged, split, exchanged for several, renumbered, moved."""

from __future__ import annotations

from collections.abc import Sequence

from duthao.domain.amend.addresses import within
from duthao.domain.amend.finding import describe
from duthao.domain.amend.values import Address, Amend, Insert, Operation, Path, Renumber, Repeal, Side
from duthao.domain.errors import Refusal
from duthao.domain.text import brief


def exchanged(sources: Sequence[Address], results: Sequence[Address]) -> tuple[Operation, ...]:
    """ "Gộp khoản 3 và khoản 4 Điều 2 thành khoản 3", "Thay Điều 9 bằng Điều 9 và Điều 9a": what is
    named on both sides is amended, what is new is inserted, the rest goes.

    Raises Refusal amend_exchange_unclear when none of the old units stays.
    """
    around = tuple(path for source in sources for path in source.paths)
    named = tuple(within(result, around) for result in results)
    old = {path for source in sources for path in source.paths}
    stays = tuple(address for address in named if _is_among(address, old))
    new = tuple(address for address in named if not _is_among(address, old))
    kept = {path for address in stays for path in address.paths}
    gone = tuple(source for source in sources if not _is_among(source, kept))
    if not stays:
        raise Refusal("amend_exchange_unclear", excerpt=brief(describe(sources[0])) if sources else "")
    inserted = tuple(Insert((address,), Side.WITHIN) for address in new)
    return (Amend(stays), *((Repeal(gone),) if gone else ()), *inserted)


def _is_among(address: Address, paths: set[Path]) -> bool:
    return any(path in paths for path in address.paths)


def renumbered(sources: Sequence[Address], results: Sequence[Address]) -> Renumber:
    """ "Khoản 3, khoản 4 Điều 7 được đánh số lại thành khoản 4, khoản 5", one for one.

    Raises Refusal amend_exchange_unclear.
    """
    alike = len(sources) == len(results) and all(
        source.kind is result.kind is not None and result.paths[0][-1][1]
        for source, result in zip(sources, results, strict=True)
    )
    if not alike:
        raise Refusal("amend_exchange_unclear", excerpt=brief(describe(sources[0])) if sources else "")
    return Renumber(tuple(sources), tuple(results))
