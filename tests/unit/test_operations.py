"""Living, ready, measured, and stopping: what whoever runs the service looks at."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
import urllib.request
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from duthao.collab.meter import SECONDS, Durations, Meter
from duthao.commands.workers import REFUSED, Supervisor
from duthao.domain.errors import Refusal
from duthao.web.metrics import Gauge, registry, serve_metrics
from duthao.web.readiness import Readiness
from tests.support.live_server import free_port


@given(st.lists(st.floats(0, 100), max_size=50))
def test_buckets_count_everything_once(durations: list[float]) -> None:
    taken = Durations()
    for seconds in durations:
        taken.add(seconds)
    assert sum(taken.counts) == len(durations)
    assert taken.total == pytest.approx(sum(durations))
    for n, bound in enumerate(SECONDS, 1):
        assert sum(taken.counts[:n]) == sum(seconds <= bound for seconds in durations)


def shown(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        text = answer.read().decode()
    return {
        sample.name + "".join(f"[{v}]" for v in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_numbers_are_shown_as_prometheus_reads_them_and_at_no_address_twice() -> None:
    meter, port = Meter(), free_port()
    meter.fan_out.add(0.003)
    meter.commits.add(99)
    meter.journal_rows, meter.journal_bytes = 3, 500
    meter.refused["read_only"] += 2
    meter.closed["resync"] += 1
    stop = serve_metrics("127.0.0.1", port, registry(meter, [Gauge("rooms", "Open.", lambda: 4)]))
    try:
        found = shown(port)
        assert found["duthao_fan_out_seconds_bucket[0.0025]"] == 0
        assert found["duthao_fan_out_seconds_bucket[0.005]"] == 1
        assert found["duthao_commit_seconds_bucket[10.0]"] == 0
        assert found["duthao_commit_seconds_bucket[+Inf]"] == found["duthao_commit_seconds_count"] == 1
        assert (found["duthao_journal_rows_total"], found["duthao_journal_bytes_total"]) == (3, 500)
        assert (found["duthao_refused_total[read_only]"], found["duthao_closed_total[resync]"]) == (2, 1)
        assert found["duthao_rooms"] == 4
        with pytest.raises(Refusal) as refusal:
            serve_metrics("127.0.0.1", port, registry(meter, []))
        assert refusal.value.code == "address_in_use"
    finally:
        stop()


def test_readiness_says_what_does_not_hold_asks_once_for_many_and_drains() -> None:
    asked = 0
    answers = {"database": True}

    async def database() -> bool:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        return answers["database"]

    async def broken() -> bool:
        raise OSError

    async def scenario() -> None:
        ready = Readiness({"database": database})
        found = await asyncio.gather(*(ready.judge() for _ in range(20)))
        assert found == [{"database": True, "serving": True}] * 20
        assert asked == 1
        answer = await ready.readyz(None)  # type: ignore[arg-type]
        assert answer.status_code == 200
        ready.draining = True
        answer = await ready.readyz(None)  # type: ignore[arg-type]
        assert (answer.status_code, json.loads(bytes(answer.body))["serving"]) == (503, False)
        answers["database"] = False
        again = Readiness({"database": database, "journal": broken})
        assert await again.judge() == {"database": False, "journal": False, "serving": True}

    asyncio.run(scenario())


def supervised(*codes: str, count: int = 1) -> tuple[Supervisor, list[float], threading.Thread]:
    """A supervisor of processes that run these programs, one after another, and then sleep."""
    begun: list[float] = []

    def start(number: int) -> subprocess.Popen[bytes]:
        program = codes[len(begun)] if len(begun) < len(codes) else "import time; time.sleep(60)"
        begun.append(time.monotonic())
        return subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)

    supervisor = Supervisor(count, start=start)

    def stop() -> None:
        until = time.monotonic() + 30
        while len(begun) < max(len(codes) + 1, count) and time.monotonic() < until:
            time.sleep(0.02)
        supervisor.stop()

    return supervisor, begun, threading.Thread(target=stop)


def test_a_process_that_ends_is_begun_anew_after_growing_pauses() -> None:
    supervisor, begun, stopper = supervised(*["raise SystemExit(1)"] * 3)
    stopper.start()
    assert supervisor.run() == 0
    stopper.join()
    pauses = [b - a for a, b in pairwise(begun)]
    assert len(pauses) == 3
    assert pauses[0] > 0.9
    assert pauses[1] > 1.8
    assert pauses[2] > 3.6
    assert all(worker.process is None or worker.process.poll() is not None for worker in supervisor.workers)


def test_a_process_that_says_what_is_wrong_ends_all() -> None:
    supervisor, begun, _ = supervised("import time; time.sleep(60)", f"raise SystemExit({REFUSED})", count=2)
    began = time.monotonic()
    assert supervisor.run() == REFUSED
    assert len(begun) == 2
    assert time.monotonic() - began < 10
