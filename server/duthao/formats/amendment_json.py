"""What an amending document did, as JSON: each instruction, applied or refused, with its source."""

from __future__ import annotations

import json

from duthao.domain.amend.applying import Applied
from duthao.domain.amend.values import Source
from duthao.domain.errors import Refusal
from duthao.messages import Catalogue


def _source(source: Source) -> dict[str, object]:
    return {"label": source.label, "line": source.line, "text": source.text}


def amendment_to_json(applied: Applied, catalogue: Catalogue) -> bytes:
    """UTF-8 JSON, ended by a line break: `articles`, `applied`, `refused`.

    An applied instruction lists its `changes` ({"kind", "path", "count"}); a refused one has
    `code`, `message` and `details` like every refusal.
    """
    value = {
        "articles": list(applied.articles),
        "applied": [
            {
                **_source(done.source),
                "changes": [{"kind": c.kind, "path": c.path, "count": c.count} for c in done.changes],
            }
            for done in applied.instructions
        ],
        "refused": [
            {
                **_source(refused.source),
                "code": refused.code,
                "message": catalogue.refusal(Refusal(refused.code, **dict(refused.details))),
                "details": dict(refused.details),
            }
            for refused in applied.refusals
        ],
    }
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return f"{text}\n".encode("utf-8", "surrogatepass")
