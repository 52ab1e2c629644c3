"""The comparison beside other tools on the same texts: time, memory, and what a reader is shown.

    python tests/bench/bench_compare_peers.py [--rounds N] [--json FILE] [--pairs N] [--quick]

Beside ours: xmldiff (marked-up text), difflib by lines and by words, redlines, diff-match-patch over
words of the whole document, and LibreOffice's "Compare Document" where `soffice` and a Python with
`uno` are found. What is not installed is named. All compare the same lines, labels included; each
is run in turn within a round, in an order that turns, and reading the files is not counted.

Counted is what is shown as changed, in words (what white space parts): a word struck out and one
put in are two. "least" is the smallest number that tells the truth: over provisions that truly
belong together (made-up pairs), or by the shortest edit script that moves nothing (the law, where
ours may show less for what moved). "needless" is the part of the kept words shown as changed on
top of that. "places" are the separate changes a reader has to look at; LibreOffice's are its tracked
changes, two for a replacement. Memory is the peak of a process of its own that reads the texts and
runs one way.

Ways that take minutes on the long text are not run on it; they are named.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "server"), str(ROOT)]

from duthao.domain.compare import compare, keys, words  # noqa: E402
from duthao.domain.compare.result import Comparison, RowClass  # noqa: E402
from duthao.domain.document import Document  # noqa: E402
from duthao.domain.outline import canonical_text, outline, plain_line  # noqa: E402
from tests.bench.bench_compare import edited, made_up, sample  # noqa: E402
from tests.bench.harness import peak_memory  # noqa: E402
from tests.support.edit_scripts import EditedPair, edited_pair  # noqa: E402

OFFICE_DRIVER = Path(__file__).with_name("libreoffice_compare.py")


@dataclass(frozen=True, slots=True)
class Shown:
    """Words struck out, words put in, separate changes, and how a moved provision is shown."""

    deleted: int
    inserted: int
    places: int
    moves: str = "no"


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    before: Document
    after: Document
    least: Callable[[ModuleType | None], int]
    long: bool = False

    def lines(self) -> tuple[list[str], list[str]]:
        return canonical_text(self.before).splitlines(), canonical_text(self.after).splitlines()

    def words(self) -> tuple[list[str], list[str]]:
        return canonical_text(self.before).split(), canonical_text(self.after).split()


Run = Callable[[], Any]
Count = Callable[[Any], Shown]


@dataclass(frozen=True, slots=True)
class Way:
    """One tool: `prepared` gives what is timed and what counts its answer."""

    name: str
    prepared: Callable[[Case], tuple[Run, Count]]
    minutes_when_long: bool = False


def number_of_words(text: str | None) -> int:
    return len((text or "").split())


# --- ours -----------------------------------------------------------------------------------------


def ours(case: Case) -> tuple[Run, Count]:
    def cold() -> Comparison:
        for remembered in (keys.spelling_key, keys.reference_key, keys.similar_words, words.word_spans):
            remembered.cache_clear()
        return compare(case.before, case.after)

    return cold, shown_by_us


def shown_by_us(comparison: Comparison) -> Shown:
    """Changed spans, and the labels that changed: in the other tools' lines they are words."""
    deleted = inserted = places = 0
    last = ""  # provisions put in one behind another are one change to look at
    for row in comparison.rows:
        marked = [(op, number_of_words(text)) for op, text in row.spans if op != "="]
        old = " ".join(unit.label for unit in row.before).split()
        new = " ".join(unit.label for unit in row.after).split()
        if old != new:
            out, in_ = label_words(old, new)
            deleted, inserted, places = deleted + out, inserted + in_, places + bool(row.before and row.after)
        deleted += sum(count for op, count in marked if op == "-")
        inserted += sum(count for op, count in marked if op == "+")
        whole = row.row_class.value if not row.before or not row.after else ""
        places += 0 if whole and whole == last else changes([op for op, _ in row.spans])
        last = whole
    moved = any(row.row_class in (RowClass.MOVED, RowClass.MOVED_AMENDED) for row in comparison.rows)
    return Shown(deleted, inserted, places, "as moved" if moved else "none found")


