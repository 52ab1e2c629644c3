"""E-mail to the units asked in a round of opinions: dates and a link, never a word of the draft."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from anyio import to_thread

from duthao.domain.days import moment
from duthao.domain.errors import Refusal
from duthao.domain.opinions import MAX_GIVER, Opinion, checked_line, checked_words
from duthao.domain.rounds import MAX_INVITED, Invitation, Round, deadline_of
from duthao.domain.text import squeeze
from duthao.messages import Catalogue
from duthao.service.digests import Post
from duthao.service.notifications import checked_address
from duthao.settings import Settings
from duthao.store.ports import DocumentRecord, Store, StoreUnavailable

log = logging.getLogger("duthao.rounds")


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to a unit. `body` may hold a private link, so it is never shown or logged."""

    address: str
    subject: str
    body: str = field(repr=False)


class Letters:
    """Nobody is written to without a `post`, which takes (address, subject, body) away."""

    def __init__(self, settings: Settings, post: Post | None) -> None:
        self._settings, self._post = settings, post

    @property
    def are_sent(self) -> bool:
        return self._post is not None and bool(self._settings.origins)

    def written(
        self, title: str, round_: Round, one: Invitation, about: str, token: str | None
    ) -> Letter | None:
        """What is told to who is asked, if they have an address: `about` is invited, reminded or answered.

        The title ("" for none) stands there only where the house names titles in e-mail.
        """
        if not (self.are_sent and one.address):
            return None
        say = Catalogue("vi")
        until = moment(deadline_of(round_, one))
        named = (title if self._settings.mail_titles else "") or say("rounds.mail.document")
        lines = [say("rounds.mail.greeting", name=one.name), ""]
        lines += [say(f"rounds.mail.{about}", title=named, until=until)]
        if token is not None:
            lines += ["", f"{self._settings.origins[0]}/answer/{token}", "", say("rounds.mail.keep")]
        elif one.token_hash is not None:
            lines += ["", say("rounds.mail.same_link")]
        lines += ["", say("rounds.mail.end")]
        return Letter(one.address, say(f"rounds.mail.subject.{about}", until=until), "\n".join(lines))

    def of_answers(
        self, store: Store, record: DocumentRecord, opinions: Iterable[Opinion]
    ) -> tuple[Letter, ...]:
        """One to each unit that gave some of these opinions in a round: their page shows the answers. Blocks.

        None while the store cannot be read: what was answered is kept, and nobody waits for a letter.
        """
        by_round: dict[str, set[str]] = {}
        for one in opinions:
            if one.round_id is not None:
                by_round.setdefault(one.round_id, set()).add(one.source_id)
        found: list[Letter | None] = []
        with suppress(StoreUnavailable):
            for round_id, answers in by_round.items():
                gave = {one.invitation_id for one in store.rounds.answers(round_id) if one.id in answers}
                round_ = store.rounds.get(round_id)
                found += [
                    self.written(record.mailed_title, round_, one, "answered", None)
                    for one in store.rounds.invitations(round_id)
                    if round_ is not None and one.id in gave and one.withdrawn_at is None
                ]
        return tuple(one for one in found if one is not None)

    async def deliver(self, letters: Sequence[Letter]) -> int:
        """Hand them to the mail server, one after the other; how many it took. Meant for afterwards."""
        return await to_thread.run_sync(self.deliver_now, letters) if letters else 0

    def deliver_now(self, letters: Sequence[Letter]) -> int:
        """The same, blocking."""
        taken = 0
        for one in letters:
            try:
                if self._post is not None:
                    self._post(one.address, one.subject, one.body)
                    taken += 1
            except OSError as error:
                # What the server says may name the address; what sort of refusal it was does not.
                log.warning("letter.failed error=%s", type(error).__name__)
        return taken


def units_of(lines: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses of units, one a line: "name; address", the address optional.

    Raises Refusal: mail_address_bad, opinion_too_long (`field`, `most`), invited_too_many, unit_twice
    (`name`), opinion_giver_missing.
    """
    found: dict[str, str] = {}
    text = checked_words(lines, "units", MAX_INVITED * (MAX_GIVER + 260))
    for line in text.split("\n"):
        name, _, address = line.partition(";")
        name, address = squeeze(checked_line(name, "giver", MAX_GIVER)), address.strip()
        if not name:
            if address:
                raise Refusal("opinion_giver_missing")
            continue
        if name in found:
            raise Refusal("unit_twice", name=name[:40])
        found[name] = checked_address(address) if address else ""
        if len(found) > MAX_INVITED:
            raise Refusal("invited_too_many", most=MAX_INVITED)
    return tuple(found.items())
