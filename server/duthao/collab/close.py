"""Every way in which the service closes a collaboration connection.

The names and numbers are those of the table in docs/protocol/wire.md, which also says what
the client then does; a test holds the three in step.
"""

from __future__ import annotations

from enum import IntEnum


class Close(IntEnum):
    """A WebSocket close code, and when it is sent."""

    GOING_AWAY = 1001  # the server stops or restarts
    BAD_MESSAGE = 4400  # bytes that are no message of ours, or content under somebody else's client id
    SIGNED_OUT = 4401  # no session, or it has ended
    NO_ACCESS = 4403  # not a member, not any more, or a foreign Origin
    NO_SUCH_DOCUMENT = 4404  # no journal under this id
    TOO_SLOW = 4408  # what waits to be sent has grown over its bound
    OTHER_LINEAGE = 4409  # the browser's copy belongs to another generation or needs an older schema
    ACCESS_CHANGED = 4410  # a role rose after updates had been refused: they must come again
    RESYNC = 4412  # an update had a hole: the client sends its whole difference
    TOO_LARGE = 4413  # a frame, update or awareness state over its bound
    TOO_MANY = 4429  # too many connections or messages
    TRY_AGAIN = 4503  # the document could not be loaded or stored just now
