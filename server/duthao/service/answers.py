"""Answering a round of opinions: the page of who is asked, with or without an account."""

from __future__ import annotations

import hashlib
import itertools
import logging
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from anyio import to_thread

from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document
from duthao.domain.errors import Refusal
from duthao.domain.rounds import (
    Answer,
    File,
    Invitation,
    Round,
    Said,
    Way,
    check_complete,
    checked_said,
    deadline_of,
    is_late,
    newest,
    opinions_of,
    revised,
)
from duthao.domain.text import clean_line
from duthao.service.asked import Asked, asked_by_link, asked_for_others, asked_of_user
from duthao.service.comparison import Comparisons, Side
from duthao.service.ports import Tools
from duthao.service.sessions import MINUTE, Throttle, hash_of
from duthao.service.versions import Versions
from duthao.store.ports import DocumentRecord, EpochMillis, User, Version

MAX_FILE: Final = 5 * 1024 * 1024
MAX_FILES: Final = 5
MAX_FILE_NAME: Final = 120
MAX_TOKEN: Final = 100

WRONG_LINKS: Final = 30
"""Links that lead nowhere, from one address in ten minutes: more are not looked up."""
SAVES: Final = 300
"""Savings, sendings and files of one person in ten minutes."""
KNOWN: Final = 64
"""Frozen drafts whose provisions are remembered."""

log = logging.getLogger("duthao.rounds")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is asked about: the frozen draft, and how it stands to the text in force of then, if there was
    one.
    """

    version: Version
    document: Document
    before: Side | None
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody's answer stands. `sent` is what they sent last; `may_send` whether that, or a first
    one, can still come; `late` whether it would be.
    """

    said: Said
    edition: int
    saved_at: int | None
    sent: Answer | None
    files: tuple[File, ...]
    deadline: int
    closed: bool
    late: bool

    @property
    def may_send(self) -> bool:
        return not self.closed and not (self.late and self.sent is not None)

    @property
    def unsent(self) -> bool:
        """Whether something has been changed since it was sent."""
        return self.sent is not None and self.sent.said != self.said


@dataclass(frozen=True, slots=True)
class Waiting:
    """A round in which somebody is asked."""

    record: DocumentRecord
    round: Round
    invitation: Invitation
    answered: bool

    @property
    def deadline(self) -> int:
        return deadline_of(self.round, self.invitation)


