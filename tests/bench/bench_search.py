"""300 documents of 150 provisions: how long a search takes, and what taking in a change costs.

`python -m tests.bench.bench_search [postgres]`. A search is measured as the use case answers it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from duthao.domain.document import Document, DocumentId, Kind, Provision, ProvisionId
from duthao.domain.search.items import renewed, wordings
from duthao.domain.search.query import read_query
from duthao.store.ports import Membership, Role, Store
from duthao.store.search import Sought
from duthao.store.sql import open_store
from tests.support.postgres import fresh_schema
from tests.support.stores import AN, record, user

DOCUMENTS, PROVISIONS = 300, 150
SAMPLES = Path(__file__).parents[1] / "samples"
ASKED = (
    "ban thường vụ", "họp", "hop", "hoà giải", "Điều 5", "khoản 2 Điều 5", "“cho ý kiến bằng văn bản”",
    "quyền hạn trách nhiệm", "của", "trung tam giao duc", "24-QĐ/TW", "không có từ nào như vậy",
    "hội nghị thường kỳ tháng", "Điều 12 báo cáo", "giam doc",
)  # fmt: skip


def texts() -> list[str]:
    files = ("quy-che-lam-viec-ban-qlda-tphcm.txt", "quy-che-trung-tam-gdnn-05-2020.txt")
    lines = [line for name in files for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]
    return [line.strip() for line in lines if len(line.strip()) > 30]


def made(chance: random.Random, lines: list[str], n: int) -> Document:
    """A regulation put together from real lines: an article and four clauses, again and again."""
    provisions = []
    for at in range(PROVISIONS):
        kind = Kind.ARTICLE if at % 5 == 0 else Kind.CLAUSE
        words = chance.choice(lines).split()
        said = " ".join((*words[: chance.randrange(5, 60)], *chance.choice(lines).split()[:10]))
        provisions.append(Provision(ProvisionId(f"{n}-{at}"), kind, said, None))
    return Document(tuple(provisions))


def fill(store: Store) -> tuple[list[DocumentId], float]:
    chance, lines = random.Random(7), texts()
    store.users.create(user(AN))
    ids, begun = [], time.perf_counter()
    for n in range(DOCUMENTS):
        id_ = DocumentId(f"d{n}")
        store.documents.create(record(id_), [Membership(id_, AN, Role.LEAD)])
        store.search.renew(id_, renewed({}, wordings(made(chance, lines, n)), (), ()), frozenset())
        store.search.mark(id_, "m", n)
        ids.append(id_)
    return ids, time.perf_counter() - begun


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextmanager
def opened(kind: str) -> Iterator[Store]:
    if kind == "postgres":
        with fresh_schema() as address:
            store = open_store(address)
            yield store
            store.close()
        return
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/a.sqlite3")
        yield store
        store.close()


def main() -> None:
    for kind in sys.argv[1:] or ["sqlite"]:
        with opened(kind) as store:
            ids, filled = fill(store)
            times = sorted(
                (seconds(partial(store.search.find, Sought(read_query(asked), ids))), asked)
                for asked in ASKED * 5
            )
            worst = times[int(len(times) * 0.95)]
            print(
                f"{kind}: filled in {filled:.1f} s; p50 {times[len(times) // 2][0] * 1000:.0f} ms,"
                f" p95 {worst[0] * 1000:.0f} ms ({worst[1]}), most {times[-1][0] * 1000:.0f} ms"
            )


if __name__ == "__main__":
    main()
