"""A document as canonical JSON: sorted keys, UTF-8, no spaces; the same document, the same bytes.

Shape: {"format": 1, "policy", "front": {…}, "provisions": […], "removed": […], "rationale":
{id: text}}. Values that are empty are left out, and a provision's marks are [kind, start, end].
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from enum import Enum
from types import MappingProxyType
from typing import Any, NoReturn, TypeVar

from duthao.domain.document import (
    CharOffset,
    Document,
    FrontMatter,
    Kind,
    Mark,
    MarkKind,
    NumberingPolicy,
    Provision,
    ProvisionId,
)
from duthao.domain.errors import Refusal

FORMAT = 1
MAX_JSON_BYTES = 64 * 1024 * 1024
MAX_ID = 40

_LISTS = ("bases", "preamble", "closing", "recipients")
_FRONT = {field.name: field.name in _LISTS for field in fields(FrontMatter)}
_PROVISION_KEYS = frozenset(("id", "kind", "text", "label", "marks", "cells", "from", "order", "header"))
_DOCUMENT_KEYS = frozenset(("format", "policy", "front", "provisions", "removed", "rationale"))

_E = TypeVar("_E", bound=Enum)


def _provision_out(provision: Provision) -> dict[str, Any]:
    out: dict[str, Any] = {"id": provision.id, "kind": provision.kind.value, "text": provision.text}
    if provision.label is not None:
        out["label"] = provision.label
    if provision.marks:
        out["marks"] = [[mark.kind.value, mark.start, mark.end] for mark in provision.marks]
    if provision.cells:
        out["cells"] = list(provision.cells)
    if provision.origin is not None:
        out["from"] = provision.origin
    if provision.order:
        out["order"] = provision.order
    if provision.header:
        out["header"] = True
    return out


def document_to_json(document: Document) -> bytes:
    """The document as canonical JSON; `document_from_json` gives the same document back."""
    front = {name: getattr(document.front, name) for name in _FRONT}
    value = {
        "format": FORMAT,
        "policy": document.policy.value,
        "front": {name: list(v) if _FRONT[name] else v for name, v in front.items() if v},
        "provisions": [_provision_out(p) for p in document.provisions],
        "removed": [_provision_out(p) for p in document.removed],
        "rationale": dict(document.rationale),
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _refuse(where: str) -> NoReturn:
    raise Refusal("document_json_malformed", where=where[:40])


def _text(value: object, where: str) -> str:
    return value if isinstance(value, str) else _refuse(where)


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        _refuse(where)
    return tuple(_text(item, where) for item in value)


def _object(value: object, keys: Iterable[str] | None, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or (keys is not None and not set(value) <= set(keys)):
        _refuse(where)
    return value


def _member(choices: type[_E], value: object, where: str) -> _E:
    try:
        return choices(value)
    except ValueError:
        _refuse(where)


def _id(value: object, where: str) -> ProvisionId:
    text = _text(value, where)
    return ProvisionId(text) if 0 < len(text) <= MAX_ID else _refuse(where)


def _mark(value: object, length: int, where: str) -> Mark:
    if not isinstance(value, list) or len(value) != 3:
        _refuse(where)
    kind, start, end = value
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        _refuse(where)
    return Mark(_member(MarkKind, kind, where), CharOffset(start), CharOffset(end))


def _provision_in(value: object, where: str) -> Provision:
    found = _object(value, _PROVISION_KEYS, where)
    text = _text(found.get("text"), f"{where}.text")
    marks = found.get("marks", [])
    if not isinstance(marks, list):
        _refuse(f"{where}.marks")
    return Provision(
        id=_id(found.get("id"), f"{where}.id"),
        kind=_member(Kind, found.get("kind"), f"{where}.kind"),
        text=text,
        label=_text(found["label"], f"{where}.label") if "label" in found else None,
        marks=tuple(_mark(mark, len(text), f"{where}.marks") for mark in marks),
        cells=_texts(found.get("cells", []), f"{where}.cells"),
        origin=_id(found["from"], f"{where}.from") if "from" in found else None,
        order=_text(found.get("order", ""), f"{where}.order"),
        header=found.get("header", False) is True,
    )


def _provisions_in(value: object, where: str) -> tuple[Provision, ...]:
    if not isinstance(value, list):
        _refuse(where)
    return tuple(_provision_in(item, f"{where}[{index}]") for index, item in enumerate(value))


def _front_in(value: object) -> FrontMatter:
    found = _object(value, _FRONT, "front")
    given: dict[str, Any] = {
        name: _texts(v, f"front.{name}") if _FRONT[name] else _text(v, f"front.{name}")
        for name, v in found.items()
    }
    return FrontMatter(**given)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _refuse("a key given twice")


def _parse(data: bytes) -> object:
    if len(data) > MAX_JSON_BYTES:
        raise Refusal("document_json_too_large", mebibytes=MAX_JSON_BYTES // (1024 * 1024))
    try:
        return json.loads(
            data.decode("utf-8", "surrogatepass"), parse_constant=_refuse, object_pairs_hook=_no_key_twice
        )
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise Refusal("document_json_malformed", where=f"line {line}") from None


def document_from_json(data: bytes) -> Document:
    """The document in these bytes, strictly: what is unknown, missing or twice is refused.

    Raises Refusal: document_json_malformed (detail `where`, such as "provisions[3].kind"),
    document_json_too_large, document_json_format (detail `format`).
    """
    found = _object(_parse(data), _DOCUMENT_KEYS, "document")
    if type(found.get("format")) is not int or found["format"] != FORMAT:
        raise Refusal("document_json_format", format=str(found.get("format"))[:40], expected=FORMAT)
    provisions = _provisions_in(found.get("provisions"), "provisions")
    removed = _provisions_in(found.get("removed", []), "removed")
    ids = [provision.id for provision in (*provisions, *removed)]
    if len(set(ids)) != len(ids):
        _refuse("provisions.id")
    rationale = _object(found.get("rationale", {}), None, "rationale")
    return Document(
        provisions=provisions,
        front=_front_in(found.get("front", {})),
        policy=_member(NumberingPolicy, found.get("policy"), "policy"),
        rationale=MappingProxyType({ProvisionId(k): _text(v, "rationale") for k, v in rationale.items()}),
        removed=removed,
    )
