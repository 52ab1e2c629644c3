"""What can be found in a document, one value each, and how the index is brought up to date.

A wording of a provision stands in the index once, however many versions have it: it says whether the
draft reads so now, and which is the newest version that does. So words that have left the draft are
found in the version where they stood last, and what every version says is found once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from duthao.domain.document import Document, FrontMatter, Kind, UserId
from duthao.domain.outline import Outline, outline


class ItemKind(StrEnum):
    """What was found."""

    DOCUMENT = "document"  # its title, head and closing
    PROVISION = "provision"
    REASON = "reason"  # the reason and basis of a change
    COMMENT = "comment"
    PROPOSAL = "proposal"
    OPINION = "opinion"
    ANSWER = "answer"  # to opinions
    VERSION = "version"  # its name and reason


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be found; `key` is its own within its document.

    `path` is where it stands or stood ("" for the whole), `target` the id of the thread, proposal or group
    of opinions that a link opens. `version` is the newest version that has this wording, of a version
    itself its id. `at` is UTC milliseconds, None for what the draft says: that is dated by its last edit.
    """

    key: str
    kind: ItemKind
    text: str
    provision: str | None = None
    path: str = ""
    place: int = 0
    target: str | None = None
    version: str | None = None
    in_draft: bool = False
    author: UserId | None = None
    name: str = ""
    at: int | None = None

    @property
    def digest(self) -> str:
        """The same for the same item, whatever process asks."""
        values = (getattr(self, name) for name in self.__slots__)
        return hashlib.sha256("\x1f".join(map(str, values)).encode("utf-8", "surrogatepass")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Known:
    """What the index has of an item."""

    digest: str
    version: str | None
    in_draft: bool


@dataclass(frozen=True, slots=True)
class Renewal:
    """What is to be written: items anew, keys of wordings that left the draft, keys that are gone."""

    put: tuple[Item, ...]
    left: tuple[str, ...]
    gone: tuple[str, ...]


def wordings(document: Document, read: Outline | None = None) -> dict[str, Item]:
    """Every provision that says something, by its key, in the order of the text."""
    found: dict[str, Item] = {}
    for place, entry in enumerate((read or outline(document)).entries):
        one = entry.provision
        text = " | ".join(one.cells) if one.kind is Kind.ROW else one.text
        if text.strip(" |"):
            word = hashlib.sha256(f"{one.kind}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
            key = f"w:{one.id[:64]}:{word}"
            found[key] = Item(key, ItemKind.PROVISION, text, one.id[:64], entry.path, place)
    return found


def reasons(document: Document, read: Outline) -> Iterable[Item]:
    """The reasons of the draft, each at its provision."""
    for place, entry in enumerate(read.entries):
        text = document.rationale.get(entry.provision.id, "").strip()
        if text:
            id_ = entry.provision.id[:64]
            yield Item(f"r:{id_}", ItemKind.REASON, text, id_, entry.path, place, in_draft=True)


def about(title: str, front: FrontMatter) -> Item:
    """The document by its title and what stands before and after its provisions."""
    said = (
        title, front.upper_body, front.body, front.number, front.type, front.title, *front.bases,
        *front.preamble, *front.closing, *front.recipients, front.position, front.signatory,
    )  # fmt: skip
    lines = dict.fromkeys(line.strip() for line in said if line.strip())
    return Item("d", ItemKind.DOCUMENT, "\n".join(lines), in_draft=True)


def renewed(
    known: Mapping[str, Known],
    draft: Mapping[str, Item],
    versions: Sequence[tuple[str, Mapping[str, Item]]],
    others: Iterable[Item],
) -> Renewal:
    """What makes the index say: this draft, these new versions (oldest first), and these other items."""
    now = {key: replace(item, in_draft=True) for key, item in draft.items()}
    for version, texts in versions:
        for key, item in texts.items():
            now[key] = replace(now.get(key, item), version=version)
    for key, item in now.items():
        if item.version is None and key in known:
            now[key] = replace(item, version=known[key].version)
    for item in others:
        now[item.key] = item
    past = {key: one for key, one in known.items() if key not in now}
    kept = {key for key, one in past.items() if key.startswith("w:") and one.version is not None}
    return Renewal(
        tuple(item for key, item in now.items() if key not in known or known[key].digest != item.digest),
        tuple(key for key in past if key in kept and past[key].in_draft),
        tuple(key for key in past if key not in kept),
    )
