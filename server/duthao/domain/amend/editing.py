"""Changing a text's provisions by one instruction: the tree before, the tree after.

A `Tree` is never changed; `applied` gives a new one or raises a Refusal, so an instruction
that fails in its last step has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from duthao.domain.amend import phrases, tables
from duthao.domain.amend.finding import Finder, Rows, describe, same_label
from duthao.domain.amend.new_text import NewText, Unit, same_ids
from duthao.domain.amend.values import (
    Address,
    Amend,
    Change,
    Insert,
    InsertPhrase,
    Instruction,
    Operation,
    Part,
    Path,
    Recount,
    Renumber,
    Repeal,
    ReplacePhrases,
    Side,
)
from duthao.domain.compare.keys import distinct_words, spelling_key
from duthao.domain.document import Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.numbering import Place, place_of
from duthao.domain.outline import LEVELS, UPPER, Outline, outline_of
from duthao.domain.text import brief


@dataclass(frozen=True)
class Tree:
    """Provisions in order. `note` is what a repealed unit says; None takes it out. `rows`: see `Finder`.

    `leaving`: units that an instruction still to come gives other numbers, by how it names them.
    """

    provisions: tuple[Provision, ...]
    new_id: Callable[[], ProvisionId]
    note: str | None = None
    attached: bool = False
    has_articles: bool = True
    known: Outline | None = None
    rows: Rows = field(default_factory=dict)
    leaving: Mapping[Address, ProvisionId] = field(default_factory=dict)

    @cached_property
    def outline(self) -> Outline:
        """The outline of these provisions; that of the tree before only saves work."""
        return outline_of(self.provisions, NumberingPolicy.KEEP, self.known)

    @cached_property
    def finder(self) -> Finder:
        """Looks addresses up in this outline."""
        return Finder(self.outline, self.attached, self.rows, frozenset(self.leaving.values()))

    def applied(self, instruction: Instruction) -> tuple[Tree, tuple[Change, ...]]:
        """The tree after an instruction, and what it changed. Raises Refusal."""
        tree: Tree = self
        changes: list[Change] = []
        new_text = NewText.of(instruction, new_id=self.new_id, has_articles=self.has_articles)
        for operation in instruction.operations:
            tree, made = tree._operate(operation, new_text)
            changes.extend(made)
        new_text.check_used()
        for frame in new_text.unused_frames():
            self._check_frame(frame.path, frame.text)
        return tree, tuple(changes)

    def _check_frame(self, path: Path, text: str) -> None:
        """Words quoted only to show where a part belongs must be those that stand there."""
        entries = self.outline.entries
        same = any(
            entry.provision.kind is path[-1][0]
            and same_label(path[-1][0], path[-1][1], entry.number)
            and spelling_key(entry.provision.text) == spelling_key(text)
            for entry in entries
        )
        if text and not same:
            raise Refusal("amend_label_mismatch", address=describe(Address((path,))), found=brief(text))

    def _operate(self, operation: Operation, new_text: NewText) -> tuple[Tree, list[Change]]:
        if isinstance(operation, Amend):
            return self._each(operation.targets, lambda tree, at: tree._amend(at, new_text))
        if isinstance(operation, Repeal):
            return self._each(operation.targets, lambda tree, at: tree._repeal(at))
        if isinstance(operation, Insert):
            return self._insert(operation, new_text)
        if isinstance(operation, ReplacePhrases):
            return self._replace_phrases(operation)
        if isinstance(operation, Renumber):
            return self._renumber(operation)
        if isinstance(operation, Recount):
            return self._each(operation.targets, lambda tree, at: tree._recount(at))
        return self._insert_phrase(operation)

    def _each(
        self, targets: Sequence[Address], act: Callable[[Tree, Address], tuple[Tree, Change]]
    ) -> tuple[Tree, list[Change]]:
        tree, changes = self, []
        for target in targets:
            tree, change = act(tree, target)
            changes.append(change)
        return tree, changes

    def _with(self, start: int, end: int, new: Sequence[Provision]) -> Tree:
        return self._of((*self.provisions[:start], *new, *self.provisions[end:]))

    def _of(self, provisions: tuple[Provision, ...]) -> Tree:
        return replace(self, provisions=provisions, known=self.outline)

    def _path(self, index: int) -> str:
        return self.outline.entries[index].path

    # --- amending ---------------------------------------------------------------------------

    def _amend(self, target: Address, new_text: NewText) -> tuple[Tree, Change]:
        if target.kind is None:
            raise Refusal("amend_address_missing", excerpt=describe(target))
        if target.part is Part.TITLE:
            return self._retitle(target, new_text)
        if target.part is not Part.WHOLE:
            return self._reword(target, new_text)
        index = self.finder.find(target)
        if target.kind in (Kind.TABLE, Kind.ROW):
            return self._amend_table(index, target, new_text)
        unit = new_text.unit(target)
        end = self._end(index, unit.provisions)
        old = self.provisions[index:end]
        label = unit.label or self.provisions[index].label
        first = replace(unit.provisions[0], label=label)
        new = same_ids(old, (first, *unit.provisions[1:]))
        return self._with(index, end, new), Change("amended", self._path(index))

    def _end(self, index: int, new: Sequence[Provision] = ()) -> int:
        """Behind a unit and what is its own.

        An unnumbered paragraph behind the last point of a list belongs to the clause, unless
        the other points have paragraphs of their own or the new text says it anew.
        """
        end = self.outline.subtree(index).stop
        closing = self._closing_start(index)
        if closing is None:
            return end
        brought = [provision.text for provision in new[1:] if provision.kind is Kind.PARAGRAPH]
        restated = any(
            _alike(self.provisions[at].text, text) for at in range(closing, end) for text in brought
        )
        return end if restated else closing

    def _closing_start(self, index: int) -> int | None:
        """Where the paragraphs behind the last unit of a list begin that close the whole list.

        Of points always, of clauses only below a lead-in ("… sau đây:"): an article's last
        clause may well run over several paragraphs.
        """
        entry = self.outline.entries[index]
        kind = entry.provision.kind
        if kind not in (Kind.POINT, Kind.CLAUSE) or entry.parent is None:
            return None
        children = self.outline.entries[entry.parent].children
        siblings = [child for child in children if self.provisions[child].kind is kind]
        if siblings[-1] != index or len(siblings) < 2:
            return None
        if kind is Kind.CLAUSE and not self.provisions[siblings[0] - 1].text.rstrip().endswith(":"):
            return None
        others = (at for sibling in siblings[:-1] for at in self.outline.subtree(sibling))
        if any(self.provisions[at].kind is Kind.PARAGRAPH for at in others):
            return None
        end = at = self.outline.subtree(index).stop
        while at - 1 > index and self.provisions[at - 1].kind is Kind.PARAGRAPH:
            at -= 1
        return at if at < end else None

    def _retitle(self, target: Address, new_text: NewText) -> tuple[Tree, Change]:
        index = self.finder.find(target)
        new = replace(self.provisions[index], text=new_text.title(target), marks=())
        return self._with(index, index + 1, [new]), Change("retitled", self._path(index))

    def _reword(self, target: Address, new_text: NewText) -> tuple[Tree, Change]:
        index = self._passage(target)
        new = replace(self.provisions[index], text=new_text.passage(target), marks=())
        return self._with(index, index + 1, [new]), Change("lead", self._path(index))

    def _passage(self, target: Address) -> int:
        """The provision a lead-in or "đoạn thứ n" is. Raises Refusal amend_address_not_found."""
        index = self.finder.find(target)
        passages = self._passages(index)
        if target.part is Part.LEAD:
            nth = 0
        elif target.nth < 0:
            nth = len(passages) - 1
        else:
            nth = target.nth - 1
        if not 0 <= nth < len(passages):
            raise Refusal("amend_address_not_found", address=describe(target))
        return passages[nth]

    def _passages(self, index: int) -> list[int]:
        """The paragraphs of a unit: its own words first, then the unnumbered ones beneath it.

        An article's heading is no paragraph when something stands beneath it.
        """
        entry = self.outline.entries[index]
        inside = self.outline.subtree(index)
        titled = entry.provision.kind is Kind.ARTICLE or entry.provision.kind in _TITLED
        lone = len(inside) == 1 or not entry.provision.text.rstrip().endswith(tuple(_SENTENCE_ENDS))
        found = [] if titled and len(inside) != 1 and lone else [index]
        for at in inside[1:]:
            parent = self.outline.entries[at].parent
            if self.provisions[at].kind is not Kind.PARAGRAPH:
                continue
            if parent == index or (
                parent is not None
                and self._closing_start(parent) is not None
                and at >= (self._closing_start(parent) or 0)
            ):
                found.append(at)
        return found

    # --- repealing --------------------------------------------------------------------------

    def _repeal(self, target: Address) -> tuple[Tree, Change]:
        if target.kind is None or target.part is Part.TITLE:
            raise Refusal("amend_unreadable", excerpt=brief(describe(target)))
        if target.part is not Part.WHOLE:
            index = self._passage(target)
            if self.provisions[index].kind is not Kind.PARAGRAPH:
                raise Refusal("amend_unreadable", excerpt=brief(describe(target)))
            return self._with(index, index + 1, ()), Change("repealed", self._path(index))
        index = self.finder.find(target)
        end = self._end(index)
        rest: list[Provision] = []
        if self.note is not None:
            rest = [tables.noted(self.provisions[index], self.note)]
        return self._with(index, end, rest), Change("repealed", self._path(index))

    # --- inserting --------------------------------------------------------------------------

    def _insert(self, operation: Insert, new_text: NewText) -> tuple[Tree, list[Change]]:
        tree: Tree = self
        changes: list[Change] = []
        if operation.units[0].kind is Kind.PARAGRAPH:
            return self._insert_paragraphs(operation, new_text)
        if operation.units[0].kind is Kind.ROW:
            return self._insert_rows(operation, new_text)
        anchor = operation.anchor
        side = operation.side
        for address in operation.units:
            unit = new_text.unit(address)
            at = tree._place(address, unit, side, anchor)
            tree._check_free(at, unit)
            tree = tree._with(at, at, unit.provisions)
            changes.append(Change("inserted", tree._path(at)))
            side, anchor = Side.AFTER, Address((tree._steps(at),))
        return tree, changes

    def _place(self, address: Address, unit: Unit, side: Side, anchor: Address | None) -> int:
        """Where in the list a new unit goes. Raises Refusal."""
        if anchor is not None and side in (Side.AFTER, Side.BEFORE):
            index = self.finder.find(anchor)
            kind = self.provisions[index].kind
            if LEVELS.get(kind, 99) < LEVELS[unit.kind] and kind is not unit.kind:
                raise Refusal("amend_place_unclear", excerpt=brief(describe(anchor)))
            if side is Side.BEFORE:
                return index
            end = self._end(index)
            self._check_no_split(index, end, unit)
            return end
        parent = self._parent(address, anchor)
        if side is Side.START:
            return self._first_child(parent, unit.kind)
        return self._by_number(parent, unit)

    def _check_no_split(self, index: int, end: int, unit: Unit) -> None:
        """A chapter after an article in the middle of another chapter would take the rest over."""
        if LEVELS[unit.kind] >= LEVELS[self.provisions[index].kind] or end >= len(self.provisions):
            return
        following = self.provisions[end].kind
        if LEVELS.get(following, 99) > LEVELS[unit.kind]:
            raise Refusal("amend_place_unclear", excerpt=brief(unit.text))

    def _parent(self, address: Address, anchor: Address | None) -> int | None:
        """The unit a new one goes under; None for the top."""
        above = tuple(dict.fromkeys(path[:-1] for path in address.paths if len(path) > 1))
        wanted = anchor or (Address(above) if above else None)
        if wanted is None or wanted.kind is None:
            if address.kind is not None and LEVELS[address.kind] > LEVELS[Kind.ARTICLE] and self.has_articles:
                raise Refusal("amend_address_missing", excerpt=describe(address))
            return None
        return self.finder.find(wanted)

    def _first_child(self, parent: int | None, kind: Kind) -> int:
        inside = self.outline.subtree(parent) if parent is not None else range(-1, len(self.provisions))
        return next((at for at in inside[1:] if self.provisions[at].kind is kind), inside.stop)

    def _by_number(self, parent: int | None, unit: Unit) -> int:
        """Behind the last sibling with a smaller number."""
        inside = self.outline.subtree(parent) if parent is not None else range(-1, len(self.provisions))
        mine = place_of(unit.kind, unit.label or "")
        behind: int | None = None
        for at in inside[1:]:
            if self.provisions[at].kind is not unit.kind:
                continue
            place = place_of(unit.kind, self.outline.entries[at].number)
            if _before(place, mine):
                behind = self._end(at)
            elif behind is None:
                return at
        if behind is None and LEVELS[unit.kind] <= LEVELS[Kind.ARTICLE] and parent is None:
            raise Refusal("amend_place_unclear", excerpt=brief(unit.text))
        return behind if behind is not None else inside.stop

    def _check_free(self, at: int, unit: Unit) -> None:
        """Raises Refusal amend_unit_exists when a unit beside it has the new number already.

        Parts, chapters and articles run through a text; other numbers start anew in each parent.
        """
        parent = self._parent_at(at, unit.kind)
        for other in self.finder.numbered(unit.kind, unit.label):
            if self._counts_beside(other, unit.kind, parent):
                path = (*self._named_steps(parent), (unit.kind, unit.label))
                raise Refusal("amend_unit_exists", address=describe(Address((path,))))

    def _counts_beside(self, index: int, kind: Kind, parent: int | None) -> bool:
        """Whether a unit's number is counted together with those under `parent`, and stays its own."""
        around = self.outline.entries[index].parent
        if kind in _RUN_THROUGH:
            around, parent = self._appendix(around), self._appendix(parent)
        return around == parent and self.provisions[index].id not in self.finder.leaving

    def _named_steps(self, index: int | None) -> Path:
        """The steps by which a unit is named: an article runs through the divisions around it."""
        return tuple(step for step in self._steps(index) if step[0] not in UPPER)

    def _appendix(self, index: int | None) -> int | None:
        """The appendix around a unit; None in the text itself."""
        while index is not None and self.provisions[index].kind is not Kind.APPENDIX:
            index = self.outline.entries[index].parent
        return index

    def _parent_at(self, at: int, kind: Kind) -> int | None:
        """The unit that a new one of this kind would belong to, were it put at `at`."""
        for index in range(at - 1, -1, -1):
            if LEVELS.get(self.provisions[index].kind, 99) < LEVELS[kind]:
                return index
        return None

    def _steps(self, index: int | None) -> Path:
        """The steps from the top to a unit."""
        steps: list[tuple[Kind, str | None]] = []
        while index is not None:
            entry = self.outline.entries[index]
            steps.append((entry.provision.kind, entry.number))
            index = entry.parent
        return tuple(reversed(steps))

    def _insert_paragraphs(self, operation: Insert, new_text: NewText) -> tuple[Tree, list[Change]]:
        anchor, new = operation.anchor, new_text.paragraphs()
        if anchor is None or anchor.kind is None:
            raise Refusal("amend_place_unclear", excerpt=brief(new[0].text))
        if anchor.part is not Part.WHOLE:
            at = self._passage(anchor) + (operation.side is not Side.BEFORE)
        else:
            index = self.finder.find(anchor)
            at = self.outline.subtree(index).stop
            if operation.side is Side.START:
                at = index + 1
            elif operation.side is Side.BEFORE:
                at = index
            elif operation.side is Side.AFTER:
                at = self._end(index)
        return self._with(at, at, new), [Change("inserted", self._path(max(at - 1, 0)))]

    # --- numbers ----------------------------------------------------------------------------

    def _renumber(self, operation: Renumber) -> tuple[Tree, list[Change]]:
        """Other numbers for units where they stand, then the moves.

        Raises Refusal amend_unit_exists when a number is another's, amend_place_unclear when the
        numbers would not run in the order of the text.
        """
        ids = [self._named(target) for target in operation.targets]
        places = self._places()
        labels: dict[ProvisionId, str | None] = {}
        moves: list[tuple[ProvisionId, Address]] = []
        for id_, number in zip(ids, operation.numbers, strict=True):
            home = self._parent_named(number)
            if home is None or home == self.outline.entries[places[id_]].parent:
                labels[id_] = number.paths[0][-1][1]
            else:
                moves.append((id_, number))
        relabelled = tuple(replace(p, label=labels[p.id]) if p.id in labels else p for p in self.provisions)
        left = {address: id_ for address, id_ in self.leaving.items() if id_ not in ids}
        tree = replace(self, provisions=relabelled, known=self.outline, leaving=left)
        for id_ in labels:
            tree._check_run(tree._places()[id_])
        changes = [Change("renumbered", tree._path(tree._places()[id_])) for id_ in labels]
        for id_, number in moves:
            tree, change = tree._moved(tree._places()[id_], number)
            changes.append(change)
        return tree, changes

    def _named(self, target: Address) -> ProvisionId:
        known = self.leaving.get(target)
        return known if known is not None else self.provisions[self.finder.find(target)].id

    def _places(self) -> dict[ProvisionId, int]:
        return {provision.id: index for index, provision in enumerate(self.provisions)}

    def _parent_named(self, number: Address) -> int | None:
        """The unit a new number is said to be in; None when only the number is said."""
        above = tuple(dict.fromkeys(path[:-1] for path in number.paths if len(path) > 1))
        return self.finder.find(Address(above)) if above else None

    def _check_run(self, index: int) -> None:
        """The numbers around a unit go up, but for those that other units are still to leave."""
        kind, parent = self.provisions[index].kind, self.outline.entries[index].parent
        last: Place | None = None
        for at in self.finder.numbered(kind, None):
            place = place_of(kind, self.outline.entries[at].number)
            if place is None or not self._counts_beside(at, kind, parent):
                continue
            if last is not None and place <= last:
                path = (*self._named_steps(parent), (kind, self.outline.entries[at].number))
                address = describe(Address((path,)))
                if place == last:
                    raise Refusal("amend_unit_exists", address=address)
                raise Refusal("amend_place_unclear", excerpt=brief(address))
            last = place

    def _moved(self, index: int, number: Address) -> tuple[Tree, Change]:
        """A unit with all beneath it, under another one by its new number."""
        own = self.provisions[index : self._end(index)]
        tree = self._with(index, index + len(own), ())
        unit = Unit(
            own[0].kind, number.paths[0][-1][1], (replace(own[0], label=number.paths[0][-1][1]), *own[1:])
        )
        parent = tree._parent_named(number)
        at = tree._by_number(parent, unit)
        tree._check_free(at, unit)
        tree = tree._with(at, at, unit.provisions)
        return tree, Change("moved", tree._path(at))

    # --- tables -----------------------------------------------------------------------------

    def _amend_table(self, index: int, target: Address, new_text: NewText) -> tuple[Tree, Change]:
        """A row gets new cells; a table new rows, and its caption where one is quoted."""
        if target.kind is Kind.ROW:
            new: Sequence[Provision] = [replace(self.provisions[index], text="", cells=new_text.row(target))]
        else:
            head, *old = (self.provisions[at] for at in self.outline.subtree(index))
            caption = new_text.caption()
            named = head if caption is None else replace(head, text=caption, marks=())
            new = [named, *tables.same_rows(old, new_text.rows(target))]
        stop = index + 1 if target.kind is Kind.ROW else self.outline.subtree(index).stop
        return self._with(index, stop, new), Change("amended", self._path(index))

    def _insert_rows(self, operation: Insert, new_text: NewText) -> tuple[Tree, list[Change]]:
        anchor, side, new = operation.anchor, operation.side, new_text.rows(operation.units[0])
        if anchor is None or anchor.kind is None:
            raise Refusal("amend_place_unclear", excerpt=brief(" | ".join(new[0].cells)))
        whole = anchor.kind is not Kind.ROW
        if whole and anchor.kind is not Kind.TABLE:
            anchor = replace(anchor, paths=tuple((*path, (Kind.TABLE, None)) for path in anchor.paths))
        if whole and side in (Side.AFTER, Side.BEFORE):
            raise Refusal("amend_place_unclear", excerpt=brief(describe(anchor)))
        index = self.finder.find(anchor)
        if whole:
            extent = self.outline.subtree(index)
            at = min(index + 2, extent.stop) if side is Side.START else extent.stop
        else:
            at = index + (side is Side.AFTER)
        return self._with(at, at, new), [Change("inserted", self._path(index))]

    def _recount(self, target: Address) -> tuple[Tree, Change]:
        """The running numbers below the head as 1, 2, 3 … Raises Refusal amend_rows_unnumbered."""
        if target.kind is not Kind.TABLE:
            raise Refusal("amend_unreadable", excerpt=brief(describe(target)))
        index = self.finder.find(target)
        extent = self.outline.subtree(index)
        rows = tables.recounted([self.provisions[at] for at in extent[2:]])
        if rows is None:
            raise Refusal("amend_rows_unnumbered", address=describe(target))
        return self._with(min(index + 2, extent.stop), extent.stop, rows), Change(
            "amended", self._path(index), len(rows)
        )

    # --- phrases ----------------------------------------------------------------------------

    def _extent(self, target: Address) -> list[int]:
        """The provisions a phrase instruction looks at."""
        if target.kind is None:
            return list(range(len(self.provisions)))
        if target.part in (Part.LEAD, Part.PASSAGE):
            return [self._passage(target)]
        index = self.finder.find(target)
        if target.part is Part.TITLE:
            return [index]
        return list(range(index, self._end(index)))

    def _edit(
        self, targets: Sequence[Address], edits_of: Callable[[str], list[phrases.Edit]], phrase: str
    ) -> tuple[Tree, list[Change]]:
        """Every target edited once. Raises Refusal amend_phrase_not_found, naming the targets without it."""
        changed: dict[int, Provision] = {}
        changes: list[Change] = []
        missing: list[str] = []
        for target in targets:
            total = 0
            for index in self._extent(target):
                if index in changed:
                    total += 1
                    continue
                old = self.provisions[index]
                edits = edits_of(old.text)
                cells = [edits_of(cell) for cell in old.cells]
                count = len(edits) + sum(map(len, cells))
                if count:
                    new = phrases.with_edits(old, edits)
                    texts = tuple(
                        phrases.edited(cell, found) for cell, found in zip(old.cells, cells, strict=True)
                    )
                    changed[index] = replace(new, cells=texts)
                    changes.append(Change("phrase", self._path(index), count))
                    total += count
            if not total:
                missing.append(describe(target))
        if missing:
            raise Refusal("amend_phrase_not_found", phrase=brief(phrase), addresses=missing)
        return self._of(tuple(changed.get(i, p) for i, p in enumerate(self.provisions))), changes

    def _replace_phrases(self, operation: ReplacePhrases) -> tuple[Tree, list[Change]]:
        pairs = [(pair.old, pair.new) for pair in operation.pairs]

        def edits_of(text: str) -> list[phrases.Edit]:
            found = phrases.replacements(text, pairs)
            if any(phrases.strands(text, edit) for edit in found):
                raise Refusal("amend_deletion_strands", phrase=brief(pairs[0][0]))
            return found

        everywhere = [p.text for p in self.provisions] + [cell for p in self.provisions for cell in p.cells]
        for old, _ in pairs:
            if len(pairs) > 1 and not any(phrases.occurrences(text, old) for text in everywhere):
                raise Refusal(
                    "amend_phrase_not_found",
                    phrase=brief(old),
                    addresses=[describe(t) for t in operation.targets],
                )
        return self._edit(operation.targets, edits_of, pairs[0][0])

    def _insert_phrase(self, operation: InsertPhrase) -> tuple[Tree, list[Change]]:
        beside = operation.beside
        if beside is not None:
            after = operation.side is Side.AFTER
            return self._edit(
                operation.targets,
                lambda text: phrases.insertions(text, operation.phrase, beside, after=after),
                beside,
            )
        changes: list[Change] = []
        tree: Tree = self
        for target in operation.targets:
            index = tree._extent(target)[0 if operation.side is Side.START else -1]
            if target.kind is None:
                raise Refusal("amend_place_unclear", excerpt=brief(operation.phrase))
            place = phrases.at_start if operation.side is Side.START else phrases.at_end
            new = phrases.with_edits(
                tree.provisions[index], [place(tree.provisions[index].text, operation.phrase)]
            )
            tree = tree._with(index, index + 1, [new])
            changes.append(Change("phrase", tree._path(index)))
        return tree, changes


_RUN_THROUGH = (Kind.PART, Kind.CHAPTER, Kind.ARTICLE)
_SENTENCE_ENDS = ".:;"
_TITLED = frozenset((Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION, Kind.APPENDIX))


def _alike(old: str, new: str) -> bool:
    """Whether at least half of all the words of two paragraphs are common to both."""
    mine, other = distinct_words(old), distinct_words(new)
    return bool(mine) and 2 * len(mine & other) >= len(mine | other)


def _before(place: Place | None, mine: Place | None) -> bool:
    return place is None or mine is None or place < mine
