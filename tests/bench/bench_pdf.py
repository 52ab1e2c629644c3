"""Time and memory of the printed forms: tables of the demonstration and of a law, a long draft.

    python -m tests.bench.bench_pdf [--json FILE] [--rounds N]

"worker" starts a process and throws it away, as the server does: every text is new to it. "again" sets
in this process a text it has set before, of which the typesetter remembers most.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "server"), str(ROOT)]

from duthao.domain.compare import compare  # noqa: E402
from duthao.domain.compare.table_builder import TableOptions, build_table  # noqa: E402
from duthao.domain.demonstration import revise  # noqa: E402
from duthao.domain.document import Document, ProvisionId  # noqa: E402
from duthao.domain.structure import parse  # noqa: E402
from duthao.domain.table import ComparisonTable  # noqa: E402
from duthao.formats import typesetter  # noqa: E402
from duthao.formats.pdf import (  # noqa: E402
    PrintOptions,
    comparison_pdf,
    draft_data,
    draft_pdf,
    in_worker,
    table_data,
)
from duthao.messages import Catalogue  # noqa: E402
from tests.bench import harness  # noqa: E402
from tests.support.fonts import gather_fonts  # noqa: E402

SAMPLES = ROOT / "tests" / "samples"
TIMES = 8
"""The regulation so many times over is about 220 pages."""

VI = Catalogue("vi")


def sample(name: str, prefix: str) -> Document:
    numbers = count(1)
    text = (SAMPLES / name).read_text(encoding="utf-8")
    return parse(text, new_id=lambda: ProvisionId(f"{prefix}{next(numbers)}")).document


def tables() -> dict[str, ComparisonTable]:
    numbers = count(1)
    regulation = sample("quy-che-lam-viec-ban-qlda-tphcm.txt", "q")
    draft = revise(regulation, lambda: ProvisionId(f"n{next(numbers)}"))
    before, after = (sample(f"luat-kiem-toan-nha-nuoc/{name}.txt", name) for name in ("before", "after"))
    everything = TableOptions(everything=True)
    law = compare(before, after)
    long = long_draft(3)
    revised = revise(long, lambda: ProvisionId(f"n{next(numbers)}"))
    return {
        "regulation three times, whole": build_table(
            compare(long, revised), long, revised, "Quy chế", options=everything
        ),
        "demonstration, changed": build_table(compare(regulation, draft), regulation, draft, "Quy chế"),
        "demonstration, whole": build_table(
            compare(regulation, draft), regulation, draft, "Quy chế", options=everything
        ),
        "law, changed": build_table(law, before, after, "Luật"),
        "law, whole": build_table(law, before, after, "Luật", options=everything),
    }


def long_draft(times: int = TIMES) -> Document:
    regulation = sample("quy-che-lam-viec-ban-qlda-tphcm.txt", "q")
    again = [
        replace(p, id=ProvisionId(f"{p.id}-{turn}")) for turn in range(times) for p in regulation.provisions
    ]
    return replace(regulation, provisions=tuple(again))


def pages(content: bytes) -> str:
    """The pages of a file, as poppler counts them; "?" where it is not installed."""
    if not shutil.which("pdfinfo"):
        return "?"
    shown = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout.decode()
    return next(line.split()[1] for line in shown.splitlines() if line.startswith("Pages:"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    harness.add_arguments(parser)
    arguments = parser.parse_args()
    results: dict[str, dict[str, harness.Measure]] = {}
    memory: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        fonts = gather_fonts(Path(folder))
        if fonts is None:
            print("the font Tinos is not on this machine", file=sys.stderr)
            return 1
        options = PrintOptions(fonts=fonts)
        draft = long_draft()
        jobs: dict[str, tuple[Callable[..., bytes], str, dict[str, object]]] = {}
        for name, table in tables().items():
            jobs[name] = (
                lambda typeset, table=table: comparison_pdf(table, VI, options=options, typeset=typeset),
                "table",
                table_data(table, VI, options),
            )
        jobs["draft, long"] = (
            lambda typeset: draft_pdf(draft, VI, options=options, typeset=typeset),
            "draft",
            draft_data(draft, VI, options),
        )
        for name, (write, template, data) in jobs.items():
            ways: dict[str, harness.Way] = {
                "worker": lambda write=write: write(in_worker),  # type: ignore[misc]
                "again": lambda write=write: write(typesetter.in_process),  # type: ignore[misc]
            }
            title = f"{name}: {pages(write(in_worker))} pages"
            results[title] = harness.interleaved(ways, rounds=arguments.rounds)
            job = json.dumps({"template": template, "data": data, "fonts": str(fonts), "picture": 0}).encode()
            command = [sys.executable, "-I", typesetter.__file__]
            memory[name] = round(harness.peak_memory(command, given=job) / 2**20, 1)
            print(harness.as_text(title, results[title]))
            print(f"  worker's peak memory: {memory[name]} MiB")
    if arguments.json:
        harness.write_json(arguments.json, results, memory_mib=memory)
    return 0


if __name__ == "__main__":
    sys.exit(main())
