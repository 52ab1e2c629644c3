"""An amending instrument and its proof as JSON."""

from __future__ import annotations

import json
from typing import Any

from duthao.domain.amend.instrument import Instruction
from duthao.domain.amend.proving import Proof


def _instruction(one: Instruction) -> dict[str, Any]:
    return {
        "sentence": one.sentence,
        "quoted": list(one.quoted),
        "items": [_instruction(item) for item in one.items],
    }


def instrument_to_json(proof: Proof) -> bytes:
    """UTF-8 JSON: `proved`, `exact`, the instructions, and what differs when it is not proved.

    `references` are those written otherwise than in a draft that was numbered afresh; `draft` and
    `kept` are equal for one that stays as in the text in force.
    """
    instrument = proof.instrument
    value = {
        "proved": proof.holds,
        "exact": proof.exact,
        "references": [{"path": r.path, "draft": r.draft, "kept": r.kept} for r in proof.references],
        "instructions": [_instruction(one) for one in instrument.instructions],
        "effect": instrument.effect,
        "quoted_characters": instrument.quoted_characters(),
        "written_characters": instrument.written_characters(),
        "differences": [{"path": d.path, "wanted": d.wanted, "got": d.got} for d in proof.differences],
        "refused": [{"sentence": r.sentence, "code": r.code} for r in proof.refused],
    }
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode("utf-8", "surrogatepass")
