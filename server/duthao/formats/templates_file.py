"""An office's sentence templates as a file: JSON or TOML, names and sentences."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from duthao.domain.amend.templates import DEFAULTS, Templates
from duthao.domain.errors import Refusal

MAX_BYTES = 64 * 1024


def templates_from(content: bytes) -> Templates:
    """The templates of a file, over the standard ones; it need not name them all.

    Raises Refusal template_file (`reason` not_utf8, too_big, syntax or shape), and `template_…` of
    `Templates`.
    """
    if len(content) > MAX_BYTES:
        raise Refusal("template_file", reason="too_big")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("template_file", reason="not_utf8") from None
    own = _read(text)
    return Templates({name: sentence for name, sentence in own.items() if sentence != DEFAULTS.get(name)})


def _read(text: str) -> Mapping[str, str]:
    """JSON when it opens like an object, else TOML."""
    try:
        found: Any = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("template_file", reason="syntax") from None
    if not isinstance(found, dict) or not all(isinstance(sentence, str) for sentence in found.values()):
        raise Refusal("template_file", reason="shape")
    return found


def templates_to_json(templates: Templates) -> bytes:
    """Every template in use, in the order of the standard ones; `templates_from` reads it."""
    value = {name: templates.own.get(name, default) for name, default in DEFAULTS.items()}
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode()
