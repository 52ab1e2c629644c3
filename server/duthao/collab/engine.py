"""The engine of live rooms: replicas that take what this service has already let in."""

from __future__ import annotations

import secrets

from duthao.collab.replica import Applied, PycrdtEngine, Replica
from duthao.collab.update_reader import STORED_LIMITS, Limits


class RoomReplica(Replica):
    """A room's replica. Clients' updates pass the engine's `read_update` and its tighter bounds
    first; what comes from the journal or from our own seed may be larger."""

    def apply(self, update: bytes, limits: Limits = STORED_LIMITS) -> Applied:
        return super().apply(update, limits)


class RoomEngine(PycrdtEngine):
    def replica(self) -> RoomReplica:
        return RoomReplica()


def new_client_id() -> int:
    """A random CRDT client id that every implementation can hold (32 bits)."""
    return secrets.randbits(32)
