"""Two real processes on PostgreSQL, with Redis, with PostgreSQL's notifications, and with the bus gone."""

from __future__ import annotations

import asyncio
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from duthao.domain.document import UserId
from duthao.store.ports import Membership, Role
from duthao.store.sql import open_store
from tests.soak.several import run
from tests.support.collab_client import Typist, until
from tests.support.server_process import DRAFT
from tests.support.several import OwnRedis, Served, processes
from tests.support.watcher import Watcher

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    found = OwnRedis(tmp_path_factory.mktemp("redis"))
    found.start()
    yield found
    found.stop()


@pytest.fixture(params=["redis", "postgresql"])
def two(request: pytest.FixtureRequest, redis: OwnRedis) -> Iterator[list[Served]]:
    with processes(2, redis.address if request.param == "redis" else "", skew=3600) as found:
        yield found


async def cross(an: Typist, binh: Typist, seconds: float = 3.0) -> None:
    """Each writes something and the other reads it."""
    for writer, reader in ((an, binh), (binh, an)):
        mark = f"<{secrets.token_hex(3)}>"
        await writer.type("p1", mark)
        await until(lambda reader=reader, mark=mark: mark in reader.replica.texts()["p1"], seconds)  # type: ignore[misc]
        await until(lambda writer=writer: not writer.unacknowledged, seconds)  # type: ignore[misc]


def test_people_at_two_processes_write_see_each_other_and_lose_their_role_at_both(two: list[Served]) -> None:
    async def scenario() -> None:
        first, second = two
        async with Watcher(first.address(), "editor0") as an, Watcher(second.address(), "editor1") as binh:
            await an.synced.wait()
            await binh.synced.wait()
            await cross(an, binh)
            await an.appear(7)
            await until(lambda: binh.seen.get(7) == "editor0", 3)
            await binh.appear(8)
            await until(lambda: an.seen.get(8) == "editor1", 3)
            store = open_store(first.database)
            # By nobody's announcement: the look at the database alone must find it.
            store.documents.set_member(Membership(DRAFT, UserId("editor1"), Role.READER))
            await until(lambda: {"type": "access", "role": "reader"} in binh.events, 2)
            store.documents.remove_member(DRAFT, UserId("editor1"))
            await until(lambda: binh.code == 4403, 2)
            await until(lambda: 8 not in an.seen, 2)
            store.documents.set_member(Membership(DRAFT, UserId("editor1"), Role.EDITOR))
            store.close()

    asyncio.run(scenario())


def test_a_process_killed_is_missed_by_nobody_for_long_and_comes_back(two: list[Served]) -> None:
    async def scenario() -> None:
        first, second = two
        binh = Watcher(second.address(), "editor1")
        async with Watcher(first.address(), "editor0") as an:
            async with binh:
                await an.synced.wait()
                await binh.synced.wait()
                await binh.appear(8)
                await until(lambda: 8 in an.seen, 3)
                await binh.type("p0", "trước")
                await until(lambda: not binh.unacknowledged)
                await binh.type("p0", " sau")
                await asyncio.to_thread(second.end, signal.SIGKILL)
                await until(lambda: "trước" in an.replica.texts()["p0"], 3)
                await until(lambda: 8 not in an.seen, 8)
            # He goes on at the other process at once, and at his own when it is back.
            binh.address = first.address()
            async with binh:
                await binh.synced.wait()
                await until(lambda: an.replica.texts()["p0"] == binh.replica.texts()["p0"] == "trước sau", 3)
            await asyncio.to_thread(second.start)
            binh.address = second.address()
            async with binh:
                await binh.synced.wait()
                await cross(an, binh)

    asyncio.run(scenario())


def test_redis_flushed_cut_frozen_and_gone_in_the_middle_costs_nothing_but_moments(tmp_path: Path) -> None:
    async def scenario(redis: OwnRedis, first: Served, second: Served) -> None:
        async with Watcher(first.address(), "editor0") as an, Watcher(second.address(), "editor1") as binh:
            await an.synced.wait()
            await binh.synced.wait()
            await cross(an, binh)
            redis.do("FLUSHALL")
            await cross(an, binh)
            redis.do("CLIENT", "KILL", "TYPE", "pubsub")
            redis.do("CLIENT", "KILL", "TYPE", "normal")
            await cross(an, binh)
            redis.freeze(True)
            await cross(an, binh)
            redis.freeze(False)
            await cross(an, binh)
            await asyncio.to_thread(redis.stop)
            await cross(an, binh)
            await asyncio.to_thread(redis.start)
            await an.appear(7)
            await until(lambda: binh.seen.get(7) == "editor0", 6)
            await cross(an, binh)

    redis = OwnRedis(tmp_path)
    redis.start()
    try:
        with processes(2, redis.address) as (first, second):
            asyncio.run(scenario(redis, first, second))
    finally:
        redis.stop()


def test_kills_in_the_middle_of_writing_lose_nothing_acknowledged(redis: OwnRedis) -> None:
    result = asyncio.run(run(count=2, seconds=6, seed=5, bus=redis.address))
    assert (result.wrong, result.astray, result.equal) == ({}, [], True)
    assert result.kills >= 2
    assert result.acknowledged > 50
    assert result.taken_back > 10
