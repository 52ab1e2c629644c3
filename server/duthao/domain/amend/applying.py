"""Applying an amending document to a base text, instruction by instruction.

Each instruction is applied whole or not at all, in the document's order, each to what the
one before left. Untouched provisions keep their ids; so does a provision whose words are
replaced, for it is the same provision. Numbers stay as they are written (policy KEEP).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from duthao.domain.amend.editing import Tree
from duthao.domain.amend.finding import rows_of
from duthao.domain.amend.reading import read_amending
from duthao.domain.amend.values import Address, Change, Instruction, Refused, Renumber, Sourced
from duthao.domain.document import Document, Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.numbering import number, readable
from duthao.domain.order import between
from duthao.domain.outline import outline

REPEALED_NOTE = "(được bãi bỏ)"
"""What a consolidated text prints behind the number of a repealed unit (Pháp lệnh 01/2012)."""


@dataclass(frozen=True, slots=True)
class Done(Sourced):
    """An instruction that was applied, and what it changed, in order."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """The resulting text, what each applied instruction did, and what could not be applied.

    `articles` are the numbers of the amending articles that were read.
    """

    document: Document
    instructions: tuple[Done, ...]
    refusals: tuple[Refused, ...]
    articles: tuple[str, ...] = ()


def _kept(document: Document) -> Document:
    """The document with every computed number as a label: what KEEP keeps."""
    numbers = number(document.provisions, document.policy)
    labelled = tuple(
        replace(p, label=value) if value and value != p.label and readable(p.kind, value) else p
        for p, value in zip(document.provisions, numbers, strict=True)
    )
    return replace(document, provisions=labelled, policy=NumberingPolicy.KEEP)


def _ordered(provisions: Sequence[Provision]) -> tuple[Provision, ...]:
    """Order keys for the new provisions, when the others have some."""
    if not any(provision.order for provision in provisions):
        return tuple(provisions)
    following: list[str | None] = [None] * len(provisions)
    for index in range(len(provisions) - 2, -1, -1):
        following[index] = provisions[index + 1].order or following[index + 1]
    placed: list[Provision] = []
    before: str | None = None
    for provision, after in zip(provisions, following, strict=True):
        found = provision if provision.order else replace(provision, order=between(before, after))
        before = found.order
        placed.append(found)
    return tuple(placed)


def apply(
    before: Document,
    amending: Document | str,
    *,
    new_id: Callable[[], ProvisionId],
    article: str | None = None,
    keep_numbers: bool = False,
) -> Applied:
    """The base text as the amending document orders it to be.

    `article` chooses the amending article that speaks to this base; without it those that name
    the base by its title, when it can be told, else all. With `keep_numbers` a repealed unit
    keeps its number and says "(được bãi bỏ)", as in a consolidated text.

    Guaranteed: no instruction is applied in part; all others are applied although one is
    refused; nothing outside the named units changes. Raises Refusal amend_no_such_article when
    `article` names none, and nothing else.
    """
    reading = read_amending(amending, base=before.front, article=article)
    if article is not None and not reading.articles:
        raise Refusal("amend_no_such_article", article=article)
    start = _kept(before)
    names_attached = any("kèm theo" in law for _, law in reading.laws)
    tree = Tree(
        start.provisions,
        new_id=new_id,
        note=REPEALED_NOTE if keep_numbers else None,
        attached=names_attached,
        has_articles=any(p.kind is Kind.ARTICLE for p in start.provisions),
        rows=rows_of(outline(start)),
    )
    tree = replace(tree, leaving=_leaving(tree, reading.items))
    done: list[Done] = []
    refused: list[Refused] = []
    for item in reading.items:
        if isinstance(item, Refused):
            refused.append(item)
            continue
        outcome = _apply_one(tree, item)
        if isinstance(outcome, Refused):
            refused.append(outcome)
        else:
            tree, changes = outcome
            done.append(Done(item.source, changes))
    provisions = _ordered(tree.provisions)
    alive = {provision.id for provision in provisions}
    removed = tuple(p for p in start.provisions if p.id not in alive)
    document = replace(start, provisions=provisions, removed=(*start.removed, *removed))
    return Applied(document, tuple(done), tuple(refused), reading.articles)


def _leaving(tree: Tree, items: Sequence[Instruction | Refused]) -> dict[Address, ProvisionId]:
    """Units that get other numbers somewhere in the document: by then others may have theirs."""
    found: dict[Address, ProvisionId] = {}
    for item in items:
        if isinstance(item, Refused):
            continue
        for operation in item.operations:
            for target in operation.targets if isinstance(operation, Renumber) else ():
                try:
                    found[target] = tree.provisions[tree.finder.find(target)].id
                except Refusal:
                    continue  # said when its turn comes
    return found


def _apply_one(tree: Tree, instruction: Instruction) -> tuple[Tree, tuple[Change, ...]] | Refused:
    try:
        return tree.applied(instruction)
    except Refusal as refusal:
        return Refused.of(instruction.source, refusal)