def label_words(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    kept = sum(block.size for block in difflib.SequenceMatcher(None, old, new, False).get_matching_blocks())
    return len(old) - kept, len(new) - kept


def changes(ops: Sequence[str]) -> int:
    """Runs of anything but "="."""
    return sum(op != "=" and (index == 0 or ops[index - 1] == "=") for index, op in enumerate(ops))


# --- the others -------------------------------------------------------------------------------------


def shown_by_opcodes(
    codes: Sequence[tuple[str, int, int, int, int]],
    size: Callable[[int, int], int],
    other: Callable[[int, int], int],
) -> Shown:
    changed = [code for code in codes if code[0] != "equal"]
    return Shown(
        sum(size(a, b) for _, a, b, _, _ in changed),
        sum(other(c, d) for _, _, _, c, d in changed),
        len(changed),
    )


def difflib_lines(case: Case) -> tuple[Run, Count]:
    before, after = case.lines()
    return (
        lambda: difflib.SequenceMatcher(None, before, after, False).get_opcodes(),
        lambda codes: shown_by_opcodes(
            codes,
            lambda a, b: sum(map(number_of_words, before[a:b])),
            lambda c, d: sum(map(number_of_words, after[c:d])),
        ),
    )


def difflib_words(autojunk: bool) -> Callable[[Case], tuple[Run, Count]]:
    def prepared(case: Case) -> tuple[Run, Count]:
        before, after = case.words()
        return (
            lambda: difflib.SequenceMatcher(None, before, after, autojunk).get_opcodes(),
            lambda codes: shown_by_opcodes(codes, lambda a, b: b - a, lambda c, d: d - c),
        )

    return prepared


def redlines_way(redlines: ModuleType) -> Callable[[Case], tuple[Run, Count]]:
    def prepared(case: Case) -> tuple[Run, Count]:
        before, after = ("\n".join(side) for side in case.lines())
        return (
            lambda: redlines.Redlines(before, after).redlines,
            lambda found: Shown(
                sum(number_of_words(change.source_text) for change in found),
                sum(number_of_words(change.test_text) for change in found),
                len(found),
            ),
        )

    return prepared


def dmp_way(library: ModuleType) -> Callable[[Case], tuple[Run, Count]]:
    def prepared(case: Case) -> tuple[Run, Count]:
        known: dict[str, str] = {}
        texts = [
            "".join(known.setdefault(word, _character(len(known))) for word in side) for side in case.words()
        ]
        engine = library.diff_match_patch()
        engine.Diff_Timeout = 0

        def count(found: Sequence[tuple[int, str]]) -> Shown:
            ops = ["=" if op == 0 else "x" for op, _ in found]
            return Shown(
                sum(len(piece) for op, piece in found if op < 0),
                sum(len(piece) for op, piece in found if op > 0),
                changes(ops),
            )

        return lambda: engine.diff_main(*texts, False), count

    return prepared


def _character(number: int) -> str:
    """A character of its own for each number; surrogates are none."""
    return chr(0x100 + number if 0x100 + number < 0xD800 else 0x900 + number)


MARK = "{http://namespaces.shoobx.com/diff}"


def xmldiff_way(
    library: ModuleType, formatting: ModuleType, etree: ModuleType
) -> Callable[[Case], tuple[Run, Count]]:
    def tree(lines: Sequence[str]) -> Any:
        root = etree.Element("text")
        for line in lines:
            etree.SubElement(root, "p").text = line
        return root

    def prepared(case: Case) -> tuple[Run, Count]:
        before, after = map(tree, case.lines())
        moves: list[bool] = []

        def run() -> Any:
            found = list(library.diff_trees(before, after))
            moves[:] = [any(type(action).__name__ == "MoveNode" for action in found)]
            formatter = formatting.XMLFormatter(normalize=formatting.WS_NONE, text_tags=("p",))
            return library.diff_trees(before, after, formatter=formatter)

        def count(text: str) -> Shown:
            deleted = inserted = places = 0
            last = ""
            for paragraph in etree.fromstring(text.encode()).iter("p"):
                content = number_of_words("".join(paragraph.itertext()))
                whole = "insert" if MARK + "insert" in paragraph.attrib else ""
                whole = "delete" if MARK + "delete" in paragraph.attrib else whole
                if whole:
                    deleted += content * (whole == "delete")
                    inserted += content * (whole == "insert")
                    places += whole != last
                else:
                    out, in_ = (
                        [number_of_words("".join(mark.itertext())) for mark in paragraph.iter(MARK + kind)]
                        for kind in ("delete", "insert")
                    )
                    deleted, inserted = deleted + sum(out), inserted + sum(in_)
                    places += max(len(out), len(in_))
                last = whole
            return Shown(deleted, inserted, places, "in its script only" if moves == [True] else "no")

        return run, count

    return prepared


# --- LibreOffice ------------------------------------------------------------------------------------


def python_with_uno() -> str | None:
    """A Python that can speak to LibreOffice: this one, the system's, or the one LibreOffice brings."""
    office = shutil.which("soffice")
    beside = str(Path(os.path.realpath(office)).with_name("python")) if office else ""
    for candidate in (sys.executable, "/usr/bin/python3", beside):
        if candidate and shutil.which(candidate):
            done = subprocess.run([candidate, "-c", "import uno"], capture_output=True, check=False)
            if done.returncode == 0:
                return candidate
    return None


class Office:
    """One LibreOffice with the two texts of a case."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, word: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("LibreOffice gave no answer")
        return dict(json.loads(line))


@contextmanager
def office(python: str, case: Case) -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("before.txt", "after.txt")]
        for file, lines in zip(files, case.lines(), strict=True):
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [python, str(OFFICE_DRIVER), *map(str, files)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield Office(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)


def shown_by_office(answer: Mapping[str, Any], case: Case) -> Shown:
    before, after = case.words()
    deleted = int(answer["deleted"])
    return Shown(deleted, len(after) - (len(before) - deleted), int(answer["changes"]))


# --- the cases ----------------------------------------------------------------------------------------


def shortest(before: Sequence[str], after: Sequence[str], library: ModuleType | None) -> int:
    """Words of a shortest edit script that moves nothing (Myers)."""
    if library is None:
        blocks = difflib.SequenceMatcher(None, before, after, False).get_matching_blocks()
        return len(before) + len(after) - 2 * sum(block.size for block in blocks)
    known: dict[str, str] = {}
    texts = [
        "".join(known.setdefault(word, _character(len(known))) for word in side) for side in (before, after)
    ]
    engine = library.diff_match_patch()
    engine.Diff_Timeout = 0
    return sum(len(piece) for op, piece in engine.diff_main(*texts, False) if op)


def least_of_pair(pair: EditedPair, library: ModuleType | None) -> int:
    """The smallest number of words over the provisions that truly belong together."""
    old = [plain_line(entry).split() for entry in outline(pair.before).entries]
    new = [plain_line(entry).split() for entry in outline(pair.after).entries]
    total, done = 0, set[int]()
    for i, line in enumerate(old):
        targets = sorted(pair.truth.forward[i])
        if not targets:
            total += len(line)
        elif not done & set(targets):
            sources = sorted({source for target in targets for source in pair.truth.backward[target]})
            ours, theirs = (
                [word for k in side for word in lines[k]] for side, lines in ((sources, old), (targets, new))
            )
            total += shortest(ours, theirs, library)
            done.update(targets)
    return total + sum(len(new[j]) for j, sources in pair.truth.backward.items() if not sources)


def cases(pairs: int, quick: bool) -> Iterator[Case]:
    law = sample("before.txt", "b")
    yield _plain("law, amended", law, sample("after.txt", "a"))
    yield _plain("law, renumbered", law, sample("after-renumbered.txt", "a"))
    for seed in range(1, pairs + 1):
        pair = edited_pair(seed, articles=20, edits=12, ids="none")
        yield Case(f"made up {seed}", pair.before, pair.after, partial(least_of_pair, pair))
    if not quick:
        long = made_up(1)
        yield _plain("150 pages, 10 % edited", long, edited(long, 0.1, 2), long=True)


def _plain(name: str, before: Document, after: Document, *, long: bool = False) -> Case:
    def least(library: ModuleType | None) -> int:
        return shortest(canonical_text(before).split(), canonical_text(after).split(), library)

    return Case(name, before, after, least, long)


# --- measuring ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    milliseconds: float
    ratio: float
    megabytes: float
    deleted: int
    inserted: int
    places: int
    needless: float
    moves: str


def ways() -> tuple[list[Way], list[str]]:
    """The tools that are installed, ours first, and the names of those that are not."""
    found, missing = [Way("ours", ours)], list[str]()
    found.append(Way("difflib, lines", difflib_lines))
    found.append(Way("difflib, words", difflib_words(True), minutes_when_long=True))
    found.append(Way("difflib, words, exact", difflib_words(False), minutes_when_long=True))
    if dmp := imported("diff_match_patch"):
        found.append(Way("diff-match-patch, words", dmp_way(dmp)))
    else:
        missing.append("diff-match-patch")
    if redlines := imported("redlines"):
        found.append(Way("redlines", redlines_way(redlines), minutes_when_long=True))
    else:
        missing.append("redlines")
    library, formatting, etree = map(imported, ("xmldiff.main", "xmldiff.formatting", "lxml.etree"))
    if library and formatting and etree:
        found.append(Way("xmldiff", xmldiff_way(library, formatting, etree), minutes_when_long=True))
    else:
        missing.append("xmldiff")
    return found, missing


def imported(name: str) -> ModuleType | None:
    try:
        return __import__(name, fromlist=["*"])
    except ImportError:
        return None


def measured(
    case: Case, tools: Sequence[Way], python: str | None, rounds: int, least: int
) -> dict[str, Result]:
    prepared = {way.name: way.prepared(case) for way in tools}
    times: dict[str, list[float]] = {name: [] for name in prepared}
    counted: dict[str, Shown] = {}
    peaks: dict[str, int] = {}
    with ExitStack() as stack:
        writer = stack.enter_context(office(python, case)) if python else None
        if writer is not None:
            times["LibreOffice"] = []
        for number in range(rounds + 1):  # the first warms up
            names = list(times)
            turn = number % len(names)
            for name in (*names[turn:], *names[:turn]):
                if name == "LibreOffice" and writer is not None:
                    writer.ask("load")
                    answer = writer.ask("compare")
                    spent, peaks[name] = answer["milliseconds"], answer["peak"]
                    counted[name] = shown_by_office(answer, case)
                else:
                    run, count = prepared[name]
                    start = perf_counter()
                    found = run()
                    spent = 1000 * (perf_counter() - start)
                    counted[name] = count(found)
                if number:
                    times[name].append(spent)
    for way in tools:
        # In a process of its own, the interpreter, our modules and the two texts included.
        peaks[way.name] = peak_memory([sys.executable, __file__, "--alone", way.name, case.name])
    yardstick = statistics.median(times["ours"])
    return {
        name: _result(counted[name], statistics.median(found), yardstick, peaks[name], case, least)
        for name, found in times.items()
    }


def _result(shown: Shown, median: float, yardstick: float, peak: int, case: Case, least: int) -> Result:
    kept = sum(map(len, case.words())) - least
    needless = max(shown.deleted + shown.inserted - least, 0) / max(kept, 1)
    return Result(
        round(median, 1), round(median / yardstick, 2), round(peak / 2**20, 1), shown.deleted, shown.inserted,
        shown.places, round(needless, 4), shown.moves,
    )  # fmt: skip


def print_block(case: Case, least: int, results: Mapping[str, Result], left_out: Sequence[str]) -> None:
    print(f"\n{case.name}: {sum(map(len, case.words()))} words on both sides, least {least}")
    heads = ("ms", "×ours", "MB", "out", "in", "places", "needless")
    print(f"  {'':24}" + "".join(f"{head:>10}" for head in heads) + "  moves")
    for name, r in results.items():
        shown = (r.milliseconds, r.ratio, r.megabytes, r.deleted, r.inserted, r.places, f"{r.needless:.2%}")
        print(f"  {name:24}" + "".join(f"{figure:>10}" for figure in shown) + f"  {r.moves}")
    if left_out:
        print(f"  not run, they take minutes on this text: {', '.join(left_out)}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--pairs", type=int, default=3, help="how many made-up pairs")
    parser.add_argument("--quick", action="store_true", help="without the long text")
    parser.add_argument("--alone", nargs=2, metavar=("WAY", "CASE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    tools, missing = ways()
    dmp = imported("diff_match_patch")
    if arguments.alone:
        name, wanted = arguments.alone
        case = next(case for case in cases(1000, False) if case.name == wanted)
        next(way for way in tools if way.name == name).prepared(case)[0]()
        return 0
    python = python_with_uno() if shutil.which("soffice") else None
    if python is None:
        missing.append("LibreOffice (soffice and a Python with uno)")
    results: dict[str, dict[str, Result]] = {}
    for case in cases(arguments.pairs, arguments.quick):
        chosen = [way for way in tools if not (case.long and way.minutes_when_long)]
        least = case.least(dmp)
        results[case.name] = measured(case, chosen, python, arguments.rounds, least)
        print_block(case, least, results[case.name], [way.name for way in tools if way not in chosen])
    print("\nNot installed: " + (", ".join(missing) or "nothing, every tool took part"))
    if arguments.json:
        found = {name: {way: asdict(r) for way, r in block.items()} for name, block in results.items()}
        text = json.dumps({**found, "missing": missing}, indent=2, ensure_ascii=False)
        Path(arguments.json).write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
