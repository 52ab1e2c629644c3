"""Open files: every connection is one, and a process that has none left cannot read its database.

Found with 500 documents of two people under the usual bound of 1,024: rooms that could not be
loaded, where "too many connections" would have been the truth.
"""

from __future__ import annotations

from typing import Final

RESERVED: Final = 256
"""For the database, the workers, what is served, and people whose connection is being refused."""


def room_for(connections: int) -> int:
    """How many connections fit, up to `connections`, after this process's bound was raised for them.

    Nothing is raised beyond the hard bound, and nothing is lowered.
    """
    try:
        import resource
    except ImportError:  # Windows has no such bound
        return connections
    wanted = connections + RESERVED
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (OSError, ValueError):  # some systems have a lower bound of their own, which they do not tell
        most = soft
    return max(1, min(connections, most - RESERVED))
