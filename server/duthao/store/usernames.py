"""When two usernames are the same."""

from __future__ import annotations

import unicodedata


def username_key(username: str) -> str:
    """What is compared: NFC, without regard to upper and lower case."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", username).casefold())
