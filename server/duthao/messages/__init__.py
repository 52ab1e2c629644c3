"""The one message catalogue, Vietnamese first, English second.

Sentences live in `messages/<language>/<area>.json` as flat `{"area.key": "text {name}"}`
objects; an area is one file so that each part of the service keeps its own. A test holds
that both languages have the same keys and placeholders. The client gets the areas it
needs from the page (`Catalogue.area`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from duthao.domain.errors import Refusal

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


COUNTS = frozenset(
    ("absent", "after", "against", "agree", "all", "answered", "applied", "articles", "before", "better",
     "changed", "changes", "characters", "checkpoints", "choices", "chosen", "connections", "count",
     "damaged", "documents", "doubts", "errors", "favour", "found", "free", "groups", "items", "kept", "left",
     "limit", "members", "most", "n", "needed", "of", "open", "opinions", "other", "pages", "people",
     "present", "records", "refused", "repaired", "rows", "sent", "silent", "taken", "total", "versions",
     "warnings")
)  # fmt: skip
"""The placeholders of sentences whose whole numbers are counts."""


@cache
def _messages(language: Language) -> Mapping[str, str]:
    merged: dict[str, str] = {}
    for entry in sorted((files(__name__) / language).iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".json"):
            merged.update(cast(dict[str, str], json.loads(entry.read_text(encoding="utf-8"))))
    return merged


class Catalogue:
    """Sentences of one language: `catalogue("room.saved")`, `catalogue("x", n=3)`.

    A missing key is shown as the key itself in brackets: visible, never fatal.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._messages = _messages(language)

    def __call__(self, key: str, /, **values: object) -> str:
        message = self._messages.get(key)
        if message is None:
            return f"[{key}]"
        return message.format(**{k: self._written(k, v) for k, v in values.items()}) if values else message

    def number(self, n: int) -> str:
        """A count as it is written: "3.000" in Vietnamese, "3,000" in English. The one place that knows."""
        grouped = f"{n:,}"
        return grouped.replace(",", ".") if self.language == "vi" else grouped

    def _written(self, name: str, value: object) -> object:
        # By name: a year, a place in the journal or a line of a file is a number and no count.
        return self.number(value) if type(value) is int and name in COUNTS else value

    def refusal(self, refusal: Refusal) -> str:
        """The sentence for a refusal."""
        return self(f"error.{refusal.code}", **refusal.details)

    def area(self, *prefixes: str) -> dict[str, str]:
        """All messages whose key starts with one of `prefixes` and a dot: for the client."""
        wanted = tuple(f"{prefix}." for prefix in prefixes)
        return {key: text for key, text in self._messages.items() if key.startswith(wanted)}


def language_from_environment() -> Language:
    """The command line's language: DUTHAO_LANGUAGE, Vietnamese unless "en"."""
    return "en" if os.environ.get("DUTHAO_LANGUAGE", "vi").lower().startswith("en") else "vi"