class Answers:
    def __init__(self, tools: Tools, versions: Versions, comparisons: Comparisons) -> None:
        self._tools, self._versions, self._comparisons = tools, versions, comparisons
        self._wrong = Throttle(WRONG_LINKS, 10 * MINUTE)
        self._busy = Throttle(SAVES, 10 * MINUTE)
        self._known: OrderedDict[str, frozenset[str]] = OrderedDict()

    # --- coming in ---------------------------------------------------------------------------

    async def of_user(self, user: User, round_id: str) -> Asked:
        """Raises Refusal round_not_found."""
        day = self._tools.today().isoformat()
        return await to_thread.run_sync(asked_of_user, self._tools.store, user, round_id, day)

    async def by_link(self, token: str, address: str) -> Asked:
        """Raises Refusal: link_dead; round_too_often when too many links from this address led nowhere."""
        now = self._tools.clock()
        if self._wrong.wait(address, now):
            raise Refusal("round_too_often")
        try:
            if not token or len(token) > MAX_TOKEN:
                raise Refusal("link_dead")
            return await to_thread.run_sync(asked_by_link, self._tools.store, hash_of(token), now)
        except Refusal:
            self._wrong.failed(address, now)
            raise

    async def waiting(self, user: User) -> tuple[Waiting, ...]:
        """Rounds that are not closed in which this person is asked, newest first, then those in which they
        stand for somebody."""
        return await to_thread.run_sync(self._waiting, user)

    def _waiting(self, user: User) -> tuple[Waiting, ...]:
        store = self._tools.store
        found = []
        day = self._tools.today().isoformat()
        for round_, invitation in [*store.rounds.of_user(user.id), *asked_for_others(store, user, day)]:
            record = None if round_.closed_at else store.documents.get(round_.document_id)
            if record is not None:
                answered = bool(store.rounds.answers(round_.id, invitation.id))
                found.append(Waiting(record, round_, invitation, answered))
        return tuple(found)

    # --- looking -----------------------------------------------------------------------------

    async def look(self, asked: Asked) -> State:
        """How their answer stands; that they looked is kept."""
        return await to_thread.run_sync(self._look, asked)

    def _look(self, asked: Asked) -> State:
        now, invitation = self._tools.clock(), asked.invitation
        if now - (invitation.seen_at or 0) >= MINUTE:
            self._tools.store.rounds.opened(invitation.id, now)
        return self._state(asked, now)

    def _state(self, asked: Asked, now: EpochMillis) -> State:
        store, round_, invitation = self._tools.store, asked.round, asked.invitation
        return State(
            invitation.draft, invitation.draft_edition, invitation.draft_at, self._sent(asked),
            tuple(store.rounds.files(round_.id, invitation.id)), deadline_of(round_, invitation),
            round_.closed_at is not None, is_late(round_, invitation, now),
        )  # fmt: skip

    def _sent(self, asked: Asked) -> Answer | None:
        found = newest(self._tools.store.rounds.answers(asked.round.id, asked.invitation.id))
        return next((one for one in found.values() if one.way is Way.PAGE), None)

    async def paper(self, asked: Asked) -> Paper:
        """What they are asked about. Raises Refusal: version_damaged, busy, comparison_failed."""
        version, document = await self._versions.open(asked, asked.round.version_id)
        if asked.round.before_id is None:
            return Paper(version, document, None, None)
        earlier, text = await self._versions.open(asked, asked.round.before_id)
        before = Side(text, earlier, earlier.seq)
        after = Side(document, version, version.seq)
        comparison = await self._comparisons.of_texts(asked, before, after)
        return Paper(version, document, before, comparison)

    # --- answering ---------------------------------------------------------------------------

    async def save(self, asked: Asked, said: Said, seen: int) -> int:
        """Keep what they have written so far, unsent, in place of edition `seen`; the new edition.

        Raises Refusal: answer_changed when another window was quicker, round_closed, answer_settled,
        round_too_often, and as `domain.rounds.checked_said`.
        """
        said = await self._checked(asked, said)
        await to_thread.run_sync(self._save, asked, said, seen)
        return seen + 1

    async def _checked(self, asked: Asked, said: Said) -> Said:
        self.hurried(asked.invitation.id)
        return checked_said(said, await self.provisions(asked))

    def hurried(self, who: str) -> None:
        """Raises Refusal round_too_often."""
        now = self._tools.clock()
        if self._busy.wait(who, now):
            raise Refusal("round_too_often")
        self._busy.failed(who, now)

    async def provisions(self, asked: Asked) -> frozenset[str]:
        """The ids of the frozen draft's provisions."""
        version_id = asked.round.version_id
        if version_id not in self._known:
            _, document = await self._versions.open(asked, version_id)
            self._known[version_id] = frozenset(one.id for one in document.provisions)
            if len(self._known) > KNOWN:
                self._known.popitem(last=False)
        return self._known[version_id]

    def _save(self, asked: Asked, said: Said, seen: int) -> State:
        now = self._tools.clock()
        state = self._state(asked, now)
        if not state.may_send:
            raise Refusal("round_closed" if state.closed else "answer_settled")
        if not self._tools.store.rounds.save_draft(asked.invitation.id, said, now, seen):
            raise Refusal("answer_changed")
        return state

    async def send(self, asked: Asked, said: Said, seen: int) -> Answer:
        """Send it: from now on it counts. Until the deadline it may be sent again, changed.

        Raises Refusal: verdict_missing, opinion_empty, and as `save`; what was written is saved first.
        """
        said = await self._checked(asked, said)
        answer = await to_thread.run_sync(self._send, asked, said, seen)
        log.info("answer.sent round=%s invitation=%s", asked.round.id, asked.invitation.id)
        return answer

    def _send(self, asked: Asked, said: Said, seen: int) -> Answer:
        store, round_, invitation = self._tools.store, asked.round, asked.invitation
        state = self._save(asked, said, seen)
        check_complete(said)
        now, last = self._tools.clock(), state.sent
        answer = Answer(
            last.id if last else self._tools.new_id(), round_.id, invitation.id,
            last.edition + 1 if last else 1, Way.PAGE, invitation.name, said, now, now,
            is_late(round_, invitation, now), asked.deputy.id if asked.deputy else None,
        )  # fmt: skip
        before = store.opinions.of_answer(round_.id, answer.id)
        new, gone = revised(before, opinions_of(answer, round_, invitation.user_id, self.ids()))
        if not store.rounds.send(answer, new, [one.id for one in gone]):
            raise Refusal("answer_changed")
        return answer

    def ids(self) -> Iterator[str]:
        """New ids without end."""
        return (self._tools.new_id() for _ in itertools.count())

    # --- files -------------------------------------------------------------------------------

    async def attach(self, asked: Asked, name: str, content: bytes) -> None:
        """Raises Refusal: file_missing, file_too_large (`size`), files_too_many (`most`), round_closed,
        answer_settled, round_too_often.
        """
        self.hurried(asked.invitation.id)
        name = clean_line(name.replace("\\", "/").rpartition("/")[2][-MAX_FILE_NAME:]).strip(". ")
        if not name or not content:
            raise Refusal("file_missing")
        if len(content) > MAX_FILE:
            raise Refusal("file_too_large", size=f"{MAX_FILE // 2**20} MiB")
        await to_thread.run_sync(self._attach, asked, name, content)

    def _attach(self, asked: Asked, name: str, content: bytes) -> None:
        store, now = self._tools.store, self._tools.clock()
        state = self._state(asked, now)
        if not state.may_send:
            raise Refusal("round_closed" if state.closed else "answer_settled")
        if len(state.files) >= MAX_FILES:
            raise Refusal("files_too_many", most=MAX_FILES)
        digest = hashlib.sha256(content).hexdigest()
        one = File(self._tools.new_id(), asked.round.id, asked.invitation.id, name, len(content), digest, now)
        store.rounds.add_file(one, content)

    async def detach(self, asked: Asked, file_id: str) -> None:
        """Take a file back that has not been sent. Raises Refusal: file_not_found, file_sent."""
        await to_thread.run_sync(self._detach, asked, file_id)

    def _detach(self, asked: Asked, file_id: str) -> None:
        state = self._state(asked, self._tools.clock())
        found = next((one for one in state.files if one.id == file_id), None)
        if found is None:
            raise Refusal("file_not_found")
        if state.sent is not None and found.at <= state.sent.sent_at:
            raise Refusal("file_sent")
        self._tools.store.rounds.remove_file(asked.round.id, file_id)

    async def file(self, asked: Asked, file_id: str) -> tuple[File, bytes]:
        """One of their own files. Raises Refusal file_not_found."""
        found = await to_thread.run_sync(self._tools.store.rounds.file, asked.round.id, file_id[:64])
        if found is None or found[0].invitation_id != asked.invitation.id:
            raise Refusal("file_not_found")
        return found
