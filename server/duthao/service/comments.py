"""Comments: people talk beside the text, about words of it, a provision, or all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from anyio import to_thread

from duthao.domain.anchors import (
    Anchor,
    Carried,
    On,
    Spot,
    Standing,
    Stretch,
    Texts,
    anchored,
    carried,
    shortened,
    whole,
    worth_holding,
)
from duthao.domain.document import Document, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.names import name_key
from duthao.domain.outline import Entry, Outline
from duthao.domain.text import clean
from duthao.service.access import Access, Permission, document_for
from duthao.service.notifications import Notifications
from duthao.service.outlines import Outlines, article_of
from duthao.service.people import Colours, people_of
from duthao.service.ports import Tools
from duthao.service.versions import Versions
from duthao.store.ports import Comment, EpochMillis, News, Seq, StoreUnavailable, Thread, User, Version

MAX_TEXT: Final = 4_000
MAX_OPEN: Final = 2_000
MAX_IN_ALL: Final = 10_000
MAX_REPLIES: Final = 200
MAX_MENTIONS: Final = 50
MAX_SEEN: Final = 200_000
"""Characters of a text that somebody says they saw."""
PER_MINUTE: Final = 30
MINUTE: Final = 60_000
MAX_ID: Final = 64


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a comment, and whom they mention."""

    text: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What a comment shall be about. `made_on` is the text as the person saw it; None: as it stands."""

    on: On
    provision: str = ""
    cell: int | None = None
    start: int = 0
    end: int = 0
    made_on: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A thread as it stands today.

    `provision` is the one it stands on, None when that is gone or it is about the whole document;
    `path` is where that stands, or stood when the thread was begun.
    """

    thread: Thread
    comments: tuple[Comment, ...]
    carried: Carried
    provision: ProvisionId | None
    path: str
    article: Entry | None


@dataclass(frozen=True, slots=True)
class Listing:
    """All threads in reading order, the people they name, everybody at the document, and the versions
    (without their trees) when comments were made on some.
    """

    seq: Seq
    threads: tuple[Shown, ...]
    people: Mapping[UserId, User]
    members: tuple[User, ...]
    versions: Mapping[str, Version]
    colours: Colours


