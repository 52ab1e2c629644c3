"""The structure of the server drawn from its code: the layers of pyproject.toml and the imports between.

python -m tests.support.structure writes the drawing into docs/architecture.md, between its marks.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs/architecture.md"
BEGIN, END = "<!-- drawn by python -m tests.support.structure -->", "<!-- end of the drawing -->"
FOR_ALL = frozenset(("domain", "settings", "messages", ""))
"""Read by any layer: arrows to them would say nothing."""


class NotPlaced(Exception):
    """A package stands in no layer."""


def layers() -> list[list[str]]:
    """From the top, as import-linter holds them: names below `duthao`."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    told = next(one for one in linter["contracts"] if one["type"] == "layers")["layers"]
    return [[name.strip().removeprefix("duthao.") for name in row.split("|")] for row in told]


def unit_of(module: str, units: list[str]) -> str:
    """What a module is drawn in: `store.ports` all of the store that is none of its makers.

    Raises NotPlaced.
    """
    below = module.removeprefix("duthao").removeprefix(".")
    found = [unit for unit in units if below == unit or below.startswith(f"{unit}.")]
    if found:
        return max(found, key=len)
    first = below.split(".")[0]
    if first == "store":
        return "store.ports"
    if first not in FOR_ALL:
        raise NotPlaced(first)
    return first


def drawn() -> str:
    """The drawing in Mermaid's words: a box for each package, arrows for who imports whom."""
    rows = layers()
    units = [unit for row in rows for unit in row]
    graph = grimp.build_graph("duthao", cache_dir=None)
    arrows = {
        (unit_of(module, units), unit_of(other, units))
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    }
    lines = ["```mermaid", "flowchart TD"]
    for number, row in enumerate(rows):
        lines.append(f'  subgraph layer{number}[" "]')
        lines += [f'    {_id(unit)}["{unit}"]' for unit in row]
        lines.append("  end")
    for here, there in sorted(arrows):
        if here != there and not FOR_ALL & {here, there}:
            lines.append(f"  {_id(here)} --> {_id(there)}")
    return "\n".join([*lines, "```"])


def _id(unit: str) -> str:
    return unit.replace(".", "_")


def placed(document: str) -> str:
    """The document with the drawing of now between its marks."""
    head, _, rest = document.partition(BEGIN)
    return f"{head}{BEGIN}\n{drawn()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    TARGET.write_text(placed(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
