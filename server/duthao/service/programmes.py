"""Work programmes: opened by an office, filled by the units of the house, chosen from and made a document.

Everybody of the house registers; each sees what they registered and what became of it. All of it is for
who keeps the programme: whoever opened it, and who sits today in the unit named as its office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from anyio import to_thread

from duthao.domain.document import DocumentId, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.names import name_key
from duthao.domain.programmes import (
    MAX_ITEMS,
    MAX_PROGRAMMES,
    Choice,
    Item,
    Level,
    Programme,
    ProgrammeKind,
    Words,
    by_field_and_time,
    checked_period,
    checked_when,
    filled,
    in_order,
    last_day,
    moved,
    placed,
    tables_of,
)
from duthao.domain.tasks import checked_day, checked_name, checked_text
from duthao.domain.text import clean_line
from duthao.domain.units import Structure, Unit
from duthao.formats.document_templates import built_in
from duthao.service.documents import Documents, checked_title
from duthao.service.people import people_of
from duthao.service.ports import Tools
from duthao.service.tasks import Tasks
from duthao.store.ports import User

TEMPLATES = {
    ProgrammeKind.TERM: "term-programme",
    ProgrammeKind.YEAR: "year-programme",
    ProgrammeKind.WEEK: "week-calendar",
}
MAX_ID = 40
MAX_CONTENT = 2_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A programme as somebody sees it: for who keeps it all items, for others their own. `fields` are those
    named so far, `units` those in which this person sits today.
    """

    programme: Programme
    keeps: bool
    registers: bool
    items: tuple[Item, ...]
    people: Mapping[UserId, User]
    fields: tuple[str, ...]
    units: tuple[Unit, ...]
    document: DocumentId | None

    @property
    def chosen(self) -> tuple[Item, ...]:
        return tuple(one for one in self.items if one.choice is Choice.CHOSEN)


