"""Questions to the store that are asked in the same moment, answered by one reading.

Two hundred people who come at once ask the same two things each; read one by one, every
answer costs a hand-over to a thread and a transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Final, Generic, TypeVar

from anyio import to_thread

Q = TypeVar("Q")
A = TypeVar("A")

MOST: Final = 40
"""Questions of one reading: while the first of a crowd go on, the next are read."""
AT_ONCE: Final = 10
"""Questions answered before whoever was answered, and whatever else the loop has to do, has its turn."""


class Together(Generic[Q, A]):
    """`answer = await together(question)`; None when the reading has none.

    `read` runs in a thread with different questions, one reading at a time. Guarantees: a
    question is answered by a reading that began after it was asked, so nobody is told what
    was true before they came; a reading that fails fails for those who were in it, and for
    nobody else; one who no longer waits takes nothing from the others.
    """

    def __init__(self, read: Callable[[Sequence[Q]], Mapping[Q, A]]) -> None:
        self._read = read
        self._asked: dict[Q, list[asyncio.Future[A | None]]] = {}
        self._reading: asyncio.Task[None] | None = None

    async def __call__(self, question: Q) -> A | None:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[A | None] = loop.create_future()
        self._asked.setdefault(question, []).append(answer)
        if self._reading is None or self._reading.done():
            self._reading = loop.create_task(self._read_on(), name="together")
        return await answer

    async def _read_on(self) -> None:
        while self._asked:
            now = {question: self._asked.pop(question) for question in list(islice(self._asked, MOST))}
            try:
                found = await to_thread.run_sync(self._read, tuple(now))
                for count, (question, answers) in enumerate(now.items(), 1):
                    for answer in _waiting({question: answers}):
                        answer.set_result(found.get(question))
                    if count % AT_ONCE == 0:
                        await asyncio.sleep(0)
            except Exception as error:
                for answer in _waiting(now):
                    answer.set_exception(error)
            except BaseException:  # the loop ends
                for answer in _waiting(now):
                    answer.cancel()
                raise


def _waiting(asked: Mapping[Q, list[asyncio.Future[A | None]]]) -> list[asyncio.Future[A | None]]:
    return [answer for answers in asked.values() for answer in answers if not answer.done()]
