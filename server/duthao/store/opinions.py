"""The doors to opinions and to rounds of opinions. No opinion and no answer is ever deleted.

As in `store.ports`: every method blocks, times are UTC milliseconds, "not there" is None or empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Opinion
from duthao.domain.rounds import Answer, File, Invitation, Round, Said
from duthao.store.delegations import DelegationDoors
from duthao.store.dossiers import DossierDoors
from duthao.store.programmes import ProgrammeDoors
from duthao.store.search import SearchDoors
from duthao.store.synthesis import SynthesisDoors
from duthao.store.tasks import TaskDoors
from duthao.store.units import UnitDoors


class Opinions(Protocol):
    """All opinions on documents (ý kiến), wherever they came from."""

    def add(self, opinions: Sequence[Opinion]) -> None:
        """One whose id is there already is left as it is: who gathers twice adds nothing twice.

        Raises ValueError when the document is not there.
        """
        ...

    def get(self, opinion_id: str) -> Opinion | None:
        """Also one that stands no more."""
        ...

    def for_document(self, document_id: DocumentId, *, past: bool = False) -> Sequence[Opinion]:
        """Oldest first (`at`, id). `past`: also those whose giver has sent other words instead."""
        ...

    def for_round(self, round_id: str, *, past: bool = False) -> Sequence[Opinion]: ...
    def of_answer(self, round_id: str, answer_id: str) -> Sequence[Opinion]:
        """Those of one answer that stand."""
        ...


class Rounds(Protocol):
    """Rounds, who is asked in them, and what they answered."""

    def create(self, round_: Round, invitations: Sequence[Invitation]) -> Round:
        """With the next number of its document. Raises ValueError as `invite`."""
        ...

    def get(self, round_id: str) -> Round | None: ...
    def for_document(self, document_id: DocumentId) -> Sequence[Round]:
        """Newest first."""
        ...

    def running(self, since: int) -> Sequence[Round]:
        """Of every document those not closed whose deadline is not before `since`, by it."""
        ...

    def put(self, round_: Round, seen: int) -> bool:
        """Its deadline and whether it is closed, as the next edition, in place of edition `seen`; False
        when that is not the one kept.
        """
        ...

    def invite(self, invitations: Sequence[Invitation]) -> None:
        """All or none. Raises ValueError when one of the people is asked in that round already."""
        ...

    def invitations(self, round_id: str) -> Sequence[Invitation]:
        """In the order in which they were asked."""
        ...

    def invitation(self, invitation_id: str) -> Invitation | None: ...
    def by_token(self, token_hash: str) -> Invitation | None: ...
    def of_user(self, user_id: UserId) -> Sequence[tuple[Round, Invitation]]:
        """Where this person is asked, newest round first; not where the invitation was withdrawn."""
        ...

    def put_invitation(self, invitation: Invitation) -> None:
        """What the lead has a say in: address, deadline, link, reminders, withdrawal."""
        ...

    def opened(self, invitation_id: str, at: int) -> None:
        """They looked: the first time is kept, and the last."""
        ...

    def save_draft(self, invitation_id: str, said: Said, at: int, seen: int) -> bool:
        """As the next edition of what they have not sent, in place of edition `seen`; False when that
        is not the one kept.
        """
        ...

    def send(self, answer: Answer, new: Sequence[Opinion], gone: Sequence[str]) -> bool:
        """Keep the answer and its new opinions; those of the ids `gone` stand no more from now on.

        All or nothing; False when this edition of it is there already.
        """
        ...

    def answers(self, round_id: str, invitation_id: str | None = None) -> Sequence[Answer]:
        """Every edition, oldest first (`sent_at`, id, edition)."""
        ...

    def add_file(self, file: File, content: bytes) -> None: ...
    def files(self, round_id: str, invitation_id: str | None = None) -> Sequence[File]:
        """Oldest first."""
        ...

    def file(self, round_id: str, file_id: str) -> tuple[File, bytes] | None: ...
    def remove_file(self, round_id: str, file_id: str) -> bool:
        """Whether it was there."""
        ...


class OpinionDoors(
    SynthesisDoors,
    DossierDoors,
    SearchDoors,
    UnitDoors,
    TaskDoors,
    ProgrammeDoors,
    DelegationDoors,
    Protocol,
):
    """What a store has for opinions."""

    @property
    def opinions(self) -> Opinions: ...
    @property
    def rounds(self) -> Rounds: ...