class Programmes:
    def __init__(self, tools: Tools, documents: Documents, tasks: Tasks) -> None:
        self._tools, self._documents, self._tasks = tools, documents, tasks

    def today(self) -> str:
        """The day in Vietnam."""
        return self._tools.today().isoformat()

    async def list(self, user: User) -> tuple[tuple[Programme, bool], ...]:
        """All programmes, newest first, and whether this person keeps each."""
        return await to_thread.run_sync(self._list, user)

    def _list(self, user: User) -> tuple[tuple[Programme, bool], ...]:
        structure = self._tools.store.units.read()
        return tuple((one, self._keeps(one, user, structure)) for one in self._tools.store.programmes.all())

    def _keeps(self, programme: Programme, user: User, structure: Structure) -> bool:
        if programme.opened_by == user.id:
            return True
        return bool(programme.office) and user.id in structure.people(programme.office, self.today())

    async def offices(self) -> tuple[tuple[Unit, int], ...]:
        """The units a programme may be kept by, as a tree."""
        return (await to_thread.run_sync(self._tools.store.units.read)).tree()

    async def begin(self, user: User, fields: Mapping[str, str]) -> Programme:
        """Raises Refusal: programme_period_bad, name_missing, title_too_long, unit_not_found, task_day_bad,
        programmes_too_many (`most`)."""
        kind = _kind(fields.get("kind", ""))
        period = checked_period(kind, fields.get("period", ""))
        made = Programme(self._tools.new_id(), kind, period, "", "", "", user.id, self._tools.clock())
        made = await self._named(made, fields)

        def add() -> None:
            if len(self._tools.store.programmes.all()) >= MAX_PROGRAMMES:
                raise Refusal("programmes_too_many", most=MAX_PROGRAMMES)
            self._tools.store.programmes.add(made)

        await to_thread.run_sync(add)
        return made

    async def _named(self, programme: Programme, fields: Mapping[str, str]) -> Programme:
        name, office = checked_title(fields.get("name", "")), fields.get("office", "")[:MAX_ID]
        structure = await to_thread.run_sync(self._tools.store.units.read)
        if office and structure.unit(office) is None:
            raise Refusal("unit_not_found")
        return replace(programme, name=name, office=office, until=checked_day(fields.get("until", "")))

    async def open(self, user: User, programme_id: str) -> Opened:
        """Raises Refusal programme_not_found."""
        return await to_thread.run_sync(self._open, user, programme_id)

    def _open(self, user: User, programme_id: str) -> Opened:
        store = self._tools.store
        programme = store.programmes.get(programme_id[:MAX_ID])
        if programme is None:
            raise Refusal("programme_not_found")
        structure, today = store.units.read(), self.today()
        keeps = self._keeps(programme, user, structure)
        everything = store.programmes.items(programme.id)
        items = in_order(one for one in everything if keeps or one.by == user.id)
        fields = sorted({one.field for one in everything if one.field}, key=name_key)
        sits = {
            seat.unit for seat in structure.seats if seat.user == user.id and structure.holds(seat, today)
        }
        made = DocumentId(programme.document_id) if programme.document_id else None
        here = made is not None and store.documents.membership(made, user.id) is not None
        return Opened(
            programme, keeps, keeps or programme.is_open(today), tuple(items),
            people_of(store, {one.by for one in items}), tuple(fields),
            tuple(unit for unit, _ in structure.tree() if unit.id in sits), made if here else None,
        )  # fmt: skip

    async def _kept(self, user: User, programme_id: str) -> Opened:
        """For who keeps it. Raises Refusal: programme_not_found, programme_not_yours."""
        opened = await self.open(user, programme_id)
        if not opened.keeps:
            raise Refusal("programme_not_yours")
        return opened

    async def settle(self, user: User, programme_id: str, seen: int, fields: Mapping[str, str]) -> None:
        """Its name, office and last day. Raises as `begin`; programme_changed."""
        opened = await self._kept(user, programme_id)
        made = await self._named(opened.programme, fields)
        if not await to_thread.run_sync(self._tools.store.programmes.put, made, seen):
            raise Refusal("programme_changed")

    # --- items -----------------------------------------------------------------------------------

    async def register(self, user: User, programme_id: str, fields: Mapping[str, str]) -> Item:
        """A new item. Raises Refusal: programme_not_found, programme_closed, programme_item_empty,
        programme_when_bad, programme_level_unknown, task_too_long, programme_items_too_many (`most`).
        """
        opened = await self.open(user, programme_id)
        if not opened.registers:
            raise Refusal("programme_closed")
        made = self._filled(
            opened.programme,
            Item(self._tools.new_id(), opened.programme.id, "", "", "", "", Level.BUREAU, "", "", user.id,
                 self._tools.clock()),
            fields,
        )  # fmt: skip
        await to_thread.run_sync(self._add, opened.programme, (made,))
        return made

    def _add(self, programme: Programme, made: Sequence[Item]) -> None:
        store = self._tools.store
        if len(store.programmes.items(programme.id)) + len(made) > MAX_ITEMS:
            raise Refusal("programme_items_too_many", most=MAX_ITEMS)
        store.programmes.add_items(made)

    def _filled(self, programme: Programme, item: Item, fields: Mapping[str, str]) -> Item:
        content = clean_line(checked_text(fields.get("content", ""), MAX_CONTENT))
        if not content:
            raise Refusal("programme_item_empty")
        level = fields.get("level", "")
        when = fields.get("when", "") or fields.get("year", "") + fields.get("part", "")
        if level not in tuple(Level):
            raise Refusal("programme_level_unknown")
        return replace(
            item, content=content, field=checked_name(fields.get("field", "")),
            preparer=checked_name(fields.get("preparer", "")),
            when=checked_when(programme, when),
            level=Level(level), reason=checked_text(fields.get("reason", ""), MAX_CONTENT),
            more=checked_name(fields.get("more", "")),
        )  # fmt: skip

    def _item(self, opened: Opened, item_id: str, seen: int) -> Item:
        """One of those this person sees, as they saw it. Raises Refusal: programme_item_not_found."""
        found = next((one for one in opened.items if one.id == item_id), None)
        if found is None:
            raise Refusal("programme_item_not_found")
        return replace(found, edition=seen)

    async def change(
        self, user: User, programme_id: str, item_id: str, seen: int, fields: Mapping[str, str]
    ) -> None:
        """What was registered, by who registered it while it has not been looked at, or who keeps the
        programme. Raises as `register`; programme_item_not_found, programme_changed."""
        opened = await self.open(user, programme_id)
        item = self._item(opened, item_id, seen)
        self._need_own(opened, item)
        await self._put((self._filled(opened.programme, item, fields),))

    def _need_own(self, opened: Opened, item: Item) -> None:
        if not opened.keeps and (item.choice is not Choice.REGISTERED or not opened.registers):
            raise Refusal("programme_closed")

    async def remove(self, user: User, programme_id: str, item_id: str) -> None:
        """As `change`."""
        opened = await self.open(user, programme_id)
        item = self._item(opened, item_id, 0)
        self._need_own(opened, item)
        await to_thread.run_sync(self._tools.store.programmes.remove_item, item.id)

    async def choose(
        self, user: User, programme_id: str, item_id: str, seen: int, choice: str, note: str
    ) -> None:
        """What the office makes of an item, and why. Raises Refusal: programme_not_yours, and as `change`."""
        opened = await self._kept(user, programme_id)
        if choice not in tuple(Choice):
            raise Refusal("programme_level_unknown")
        item = self._item(opened, item_id, seen)
        place = item.place if item.choice is Choice.CHOSEN else len(opened.chosen) + 1
        await self._put((replace(item, choice=Choice(choice), note=checked_name(note), place=place),))

    async def move(self, user: User, programme_id: str, item_id: str, by: int) -> None:
        """A chosen item one place up (-1) or down (1). Raises as `choose`."""
        opened = await self._kept(user, programme_id)
        await self._put(moved(opened.chosen, item_id, by))

    async def arrange(self, user: User, programme_id: str) -> None:
        """All chosen items by field and time. Raises as `choose`."""
        opened = await self._kept(user, programme_id)
        await self._put(placed(by_field_and_time(opened.chosen)))

    async def _put(self, items: Sequence[Item]) -> None:
        if items and not await to_thread.run_sync(self._tools.store.programmes.put_items, items):
            raise Refusal("programme_changed")

    async def carry(self, user: User, programme_id: str, source_id: str, note: str) -> int:
        """What another programme chose and nobody has finished is registered here, in its first time; how
        many. An item whose content stands here already is passed over. Raises as `choose`, for both.
        """
        here, source = await self._kept(user, programme_id), await self._kept(user, source_id)
        known = {one.content for one in here.items}
        made = []
        for one in source.chosen:
            task = await to_thread.run_sync(self._tools.store.tasks.get, one.task_id) if one.task_id else None
            if one.content in known or (task is not None and task.done_on):
                continue
            first = _first(here.programme)
            made.append(
                replace(one, id=self._tools.new_id(), programme_id=here.programme.id, when=first,
                        by=user.id, at=self._tools.clock(), choice=Choice.REGISTERED,
                        note=checked_name(note), place=0, task_id="", edition=1)
            )  # fmt: skip
        await to_thread.run_sync(self._add, here.programme, made)
        return len(made)

    # --- the document ----------------------------------------------------------------------------

    async def make(self, user: User, programme_id: str, words: Words) -> DocumentId:
        """The programme's document of what is chosen, from the template of its kind; this person leads it.

        Raises Refusal: programme_not_yours, programme_nothing_chosen, programme_made, programme_changed.
        """
        opened = await self._kept(user, programme_id)
        programme = opened.programme
        if programme.document_id:
            raise Refusal("programme_made")
        if not opened.chosen:
            raise Refusal("programme_nothing_chosen")
        template = (await self._documents.recognise(built_in()[TEMPLATES[programme.kind]])).document
        made = filled(
            template, programme, tables_of(programme, opened.chosen, words),
            lambda: ProvisionId(self._tools.new_id()),
        )  # fmt: skip
        id_ = await self._documents.adopt(user, programme.name, made)
        kept = replace(programme, document_id=id_)
        if not await to_thread.run_sync(self._tools.store.programmes.put, kept, programme.edition):
            raise Refusal("programme_changed")
        return id_

    async def assign(self, user: User, programme_id: str) -> int:
        """Each chosen item that is no task yet becomes one of the programme's document: what is brought
        before whom, prepared by whom, due on the last day of its time. How many.

        Raises Refusal: programme_not_yours, programme_not_made, and as `Tasks.give`.
        """
        opened = await self._kept(user, programme_id)
        if not opened.programme.document_id:
            raise Refusal("programme_not_made")
        given = 0
        for one in opened.chosen:
            if one.task_id:
                continue
            task = await self._tasks.give(
                user, opened.programme.document_id,
                {"content": one.content, "measure": one.reason, "deadline": last_day(one.when),
                 "doer": one.preparer, "source": opened.programme.name},
            )  # fmt: skip
            await self._put((replace(one, task_id=task.id),))
            given += 1
        return given


def _kind(written: str) -> ProgrammeKind:
    if written not in tuple(ProgrammeKind):
        raise Refusal("programme_kind_unknown")
    return ProgrammeKind(written)


def _first(programme: Programme) -> str:
    if programme.kind is ProgrammeKind.WEEK:
        return f"{programme.period}T08:00"
    return programme.period[:4]
