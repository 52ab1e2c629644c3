"""LibreOffice's "Compare Document", driven from outside: run by a Python that has `uno`.

    python3 libreoffice_compare.py BEFORE.txt AFTER.txt

Starts its own LibreOffice without a window and with a profile of its own. Each line on standard
input is answered by one: `load` loads both texts anew (UTF-8, a paragraph a line), `compare`
compares them and gives JSON: the milliseconds it took, the words in deletions, the number of
tracked changes, and the most memory (bytes, resident) the process has held. Ends with its input.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

WAIT = 60.0


def connected(pipe: str) -> Any:
    import uno
    from com.sun.star.connection import NoConnectException

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + WAIT
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def value(name: str, content: object) -> Any:
    import uno

    found = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, content
    return found


class Comparer:
    """Both texts in one office: the new one open, the old one stored as Writer's own kind of file,
    for a plain text would be asked about.
    """

    def __init__(self, context: Any, before: Path, after: Path, folder: str) -> None:
        manager = context.ServiceManager
        self.desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self.dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
        self.after = after
        self.document: Any = None
        original = self._opened(before)
        self.original = (Path(folder) / "before.odt").as_uri()
        original.storeToURL(self.original, (value("FilterName", "writer8"),))
        original.close(True)

    def _opened(self, file: Path) -> Any:
        text = (value("FilterName", "Text (encoded)"), value("FilterOptions", "UTF8,LF"))
        return self.desktop.loadComponentFromURL(file.as_uri(), "_blank", 0, text)

    def load(self) -> None:
        if self.document is not None:
            self.document.close(True)
        self.document = self._opened(self.after)

    def compare(self) -> dict[str, float]:
        frame = self.document.CurrentController.Frame
        arguments = (value("URL", self.original), value("NoAcceptDialog", True))
        start = time.perf_counter()
        self.dispatcher.executeDispatch(frame, ".uno:CompareDocuments", "", 0, arguments)
        spent = 1000 * (time.perf_counter() - start)
        deleted = changes = 0
        redlines = self.document.Redlines.createEnumeration()
        while redlines.hasMoreElements():
            redline = redlines.nextElement()
            changes += 1
            if redline.RedlineType == "Delete":
                cursor = self.document.Text.createTextCursorByRange(redline.RedlineStart)
                cursor.gotoRange(redline.RedlineEnd, True)
                deleted += len(cursor.String.split())
        return {"milliseconds": spent, "deleted": deleted, "changes": changes}


def peak(group: int) -> int:
    """The most memory (bytes) the office of this process group has held; 0 where /proc is not."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if lines["Name"].strip() == "soffice.bin" and os.getpgid(int(status.parent.name)) == group:
                return int(lines["VmHWM"].split()[0]) * 1024
        except (OSError, KeyError):
            continue
    return 0


def serve(before: Path, after: Path, office: str, folder: str) -> None:
    pipe = f"duthao{uuid.uuid4().hex}"
    command = [
        office, "--headless", "--norestore", "--nologo", f"--accept=pipe,name={pipe};urp",
        f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
    ]  # fmt: skip
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, start_new_session=True, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        comparer = Comparer(connected(pipe), before, after, folder)
        for line in sys.stdin:
            answer: dict[str, float] = {}
            if line.strip() == "load":
                comparer.load()
            else:
                answer = {**comparer.compare(), "peak": peak(process.pid)}
            print(json.dumps(answer), flush=True)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def main() -> int:
    office = shutil.which("soffice")
    if office is None:
        print("soffice is not on PATH", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        serve(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), office, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
