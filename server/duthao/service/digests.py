"""E-mail digests: how much waits for somebody and where, never what was said or what the draft says."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from anyio import to_thread

from duthao.domain.document import DocumentId, UserId
from duthao.messages import LANGUAGES, Catalogue
from duthao.service.background import beside
from duthao.service.ports import Tools
from duthao.settings import Settings
from duthao.store.ports import News, Notification, StoreUnavailable, User

LOOK_EVERY: Final = 30.0
"""Seconds between two looks at whether somebody has to be told."""

_MINUTE: Final = 60_000

Post = Callable[[str, str, str], None]
"""Takes a message (address, subject, body) away. Blocks; raises OSError when it does not."""

log = logging.getLogger("duthao.digests")


class Digests:
    """Sends each person who wants it at most one message in `mail_minutes`; nobody without a `post`."""

    def __init__(self, tools: Tools, settings: Settings, post: Post | None) -> None:
        self._tools, self._settings, self._post = tools, settings, post

    @property
    def are_sent(self) -> bool:
        return self._post is not None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Looks now and then, in the background."""
        if self._post is None:
            yield
            return
        async with beside(self._run(self._post), "digests"):
            yield

    async def _run(self, post: Post) -> None:
        while True:
            try:
                await to_thread.run_sync(self.send, post)
            except StoreUnavailable as error:
                log.warning("digests.waiting error=%s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    def send(self, post: Post) -> int:
        """Tell everybody whose turn it is; how many were told. Blocks. Raises StoreUnavailable."""
        store = self._tools.store
        with store.only_one("digests"):
            waiting: dict[UserId, list[Notification]] = {}
            for one in store.notifications.unmailed():
                waiting.setdefault(one.user_id, []).append(one)
            return sum(self._send_to(user_id, told, post) for user_id, told in waiting.items())

    def _send_to(self, user_id: UserId, told: Sequence[Notification], post: Post) -> bool:
        store, now = self._tools.store, self._tools.clock()
        wish, user = store.notifications.mail_wish(user_id), store.users.get(user_id)
        if wish is None or user is None or user.disabled:
            return False
        if now < wish.sent_at + self._settings.mail_minutes * _MINUTE:
            return False
        # Before it is sent: a mail server that fails is not asked again at once.
        store.notifications.put_mail_wish(replace(wish, sent_at=now))
        try:
            post(wish.address, *self._written(user, told))
        except OSError as error:
            # What the server says may name the address; what sort of refusal it was does not.
            log.warning("digest.failed user=%s error=%s", user_id, type(error).__name__)
            return False
        store.notifications.mailed([one.id for one in told])
        log.info("digest.sent user=%s notifications=%d", user_id, len(told))
        return True

    def _written(self, user: User, told: Sequence[Notification]) -> tuple[str, str]:
        """Subject and body, in the person's language."""
        say = Catalogue(next((one for one in LANGUAGES if one == user.language), LANGUAGES[0]))
        origin = self._settings.origins[0]
        by_document: dict[DocumentId, Counter[News]] = {}
        for one in told:
            by_document.setdefault(one.document_id, Counter())[one.news] += 1
        lines = [say("mail.greeting", name=user.name), "", say("mail.waiting", n=len(told))]
        for document_id, counts in by_document.items():
            lines += ["", self._name(document_id, say), f"{origin}/documents/{document_id}"]
            lines += [say(f"mail.news.{news.value}", n=counts[news]) for news in News if counts[news]]
        lines += ["", say("mail.all"), f"{origin}/notifications", "", say("mail.stop")]
        return say("mail.subject", n=len(told)), "\n".join(lines)

    def _name(self, document_id: DocumentId, say: Catalogue) -> str:
        record = self._tools.store.documents.get(document_id) if self._settings.mail_titles else None
        return (record.mailed_title if record else "") or say("mail.document")
