"""How long a Word file of 150 pages takes from its bytes to documents, and in which memory.

    python -m tests.bench.bench_import [pages]

The yardstick is 535 syllables and 13 blocks a page (A4, 14 pt, the form of Nghị định 30/2020). The
text is the regulation of the samples over and over, numbers automatic, words broken into runs as Word
breaks them, a table on every tenth page, every fiftieth paragraph with a tracked change.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

from duthao.formats.incoming import prepared, read
from duthao.service.import_worker import Readers, take_in
from tests.support.papers import LISTS
from tests.support.word import docx, p, r, tbl, tr

SOURCE = Path(__file__).resolve().parents[1] / "samples" / "quy-che-lam-viec-ban-qlda-tphcm.txt"
SYLLABLES, RUN = 535, 4


def paper(pages: int, *, tracked: bool = True) -> bytes:
    """A regulation of so many pages."""
    lines = [line for line in SOURCE.read_text(encoding="utf-8").split("\n") if len(line.split()) > 8]
    body: list[str] = []
    said = 0
    while said < pages * SYLLABLES:
        words = lines[len(body) % len(lines)].split()
        said += len(words)
        runs = [" ".join(words[at : at + RUN]) + " " for at in range(0, len(words), RUN)]
        content = [r(words, rFonts="Times New Roman", sz="28", lang="vi-VN") for words in runs]
        if tracked and len(body) % 50 == 49:
            content.append(f'<w:ins w:id="{len(body)}" w:author="a">{r("thêm")}</w:ins>')
        level = 1 if len(body) % 8 == 0 else 2 if len(body) % 8 < 5 else 3
        body.append(p(*content, num=1, lvl=level))
        if len(body) % 130 == 0:
            body.append(tbl(*(tr(str(n), "Nội dung công việc", "Quý I") for n in range(12))))
    return docx(*body, numbering=LISTS)


def main(pages: int) -> None:
    readers = Readers(prepared, read)
    for name, given in (
        ("no tracked changes", paper(pages, tracked=False)),
        ("read both ways", paper(pages)),
    ):
        times, worked = [], []
        for _ in range(5):
            began, work = time.perf_counter(), time.process_time()
            found = take_in(readers, given, lambda step: None)
            times.append(time.perf_counter() - began)
            worked.append(time.process_time() - work)
        size = len(found.final[0].tree) // 1024
        print(
            f"{pages} pages, {name}: median {statistics.median(times):.2f} s, of the processor "
            f"{statistics.median(worked):.2f} s; {len(given) // 1024} KiB packed, {size} KiB as JSON"
        )
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
