"""What the benchmarks share: ways run in turn, medians, ratios, peak memory, text and JSON.

Figures are ratios within one run: a busy machine slows all ways of a round alike. No test reads them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

Way = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measure:
    """Milliseconds over all rounds; `ratio` is the median over the first way's median."""

    median: float
    least: float
    most: float
    ratio: float


def interleaved(ways: Mapping[str, Way], *, rounds: int = 5, warm: bool = True) -> dict[str, Measure]:
    """Each way once a round, in an order that turns with the round; the first is the yardstick.

    `warm` runs each once before it is measured.
    """
    names = list(ways)
    if warm:
        for way in ways.values():
            way()
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        turn = number % len(names)
        for name in (*names[turn:], *names[:turn]):
            start = perf_counter()
            ways[name]()
            times[name].append(1000 * (perf_counter() - start))
    yardstick = statistics.median(times[names[0]])
    return {name: _measure(found, yardstick) for name, found in times.items()}


def _measure(times: Sequence[float], yardstick: float) -> Measure:
    median = statistics.median(times)
    return Measure(round(median, 3), round(min(times), 3), round(max(times), 3), round(median / yardstick, 3))


_WATCHED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdin=sys.stdin, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([done.returncode, used if sys.platform == "darwin" else used * 1024]))
"""


def peak_memory(command: Sequence[str], *, given: bytes = b"") -> int:
    """The most memory in bytes (resident) that a command's process held; `given` is its input.

    Raises RuntimeError when the command fails. Not on Windows.
    """
    done = subprocess.run([sys.executable, "-c", _WATCHED, *command], input=given, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"the watcher of {command[0]} failed")
    code, peak = json.loads(done.stdout)
    if code != 0:
        raise RuntimeError(f"{command[0]} failed with exit code {code}")
    return int(peak)


def add_arguments(parser: argparse.ArgumentParser, *, rounds: int = 5) -> None:
    """`--rounds` and `--json`, the same for every benchmark."""
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--json", metavar="FILE")


def as_text(title: str, measures: Mapping[str, Measure]) -> str:
    """A block of lines: name, median, least, most, ratio."""
    width = max(map(len, measures), default=0)
    lines = [title]
    for name, m in measures.items():
        lines.append(
            f"  {name:{width}}  {m.median:10.1f} ms  ({m.least:.1f} to {m.most:.1f})  ×{m.ratio:.2f}"
        )
    return "\n".join(lines)


def write_json(file: str, results: Mapping[str, Mapping[str, Measure]], **more: object) -> None:
    """All blocks as `{title: {name: {median, least, most, ratio}}}`, and what else is given."""
    found = {title: {name: asdict(m) for name, m in block.items()} for title, block in results.items()}
    Path(file).write_text(
        json.dumps({**found, **more}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
