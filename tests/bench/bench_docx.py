"""Time of Word files: a long draft with both numberings and with all its changes tracked, and its size.

python -m tests.bench.bench_docx [--json FILE] [--rounds N]
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "server"), str(ROOT)]

from duthao.domain.compare import compare  # noqa: E402
from duthao.domain.demonstration import revise  # noqa: E402
from duthao.domain.document import ProvisionId  # noqa: E402
from duthao.domain.structure import parse  # noqa: E402
from duthao.formats.docx_out import Tracked, WordOptions, document_docx  # noqa: E402
from duthao.messages import Catalogue  # noqa: E402
from tests.bench import harness  # noqa: E402

SAMPLE = ROOT / "tests" / "samples" / "quy-che-lam-viec-ban-qlda-tphcm.txt"
SYLLABLES = 535 * 150
"""Of 150 pages, by the yardstick of A4 pages at 14 pt."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    harness.add_arguments(arguments)
    asked = arguments.parse_args()
    catalogue, numbers = Catalogue("vi"), count(1)

    def new_id() -> ProvisionId:
        return ProvisionId(f"p{next(numbers)}")

    one = parse(SAMPLE.read_text(encoding="utf-8"), new_id=new_id).document
    many = []
    while sum(len(p.text.split()) for p in many) < SYLLABLES:
        many += [replace(p, id=new_id()) for p in one.provisions]
    document = replace(one, provisions=tuple(many))
    draft = revise(document, new_id)
    tracked = Tracked(document, compare(document, draft), "Dự thảo", "2026-09-05T08:00:00Z")
    ways = {
        "literal": lambda: document_docx(document, catalogue),
        "automatic": lambda: document_docx(document, catalogue, WordOptions(numbering="automatic")),
        "tracked": lambda: document_docx(draft, catalogue, WordOptions(tracked=tracked)),
    }
    found = harness.interleaved(ways, rounds=asked.rounds)
    sizes = {name: len(way()) for name, way in ways.items()}
    print(f"{len(document.provisions)} provisions, about 150 pages")
    print(harness.as_text("Word files", found))
    print(*(f"{name}: {size / 1024:.0f} KiB" for name, size in sizes.items()), sep=", ")
    if asked.json:
        harness.write_json(asked.json, {"docx": found}, sizes=sizes)


if __name__ == "__main__":
    main()
