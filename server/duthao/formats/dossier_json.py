"""Parts and steps of a dossier as JSON, and back: what a store keeps and the API gives out."""

from __future__ import annotations

import json
import types
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from duthao.domain.dossiers import PARTS, Part
from duthao.domain.errors import Refusal
from duthao.domain.process import ACTS, Act, Step, Vote

_STEPS: Final[dict[Act, type]] = {act: made for made, act in ACTS.items()}


def plain(value: Any) -> Any:
    """A value of the domain as JSON knows it: dates as YYYY-MM-DD."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    return value


def to_json(value: Part | Step) -> str:
    """What a store keeps of a part or a step."""
    return json.dumps(plain(value), ensure_ascii=False)


def part_from(kind: str, body: dict[str, Any]) -> Part:
    """A part of this kind. Raises Refusal: part_unknown, field_bad (`field`)."""
    made = PARTS.get(kind)
    if made is None:
        raise Refusal("part_unknown")
    part: Part = _made(made, body)
    return part


def step_from(act: str, body: dict[str, Any]) -> Step:
    """A step that was taken. Raises as `part_from`."""
    try:
        made = _STEPS[Act(act)]
    except ValueError:
        raise Refusal("part_unknown") from None
    step: Step = _made(made, body)
    return step


@cache
def _hints(made: type) -> dict[str, Any]:
    return get_type_hints(made)


def _made(made: type, body: dict[str, Any]) -> Any:
    given = {}
    for one in fields(made):
        if one.name in body:
            try:
                given[one.name] = _read(_hints(made)[one.name], body[one.name])
            except (ValueError, TypeError):
                raise Refusal("field_bad", field=one.name) from None
    try:
        return made(**given)
    except TypeError:
        missing = next(one.name for one in fields(made) if one.name not in given)
        raise Refusal("field_bad", field=missing) from None


def _read(wanted: Any, value: Any) -> Any:
    """The value as the field wants it. Raises ValueError, TypeError."""
    if get_origin(wanted) in (Union, types.UnionType):
        if value is None:
            return None
        return _read(next(one for one in get_args(wanted) if one is not type(None)), value)
    kind = getattr(wanted, "__supertype__", wanted)
    if kind is date and isinstance(value, str):
        return date.fromisoformat(value)
    if kind is Vote and isinstance(value, dict):
        return _made(Vote, value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    # True is an int to Python, and not to a clerk who counts ballots.
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise ValueError("another type")
