"""Old office formats turned into .docx, and .docx into .odt, by LibreOffice where a machine has it.

It runs with a profile of its own that is thrown away, without macros, without following links, without
the network where the system lets us take it away, and for a bounded time.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from duthao.domain.errors import Refusal

SECONDS = 90
MAX_RESULT = 128 * 1024 * 1024
WAIT = 60.0
"""Seconds that a file to be given out waits for the one before it: each takes some 200 MB."""
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def program() -> str | None:
    """Where LibreOffice is; None when this machine has none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


_turns = BoundedSemaphore(1)


@cache
def _apart() -> tuple[str, ...]:
    """What runs a program without the network; nothing where the system does not let us."""
    tool = shutil.which("unshare")
    if tool is None:
        return ()
    try:
        done = subprocess.run([tool, "-rn", "true"], capture_output=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return (tool, "-rn") if done.returncode == 0 else ()


def to_docx(data: bytes, ending: str) -> bytes:
    """A .doc, .odt or .rtf as .docx.

    Raises Refusal: office_missing (`ending`), office_failed, office_too_slow (`seconds`).
    """
    office = program()
    if office is None:
        raise Refusal("office_missing", ending=ending)
    return _converted(office, data, ending, "docx")


def to_odt(data: bytes) -> bytes:
    """A .docx as .odt; called from any thread, waits for its turn.

    Raises Refusal: odt_missing, busy, office_failed, office_too_slow (`seconds`).
    """
    office = program()
    if office is None:
        raise Refusal("odt_missing")
    if not _turns.acquire(timeout=WAIT):
        raise Refusal("busy")
    try:
        return _converted(office, data, "docx", "odt")
    finally:
        _turns.release()


def _converted(office: str, data: bytes, ending: str, to: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="duthao-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = folder / f"van-ban.{ending}"
        source.write_bytes(data)
        command = [
            *_apart(), office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
            "--nolockcheck", "--nodefault", "--convert-to", to, "--outdir", name, str(source),
        ]  # fmt: skip
        _run(command, folder)
        made = folder / f"van-ban.{to}"
        if not made.exists() or made.stat().st_size > MAX_RESULT:
            raise Refusal("office_failed")
        return made.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    try:
        running = subprocess.Popen(  # noqa: S603
            command, cwd=folder, env=environment, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        raise Refusal("office_failed") from None
    try:
        running.wait(SECONDS)
    except subprocess.TimeoutExpired:
        raise Refusal("office_too_slow", seconds=SECONDS) from None
    finally:
        # It leaves children behind when it is stopped itself.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
