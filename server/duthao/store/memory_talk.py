"""What people say to one another, in memory: proposals, comments, notifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from duthao.domain.anchors import Stretch
from duthao.domain.delegations import DutyPart
from duthao.domain.document import DocumentId, UserId
from duthao.store.memory_tables import Door, alone
from duthao.store.news import OF_DOSSIER
from duthao.store.ports import (
    Comment,
    EpochMillis,
    MailWish,
    News,
    Notification,
    Proposal,
    Tally,
    Thread,
)


class MemoryProposals(Door):
    @alone
    def add(self, proposal: Proposal) -> None:
        self._tables.need_document(proposal.document_id)
        self._tables.need_user(proposal.author)
        if proposal.id in self._tables.proposals:
            raise ValueError("the proposal exists")
        self._tables.proposals[proposal.id] = proposal

    @alone
    def get(self, document_id: DocumentId, proposal_id: str) -> Proposal | None:
        found = self._tables.proposals.get(proposal_id)
        return found if found is not None and found.document_id == document_id else None

    @alone
    def put(self, proposal: Proposal, seen: int) -> bool:
        kept = self.get(proposal.document_id, proposal.id)
        if kept is None or kept.edition != seen:
            return False
        self._tables.proposals[proposal.id] = replace(proposal, edition=seen + 1)
        return True

    @alone
    def for_document(self, document_id: DocumentId) -> Sequence[Proposal]:
        here = [one for one in self._tables.proposals.values() if one.document_id == document_id]
        return tuple(sorted(here, key=lambda one: (one.created_at, one.id)))


class MemoryComments(Door):
    @alone
    def add(self, thread: Thread, comment: Comment) -> None:
        self._tables.need_document(thread.document_id)
        self._tables.need_user(thread.author)
        if thread.id in self._tables.threads:
            raise ValueError("the thread exists")
        self._tables.threads[thread.id] = thread
        try:
            self.reply(comment)
        except ValueError:
            del self._tables.threads[thread.id]
            raise

    @alone
    def reply(self, comment: Comment) -> None:
        self._tables.need_user(comment.author)
        if self.thread(comment.document_id, comment.thread_id) is None:
            raise ValueError("no such thread")
        if comment.id in self._tables.comments:
            raise ValueError("the comment exists")
        self._tables.comments[comment.id] = comment

    @alone
    def thread(self, document_id: DocumentId, thread_id: str) -> Thread | None:
        found = self._tables.threads.get(thread_id)
        return found if found is not None and found.document_id == document_id else None

    @alone
    def put_thread(self, thread: Thread, seen: int) -> bool:
        kept = self.thread(thread.document_id, thread.id)
        if kept is None or kept.edition != seen:
            return False
        self._tables.threads[thread.id] = replace(
            kept, assigned=thread.assigned, resolved_by=thread.resolved_by, resolved_at=thread.resolved_at,
            edition=seen + 1,
        )  # fmt: skip
        return True

    @alone
    def put_comment(self, comment: Comment, seen: int) -> bool:
        kept = self._tables.comments.get(comment.id)
        if kept is None or (kept.document_id, kept.edition) != (comment.document_id, seen):
            return False
        self._tables.comments[comment.id] = replace(
            kept, text=comment.text, mentions=comment.mentions, edited_at=comment.edited_at,
            removed=comment.removed, edition=seen + 1,
        )  # fmt: skip
        return True

    @alone
    def remove(self, document_id: DocumentId, thread_id: str) -> None:
        if self.thread(document_id, thread_id) is not None:
            for one in self.for_document(document_id, thread_id):
                del self._tables.comments[one.id]
            del self._tables.threads[thread_id]

    @alone
    def hold(self, document_id: DocumentId, held: Mapping[str, tuple[Stretch, ...]]) -> None:
        for thread_id, stretches in held.items():
            kept = self.thread(document_id, thread_id)
            if kept is not None:
                self._tables.threads[thread_id] = replace(kept, held=stretches)

    @alone
    def threads(self, document_id: DocumentId) -> Sequence[Thread]:
        here = [one for one in self._tables.threads.values() if one.document_id == document_id]
        return tuple(sorted(here, key=lambda one: (one.created_at, one.id)))

    @alone
    def for_document(self, document_id: DocumentId, thread_id: str | None = None) -> Sequence[Comment]:
        here = [one for one in self._tables.comments.values() if one.document_id == document_id]
        here = [one for one in here if thread_id in (None, one.thread_id)]
        return tuple(sorted(here, key=lambda one: (one.created_at, one.id)))

    @alone
    def tally(self, document_id: DocumentId, author: UserId, since: EpochMillis) -> Tally:
        said = self.for_document(document_id)
        return Tally(
            sum(one.resolved_by is None for one in self.threads(document_id)),
            len(said),
            sum(one.author == author and max(one.created_at, one.edited_at or 0) > since for one in said),
        )


class MemoryNotifications(Door):
    @alone
    def add(self, notifications: Sequence[Notification], keep: int) -> None:
        kept = self._tables.notifications
        for one in notifications:
            self._tables.need_document(one.document_id)
            self._tables.need_user(one.user_id)
            kept[one.id] = one
        for user_id in {one.user_id for one in notifications}:
            for old in self._of(user_id)[keep:]:
                del kept[old.id]

    def _of(self, user_id: UserId) -> list[Notification]:
        here = [one for one in self._tables.notifications.values() if one.user_id == user_id]
        return sorted(here, key=lambda one: (one.at, one.id), reverse=True)

    def _is_member(self, one: Notification) -> bool:
        is_member = (one.document_id, one.user_id) in self._tables.members
        return is_member or self._is_asked(one) or self._is_deputy(one) or self._is_of_group(one)

    def _is_deputy(self, one: Notification) -> bool:
        """Who was told that they are one, or answers this round in somebody's place."""
        return any(
            handed.deputy == one.user_id and handed.document_id == one.document_id and handed.ended_at is None
            and (
                one.news is News.DEPUTY
                or (
                    handed.part is DutyPart.ANSWERS and one.round_id is not None
                    and handed.about in ("", one.round_id)
                )
            )
            for handed in self._tables.delegations.values()
        )  # fmt: skip

    def _is_of_group(self, one: Notification) -> bool:
        return one.news in OF_DOSSIER and any(
            part.part == "person" and part.user_id == one.user_id
            for id_, dossier in self._tables.dossiers.items()
            if dossier.document_id == one.document_id
            for part in self._tables.dossier_parts[id_].values()
        )

    def _is_asked(self, one: Notification) -> bool:
        who = (one.round_id, one.user_id)
        asked = self._tables.invitations.values()
        return any((i.round_id, i.user_id) == who and i.withdrawn_at is None for i in asked)

    @alone
    def for_user(self, user_id: UserId) -> Sequence[Notification]:
        return tuple(one for one in self._of(user_id) if self._is_member(one))

    @alone
    def unread(self, user_id: UserId) -> int:
        return sum(not one.seen and self._is_member(one) for one in self._of(user_id))

    @alone
    def mark_seen(self, user_id: UserId, notification_ids: Sequence[str] | None = None) -> None:
        for one in self._of(user_id):
            if notification_ids is None or one.id in notification_ids:
                self._tables.notifications[one.id] = replace(one, seen=True)

    @alone
    def unmailed(self) -> Sequence[Notification]:
        wanted = [id_ for id_, wish in self._tables.mail_wishes.items() if wish.wanted]
        here = [one for user_id in wanted for one in self._of(user_id)]
        found = [one for one in here if not one.seen and not one.mailed and self._is_member(one)]
        return tuple(sorted(found, key=lambda one: (one.at, one.id)))

    @alone
    def mailed(self, notification_ids: Sequence[str]) -> None:
        for id_ in notification_ids:
            if id_ in self._tables.notifications:
                self._tables.notifications[id_] = replace(self._tables.notifications[id_], mailed=True)

    @alone
    def mail_wish(self, user_id: UserId) -> MailWish | None:
        return self._tables.mail_wishes.get(user_id)

    @alone
    def put_mail_wish(self, wish: MailWish) -> None:
        self._tables.need_user(wish.user_id)
        self._tables.mail_wishes[wish.user_id] = wish
