"""Files from outside: read in a process of their own, shown, and only then saved."""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from multiprocessing.connection import Connection
from typing import Any, cast, get_args

from anyio import to_thread

from duthao.domain.document import Document, DocumentId, FrontMatter, NumberingPolicy, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Changes, Remark, RemarkCode
from duthao.domain.incoming.interpreting import MAX_DOCUMENTS
from duthao.domain.labels import Doubt
from duthao.domain.text import MAX_LINES, Note, NoteCode, clean_line, too_large
from duthao.formats.json import document_from_json, document_to_json
from duthao.service.documents import Documents, checked_title
from duthao.service.import_worker import Found, Incoming, Readers, main, take_in
from duthao.service.ports import Tools
from duthao.settings import Settings
from duthao.store.ports import User

log = logging.getLogger("duthao.import")

SECONDS = 150
"""A file is given up after this: LibreOffice's own bound and a little more."""

_LISTS = frozenset(f.name for f in fields(FrontMatter) if f.type == "tuple[str, ...]")

Told = Callable[[str], None]


class Imports:
    def __init__(self, tools: Tools, settings: Settings, documents: Documents, readers: Readers) -> None:
        self._tools, self._documents, self._readers = tools, documents, readers
        self._apart = settings.comparison_workers > 0
        self._turns = asyncio.Semaphore(max(settings.comparison_workers, 1))
        self._most = settings.comparison_queue
        self._waiting = 0

    async def read(self, data: bytes, told: Told = lambda step: None) -> Incoming:
        """What a file holds; saves nothing. Whoever cancels ends the process that reads it.

        `told` hears "waiting", "converting", "reading", "recognising", "original" as they begin.
        Raises Refusal: busy, import_too_large, import_too_slow, import_failed, and as the readers.
        """
        if self._waiting >= self._most:
            raise Refusal("busy")
        self._waiting += 1
        try:
            if self._turns.locked():
                told("waiting")
            async with self._turns:
                if not self._apart:
                    return await to_thread.run_sync(take_in, self._readers, data, lambda step: None)
                return await self._read_apart(data, told)
        finally:
            self._waiting -= 1

    async def _read_apart(self, data: bytes, told: Told) -> Incoming:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=main, args=(theirs, self._readers, data), daemon=False)
        await asyncio.to_thread(process.start)
        theirs.close()
        try:
            async with asyncio.timeout(SECONDS):
                while True:
                    answer = await _next(ours)
                    if answer[0] != "step":
                        return _outcome(answer)
                    told(answer[1])
        except TimeoutError:
            raise Refusal("import_too_slow", seconds=SECONDS) from None
        finally:
            process.kill()
            await asyncio.shield(asyncio.to_thread(process.join, 5))
            ours.close()

    async def save(self, user: User, title: str, document: Document) -> DocumentId:
        """One document of a paper as a new document. Raises as `save_all`."""
        (made,) = await self.save_all(user, [(title, document, None)])
        return made

    async def save_all(
        self, user: User, documents: Sequence[tuple[str, Document, str | None]]
    ) -> tuple[DocumentId, ...]:
        """Documents, each with its title and its numbering (None: as it was read), as new ones.

        Raises Refusal: title_missing, title_too_long, numbering_unknown, text_too_large, text_empty;
        all are looked at before one is saved.
        """
        ready = []
        for title, document, numbering in documents:
            if numbering is not None and numbering not in tuple(NumberingPolicy):
                raise Refusal("numbering_unknown", numbering=numbering[:40])
            clean = await to_thread.run_sync(tidy, document, self._tools.new_id)
            ready.append((checked_title(title), clean, numbering))
        return tuple([await self._documents.adopt(user, *one) for one in ready])


async def _next(line: Connection) -> tuple[Any, ...]:
    """What the process says next. Whoever cancels leaves the thread, which ends with the process."""
    try:
        return cast(tuple[Any, ...], await asyncio.to_thread(line.recv))
    except (EOFError, OSError):
        return ("failed", "ended")


