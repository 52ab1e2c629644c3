"""How fast the log of who did what is read and verified, and what verifying costs the event loop beside it.

python3 run.py bench bench_audit -- --records 1000000 --postgres
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext

from duthao.domain.audit import Action, Record
from duthao.service.audit_verifying import verified
from duthao.store.audit import Wanted
from duthao.store.ports import EpochMillis
from duthao.store.sql import SqlStore, open_store
from tests.support.postgres import fresh_schema

PEOPLE, DOCUMENTS = 200, 500
ASKED: dict[str, Wanted] = {
    "newest": Wanted(),
    "of a person": Wanted(users=frozenset({"u7"})),
    "of a document": Wanted(document_id="d7"),
    "of an act": Wanted(action=Action.PRINT),
    "of a day": Wanted(since=400_000_000, until=486_400_000),
    "of a document, an act": Wanted(document_id="d7", action=Action.PRINT),
    "of a document, a person": Wanted(document_id="d7", users=frozenset({"u7"})),
    "of an act, a person": Wanted(action=Action.DECIDE, users=frozenset({"u7"})),
    "words": Wanted(words="10.0.0.19"),
}


def made(count: int) -> Sequence[Record]:
    chance = random.Random(8)
    return [
        Record(
            n * 1_000, f"u{(who := chance.randrange(PEOPLE))}", f"Đồng chí {who}",
            chance.choice(list(Action)), "draft", f"d{chance.randrange(DOCUMENTS)}",
            '{"as":"docx"}', f"10.0.0.{who}",
        )
        for n in range(count)
    ]  # fmt: skip


def milliseconds(work: Callable[[], object], times: int = 15) -> float:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1_000)
    return statistics.median(took)


async def lag(work: Callable[[], object] | None, seconds: float) -> list[float]:
    """By how many milliseconds the loop's timers of 5 ms come late while `work` goes on in a thread."""
    done = asyncio.create_task(asyncio.to_thread(work)) if work else None
    late: list[float] = []
    ends = time.perf_counter() + seconds
    while not done.done() if done else time.perf_counter() < ends:
        begun = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append((time.perf_counter() - begun) * 1_000 - 5)
    return sorted(late)


def told(late: list[float]) -> str:
    return (
        f"median {late[len(late) // 2]:.1f}, 99 % {late[int(len(late) * 0.99)]:.1f}, most {late[-1]:.1f} ms"
    )


def measured(store: SqlStore, count: int) -> None:
    begun = time.perf_counter()
    records = made(count)
    for at in range(0, count, 5_000):
        store.audit.append(records[at : at + 5_000])
    print(f"  filled: {count / (time.perf_counter() - begun):,.0f} records a second")
    one = records[:1]
    print(f"  one record appended: {milliseconds(lambda: store.audit.append(one)):.1f} ms")
    for name, wanted in ASKED.items():
        print(f"  {name}: {milliseconds(lambda wanted=wanted: store.audit.page(wanted)):.1f} ms")  # type: ignore[misc]
    del records
    gc.collect()
    gc.freeze()  # as the service does: the collector has nothing old to walk through
    for name, breath in (("as the page does", lambda _done, _of: time.sleep(0)), ("without pauses", None)):
        begun = time.perf_counter()
        more = {} if breath is None else {"tell": breath}
        late = asyncio.run(lag(lambda more=more: verified(store, EpochMillis(1), **more), 0))  # type: ignore[misc]
        took = time.perf_counter() - begun
        print(f"  verified {name}: {count / took:,.0f} records a second; the loop late by {told(late)}")
    print(f"  the loop alone: late by {told(asyncio.run(lag(None, 3)))}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = fresh_schema() if given.postgres else nullcontext(f"sqlite:///{folder}/a.sqlite3")
        with where as address:
            print("PostgreSQL" if given.postgres else "SQLite")
            store = open_store(address)
            measured(store, given.records)
            store.close()


if __name__ == "__main__":
    main()
