"""What stands in deploy/ and in the administrator's pages names things that are there."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import run

from duthao.settings import SETTINGS, settings_document

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NAMED = re.compile(r"\bDUTHAO_[A-Z_]*[A-Z]\b")
KNOWN = {setting.variable for setting in SETTINGS}


def test_the_page_of_settings_is_the_one_the_code_writes() -> None:
    page = (ROOT / "docs/operate/settings.md").read_text(encoding="utf-8")
    assert page == settings_document(), "python -m duthao.settings > docs/operate/settings.md"


def test_every_setting_that_is_named_exists() -> None:
    wrong = {
        f"{path.name}: {name}"
        for path in (*DEPLOY.iterdir(), *(ROOT / "docs/operate").glob("*.md"))
        if path.is_file()
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
        if name not in KNOWN
    }
    assert wrong == set()


def test_the_image_is_made_by_the_projects_own_commands_and_names_no_registry() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^FROM (\S+)", lines, re.MULTILINE) == ["python:3.12-slim"] * 2
    assert "RUN python3 run.py wheelhouse /wheels" in lines
    assert "/wheels/install.sh /opt/duthao" in lines
    assert '"$target/.venv/bin/duthao"' in run.INSTALL
    assert 'ENTRYPOINT ["/opt/duthao/.venv/bin/duthao"]' in lines
    assert "\nUSER duthao\n" in lines


def test_the_user_of_the_image_keeps_its_number_and_its_volume_for_itself() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"useradd .*--uid \d+ .*--no-create-home duthao", lines), "no files of a login shell"
    assert "install --directory --owner duthao --group duthao --mode 0750 /var/lib/duthao" in lines


def test_the_key_of_the_proxy_goes_neither_into_an_image_nor_into_git() -> None:
    assert "./tls:" in (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for name in (".dockerignore", ".gitignore"):
        ignored = (ROOT / name).read_text(encoding="utf-8").split()
        assert any(line.rstrip("/") == "deploy/tls" for line in ignored), name


def test_an_office_in_containers_publishes_the_proxy_alone() -> None:
    lines = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert re.findall(r"ports: (.*)", lines) == ['["443:443"]']
    assert re.findall(r"image: (\S+)", lines) == ["duthao", "caddy:2"]


def test_the_proxy_in_containers_has_the_lines_that_are_tested() -> None:
    text = (ROOT / "docs/operate/reverse-proxy.md").read_text(encoding="utf-8")
    found = re.search(r"```caddy\n(.*?)```", text, re.DOTALL)
    assert found is not None
    there = found[1].replace("127.0.0.1:8080", "duthao:8080").replace("/etc/ssl/", "/etc/ssl/duthao/")
    assert (DEPLOY / "Caddyfile").read_text(encoding="utf-8") == there


def test_the_unit_starts_what_the_installer_makes_and_gives_it_time_to_end() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "duthao.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"] == "/opt/duthao/.venv/bin/duthao serve"
    assert int(service["TimeoutStopSec"]) > 30
    assert (service["User"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == (
        "duthao",
        "strict",
        "",
    )
