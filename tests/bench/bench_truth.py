"""How much of what happened the comparison finds, over made-up pairs whose truth is known.

    python tests/bench/bench_truth.py [--pairs 5000] [--first 1] [--only EDIT …] [--worst N] [--json FILE]

Shares are of provisions, by what happened to them; "alone" are those that were taken out and
should stand without a partner. Bars (issue 3): unchanged and renumbered 99.5 %, amended and moved
98 %, split and merged 95 %.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "server"), str(ROOT)]

from duthao.domain.compare import compare  # noqa: E402
from tests.support.edit_scripts import EDITS, EditedPair, Ids, Score, edited_pair, score  # noqa: E402

CHUNK = 50
BARS = (
    (("unchanged", "renumbered", "reference"), 0.995),
    (("amended", "moved"), 0.98),
    (("split", "merged"), 0.95),
)


def partners(pair: EditedPair) -> dict[int, frozenset[int]]:
    """What the comparison says belongs together, by index."""
    left = {str(p.id): i for i, p in enumerate(pair.before.provisions)}
    right = {str(p.id): j for j, p in enumerate(pair.after.provisions)}
    found: dict[int, frozenset[int]] = {}
    for row in compare(pair.before, pair.after).rows:
        for unit in row.before:
            found[left[unit.id]] = frozenset(right[other.id] for other in row.after)
    return found


def measured(
    job: tuple[int, int, Sequence[str], Ids | None],
) -> tuple[Score, list[tuple[int, int]], Counter[str]]:
    first, number, only, ids = job
    total, worst, edits = Score(), [], Counter[str]()
    for seed in range(first, first + number):
        pair = edited_pair(seed, only=only, ids=ids)
        found, wrong = score(pair, partners(pair))
        total.add(found)
        edits.update(pair.edits)
        if wrong:
            worst.append((len(wrong), seed))
    return total, worst, edits


def run(
    pairs: int, first: int = 1, only: Sequence[str] = EDITS, ids: Ids | None = None, workers: int = 2
) -> tuple[Score, list[tuple[int, int]], Counter[str]]:
    """Over seeds `first` … `first + pairs - 1`: the score, (wrong, seed) of the worst, the edits made."""
    jobs = [
        (seed, min(CHUNK, first + pairs - seed), only, ids) for seed in range(first, first + pairs, CHUNK)
    ]
    total, worst, edits = Score(), [], Counter[str]()
    with ProcessPoolExecutor(workers) as pool:
        for found, wrong, made in pool.map(measured, jobs):
            total.add(found)
            worst += wrong
            edits.update(made)
    return total, sorted(worst, reverse=True), edits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--only", nargs="+", default=list(EDITS), choices=EDITS)
    parser.add_argument("--ids", choices=("kept", "none", "retyped"))
    parser.add_argument("--worst", type=int, default=5)
    parser.add_argument("--json", metavar="FILE")
    arguments = parser.parse_args()
    total, worst, edits = run(arguments.pairs, arguments.first, arguments.only, arguments.ids)
    for fate, number in total.total.most_common():
        print(f"{fate:12} {number:8}  {100 * total.share(fate):7.3f} %")
    print(f"{'alone':12} {total.alone_total:8}  {100 * total.alone_right / max(total.alone_total, 1):7.3f} %")
    met = True
    for fates, bar in BARS:
        share = total.share(*fates)  # type: ignore[arg-type]
        met = met and share >= bar
        state = "ok" if share >= bar else "SHORT"
        print(f"{' + '.join(fates):36} {100 * share:7.3f} %  bar {100 * bar} %  {state}")
    print("edits:", dict(edits.most_common()))
    print("worst (wrong, seed):", worst[: arguments.worst])
    if arguments.json:
        shares = {fate: total.share(fate) for fate in total.total}
        Path(arguments.json).write_text(json.dumps(shares, indent=2) + "\n", encoding="utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
