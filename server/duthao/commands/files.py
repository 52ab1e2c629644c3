"""Files and standard streams of commands: bounded reading, "-" for a stream."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

from duthao.domain.document import ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import BUILT_IN, MAX_JSON, FormProfile, profile_from_json
from duthao.domain.structure import Parsed, parse
from duthao.domain.text import MAX_BYTES, decode_upload

STREAM = "-"


def read_bytes(name: str, most: int = MAX_BYTES) -> bytes:
    """The file's bytes, one more than may come in at most. Raises Refusal file_unreadable."""
    if name == STREAM:
        return sys.stdin.buffer.read(most + 1)
    try:
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except OSError:
        raise Refusal("file_unreadable", file=name) from None


def ids(prefix: str) -> Callable[[], ProvisionId]:
    """A source of ids for one run: prefix1, prefix2 …"""
    numbers = count(1)
    return lambda: ProvisionId(f"{prefix}{next(numbers)}")


def parsed(name: str, prefix: str = "p") -> Parsed:
    """The text of a file as the parser reads it. Raises Refusal file_unreadable and `text_…`."""
    return parse(decode_upload(read_bytes(name)), new_id=ids(prefix))


def form_named(name: str) -> FormProfile:
    """A built-in form by its key, or that of a JSON file.

    Raises Refusal file_unreadable, `form_profile_…`.
    """
    known = BUILT_IN.get(name)
    return known if known is not None else profile_from_json(decode_upload(read_bytes(name, 4 * MAX_JSON)))


def write_bytes(name: str, content: bytes) -> None:
    """To the file, or to standard output. Raises Refusal file_unwritable."""
    if name == STREAM:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        Path(name).write_bytes(content)
    except OSError:
        raise Refusal("file_unwritable", file=name) from None
