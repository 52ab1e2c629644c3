"""A comparison as JSON: exactly docs/protocol/comparison.md, the same bytes for the same value."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from duthao.domain.compare.result import Comparison, Row, Unit
from duthao.domain.compare.three import joined
from duthao.domain.review import Followed
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue

VIETNAMESE = Catalogue("vi")


def _units(units: Iterable[Unit]) -> list[dict[str, str]]:
    return [{"path": unit.path, "label": unit.label, "text": unit.text} for unit in units]


def _row(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {
        "class": row.row_class.value,
        "before": _units(row.before),
        "after": _units(row.after),
        "spans": [[op, text] for op, text in row.spans],
        "confidence": row.confidence,
    }
    if row.span_orthography:
        found["orthography"] = [kind.value for kind in row.orthography]
        found["span_orthography"] = [[kind.value for kind in kinds] for kinds in row.span_orthography]
    if row.formats:
        found["formats"] = [
            {"kind": f.kind.value, "change": f.change, "span": f.span, "start": f.start, "end": f.end}
            for f in row.formats
        ]
    if row.cells:
        found["cells"] = [
            {"before": c.before, "after": c.after, "spans": [[op, text] for op, text in c.spans]}
            for c in row.cells
        ]
    if row.level_changed:
        found["level_changed"] = True
    if row.doubt is not None:
        found["doubt"] = row.doubt
    return found


def comparison_value(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain lists and objects, ready for JSON."""
    found: dict[str, Any] = {
        "algorithm": comparison.algorithm,
        "before": {"sha256": comparison.before.sha256, "articles": comparison.before.articles},
        "after": {"sha256": comparison.after.sha256, "articles": comparison.after.articles},
        "rows": [_row(row) for row in comparison.rows],
    }
    if comparison.resting:
        found["resting"] = [asdict(one) for one in comparison.resting]
    return found


def three_texts_value(first: Comparison, second: Comparison) -> dict[str, Any]:
    """Three texts: the two comparisons, and which of their rows stand together in a table.

    Raises ValueError when the second does not begin with the text the first ends with.
    """
    places = {id(row): place for found in (first, second) for place, row in enumerate(found.rows)}
    return {
        "first": comparison_value(first),
        "second": comparison_value(second),
        "joined": [
            {
                "first": [places[id(row)] for row in item.rows],
                "second": [places[id(row)] for row in item.later],
            }
            for item in joined(first, second)
        ],
    }


def followed_value(followed: Followed, catalogue: Catalogue = VIETNAMESE) -> dict[str, Any]:
    """What became of numbers and references: cited as a text itself does, besides their paths.

    `catalogue` is that of the reader, where a page shows this; a file cites in Vietnamese.
    """
    return {
        "renumbered": [
            {
                "provision": one.provision,
                "before": one.before,
                "after": one.after,
                "before_cited": spoken_path(one.before or "", catalogue),
                "after_cited": spoken_path(one.after or "", catalogue),
                "kind": one.kind.value,
            }
            for one in followed.renumbered
        ],
        "references": [
            {
                "provision": one.provision,
                "path": one.path,
                "where": spoken_path(one.path, catalogue),
                "start": one.start,
                "end": one.end,
                "quote": one.quote,
                "reason": one.reason,
                "repaired": one.repaired,
            }
            for one in followed.references
        ],
    }


def comparison_to_json(
    comparison: Comparison, second: Comparison | None = None, followed: Followed | None = None
) -> bytes:
    """UTF-8 JSON, one line, ended by a line break; of three texts with a second comparison.

    With what became of numbers and references, where that is known.
    """
    value = comparison_value(comparison) if second is None else three_texts_value(comparison, second)
    if followed is not None:
        value |= followed_value(followed)
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode("utf-8", "surrogatepass")
