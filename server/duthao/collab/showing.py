"""Who is at a document: told at most every `EVERY` seconds, the newest state only.

People at other processes are shown like those here; what is shown of ours is told to them too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Final

from duthao.collab import wire
from duthao.collab.awareness import Entry, encode
from duthao.collab.connection import Connection, Parcel
from duthao.collab.ports import Neighbours
from duthao.domain.document import DocumentId

EVERY: Final = 0.05


class Showing:
    """The awareness of one room, whose `connections` are the room's own set."""

    def __init__(
        self, document_id: DocumentId, connections: Collection[Connection], neighbours: Neighbours
    ) -> None:
        self._id, self._connections, self._neighbours = document_id, connections, neighbours
        self._waiting: dict[int, tuple[Connection, Entry]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def show(self, connection: Connection, entry: Entry) -> None:
        """Tell the others."""
        self._waiting[entry.client] = (connection, entry)
        if self._timer is None:
            self._show_waiting()

    def forget(self, connection: Connection) -> None:
        """Nothing that waits of this connection is told any more."""
        self._waiting = {c: shown for c, shown in self._waiting.items() if shown[0] is not connection}

    def close(self) -> None:
        """Nothing more is shown here; who leaves is still told elsewhere, where they were shown."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._show_waiting()

    def _show_waiting(self) -> None:
        self._timer = None
        shown, self._waiting = list(self._waiting.values()), {}
        if not shown:
            return
        entries = [entry for _, entry in shown]
        self._neighbours.showed(self._id, entries)
        if self._closed:
            return
        self._timer = asyncio.get_running_loop().call_later(EVERY, self._show_waiting)
        of = {connection for connection, _ in shown}
        self.show_all(entries, but=of if len(of) == 1 else ())

    def show_all(self, entries: Sequence[Entry], but: Collection[Connection] = ()) -> None:
        """These to everybody here: of people here, or at another process."""
        parcel = _shown(entries)
        for connection in self._connections:
            if connection not in but:
                connection.send(parcel)

    def to(self, connection: Connection) -> None:
        """Everybody who is at the document, to one who has come or asks."""
        everybody = [*self.people(connection), *self._neighbours.others(self._id)]
        if everybody:
            connection.send(_shown(everybody))

    def people(self, but: Connection | None = None) -> list[Entry]:
        """Who is here, at this process."""
        entries = [c.session.presence.entry for c in self._connections if c is not but]
        return [entry for entry in entries if entry is not None and entry.state is not None]


def _shown(entries: Sequence[Entry]) -> Parcel:
    return Parcel(wire.awareness(encode(entries)))
