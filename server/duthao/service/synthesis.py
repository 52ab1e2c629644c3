"""Synthesis of opinions: the list in order, groups with their answers, what an answer led to."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from anyio import to_thread

from duthao.domain.anchors import Stretch, Texts
from duthao.domain.delegations import Delegation, DutyPart
from duthao.domain.document import Document, DocumentId, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.names import name_key
from duthao.domain.opinions import Opinion
from duthao.domain.outline import outline
from duthao.domain.rounds import Answer as RoundAnswer
from duthao.domain.rounds import Invitation, Round, standing
from duthao.domain.synthesis.chain import (
    Changed,
    Link,
    Standing,
    Today,
    changed,
    led_to,
    linked,
    today,
    words_of,
    worth_keeping,
)
from duthao.domain.synthesis.groups import Answer, Change, Group, Stance, Synthesis
from duthao.domain.synthesis.likeness import Given, Suggestion, suggestions
from duthao.domain.synthesis.ordering import Order, Place
from duthao.domain.synthesis.table import Grouped, Section, SynthesisTable, round_count, section
from duthao.domain.units import name_order
from duthao.service.access import Access, Permission, document_for
from duthao.service.letters import Letter, Letters
from duthao.service.notifications import KEEP, Notifications
from duthao.service.people import people_of
from duthao.service.ports import Tools
from duthao.service.versions import Versions
from duthao.store.ports import DocumentRecord, News, Notification, Seq, Store, StoreUnavailable, User, Version
from duthao.store.synthesis import Declined

PAGE: Final = 100
"""Groups on one page of the list."""

KEPT_TEXTS: Final = 8
MAX_ID: Final = 64
MAX_AT_ONCE: Final = 500
"""Groups joined, or declined, at once."""

MAX_SECTIONS: Final = 6
"""Drafts in one printed table."""

OTHER: Final = "other"
"""Names "Vấn đề khác" where an article's path stands otherwise."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list is asked for. `article` is a path, or OTHER; `led` a provision of the draft: what led
    to words in it. "" asks for all.
    """

    state: str = ""  # "open", "done"
    giver: str = ""
    article: str = ""
    round_id: str = ""
    responsible: str = ""
    led: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Heap:
    """Opinions answered as one, where they stand, and the changes the answer led to, as they are today."""

    group: Group
    opinions: tuple[Opinion, ...]
    place: Place
    led: tuple[tuple[Link, Today], ...] = ()

    @property
    def id(self) -> str:
        return self.group.id


@dataclass(frozen=True, slots=True)
class Board:
    """All of a document's opinions in order, and the texts they are read in.

    `followed` is the version the list follows, None for the live draft, `text` its tree; `paths` where
    provisions stand in the live draft, `seq` its place.
    """

    access: Access
    synthesis: Synthesis
    heaps: tuple[Heap, ...]
    followed: Version | None
    text: Document
    draft: Document
    seq: Seq
    people: Mapping[UserId, User]
    members: tuple[User, ...]
    paths: Mapping[ProvisionId, str] = field(default_factory=dict)
    handed: tuple[Delegation, ...] = ()
    """Who stands today for whom in answering opinions."""

    @property
    def total(self) -> int:
        return len(self.synthesis.items)

    @property
    def unanswered(self) -> int:
        return self.synthesis.unanswered

    @property
    def unsent(self) -> int:
        """Answers that those who gave the opinions have not got."""
        answers = (heap.group.answer for heap in self.heaps)
        return sum(answer is not None and answer.sent_at is None for answer in answers)

    def heap(self, id_: str) -> Heap:
        """Raises Refusal opinion_not_found."""
        found = next((one for one in self.heaps if one.id == id_), None)
        if found is None:
            raise Refusal("opinion_not_found")
        return found

    def articles(self) -> tuple[tuple[str, int], ...]:
        """The articles that have opinions, by path, in order, with how many; OTHER last."""
        found = Counter(heap.place.article or OTHER for heap in self.heaps for _ in heap.opinions)
        return tuple(found.items())

    def changed(self) -> tuple[tuple[ProvisionId, str, int], ...]:
        """The provisions in which words stand that opinions led to, in the draft's order: id, path, and how
        many groups; those taken out for an opinion last.
        """
        found = Counter(
            id_ for heap in self.heaps for id_ in {one for _, now in heap.led for one in now.provisions}
        )
        gone = {link.change.provision: link.change.path for heap in self.heaps for link, _ in heap.led}
        order = {id_: n for n, id_ in enumerate(self.paths)}
        ids = sorted(found, key=lambda id_: (order.get(id_, len(order)), id_))
        return tuple((id_, self.paths.get(id_, gone.get(id_, "")), found[id_]) for id_ in ids)

    def givers(self) -> tuple[str, ...]:
        return tuple(sorted({one.giver for one in self.synthesis.items}, key=name_order))

    def filtered(self, wanted: Wanted) -> tuple[Heap, ...]:
        whose = {wanted.responsible, *(one.giver for one in self.handed if one.deputy == wanted.responsible)}
        return tuple(heap for heap in self.heaps if _is_wanted(heap, wanted, whose))

    def deputies(self, responsible: UserId | None) -> tuple[Delegation, ...]:
        """Who answers for this person today."""
        return tuple(one for one in self.handed if one.giver == responsible)


def _is_wanted(heap: Heap, wanted: Wanted, whose: Collection[str]) -> bool:
    done = heap.group.answer is not None
    return (
        wanted.state in ("", "done" if done else "open")
        and wanted.article in ("", heap.place.article or OTHER)
        and (not wanted.responsible or (heap.group.responsible or "nobody") in whose)
        and (not wanted.led or any(wanted.led in now.provisions for _, now in heap.led))
        and (not wanted.giver or any(one.giver == wanted.giver for one in heap.opinions))
        and (not wanted.round_id or any((one.round_id or OTHER) == wanted.round_id for one in heap.opinions))
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A round, who was asked in it, and by invitation what counts as their answer."""

    title: str
    round: Round
    invitations: tuple[Invitation, ...]
    answers: Mapping[str, RoundAnswer]


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody gets for an opinion of theirs, once it was sent."""

    stance: Stance
    text: str
    sent_at: int
    changes: tuple[Changed, ...]


Replied = tuple[tuple[Opinion, Reply | None], ...]
"""Opinions, each with the answer sent to it."""


@dataclass(frozen=True, slots=True)
class Answering:
    """How a group is answered: `stance` None takes an answer back. `links` are ids of links kept, `changes`
    ids of provisions changed since the draft was sent out, whose change is linked from now on.
    """

    stance: Stance | None
    text: str = ""
    responsible: str = ""
    links: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """How many answers were sent, and the letters to be posted to units that gave opinions."""

    answers: int = 0
    letters: tuple[Letter, ...] = ()


class Syntheses:
    def __init__(
        self, tools: Tools, versions: Versions, notifications: Notifications, letters: Letters
    ) -> None:
        self._tools, self._versions = tools, versions
        self._notifications, self._letters = notifications, letters
        self._texts: OrderedDict[str, Document] = OrderedDict()

    # --- reading --------------------------------------------------------------------------------

    def synthesis(self, document_id: DocumentId) -> Synthesis:
        """Blocks."""
        return synthesis_of(self._tools.store, document_id)

    async def unanswered(self, document_id: DocumentId) -> int:
        """How many opinions on this document have no answer. It asks nobody's leave: a guard calls it."""
        return (await to_thread.run_sync(self.synthesis, document_id)).unanswered

    async def board(self, user: User, document_id: str, need: Permission = Permission.READ) -> Board:
        """Everything in order. Raises Refusal as `document_for`."""
        access = await document_for(self._tools.store, user, document_id, need)
        return await self.board_of(access)

    async def board_of(self, access: Access) -> Board:
        synthesis = await to_thread.run_sync(self.synthesis, access.id)
        if not access.may(Permission.WRITE):
            synthesis = synthesis.as_sent()
        versions = await self._given_on(access, synthesis)
        texts = [await self._text(access, one) for one in versions]
        draft, seq = await self._tools.rooms.read(access.id)
        return await to_thread.run_sync(self._board, access, synthesis, versions, texts, draft, seq)

    async def _given_on(self, access: Access, synthesis: Synthesis) -> list[Version]:
        """The versions that opinions were given on, newest first."""
        named = {one.version_id for one in synthesis.opinions if one.version_id is not None}
        return [one for one in await self._versions.of(access) if one.id in named] if named else []

    async def _text(self, access: Access, version: Version) -> Document:
        known = self._texts.get(version.id)
        if known is None:
            _, known = await self._versions.open(access, version.id)
            self._texts[version.id] = known
        self._texts.move_to_end(version.id)
        while len(self._texts) > KEPT_TEXTS:
            self._texts.popitem(last=False)
        return known

    def _board(
        self, access: Access, synthesis: Synthesis, versions: Sequence[Version], texts: Sequence[Document],
        draft: Document, seq: Seq,
    ) -> Board:  # fmt: skip
        followed = texts[0] if texts else draft
        order = Order(followed, [draft, *texts[1:]] if texts else ())
        found, reads = Texts(draft), words_of(draft)
        heaps, held = list[Heap](), dict[str, tuple[Stretch, ...]]()
        for group in synthesis.heaps:
            led = []
            for link in group.links:
                now = today(link, found, reads)
                led.append((link, now))
                worth = worth_keeping(link, now)
                if worth is not None:
                    held[link.id] = worth
            opinions = tuple(synthesis.by_id[id_] for id_ in group.opinions)
            heaps.append(Heap(group, opinions, order.first(o.provision for o in opinions), tuple(led)))
        heaps.sort(key=lambda heap: (heap.place.at, heap.place.path, heap.opinions[0].at, heap.id))
        if held:
            with suppress(StoreUnavailable):  # only saves the way, as for comments
                self._tools.store.syntheses.hold(access.id, held)
        store = self._tools.store
        members = [one.user_id for one in store.documents.members(access.id)]
        day = self._tools.today().isoformat()
        handed = [
            one for one in store.delegations.of_document(access.id) if one.covers(DutyPart.OPINIONS, "", day)
        ]
        named = {id_ for g in synthesis.groups for id_ in (g.responsible, g.answer and g.answer.by) if id_}
        people = people_of(store, {*members, *named, *(one.deputy for one in handed)})
        there = (people[id_] for id_ in members if id_ in people and not people[id_].disabled)
        return Board(
            access, synthesis, tuple(heaps), versions[0] if versions else None, followed, draft, seq, people,
            tuple(sorted(there, key=lambda one: (name_key(one.name), one.id))),
            {entry.provision.id: entry.path for entry in outline(draft).entries},
            tuple(handed),
        )  # fmt: skip

    async def rounds(self, access: Access) -> Sequence[Round]:
        """The rounds of opinions on the document, newest first."""
        return await to_thread.run_sync(self._tools.store.rounds.for_document, access.id)

    async def changes(self, board: Board) -> tuple[Changed, ...]:
        """What was changed since the draft that opinions were asked on: what an answer can be linked to."""
        return await to_thread.run_sync(changed, board.text, board.draft) if board.followed else ()

    async def suggested(self, board: Board) -> tuple[tuple[Suggestion, tuple[Heap, ...]], ...]:
        """What could be answered as one; groups that have answers of their own are left apart."""
        return await to_thread.run_sync(self._suggested, board)

    def _suggested(self, board: Board) -> tuple[tuple[Suggestion, tuple[Heap, ...]], ...]:
        declined = [one.opinions for one in self._tools.store.syntheses.declined(board.access.id)]
        order = {entry.provision.id: entry.path for entry in outline(board.text).entries}
        given = [
            Given(one.id, heap.id, one.provision or "", order.get(ProvisionId(one.provision or ""), ""),
                  one.text, one.wording)
            for heap in board.heaps
            for one in heap.opinions
        ]  # fmt: skip
        by_id = {heap.id: heap for heap in board.heaps}
        found = []
        for one in suggestions(given, declined):
            heaps = tuple(by_id[unit] for unit in one.units)
            if sum(heap.group.answer is not None for heap in heaps) < 2:
                found.append((one, heaps))
        return tuple(found)

    async def replies(self, document_id: DocumentId, opinions: Iterable[str]) -> Mapping[str, Reply]:
        """The answers sent to these opinions, by id. Whoever asks has seen to it that they may be read."""
        wanted = frozenset(opinions)
        return await to_thread.run_sync(lambda: _replies(self.synthesis(document_id), wanted))

    async def mine(self, user: User, document_id: str) -> Replied:
        """One's own opinions, as they are answered, with what was sent for them."""
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        synthesis = await to_thread.run_sync(self.synthesis, access.id)
        own = [one for one in synthesis.items if one.user_id == user.id]
        return await self._replied(access.id, own)

    async def to_answer(self, document_id: DocumentId, round_id: str, answer_id: str) -> Replied:
        """The opinions of one answer in a round, as they are answered, with what was sent for them.

        Whoever asks has seen to it that they may be read: it is their own answer.
        """

        def found() -> Replied:
            # Theirs alone: three hundred who look again at once would each have read everybody's.
            store = self._tools.store
            given = tuple(store.opinions.of_answer(round_id, answer_id))
            groups = tuple(store.syntheses.groups(document_id)) if given else ()
            if not groups:
                return tuple((one, None) for one in given)
            ids = {one.id for one in given}
            pieces = tuple(one for one in store.syntheses.pieces(document_id) if one.whole in ids)
            synthesis = Synthesis(given, groups, pieces)
            replies = _replies(synthesis, frozenset(synthesis.by_id))
            return tuple((one, replies.get(one.id)) for one in synthesis.items)

        return await to_thread.run_sync(found)

    async def _replied(self, document_id: DocumentId, opinions: Sequence[Opinion]) -> Replied:
        replies = await self.replies(document_id, (one.id for one in opinions))
        return tuple((one, replies.get(one.id)) for one in opinions)

    async def led(self, user: User, document_id: str) -> Mapping[ProvisionId, tuple[str, ...]]:
        """As `sources`. Raises Refusal as `document_for`."""
        return await self.sources(await document_for(self._tools.store, user, document_id, Permission.READ))

    async def sources(self, access: Access) -> Mapping[ProvisionId, tuple[str, ...]]:
        """For each provision of the draft who asked for words in it, as the table's column has it."""
        groups = await to_thread.run_sync(self._tools.store.syntheses.groups, access.id)
        if not any(one.links for one in groups):
            return {}
        board = await self.board_of(access)
        givers: dict[str, tuple[str, ...]] = {}
        found: list[tuple[str, Today]] = []
        for heap in board.heaps:
            if heap.group.answer is not None and heap.group.answer.stance.is_adopted:
                for link, now in heap.led:
                    givers[link.id] = tuple(dict.fromkeys(one.giver for one in heap.opinions))
                    found.append((link.id, now))
        return {
            provision: tuple(dict.fromkeys(name for id_ in ids for name in givers[id_]))
            for provision, ids in led_to(found).items()
        }

    async def sent(self, user: User, document_id: str, round_id: str) -> Asked:
        """Who was asked in a round (the newest unless said) and what came back.

        Raises Refusal as `document_for`, page_not_found.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.READ)

        def found() -> Asked:
            door = self._tools.store.rounds
            here = {one.id: one for one in door.for_document(access.id)}
            one = here.get(round_id) if round_id else next(iter(here.values()), None)
            if one is None:
                raise Refusal("page_not_found")
            invitations, answers = tuple(door.invitations(one.id)), tuple(door.answers(one.id))
            return Asked(access.record.title, one, invitations, standing(answers))

        return await to_thread.run_sync(found)

    # --- printing -------------------------------------------------------------------------------

    async def drafts(self, user: User) -> Sequence[DocumentRecord]:
        """Those this person may see."""
        found = await to_thread.run_sync(self._tools.store.documents.for_user, user.id)
        return [record for record, _ in found]

    async def table(self, user: User, document_ids: Sequence[str]) -> SynthesisTable:
        """The printed table of one draft, or of several with a section for each.

        Counts of rounds are those of the first. Raises Refusal as `document_for`.
        """
        boards = [await self.board(user, id_) for id_ in dict.fromkeys(document_ids[:MAX_SECTIONS])]
        return await to_thread.run_sync(self._table, boards)

    def _table(self, boards: Sequence[Board]) -> SynthesisTable:
        door, now = self._tools.store.rounds, self._tools.clock()
        rounds = [
            round_count(one, door.invitations(one.id), door.answers(one.id), now)
            for one in reversed(door.for_document(boards[0].access.id))
        ]
        sections, rows = list[Section](), 0
        for board in boards:
            made = section(
                board.access.record.title, [_grouped(board, heap) for heap in board.heaps], rows + 1
            )
            rows += len(made.rows)
            sections.append(made)
        return SynthesisTable(boards[0].access.record.title, tuple(sections), tuple(rounds))

    # --- deciding -------------------------------------------------------------------------------

    async def _change(self, access: Access, change: Change) -> None:
        """Raises Refusal opinion_changed when somebody was quicker."""
        if not await to_thread.run_sync(self._tools.store.syntheses.keep, access.id, change):
            raise Refusal("opinion_changed")

    async def _writer(self, user: User, document_id: str) -> tuple[Access, Synthesis]:
        access = await document_for(self._tools.store, user, document_id, Permission.WRITE)
        return access, await to_thread.run_sync(self.synthesis, access.id)

    async def join(self, user: User, document_id: str, heaps: Sequence[str]) -> str:
        """These groups as one; its id. Raises Refusal as `Synthesis.joined`, opinions_at_once."""
        access, now = await self._writer(user, document_id)
        if len(heaps) > MAX_AT_ONCE:
            raise Refusal("opinions_at_once", most=MAX_AT_ONCE)
        change = now.joined(heaps, self._tools.new_id, self._tools.clock())
        await self._change(access, change)
        return change.put[0].id

    async def part(self, user: User, document_id: str, opinion: str) -> None:
        """Raises Refusal as `Synthesis.parted`."""
        access, now = await self._writer(user, document_id)
        await self._change(access, now.parted(opinion))

    async def decline(self, user: User, document_id: str, heaps: Sequence[str]) -> None:
        """These groups are not one: not suggested again until somebody new says the same."""
        access, now = await self._writer(user, document_id)
        named = set(heaps[:MAX_AT_ONCE])
        opinions = tuple(id_ for heap in now.heaps if heap.id in named for id_ in heap.opinions)
        if len(opinions) < 2:
            raise Refusal("opinions_one")
        one = Declined(self._tools.new_id(), access.id, opinions, user.id, self._tools.clock())
        await to_thread.run_sync(self._tools.store.syntheses.decline, one)

    async def answer(self, user: User, document_id: str, heap_id: str, seen: int, said: Answering) -> str:
        """Answer a group; its id, a new one when it was an opinion alone.

        Raises Refusal: as `Synthesis.answered`, mention_unknown (who is responsible is no member),
        link_not_found (what was to be linked is no change).
        """
        board = await self.board(user, document_id, Permission.WRITE)
        heap = board.heap(heap_id)
        if said.responsible and said.responsible not in {one.id for one in board.members}:
            raise Refusal("mention_unknown")
        now = self._tools.clock()
        links = [link for link in heap.group.links if link.id in said.links]
        links += await self._linked(board, said.changes, {link.change.provision for link in links})
        answer = None
        if said.stance is not None:
            answer = Answer(said.stance, said.text, user.id, now)
            before = heap.group.answer
            same = before is not None and (before.stance, before.text) == (said.stance, said.text.strip())
            if same and before is not None and list(heap.group.links) == links:
                answer = before  # nothing new is to be sent
        change = board.synthesis.answered(
            heap_id, seen, answer, UserId(said.responsible) if said.responsible else None, links,
            self._tools.new_id, now,
        )  # fmt: skip
        await self._change(board.access, change)
        return change.put[0].id

    async def _linked(self, board: Board, wanted: Sequence[str], known: set[ProvisionId]) -> list[Link]:
        if not wanted or board.followed is None:
            return []
        changes = {one.provision: one for one in await self.changes(board)}
        ids = [ProvisionId(one) for one in dict.fromkeys(wanted) if one not in known]
        if any(id_ not in changes for id_ in ids):
            raise Refusal("link_not_found")
        return [
            linked(self._tools.new_id(), changes[id_], board.text, board.draft, board.followed.seq, board.seq)
            for id_ in ids
        ]

    async def cut(self, user: User, document_id: str, opinion: str, texts: Sequence[str]) -> None:
        """Raises Refusal as `Synthesis.cut`."""
        access, now = await self._writer(user, document_id)
        await self._change(access, now.cut(opinion, texts, self._tools.new_id))

    async def place(self, user: User, document_id: str, opinion: str, provision: str) -> None:
        """Put an opinion under a provision, "" for the document as a whole. Refusal provision_not_found."""
        board = await self.board(user, document_id, Permission.WRITE)
        known = {one.id for text in (board.text, board.draft) for one in text.provisions}
        if provision and provision not in known:
            raise Refusal("provision_not_found")
        await self._change(board.access, board.synthesis.placed(opinion, provision or None))

    async def whole_again(self, user: User, document_id: str, opinion: str) -> None:
        """Raises Refusal as `Synthesis.whole_again`."""
        access, now = await self._writer(user, document_id)
        await self._change(access, now.whole_again(opinion))

    async def send(self, user: User, document_id: str) -> Sent:
        """Send every answer that is new to those who gave the opinions."""
        access, now = await self._writer(user, document_id)
        change, opinions = now.sent(self._tools.clock())
        if not change.put:
            return Sent()
        await self._change(access, change)
        given = [now.by_id[id_] for id_ in opinions]
        await to_thread.run_sync(self._told, access, given)
        letters = await to_thread.run_sync(self._letters.of_answers, self._tools.store, access.record, given)
        return Sent(len(change.put), letters)

    def _told(self, access: Access, opinions: Sequence[Opinion]) -> None:
        """Each giver once: at the document, or in their round when they have no part in the document."""
        store, by, now = self._tools.store, access.user.id, self._tools.clock()
        members = {one.user_id for one in store.documents.members(access.id)}
        given = {one.user_id: one.round_id for one in opinions if one.user_id is not None}
        self._notifications.tell(access.id, News.ANSWERED, by, given)
        asked = [
            Notification(
                self._tools.new_id(), user_id, access.id, News.ANSWERED, by, now, round_id=round_id
            )
            for user_id, round_id in given.items()
            if user_id not in members and round_id is not None
        ]  # fmt: skip
        with suppress(StoreUnavailable, ValueError):  # what was sent is kept: nothing is undone
            store.notifications.add(asked, KEEP)


def synthesis_of(store: Store, document_id: DocumentId) -> Synthesis:
    """All of a document's opinions, with how they are grouped, cut and answered. Blocks."""
    return Synthesis(
        tuple(store.opinions.for_document(document_id)),
        tuple(store.syntheses.groups(document_id)),
        tuple(store.syntheses.pieces(document_id)),
    )


def _replies(synthesis: Synthesis, wanted: frozenset[str]) -> dict[str, Reply]:
    """What was sent for the `wanted` opinions, and for the pieces of those that were cut."""
    whole = {piece.id: piece.whole for piece in synthesis.pieces}
    replies: dict[str, Reply] = {}
    for heap in synthesis.heaps:
        answer = heap.answer
        if answer is None or answer.sent_at is None:
            continue
        reply = Reply(answer.stance, answer.text, answer.sent_at, tuple(one.change for one in heap.links))
        replies |= dict.fromkeys(
            (id_ for id_ in heap.opinions if id_ in wanted or whole.get(id_) in wanted), reply
        )
    return replies


def _grouped(board: Board, heap: Heap) -> Grouped:
    """As it is printed: a change by where it stands in the draft now, what was undone left out."""
    changes = []
    for link, now in heap.led:
        if now.standing is not Standing.UNDONE:
            path = next((board.paths[id_] for id_ in now.provisions if id_ in board.paths), link.change.path)
            changes.append((link.change.what, path))
    return Grouped(heap.group, heap.opinions, heap.place, tuple(dict.fromkeys(changes)))
