"""Opinions and rounds of opinions, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Opinion
from duthao.domain.rounds import Answer, File, Invitation, Round, Said
from duthao.store.memory_tables import Door, alone


class MemoryOpinions(Door):
    @alone
    def add(self, opinions: Sequence[Opinion]) -> None:
        for one in opinions:
            self._tables.need_document(one.document_id)
        for one in opinions:
            self._tables.opinions.setdefault(one.id, one)

    @alone
    def get(self, opinion_id: str) -> Opinion | None:
        return self._tables.opinions.get(opinion_id)

    @alone
    def for_document(self, document_id: DocumentId, *, past: bool = False) -> Sequence[Opinion]:
        return self._sorted([o for o in self._tables.opinions.values() if o.document_id == document_id], past)

    @alone
    def for_round(self, round_id: str, *, past: bool = False) -> Sequence[Opinion]:
        return self._sorted([o for o in self._tables.opinions.values() if o.round_id == round_id], past)

    @alone
    def of_answer(self, round_id: str, answer_id: str) -> Sequence[Opinion]:
        return tuple(one for one in self.for_round(round_id) if one.source_id == answer_id)

    def _sorted(self, found: list[Opinion], past: bool) -> Sequence[Opinion]:
        here = [one for one in found if past or one.id not in self._tables.opinions_gone]
        return tuple(sorted(here, key=lambda one: (one.at, one.id)))


class MemoryRounds(Door):
    @alone
    def create(self, round_: Round, invitations: Sequence[Invitation]) -> Round:
        self._tables.need_document(round_.document_id)
        self._tables.need_user(round_.created_by)
        if round_.id in self._tables.rounds:
            raise ValueError("the round exists")
        earlier = [
            one.number for one in self._tables.rounds.values() if one.document_id == round_.document_id
        ]
        made = replace(round_, number=max(earlier, default=0) + 1)
        self._tables.rounds[made.id] = made
        try:
            self.invite(invitations)
        except ValueError:
            del self._tables.rounds[made.id]
            raise
        return made

    @alone
    def get(self, round_id: str) -> Round | None:
        return self._tables.rounds.get(round_id)

    @alone
    def for_document(self, document_id: DocumentId) -> Sequence[Round]:
        here = [one for one in self._tables.rounds.values() if one.document_id == document_id]
        return tuple(sorted(here, key=lambda one: one.number, reverse=True))

    @alone
    def running(self, since: int) -> Sequence[Round]:
        here = [r for r in self._tables.rounds.values() if r.closed_at is None and r.deadline >= since]
        return tuple(sorted(here, key=lambda one: (one.deadline, one.id)))

    @alone
    def put(self, round_: Round, seen: int) -> bool:
        kept = self._tables.rounds.get(round_.id)
        if kept is None or kept.edition != seen:
            return False
        self._tables.rounds[round_.id] = replace(
            kept, deadline=round_.deadline, closed_at=round_.closed_at, edition=seen + 1
        )
        return True

    @alone
    def invite(self, invitations: Sequence[Invitation]) -> None:
        asked = {(one.round_id, one.user_id) for one in self._tables.invitations.values() if one.user_id}
        for one in invitations:
            if one.round_id not in self._tables.rounds or one.id in self._tables.invitations:
                raise ValueError("no such round, or asked twice")
            if one.user_id is not None:
                self._tables.need_user(one.user_id)
                if (one.round_id, one.user_id) in asked:
                    raise ValueError("asked already")
                asked.add((one.round_id, one.user_id))
        for one in invitations:
            self._tables.invitations[one.id] = one

    @alone
    def invitations(self, round_id: str) -> Sequence[Invitation]:
        return tuple(one for one in self._tables.invitations.values() if one.round_id == round_id)

    @alone
    def invitation(self, invitation_id: str) -> Invitation | None:
        return self._tables.invitations.get(invitation_id)

    @alone
    def by_token(self, token_hash: str) -> Invitation | None:
        return next((o for o in self._tables.invitations.values() if o.token_hash == token_hash), None)

    @alone
    def of_user(self, user_id: UserId) -> Sequence[tuple[Round, Invitation]]:
        mine = [o for o in self._tables.invitations.values() if o.user_id == user_id and not o.withdrawn_at]
        found = [(self._tables.rounds[one.round_id], one) for one in mine]
        return tuple(sorted(found, key=lambda pair: (pair[0].created_at, pair[0].id), reverse=True))

    @alone
    def put_invitation(self, invitation: Invitation) -> None:
        kept = self._tables.invitations[invitation.id]
        self._tables.invitations[invitation.id] = replace(
            kept, address=invitation.address, deadline=invitation.deadline,
            token_hash=invitation.token_hash, link_until=invitation.link_until,
            reminders=invitation.reminders, reminded_at=invitation.reminded_at,
            withdrawn_at=invitation.withdrawn_at,
        )  # fmt: skip

    @alone
    def opened(self, invitation_id: str, at: int) -> None:
        kept = self._tables.invitations.get(invitation_id)
        if kept is not None:
            first = at if kept.opened_at is None else kept.opened_at
            self._tables.invitations[invitation_id] = replace(kept, opened_at=first, seen_at=at)

    @alone
    def save_draft(self, invitation_id: str, said: Said, at: int, seen: int) -> bool:
        kept = self._tables.invitations.get(invitation_id)
        if kept is None or kept.draft_edition != seen:
            return False
        self._tables.invitations[invitation_id] = replace(
            kept, draft=said, draft_at=at, draft_edition=seen + 1
        )
        return True

    @alone
    def send(self, answer: Answer, new: Sequence[Opinion], gone: Sequence[str]) -> bool:
        if answer.round_id not in self._tables.rounds:
            raise ValueError("no such round")
        if (answer.id, answer.edition) in self._tables.answers:
            return False
        MemoryOpinions(self._tables).add(new)
        self._tables.answers[answer.id, answer.edition] = answer
        self._tables.opinions_gone.update(gone)
        return True

    @alone
    def answers(self, round_id: str, invitation_id: str | None = None) -> Sequence[Answer]:
        here = [one for one in self._tables.answers.values() if one.round_id == round_id]
        here = [one for one in here if invitation_id in (None, one.invitation_id)]
        return tuple(sorted(here, key=lambda one: (one.sent_at, one.id, one.edition)))

    @alone
    def add_file(self, file: File, content: bytes) -> None:
        if file.invitation_id not in self._tables.invitations or file.id in self._tables.round_files:
            raise ValueError("no such invitation, or added twice")
        self._tables.round_files[file.id] = file, content

    @alone
    def files(self, round_id: str, invitation_id: str | None = None) -> Sequence[File]:
        here = [file for file, _ in self._tables.round_files.values() if file.round_id == round_id]
        here = [file for file in here if invitation_id in (None, file.invitation_id)]
        return tuple(sorted(here, key=lambda file: (file.at, file.id)))

    @alone
    def file(self, round_id: str, file_id: str) -> tuple[File, bytes] | None:
        found = self._tables.round_files.get(file_id)
        return found if found is not None and found[0].round_id == round_id else None

    @alone
    def remove_file(self, round_id: str, file_id: str) -> bool:
        if self.file(round_id, file_id) is None:
            return False
        del self._tables.round_files[file_id]
        return True
