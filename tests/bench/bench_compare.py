"""How fast the comparison is, beside difflib and diff-match-patch on the same texts.

    python tests/bench/bench_compare.py [--json FILE] [--rounds N] [--quick]

Every way is run in turn within a round, so that a busy machine slows all alike; shown are
medians in milliseconds and ratios to our cold comparison. "cold" starts without any memory of
the texts; "keystroke" changes one clause and compares with a cache that knows the rest.
"""

from __future__ import annotations

import argparse
import difflib
import json
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "server"), str(ROOT)]

from duthao.domain.compare import ComparisonCache, compare, keys, similarity, words  # noqa: E402
from duthao.domain.document import Document, Kind, Provision, ProvisionId  # noqa: E402
from duthao.domain.outline import canonical_text  # noqa: E402
from duthao.domain.structure import parse  # noqa: E402

SAMPLE = ROOT / "tests" / "samples" / "luat-kiem-toan-nha-nuoc"
PARAGRAPHS = 1800
SYLLABLES = 45


def sample(name: str, prefix: str) -> Document:
    numbers = count(1)
    text = (SAMPLE / name).read_text(encoding="utf-8")
    return parse(text, new_id=lambda: ProvisionId(f"{prefix}{next(numbers)}")).document


def made_up(seed: int) -> Document:
    """About 150 pages: articles of five clauses, words of a real law in random order."""
    chance = random.Random(seed)
    words = (SAMPLE / "before.txt").read_text(encoding="utf-8").split()
    provisions: list[Provision] = []
    for index in range(PARAGRAPHS):
        if index % 5 == 0:
            heading = " ".join(chance.choices(words, k=8))
            provisions.append(Provision(ProvisionId(f"d{index}"), Kind.ARTICLE, heading))
        text = " ".join(chance.choices(words, k=SYLLABLES))
        provisions.append(Provision(ProvisionId(f"k{index}"), Kind.CLAUSE, text))
    return Document(provisions=tuple(provisions))


def edited(document: Document, share: float, seed: int) -> Document:
    """Fresh ids; a share of the provisions with two words changed, and one article put in."""
    chance = random.Random(seed)
    after: list[Provision] = []
    for number, provision in enumerate(document.provisions):
        words = provision.text.split(" ")
        if chance.random() < share:
            for _ in range(2):
                words[chance.randrange(len(words))] = "sửa"
        after.append(replace(provision, id=ProvisionId(f"n{number}"), text=" ".join(words)))
    new = Provision(ProvisionId("new"), Kind.ARTICLE, "Điều khoản mới được bổ sung")
    return Document(provisions=(*after[:300], new, *after[300:]))


def cold(before: Document, after: Document) -> None:
    for remembered in (
        keys.spelling_key, keys.reference_key, keys.similar_words, keys.distinct_words,
        similarity.words_of, similarity.words_of_all, words.word_spans,
    ):  # fmt: skip
        remembered.cache_clear()
    compare(before, after)


def keystroke(before: Document, after: Document) -> Callable[[], None]:
    cache = ComparisonCache()
    compare(before, after, cache=cache)
    middle = len(after.provisions) // 2
    numbers = count()

    def press() -> None:
        target = after.provisions[middle]
        typed = replace(target, text=f"{target.text} {next(numbers)}")
        provisions = (*after.provisions[:middle], typed, *after.provisions[middle + 1 :])
        compare(before, replace(after, provisions=provisions), cache=cache)

    return press


def syllable_difflib(before: Document, after: Document) -> None:
    left, right = canonical_text(before).split(), canonical_text(after).split()
    difflib.SequenceMatcher(None, left, right, autojunk=True).get_opcodes()


def whole_dmp(before: Document, after: Document) -> None:
    """Whole-document diff of syllables as characters, without a timer."""
    from diff_match_patch import diff_match_patch

    known: dict[str, str] = {}
    texts = [
        "".join(known.setdefault(word, chr(0x100 + len(known))) for word in canonical_text(side).split())
        for side in (before, after)
    ]
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    engine.diff_main(texts[0], texts[1], False)


def measured(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = perf_counter()
            way()
            times[name].append(1000 * (perf_counter() - start))
    return {name: round(statistics.median(found), 1) for name, found in times.items()}


def cases(quick: bool) -> dict[str, tuple[Document, Document]]:
    found = {
        "law, amended": (sample("before.txt", "b"), sample("after.txt", "a")),
        "law, renumbered": (sample("before.txt", "b"), sample("after-renumbered.txt", "a")),
    }
    if not quick:
        long = made_up(1)
        found["150 pages, 1 % edited"] = (long, edited(long, 0.01, 2))
        found["150 pages, 10 % edited"] = (long, edited(long, 0.1, 2))
        found["150 pages, 60 % edited"] = (long, edited(long, 0.6, 3))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="the law only")
    arguments = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    for name, (before, after) in cases(arguments.quick).items():
        ways: dict[str, Callable[[], None]] = {
            "cold": lambda b=before, a=after: cold(b, a),  # type: ignore[misc]
            "keystroke": keystroke(before, after),
        }
        if find_spec("diff_match_patch"):
            ways["dmp, whole document"] = lambda b=before, a=after: whole_dmp(b, a)  # type: ignore[misc]
        else:
            print("not installed: diff-match-patch (requirements/bench.txt)")
        if name.startswith("law"):  # minutes on 150 pages, where it has no answer worth waiting for
            ways["difflib, syllables"] = lambda b=before, a=after: syllable_difflib(b, a)  # type: ignore[misc]
        results[name] = measured(ways, arguments.rounds)
        for way, median in results[name].items():
            ratio = median / results[name]["cold"]
            print(f"{name:26} {way:22} {median:10.1f} ms  ×{ratio:.2f}")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
