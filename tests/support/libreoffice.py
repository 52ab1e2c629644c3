"""LibreOffice as a witness: one run converts many files, or decides the changes tracked in them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import absent


def _program() -> str:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        absent("LibreOffice Writer (libreoffice-writer)")
        raise AssertionError
    return program


def converted(files: Mapping[str, bytes], to: str, folder: Path) -> dict[str, bytes]:
    """Each file by its name as LibreOffice writes it in another format ("txt", "docx", "odt" …)."""
    program = _program()
    source, target = folder / "source", folder / to.partition(":")[0]
    source.mkdir(exist_ok=True)
    for name, content in files.items():
        (source / name).write_bytes(content)
    subprocess.run(
        [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
         "--convert-to", to, "--outdir", str(target), *(str(source / name) for name in files)],
        capture_output=True, timeout=180, check=True,
    )  # fmt: skip
    return {name: (target / f"{Path(name).stem}.{to.partition(':')[0]}").read_bytes() for name in files}


_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">
Sub Decide(source As String, target As String, command As String)
Dim opening(0) As New com.sun.star.beans.PropertyValue
opening(0).Name = "Hidden"
opening(0).Value = True
text = StarDesktop.loadComponentFromURL(source, "_blank", 0, opening())
helper = createUnoService("com.sun.star.frame.DispatchHelper")
helper.executeDispatch(text.CurrentController.Frame, command, "", 0, Array())
Dim saving(0) As New com.sun.star.beans.PropertyValue
saving(0).Name = "FilterName"
saving(0).Value = "MS Word 2007 XML"
text.storeToURL(target, saving())
text.close(True)
End Sub
Sub Main
{calls}
StarDesktop.terminate()
End Sub
</script:module>
"""
_COMMANDS = {"accepted": ".uno:AcceptAllTrackedChanges", "rejected": ".uno:RejectAllTrackedChanges"}


def decided(files: Mapping[str, bytes], folder: Path) -> dict[tuple[str, str], bytes]:
    """Each .docx by (its name, "accepted" or "rejected"), with all its tracked changes so decided."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    start = [_program(), profile, "--headless", "--norestore"]
    # The profile is made by a first start: before it a library of one's own is overwritten.
    subprocess.run([*start, "--terminate_after_init"], capture_output=True, timeout=60, check=False)
    calls = []
    for name, content in files.items():
        (folder / name).write_bytes(content)
        for how, command in _COMMANDS.items():
            source, target = ((folder / one).as_uri() for one in (name, f"{how}-{name}"))
            calls.append(f'Decide "{source}", "{target}", "{command}"')
    module = folder / "profile" / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(_MODULE.replace("{calls}", "\n".join(calls)), encoding="utf-8")
    subprocess.run([*start, "macro:///Standard.Module1.Main"], capture_output=True, timeout=120, check=True)
    return {(name, how): (folder / f"{how}-{name}").read_bytes() for name in files for how in _COMMANDS}
