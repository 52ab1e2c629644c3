"""The JSON API as OpenAPI, read from the tables of docs/protocol/http.md: one place says what it is.

python -m tests.support.openapi writes docs/protocol/openapi.json, which a test holds to the tables.
The shapes there are a small language (http.md says it in words): `{"name","other"?: type}`, `[type…]`,
`"one"/"another"`, `type or type`, `{word: type}`, `…` for what is not spelled out.
An answer's field that its shape does not name is a mismatch, unless the shape has a `…` there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROTOCOL = Path(__file__).resolve().parents[2] / "docs/protocol"
SOURCE, TARGET = PROTOCOL / "http.md", PROTOCOL / "openapi.json"
NUMBERS = frozenset(("edition", "seq", "start", "end", "cell", "level", "first", "last", "since", "number"))
"""Names that are whole numbers wherever they stand without a type."""
METHODS = ("GET", "POST", "PUT", "DELETE")

Schema = dict[str, Any]
ROW = re.compile(r"^\| (`(?:GET|POST|PUT|DELETE) .*?) \| (.*) \|$", re.MULTILINE)
REQUEST = re.compile(
    r"`(GET|POST|PUT|DELETE) ([^`\[?]+)(?:\[?\?([^`\]]+)\]?)?`((?: (?:or )?`\{[^`]*\}`| a profile)*)"
)
STATUS = re.compile(r"(?:^|[.,;:] |or |` )([2345]\d\d)\b")
QUOTED = re.compile(r"`([^`]*)`")
MEDIA = re.compile(r"^[a-z]+/[a-z.+-]+$")
TOKEN = re.compile(r'"[^"]*"|[{}\[\],:?/…]|[^\s{}\[\],:?/…"]+')
WORDS: dict[str, Schema] = {"bool": {"type": "boolean"}, "n": {"type": "integer"}, "null": {"type": "null"}}
OBJECTS = frozenset(("person", "profile"))
ANYTHING: Schema = {}


class NotUnderstood(Exception):
    """A shape or a row that cannot be read."""


@dataclass
class _Shape:
    """Reads one shape. `sent`: of what is sent, where a name without a type is text."""

    words: list[str]
    sent: bool
    at: int = 0

    def peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self, expected: str = "") -> str:
        word = self.peek()
        if not word or (expected and word != expected):
            raise NotUnderstood(f"expected {expected or 'more'}, found {word!r} in {' '.join(self.words)}")
        self.at += 1
        return word

    def type(self) -> Schema:
        found = [self._one()]
        while self.peek() == "or":
            self.take()
            found.append(self._one())
        return found[0] if len(found) == 1 else {"anyOf": found}

    def _one(self) -> Schema:
        word = self.peek()
        if word == "{":
            return self._object()
        if word == "[":
            return self._array()
        if word.startswith('"'):
            values = [self.take()[1:-1]]
            while self.peek() == "/":
                self.take()
                values.append(self.take()[1:-1])
            return {"enum": values}
        self.take()
        if word in WORDS:
            return WORDS[word]
        if word in OBJECTS:
            return {"type": "object"}
        return ANYTHING if word == "…" or word in ("run", "part") else {"type": "string"}

    def _array(self) -> Schema:
        self.take("[")
        if self.peek() == "…":
            self.take()
            self.take("]")
            return {"type": "array"}
        items = [self.type()]
        more = False
        while self.peek() in (",", "…"):
            if self.take() == "…":
                more = True
            else:
                items.append(self.type())
        self.take("]")
        if more:
            return {"type": "array", "items": items[0]}
        return {"type": "array", "items": {"anyOf": items}, "minItems": len(items), "maxItems": len(items)}

    def _object(self) -> Schema:
        self.take("{")
        names: dict[str, Schema] = {}
        needed: list[str] = []
        more = False
        if self.peek() and self.peek() not in "…}" and not self.peek().startswith('"'):
            self.take()  # any word of a sort is a name
            self.take(":")
            value = self.type()
            self.take("}")
            return {"type": "object", "additionalProperties": value}
        while self.peek() != "}":
            if self.peek() in (",", "…"):
                more = self.take() == "…" or more
                continue
            name = self.take()[1:-1]
            optional = self.peek() == "?" and bool(self.take())
            if self.peek() == ":":
                self.take()
                names[name] = self.type()
            else:
                names[name] = self._untyped(name, optional)
            if not optional:
                needed.append(name)
        self.take("}")
        found: Schema = {"type": "object", "properties": names}
        found |= {"required": needed} if needed else {}
        return found | ({"additionalProperties": True} if more else {})

    def _untyped(self, name: str, optional: bool) -> Schema:
        if name in NUMBERS:
            return {"type": ["integer", "null"] if optional or not self.sent else "integer"}
        if not self.sent:
            return ANYTHING
        return {"type": ["string", "null"]} if optional else {"type": "string"}


def shape(written: str, *, sent: bool = False) -> Schema:
    """Raises NotUnderstood."""
    reader = _Shape(TOKEN.findall(written), sent)
    found = reader.type()
    if reader.peek():
        raise NotUnderstood(f"{reader.peek()!r} is left of {written}")
    return found


@dataclass
class Operation:
    method: str
    path: str
    query: tuple[str, ...]
    body: Schema | None
    answers: dict[str, tuple[str, Schema | None]] = field(default_factory=dict)
    """By status: the sort of content ("" for none), and its shape where that is told."""


def _answers(told: str) -> list[tuple[str, str, Schema | None]]:
    """The statuses of success in their order, each with the first shape behind it."""
    plain = QUOTED.sub(lambda found: "`" + "\0" * (len(found[0]) - 2) + "`", told)
    places = [(one.start(1), one[1]) for one in STATUS.finditer(plain)]
    found = []
    for (at, status), (end, _) in zip(places, [*places[1:], (len(told), "")], strict=True):
        if status[0] != "2":
            continue
        quoted = QUOTED.findall(told[at:end])
        written = next((one for one in quoted if one.startswith("{") or MEDIA.match(one)), "")
        if status == "204":
            found.append((status, "", None))
        elif MEDIA.match(written):
            found.append((status, written, None))
        elif not written and "`ok`" in told[at:end]:
            found.append((status, "text/plain", None))
        else:
            found.append((status, "application/json", shape(written) if written else None))
    return found


def operations(document: str) -> Iterator[Operation]:
    """Of every row about the JSON API. Raises NotUnderstood."""
    for row in ROW.finditer(document):
        asked = list(REQUEST.finditer(row[1]))
        if not any(one[2].startswith(("/api/", "/healthz", "/readyz")) for one in asked):
            continue
        told = _answers(row[2])
        single = len(asked) == 1
        if not told or not (single or len(told) in (1, len(asked))):
            raise NotUnderstood(f"{len(asked)} requests, {len(told)} answers: {row[1]}")
        for number, one in enumerate(asked):
            query = tuple(part.split("=")[0] for part in (one[3] or "").split("&") if part)
            mine = told if single else [told[number if len(told) > 1 else 0]]
            made = Operation(one[1], one[2], query, _body(one[4]))
            for status, media, schema in mine:
                made.answers.setdefault(status, (media, schema))
            yield made


def _body(written: str) -> Schema | None:
    if "a profile" in written:
        return {"type": "object"}
    found = [shape(one, sent=True) for one in QUOTED.findall(written)]
    return None if not found else found[0] if len(found) == 1 else {"anyOf": found}


ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                "message": {"type": "string", "minLength": 1},
                "details": {"type": "object"},
            },
        }
    },
}


def _response(status: str, media: str, schema: Schema | None) -> Schema:
    content = {media: {} if schema is None else {"schema": schema}} if media else None
    return {"description": f"{status}: see http.md"} | ({"content": content} if content else {})


def _described(one: Operation) -> Schema:
    refused = {"$ref": "#/components/responses/refused"}
    path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", one.path)
    ]
    query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in one.query]
    found: Schema = {
        "operationId": f"{one.method.lower()} {one.path}",
        "parameters": path + query,
        "responses": {
            status: _response(status, media, schema) for status, (media, schema) in one.answers.items()
        }
        | {"4XX": refused, "503": refused},
    }
    if not one.path.startswith("/api/") or one.path == "/api/login":
        found["security"] = []
    if one.body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": one.body}}}
    return found


def description(document: str) -> Schema:
    """The whole. Raises NotUnderstood."""
    paths: dict[str, Schema] = {}
    for one in operations(document):
        known = paths.setdefault(one.path, {}).setdefault(one.method.lower(), _described(one))
        asked = {parameter["name"] for parameter in known["parameters"]}
        known["parameters"] += [p for p in _described(one)["parameters"] if p["name"] not in asked]
        for status, answer in _described(one)["responses"].items():
            # The same request told in two rows, as with another parameter: either answer may come.
            if known["responses"].get(status, answer) != answer:
                was, now = (a["content"]["application/json"] for a in (known["responses"][status], answer))
                was["schema"] = {"anyOf": [was["schema"], now["schema"]]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dự Thảo",
            "version": "1",
            "description": "Generated from http.md: python -m tests.support.openapi",
        },
        "paths": paths,
        "components": {
            "responses": {
                "refused": {
                    "description": "A refusal: its code, a sentence for the person, details",
                    "content": {"application/json": {"schema": ERROR}},
                }
            },
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "duthao_session"}},
        },
        "security": [{"session": []}],
    }


def mismatch(schema: Schema, value: object, at: str = "$") -> str:
    """Where a value is not as its shape says, or "": of the keywords that `shape` writes."""
    if "anyOf" in schema:
        found = [mismatch(one, value, at) for one in schema["anyOf"]]
        return "" if "" in found else found[0]
    if "enum" in schema and value not in schema["enum"]:
        return f"{at}: none of {schema['enum']}"
    sorts = schema.get("type", [])
    if sorts and not any(_is(sort, value) for sort in ([sorts] if isinstance(sorts, str) else sorts)):
        return f"{at}: {type(value).__name__}, not {sorts}"
    if isinstance(value, dict):
        return _mismatch_inside(schema, value, at)
    if isinstance(value, list):
        length = schema.get("maxItems", len(value))
        if length != len(value):
            return f"{at}: {len(value)} items, not {length}"
        inside = schema.get("items", ANYTHING)
        return next((m for n, one in enumerate(value) if (m := mismatch(inside, one, f"{at}[{n}]"))), "")
    return ""


def _mismatch_inside(schema: Schema, value: dict[str, object], at: str) -> str:
    missing = [name for name in schema.get("required", []) if name not in value]
    if missing:
        return f"{at}: without {missing}"
    named = schema.get("properties", {})
    unnamed = [name for name in value if name not in named]
    if named and unnamed and "additionalProperties" not in schema:
        return f"{at}: {unnamed} stand in no row of docs/protocol/http.md"
    other = schema.get("additionalProperties", ANYTHING)
    other = ANYTHING if other is True else other
    pairs = ((name, named.get(name, other), held) for name, held in value.items())
    return next((m for name, s, held in pairs if (m := mismatch(s, held, f"{at}.{name}"))), "")


def _is(sort: str, value: object) -> bool:
    kinds: dict[str, type | tuple[type, ...]] = {
        "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)
    }  # fmt: skip
    return isinstance(value, kinds[sort]) and not (sort == "integer" and isinstance(value, bool))


def written() -> str:
    """The description as the file holds it."""
    made = description(SOURCE.read_text(encoding="utf-8"))
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(written(), encoding="utf-8")