def _outcome(answer: tuple[Any, ...]) -> Incoming:
    if answer[0] == "done":
        return cast(Incoming, answer[1])
    if answer[0] == "refused":
        raise Refusal(answer[1], **answer[2])
    log.error("import.failed error=%s", answer[1])
    raise Refusal("import_failed")


# --- what comes back from the page ----------------------------------------------------------


def tidy(document: Document, new_id: Callable[[], str]) -> Document:
    """A document that was away: new ids, every text fit to be stored, formats only where it was so.

    Raises Refusal: text_too_large, text_empty.
    """
    if len(document.provisions) > MAX_LINES:
        raise too_large()
    if not document.provisions and document.front == FrontMatter():
        raise Refusal("text_empty")

    def one(provision: Provision) -> Provision:
        text = clean_line(provision.text)
        return replace(
            provision,
            id=ProvisionId(new_id()),
            text=text,
            marks=provision.marks if text == provision.text else (),
            cells=tuple(map(clean_line, provision.cells)),
            order="",
            origin=None,
        )

    return Document(
        tuple(map(one, document.provisions)), with_front(document.front, {}), policy=document.policy
    )


def with_front(front: FrontMatter, given: Mapping[str, str]) -> FrontMatter:
    """The front matter with the fields a person wrote; of a list's field, each line is one."""
    made: dict[str, Any] = {}
    for name in front.__slots__:
        value = getattr(front, name)
        if name in given:
            value = tuple(given[name].splitlines()) if name in _LISTS else given[name]
        if isinstance(value, tuple):
            made[name] = tuple(filter(None, map(clean_line, value)))
        else:
            made[name] = clean_line(value)
    return FrontMatter(**made)


def front_fields(front: FrontMatter) -> dict[str, str]:
    """The other way: every field as one text."""
    values = {name: getattr(front, name) for name in front.__slots__}
    return {name: "\n".join(v) if isinstance(v, tuple) else v for name, v in values.items()}


def incoming_to_json(incoming: Incoming) -> str:
    """An `Incoming` as the page carries it until it is saved."""

    def documents(found: tuple[Found, ...] | None) -> Any:
        return found and [
            {
                "tree": json.loads(one.tree),
                "doubts": [[d.line, d.code, d.excerpt] for d in one.doubts],
                "notes": [[n.code, n.count] for n in one.notes],
            }
            for one in found
        ]

    remarks = [[r.code, r.count, list(r.texts)] for r in incoming.remarks]
    return json.dumps(
        {
            "final": documents(incoming.final),
            "original": documents(incoming.original),
            "remarks": remarks,
            "tracked": incoming.tracked,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def incoming_from_json(text: str) -> Incoming:
    """What a page brought back; it is nobody's word but the asker's, so every value is looked at.

    Raises Refusal: import_state_bad, and as `document_from_json`.
    """
    try:
        given = json.loads(text)
        original = given["original"]
        return Incoming(
            _documents(given["final"]),
            None if original is None else _documents(original),
            tuple(
                Remark(cast(RemarkCode, code), int(count), tuple(map(str, texts)))
                for code, count, texts in given["remarks"]
                if code in get_args(RemarkCode)
            ),
            int(given["tracked"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refusal("import_state_bad") from None


def _documents(given: Any) -> tuple[Found, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= MAX_DOCUMENTS:
        raise ValueError
    return tuple(
        Found(
            document_to_json(document_from_json(json.dumps(one["tree"]).encode())),
            tuple(Doubt(int(line), str(code), str(excerpt)) for line, code, excerpt in one["doubts"]),
            tuple(
                Note(cast(NoteCode, code), int(count))
                for code, count in one["notes"]
                if code in get_args(NoteCode)
            ),
        )
        for one in given
    )


def chosen(incoming: Incoming, changes: Changes) -> tuple[Found, ...]:
    """The documents with all tracked changes made, or none."""
    return incoming.original if changes == "original" and incoming.original else incoming.final
