"""How often an amending instrument must be refused, over made-up pairs of texts.

    python tests/bench/bench_instrument.py [--pairs 5000] [--first 1] [--only EDIT …] [--worst N]

A pair is refused when applying its instrument to the old text does not give the draft. Counted by
the edits the refused pairs have had (a pair has several). Bar (issue 3): at most 2 %.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "server"), str(ROOT)]

from duthao.domain.amend.proving import Proof, proved  # noqa: E402
from duthao.domain.compare import compare  # noqa: E402
from tests.support.edit_scripts import EDITS, edited_pair  # noqa: E402

CHUNK = 25
BAR = 0.02


@dataclass(slots=True)
class Tally:
    """Pairs proved and refused. `reasons`: the codes of refused sentences, or that the text differs."""

    pairs: int = 0
    renumbered: int = 0
    rounds: Counter[int] = field(default_factory=Counter)
    edits: Counter[str] = field(default_factory=Counter)
    refused_edits: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    refused: list[int] = field(default_factory=list)
    quoted: int = 0
    written: int = 0

    def add(self, other: Tally) -> None:
        self.pairs += other.pairs
        self.renumbered += other.renumbered
        self.rounds += other.rounds
        self.edits += other.edits
        self.refused_edits += other.refused_edits
        self.reasons += other.reasons
        self.refused += other.refused
        self.quoted += other.quoted
        self.written += other.written

    @property
    def share(self) -> float:
        """The part of the pairs that is refused."""
        return len(self.refused) / max(self.pairs, 1)


def reasons(proof: Proof) -> set[str]:
    """Why a proof does not hold."""
    return {refused.code for refused in proof.refused} or {"differs"}


def measured(job: tuple[int, int, Sequence[str]]) -> Tally:
    first, number, only = job
    tally = Tally()
    for seed in range(first, first + number):
        pair = edited_pair(seed, only=only)
        proof = proved(pair.before, pair.after, compare(pair.before, pair.after))
        tally.pairs += 1
        tally.renumbered += not proof.exact
        tally.rounds[proof.rounds] += 1
        tally.edits.update(set(pair.edits))
        tally.quoted += proof.instrument.quoted_characters()
        tally.written += proof.instrument.written_characters()
        if not proof.holds:
            tally.refused.append(seed)
            tally.refused_edits.update(set(pair.edits))
            tally.reasons.update(reasons(proof))
    return tally


def run(pairs: int, first: int = 1, only: Sequence[str] = EDITS, workers: int = 2) -> Tally:
    """Over seeds `first` … `first + pairs - 1`."""
    jobs = [(seed, min(CHUNK, first + pairs - seed), only) for seed in range(first, first + pairs, CHUNK)]
    total = Tally()
    with ProcessPoolExecutor(workers) as pool:
        for found in pool.map(measured, jobs):
            total.add(found)
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=list(EDITS), choices=EDITS)
    parser.add_argument("--worst", type=int, default=20)
    parser.add_argument("--json", metavar="FILE")
    arguments = parser.parse_args()
    total = run(arguments.pairs, arguments.first, arguments.only)
    met = total.share <= BAR
    state = "ok" if met else "SHORT"
    share = f"{100 * total.share:.3f} %"
    print(f"refused {len(total.refused)} of {total.pairs} = {share}  bar {100 * BAR} %  {state}")
    print(f"under kept numbers {total.renumbered}, rounds {dict(sorted(total.rounds.items()))}")
    print(f"characters written {total.written}, of these quoted {total.quoted}")
    for name, number in total.edits.most_common():
        print(f"  {name:20} in {number:6} pairs, refused {total.refused_edits[name]}")
    print("reasons:", dict(total.reasons.most_common()))
    print("refused seeds:", total.refused[: arguments.worst])
    if arguments.json:
        found = {"pairs": total.pairs, "refused": total.refused, "share": total.share}
        Path(arguments.json).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
