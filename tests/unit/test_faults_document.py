"""docs/operate/faults.md leaves out no failure of the list, and says of each what proves it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/operate/faults.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`((?:tests|client/test)/[^`]+?)::([^`]+)`", DOCUMENT)


def test_every_line_names_its_proof_and_every_failure_has_a_line() -> None:
    lines = [line for line in DOCUMENT.splitlines() if line.startswith("| ") and "---" not in line]
    rows = [line for line in lines if not line.startswith(("| fault |", "| |"))]
    without = [line for line in rows if "::" not in line and not line.startswith("| F22 |")]
    assert without == []
    assert [line.split("|")[1].strip() for line in rows if re.match(r"\| F\d+ \|", line)] == [
        f"F{number}" for number in range(1, 23)
    ]
    assert len(NAMED) > 40
