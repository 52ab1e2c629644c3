"""People and their colour: the same wherever a document shows them, as caret, initials, attributions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Literal, get_args

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.service.sessions import MAX_USERNAME
from duthao.store.ports import EpochMillis, Store, User

Colour = Literal[
    "#9c1c1c", "#983a08", "#775000", "#4d5e00", "#1c6528", "#006357",
    "#005f87", "#1d4fae", "#4a3fb5", "#7a2fa0", "#99206f", "#5c4a3d",
]  # fmt: skip
PALETTE: tuple[Colour, ...] = get_args(Colour)
"""Twelve, each at least 7:1 on white and under white text, also for who asks for more contrast."""


_STEP = 5
"""From one colour to the next that is tried: never its neighbour, and all are reached."""


def colour_of(user_id: UserId) -> Colour:
    """This person's colour where nobody else's matters: the same in every process and for ever."""
    return PALETTE[_place_of(user_id)]


def _place_of(user_id: UserId) -> int:
    return hashlib.sha256(user_id.encode()).digest()[0] % len(PALETTE)


class Colours(dict[UserId, Colour]):
    """Of people among one another; whoever is not among them has their own."""

    def __missing__(self, user_id: UserId) -> Colour:
        return colour_of(user_id)


def colours_among(members: Iterable[UserId]) -> Colours:
    """The colours these people have among one another, whatever order they are named in.

    Everybody's own unless somebody before has it; none is given twice while another is free.
    """
    given = Colours()
    uses = dict.fromkeys(PALETTE, 0)
    for id_ in sorted(set(members)):
        first = _place_of(id_)
        tried = [PALETTE[(first + _STEP * n) % len(PALETTE)] for n in range(len(PALETTE))]
        given[id_] = min(tried, key=uses.__getitem__)
        uses[given[id_]] += 1
    return given


def colours_at(store: Store, document_id: DocumentId) -> Colours:
    """Those of a document's members. Blocks."""
    return colours_among(one.user_id for one in store.documents.members(document_id))


class KeptColours:
    """`colours = kept(document_id)`, read by `read` and kept until `changes` gives another number, at
    longest `SECONDS`.

    A meeting that comes together asks for one document's colours again and again; with a thousand members
    each reading takes 8 ms. Nobody is let in or refused by a colour, so it may be a moment old.
    """

    SECONDS = 10.0
    MOST = 1000
    """Documents; of more the one kept longest is forgotten."""

    def __init__(
        self, read: Callable[[DocumentId], Colours], changes: Callable[[], int], clock: Callable[[], float]
    ) -> None:
        self._read, self._changes, self._clock = read, changes, clock
        self._kept: dict[DocumentId, tuple[int, float, Colours]] = {}

    def __call__(self, document_id: DocumentId) -> Colours:
        changes, now = self._changes(), self._clock()
        kept = self._kept.get(document_id)
        if kept is not None and kept[0] == changes and now - kept[1] < self.SECONDS:
            return kept[2]
        colours = self._read(document_id)
        self._kept.pop(document_id, None)
        self._kept[document_id] = (changes, now, colours)
        if len(self._kept) > self.MOST:
            del self._kept[next(iter(self._kept))]
        return colours


def people_of(store: Store, ids: Iterable[UserId]) -> dict[UserId, User]:
    """Those of these people whom the store knows. Blocks."""
    found = {id_: store.users.get(id_) for id_ in set(ids)}
    return {id_: person for id_, person in found.items() if person is not None}


def add_user(
    store: Store, user_id: UserId, username: str, name: str, position: str, password_hash: str,
    now: EpochMillis, *, is_admin: bool = False,
) -> User:  # fmt: skip
    """Raises Refusal: username_bad, username_taken, name_missing."""
    username = username.strip().casefold()
    if not username or len(username) > MAX_USERNAME or not username.isprintable() or " " in username:
        raise Refusal("username_bad", most=MAX_USERNAME)
    if not name.strip():
        raise Refusal("name_missing")
    user = User(
        user_id, username, name.strip()[:200], position.strip()[:200], password_hash, is_admin, "vi", now
    )
    store.users.create(user)
    return user
