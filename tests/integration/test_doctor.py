"""`duthao doctor`: what must be put right is said, and what is well is."""

from __future__ import annotations

import shutil
import socket
import time
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from duthao.cli import main
from duthao.commands import doctor
from duthao.commands.doctor import Finding, Health, findings
from duthao.domain.document import UserId
from duthao.messages import Catalogue
from duthao.service.people import add_user
from duthao.settings import Settings
from duthao.store.accounts import SecondFactor
from duthao.store.ports import EpochMillis
from duthao.store.sql import open_store
from duthao.store.sql.engine import Database
from tests.support.postgres import fresh_schema

T = Catalogue("en")
AN = UserId("an")
Usage = namedtuple("Usage", "total used free")


def house(folder: Path, admin: bool = True, database: str = "") -> Settings:
    folder.mkdir(exist_ok=True)
    settings = Settings(data_dir=str(folder), **({"database_url": database} if database else {}))
    store = open_store(settings.database)
    add_user(store, AN, "an", "An", "", "hash", EpochMillis(1), is_admin=admin)
    store.close()
    return settings


def found(settings: Settings, name: str, **more: object) -> Finding:
    return next(one for one in findings(settings, T, **more) if one.name == T(f"doctor.{name}"))  # type: ignore[arg-type]


def test_a_house_with_nobody_in_it_is_told_how_to_begin(tmp_path: Path) -> None:
    one = found(Settings(data_dir=str(tmp_path)), "people")
    assert one.health is Health.BAD
    assert "duthao user add" in one.words
    # It looks and makes nothing.
    assert list(tmp_path.iterdir()) == []


def test_somebody_keeps_the_house_with_a_second_proof(tmp_path: Path) -> None:
    assert found(house(tmp_path / "a", admin=False), "people").words == T("doctor.people.no_keeper")
    settings = house(tmp_path / "b")
    assert found(settings, "people") == Finding(
        T("doctor.people"), Health.ADVICE, T("doctor.people.bare", n=1)
    )
    store = open_store(settings.database)
    store.second_factors.put(SecondFactor(AN, "A" * 32, True, 1, (), 1))
    store.close()
    assert found(settings, "people").health is Health.WELL


@pytest.mark.parametrize(
    ("origin", "secure", "health"),
    [
        ("", False, Health.ADVICE),
        ("http://duthao.vn", True, Health.ADVICE),
        ("https://duthao.vn", False, Health.BAD),
        ("https://duthao.vn", True, Health.WELL),
    ],
)
def test_address_and_cookie_belong_together(
    tmp_path: Path, origin: str, secure: bool, health: Health
) -> None:
    settings = Settings(data_dir=str(tmp_path), public_origin=origin, secure_cookie=secure)
    assert found(settings, "web").health is health


@pytest.mark.parametrize(("gib", "health"), [(0.1, Health.BAD), (1.0, Health.ADVICE), (50.0, Health.WELL)])
def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gib: float, health: Health
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(0, 0, int(gib * 2**30)))
    assert found(Settings(data_dir=str(tmp_path / "not/yet")), "disk").health is health


def test_tables_of_another_release_are_told_and_left_alone(tmp_path: Path) -> None:
    settings = house(tmp_path)
    database = Database(settings.database)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert found(settings, "release").health is Health.BAD
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0001"
    database.close()


@pytest.mark.postgres
def test_clocks_of_two_machines(tmp_path: Path) -> None:
    with fresh_schema() as address:
        settings = house(tmp_path, database=address)
        assert found(settings, "clock").health is Health.WELL
        late = found(settings, "clock", now=lambda: time.time() - 60)
        assert (late.health, "60" in late.words or "59" in late.words) == (Health.BAD, True)


def test_a_mail_server_that_does_not_answer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        settings = Settings(data_dir=str(tmp_path), smtp_host="127.0.0.1", smtp_port=port)
        assert found(settings, "mail").health is Health.WELL
    assert found(settings, "mail").health is Health.BAD
    quiet = replace(settings, smtp_host="")
    assert not any(one.name == T("doctor.mail") for one in findings(quiet, T))


def test_the_command_says_all_and_how_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = house(tmp_path)
    monkeypatch.setenv("DUTHAO_DATA_DIR", settings.data_dir)
    monkeypatch.setenv("LC_ALL", "en")
    monkeypatch.setattr(doctor, "_machine", lambda _settings, _catalogue: [Finding("x", Health.WELL)])
    assert main(["doctor"]) == 0
    printed = capsys.readouterr().out
    assert "[well] x" in printed or "[tốt] x" in printed
    monkeypatch.setenv("DUTHAO_PUBLIC_ORIGIN", "https://duthao.vn")
    assert main(["doctor"]) == 1
