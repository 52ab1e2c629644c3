"""3,000 opinions: which of them ask for the same, and their table in print."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

from duthao.domain.document import DocumentId, UserId
from duthao.domain.opinions import Opinion, Source
from duthao.domain.synthesis.groups import Answer, Group, Stance
from duthao.domain.synthesis.likeness import Given, suggestions
from duthao.domain.synthesis.ordering import Place
from duthao.domain.synthesis.table import Form, Grouped, SynthesisTable, section
from duthao.domain.synthesis.wishes import wish
from duthao.formats.opinions_docx import opinions_docx
from duthao.formats.opinions_pdf import opinions_pdf
from duthao.messages import Catalogue

SETS = Path(__file__).parents[1] / "samples" / "opinions"


def made(count: int, places: int) -> list[Given]:
    """So many opinions at so many provisions, put together from the labelled ones and loose words."""
    chance = random.Random(7)
    rows = [
        line.split("\t")
        for name in ("tuned", "second", "fresh")
        for line in (SETS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    words = " ".join(row[2] for row in rows).split()
    given = []
    for n in range(count):
        _, _, text, wording = chance.choice(rows)
        said = text.split()
        if chance.random() < 0.6:
            said[chance.randrange(len(said) + 1) : 0] = chance.choices(words, k=chance.randrange(1, 12))
        where = f"dieu:{chance.randrange(places) + 1}"
        given.append(Given(str(n), str(n), where, where, " ".join(said), wording))
    return given


def measured(given: Sequence[Given]) -> tuple[float, float, int]:
    """Seconds with nothing remembered, seconds asked again, and how many suggestions there are."""
    wish.cache_clear()
    begun = time.perf_counter()
    suggestions(given)
    first = time.perf_counter()
    found = suggestions(given)
    return first - begun, time.perf_counter() - first, len(found)


def printed(given: Sequence[Given]) -> SynthesisTable:
    """All of them in a table, each answered by itself."""
    document = DocumentId("d")
    answer = Answer(Stance.KEPT, "Đề xuất giữ nguyên theo dự thảo, lý do: đã thống nhất.", UserId("an"), 1)
    grouped = []
    for n, one in enumerate(sorted(given, key=lambda one: int(one.where.partition(":")[2]))):
        opinion = Opinion(
            one.id, document, Source.ROUND, "", None, f"Sở {n % 40}", None, "v", None, one.text, one.wording,
            "CV số 5", late=False, at=n,
        )  # fmt: skip
        group = Group(one.id, document, (one.id,), n, None, answer)
        grouped.append(Grouped(group, (opinion,), Place(float(n), one.where, one.where)))
    return SynthesisTable("Quy chế làm việc", (section("Quy chế làm việc", grouped),))


def main() -> None:
    for places in (300, 60, 1):
        cold, warm, found = measured(made(3_000, places))
        print(
            f"{places:4} provisions: {cold * 1000:5.0f} ms, again {warm * 1000:5.0f} ms, {found} suggestions"
        )
    table = printed(made(3_000, 60))
    for form in Form:
        begun = time.perf_counter()
        size = len(opinions_pdf(table, form, Catalogue("vi")))
        middle = time.perf_counter()
        opinions_docx(table, form, Catalogue("vi"))
        took = time.perf_counter() - middle
        print(f"{form:6} PDF {middle - begun:.2f} s ({size // 1024} KiB), Word {took:.2f} s")


if __name__ == "__main__":
    main()