class Comments:
    def __init__(
        self, tools: Tools, versions: Versions, notifications: Notifications, outlines: Outlines
    ) -> None:
        self._tools, self._versions = tools, versions
        self._notifications, self._outlines = notifications, outlines

    async def list(self, user: User, document_id: str) -> Listing:
        access = await document_for(self._tools.store, user, document_id, Permission.READ)
        document, seq = await self._tools.rooms.read(access.id)
        return await self.standing(access, document, seq)

    async def standing(self, access: Access, document: Document, seq: Seq) -> Listing:
        """All threads, where they stand in the live draft as it was read at `seq`."""
        return await to_thread.run_sync(self._listing, access, document, seq)

    def _listing(self, access: Access, document: Document, seq: Seq) -> Listing:
        store = self._tools.store
        said: dict[str, list[Comment]] = {}
        for comment in store.comments.for_document(access.id):
            said.setdefault(comment.thread_id, []).append(comment)
        texts, read = Texts(document), self._outlines.of(access.id, document)
        at = {entry.provision.id: n for n, entry in enumerate(read.entries)}
        shown: list[tuple[tuple[float, bool, int, EpochMillis, str], Shown]] = []
        held: dict[str, tuple[Stretch, ...]] = {}
        for thread in store.comments.threads(access.id):
            if thread.id not in said:
                continue  # begun, or removed, between the two readings
            found = carried(thread.anchor, thread.held, texts)
            made = thread.anchor.made
            worth = None if made is None else worth_holding(made, thread.held, found.stretches)
            if worth is not None:
                held[thread.id] = worth
            one = _shown(thread, tuple(said[thread.id]), found, read, at)
            place = len(at) if one.provision is None else at[one.provision]
            orphaned = found.standing is Standing.ORPHANED
            start = found.stretches[0].start if found.stretches else 0
            key = (place + (thread.anchor.made is None), orphaned, start, thread.created_at, thread.id)
            shown.append((key, one))
        if held:
            # Only saves the way; whoever lists next keeps it when this cannot be written now.
            with suppress(StoreUnavailable):
                store.comments.hold(access.id, held)
        threads = tuple(one for _, one in sorted(shown, key=lambda pair: pair[0]))
        return self._with_people(access, seq, threads)

    def _with_people(self, access: Access, seq: Seq, threads: tuple[Shown, ...]) -> Listing:
        store = self._tools.store
        members = [one.user_id for one in store.documents.members(access.id)]
        named = {comment.author for one in threads for comment in one.comments}
        for one in threads:
            named |= {one.thread.author}
            named |= {id_ for id_ in (one.thread.assigned, one.thread.resolved_by) if id_ is not None}
        people = people_of(store, {*members, *named})
        there = (people[id_] for id_ in members if id_ in people and not people[id_].disabled)
        versions = {}
        if any(one.thread.version for one in threads):
            versions = {one.id: one for one in store.versions.for_document(access.id)}
        by_name = tuple(sorted(there, key=lambda one: (name_key(one.name), one.id)))
        return Listing(seq, threads, people, by_name, versions, access.colours())

    # By those who may comment

    async def begin(
        self, user: User, document_id: str, said: Said, place: Place, *,
        assigned: str | None = None, version: str | None = None,
    ) -> tuple[Thread, Comment]:  # fmt: skip
        """A new thread, on the live draft or on a frozen version.

        Raises Refusal: comment_empty, comment_too_long, mention_unknown, comment_anchor_bad,
        comment_place_gone (the words were taken out while the comment was written), version_not_found,
        comments_too_many, comments_too_often.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)
        if version is None:
            document, seq = await self._tools.rooms.read(access.id)
        else:
            kept, document = await self._versions.open(access, version)
            seq = kept.seq
        made = await to_thread.run_sync(self._begin, access, said, place, assigned, version, document, seq)
        await self._tools.rooms.comments_changed(access.id)
        return made

    def _begin(
        self, access: Access, said: Said, place: Place, assigned: str | None, version: str | None,
        document: Document, seq: Seq,
    ) -> tuple[Thread, Comment]:  # fmt: skip
        text, mentions = self._checked(access, said)
        to = None if assigned is None else self._member(access, assigned)
        now = self._tools.clock()
        tally = self._counted(access, now)
        if tally >= MAX_OPEN:
            raise Refusal("comments_too_many", most=MAX_OPEN)
        anchor = _anchor(Texts(document), place)
        made = anchor.made
        path = ""
        if made is not None:
            path = self._outlines.of(access.id, document).by_id[made.spot.provision].path
        thread = Thread(
            self._tools.new_id(), access.id, access.user.id, anchor, path, seq, version, now, assigned=to
        )
        comment = Comment(self._tools.new_id(), access.id, thread.id, access.user.id, text, mentions, now)
        self._tools.store.comments.add(thread, comment)
        self._tell(thread, News.ASSIGNED, access, [to] if to else [])
        self._tell(thread, News.MENTIONED, access, [one for one in mentions if one != to])
        return thread, comment

    def _tell(self, thread: Thread, news: News, access: Access, whom: Iterable[UserId]) -> None:
        self._notifications.tell(access.id, news, access.user.id, whom, thread=thread.id)

    async def reply(self, user: User, document_id: str, thread_id: str, said: Said) -> Comment:
        """Raises Refusal: as `begin`, comment_not_found."""
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)

        def replied() -> Comment:
            text, mentions = self._checked(access, said)
            thread = self._thread(access, thread_id)
            now = self._tools.clock()
            self._counted(access, now)
            before = self._tools.store.comments.for_document(access.id, thread.id)
            if len(before) > MAX_REPLIES:
                raise Refusal("comments_too_many", most=MAX_REPLIES)
            one = Comment(self._tools.new_id(), access.id, thread.id, access.user.id, text, mentions, now)
            try:
                self._tools.store.comments.reply(one)
            except ValueError:  # its thread was removed just now
                raise Refusal("comment_not_found") from None
            there = [thread.author, *(was.author for was in before if not was.removed)]
            there += [] if thread.assigned is None else [thread.assigned]
            self._tell(thread, News.MENTIONED, access, mentions)
            self._tell(thread, News.REPLIED, access, [id_ for id_ in there if id_ not in mentions])
            return one

        made = await to_thread.run_sync(replied)
        await self._tools.rooms.comments_changed(access.id)
        return made

    async def edit(
        self, user: User, document_id: str, thread_id: str, comment_id: str, edition: int, said: Said
    ) -> Comment:
        """Other words for one's own comment.

        Raises Refusal: as `reply`, comment_not_yours, comment_changed.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)

        def edited() -> Comment:
            text, mentions = self._checked(access, said)
            one = self._comment(access, thread_id, comment_id, edition)
            if one.author != access.user.id:
                raise Refusal("comment_not_yours")
            now = self._tools.clock()
            self._counted(access, now)
            made = self._put(replace(one, text=text, mentions=mentions, edited_at=now))
            new = [user_id for user_id in mentions if user_id not in one.mentions]
            self._tell(self._thread(access, thread_id), News.MENTIONED, access, new)
            return made

        made = await to_thread.run_sync(edited)
        await self._tools.rooms.comments_changed(access.id)
        return made

    async def remove(
        self, user: User, document_id: str, thread_id: str, comment_id: str, edition: int
    ) -> None:
        """One's own comment, or as a lead anybody's; with the last one its thread goes.

        Raises Refusal: comment_not_found, comment_not_yours, comment_changed.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)

        def removed() -> None:
            one = self._comment(access, thread_id, comment_id, edition)
            if one.author != access.user.id and not access.may(Permission.MANAGE):
                raise Refusal("comment_not_yours")
            door = self._tools.store.comments
            others = [c for c in door.for_document(access.id, one.thread_id) if c.id != one.id]
            if all(other.removed for other in others):
                door.remove(access.id, one.thread_id)
            else:
                self._put(replace(one, text="", mentions=(), removed=True))

        await to_thread.run_sync(removed)
        await self._tools.rooms.comments_changed(access.id)

    # The thread's state

    async def resolve(
        self, user: User, document_id: str, thread_id: str, edition: int, *, resolved: bool
    ) -> None:
        """Done with, or open again: by who began it, whom it is assigned to, those who write.

        Raises Refusal: comment_not_found, comment_not_yours, comment_changed.
        """
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)

        def done() -> None:
            thread = self._thread(access, thread_id, edition)
            if access.user.id not in (thread.author, thread.assigned) and not access.may(Permission.WRITE):
                raise Refusal("comment_not_yours")
            if (thread.resolved_by is not None) == resolved:
                raise Refusal("comment_changed")
            by = (access.user.id, self._tools.clock()) if resolved else (None, None)
            self._put_thread(replace(thread, resolved_by=by[0], resolved_at=by[1]))
            self._tell(thread, News.RESOLVED, access, [thread.author] if resolved else [])

        await to_thread.run_sync(done)
        await self._tools.rooms.comments_changed(access.id)

    async def assign(
        self, user: User, document_id: str, thread_id: str, edition: int, to: str | None
    ) -> None:
        """Raises Refusal: comment_not_found, comment_not_yours, comment_changed, mention_unknown."""
        access = await document_for(self._tools.store, user, document_id, Permission.COMMENT)

        def assigned() -> None:
            thread = self._thread(access, thread_id, edition)
            if access.user.id != thread.author and not access.may(Permission.WRITE):
                raise Refusal("comment_not_yours")
            whom = None if to is None else self._member(access, to)
            self._put_thread(replace(thread, assigned=whom))
            self._tell(thread, News.ASSIGNED, access, [whom] if whom and whom != thread.assigned else [])

        await to_thread.run_sync(assigned)
        await self._tools.rooms.comments_changed(access.id)

    # What all of them lean on; blocking

    def _checked(self, access: Access, said: Said) -> tuple[str, tuple[UserId, ...]]:
        """Raises Refusal: comment_empty, comment_too_long, mention_unknown."""
        if len(said.text) > 2 * MAX_TEXT:
            raise Refusal("comment_too_long", most=MAX_TEXT)
        text = clean(said.text).text.strip()
        if not text:
            raise Refusal("comment_empty")
        if len(text) > MAX_TEXT:
            raise Refusal("comment_too_long", most=MAX_TEXT)
        wanted = list(dict.fromkeys(said.mentions))
        if len(wanted) > MAX_MENTIONS:
            raise Refusal("mention_unknown")
        return text, tuple(self._member(access, one) for one in wanted)

    def _member(self, access: Access, user_id: str) -> UserId:
        known = self._tools.store.documents.membership(access.id, UserId(user_id[:MAX_ID]))
        if known is None:
            raise Refusal("mention_unknown")
        return known.user_id

    def _counted(self, access: Access, now: EpochMillis) -> int:
        """How many threads are open. Raises Refusal: comments_too_many, comments_too_often."""
        store = self._tools.store
        tally = store.comments.tally(access.id, access.user.id, EpochMillis(now - MINUTE))
        if tally.comments >= MAX_IN_ALL:
            raise Refusal("comments_too_many", most=MAX_IN_ALL)
        if tally.recent >= PER_MINUTE:
            raise Refusal("comments_too_often", most=PER_MINUTE)
        return tally.open

    def _thread(self, access: Access, thread_id: str, edition: int | None = None) -> Thread:
        found = None
        if len(thread_id) <= MAX_ID:
            found = self._tools.store.comments.thread(access.id, thread_id)
        if found is None:
            raise Refusal("comment_not_found")
        if edition not in (None, found.edition):
            raise Refusal("comment_changed")
        return found

    def _comment(self, access: Access, thread_id: str, comment_id: str, edition: int) -> Comment:
        thread = self._thread(access, thread_id)
        here = self._tools.store.comments.for_document(access.id, thread.id)
        found = next((one for one in here if one.id == comment_id and not one.removed), None)
        if found is None:
            raise Refusal("comment_not_found")
        if found.edition != edition:
            raise Refusal("comment_changed")
        return found

    def _put(self, one: Comment) -> Comment:
        """Raises Refusal comment_changed when somebody was quicker."""
        if not self._tools.store.comments.put_comment(one, one.edition):
            raise Refusal("comment_changed")
        return replace(one, edition=one.edition + 1)

    def _put_thread(self, one: Thread) -> None:
        if not self._tools.store.comments.put_thread(one, one.edition):
            raise Refusal("comment_changed")


def _shown(
    thread: Thread,
    comments: tuple[Comment, ...],
    found: Carried,
    read: Outline,
    at: Mapping[ProvisionId, int],
) -> Shown:
    stretches: Sequence[Stretch] = found.stretches or ([thread.anchor.made] if thread.anchor.made else [])
    here = next((one.spot.provision for one in stretches if one.spot.provision in at), None)
    if here is None:
        return Shown(thread, comments, found, None, thread.path, None)
    return Shown(thread, comments, found, here, read.entries[at[here]].path, article_of(read, at[here]))


def _anchor(texts: Texts, place: Place) -> Anchor:
    """Raises Refusal: comment_anchor_bad, comment_place_gone."""
    if place.on is On.DOCUMENT:
        return Anchor(On.DOCUMENT)
    if len(place.provision) > MAX_ID:
        raise Refusal("comment_anchor_bad")
    provision = ProvisionId(place.provision)
    if place.on is On.PROVISION:
        found = whole(texts, provision)
    else:
        spot = Spot(provision, place.cell)
        seen = texts.at.get(spot) if place.made_on is None else place.made_on
        if seen is not None and not (
            len(seen) <= MAX_SEEN
            and 0 <= place.start < place.end <= len(seen)
            and seen[place.start : place.end].strip()
        ):
            raise Refusal("comment_anchor_bad")
        found = anchored(texts, spot, place.start, place.end, place.made_on)
    if found is None or found.made is None:
        raise Refusal("comment_place_gone")
    return replace(found, made=shortened(found.made))
