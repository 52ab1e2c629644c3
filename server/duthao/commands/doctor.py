"""`duthao doctor`: whether this house is fit to be worked in, and what to do where it is not.

Looks and changes nothing: what the machine has (`check-environment`), the database's release and
clock, room on the disk, the settings that belong together, who may keep the house, and the
services beside it. 0: all well, or only advice; 1: something must be put right.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from duthao.commands import check_environment
from duthao.commands.descriptors import RESERVED, room_for
from duthao.domain.errors import Refusal
from duthao.formats.office import program as office_program
from duthao.messages import Catalogue
from duthao.settings import Settings, read_settings
from duthao.store.ports import StoreUnavailable
from duthao.store.sql import SqlStore
from duthao.store.sql.engine import Database

LITTLE: Final = 2 * 2**30
"""Bytes of free disk below which one is advised, and a quarter of which is too little."""
APART: Final = 5.0
"""Seconds two clocks may differ."""
PATIENCE: Final = 3.0


class Health(StrEnum):
    WELL = "well"
    ADVICE = "advice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at (`doctor.NAME` in the catalogue), how it is, and the sentence about it."""

    name: str
    health: Health
    words: str = ""


def add_arguments(parser: argparse.ArgumentParser, catalogue: Catalogue) -> None:
    """`duthao doctor` takes no arguments."""


def run(arguments: argparse.Namespace, catalogue: Catalogue) -> int:
    """Raises Refusal `setting_bad`."""
    settings = read_settings()
    found = [*_machine(settings, catalogue), *findings(settings, catalogue)]
    for one in found:
        words = f": {one.words}" if one.words else ""
        print(f"[{catalogue(f'doctor.health.{one.health}')}] {one.name}{words}")
    bad = sum(one.health is Health.BAD for one in found)
    advice = sum(one.health is Health.ADVICE for one in found)
    print(catalogue("doctor.end", bad=bad, advice=advice))
    return 1 if bad else 0


def _machine(settings: Settings, catalogue: Catalogue) -> Iterable[Finding]:
    for one in check_environment.findings(settings, catalogue):
        yield Finding(catalogue(one.name), Health.WELL if one.good else Health.BAD, one.words)


def findings(
    settings: Settings, catalogue: Catalogue, *, now: Callable[[], float] = time.time
) -> tuple[Finding, ...]:
    """The house itself, in the order in which one would put it right."""

    def said(name: str, health: Health, key: str = "", **values: object) -> Finding:
        words = catalogue(f"doctor.{name}.{key}", **values) if key else ""
        return Finding(catalogue(f"doctor.{name}"), health, words)

    found = [_disk(settings, said), _descriptors(settings, said), _web(settings, said)]
    found += _database(settings, said, now)
    found.append(
        said("office", Health.WELL) if office_program() else said("office", Health.ADVICE, "missing")
    )
    if settings.smtp_host:
        found.append(_reached("mail", settings.smtp_host, settings.smtp_port, said))
    return tuple(found)


Said = Callable[..., Finding]


def _disk(settings: Settings, said: Said) -> Finding:
    folder = Path(settings.data_dir).absolute()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    gib = f"{free / 2**30:.1f}"
    if free < LITTLE // 4:
        return said("disk", Health.BAD, "full", free=gib)
    return said("disk", Health.ADVICE if free < LITTLE else Health.WELL, "free", free=gib)


def _descriptors(settings: Settings, said: Said) -> Finding:
    fit = room_for(settings.connections)
    if fit < settings.connections:
        return said("files", Health.ADVICE, "few", fit=fit, wanted=settings.connections, reserved=RESERVED)
    return said("files", Health.WELL)


def _web(settings: Settings, said: Said) -> Finding:
    origins = settings.origins
    if not origins:
        return said("web", Health.ADVICE, "no_origin")
    if any(origin.startswith("http://") for origin in origins):
        return said("web", Health.ADVICE, "plain")
    return said("web", Health.WELL) if settings.secure_cookie else said("web", Health.BAD, "cookie")


def _database(settings: Settings, said: Said, now: Callable[[], float]) -> list[Finding]:
    file = Path(settings.database.removeprefix(check_environment.SQLITE).partition("?")[0])
    if settings.database.startswith(check_environment.SQLITE) and not file.exists():
        return [said("people", Health.BAD, "nobody")]
    try:
        database = Database(settings.database)
    except (Refusal, StoreUnavailable):
        return []  # said among what the machine has
    try:
        store = SqlStore(database)
        if not store.is_current():
            return [said("release", Health.BAD, "other")]
        return [said("release", Health.WELL), _clock(database, said, now), _people(store, said)]
    except StoreUnavailable:
        return []
    finally:
        database.close()


def _clock(database: Database, said: Said, now: Callable[[], float]) -> Finding:
    there = database.clock()
    apart = 0.0 if there is None else abs(there - now())
    if apart > APART:
        return said("clock", Health.BAD, "apart", seconds=f"{apart:.0f}")
    return said("clock", Health.WELL)


def _people(store: SqlStore, said: Said) -> Finding:
    keepers = [user for user in store.users.all() if user.is_admin and not user.disabled]
    if not keepers:
        return said("people", Health.BAD, "no_keeper" if store.users.all() else "nobody")
    factors = (store.second_factors.get(user.id) for user in keepers)
    bare = sum(factor is None or not factor.confirmed for factor in factors)
    if bare:
        return said("people", Health.ADVICE, "bare", n=bare)
    return said("people", Health.WELL)


def _reached(name: str, host: str, port: int, said: Said) -> Finding:
    try:
        with socket.create_connection((host, port), PATIENCE):
            return said(name, Health.WELL)
    except OSError as error:
        return said(name, Health.BAD, "silent", reason=type(error).__name__)
