"""The test run's own judgement: what has a second try, and what is a failure."""

from __future__ import annotations

import importlib.util
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import ModuleType

import pytest

NAME = "browser tests"


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("duthao_run", Path(__file__).parents[2] / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("failed", "code", "result"),
    [
        (["tests/test_a.py::one"], 0, "ok"),
        (["tests/test_a.py::one"], 1, "FAILED"),
        ([f"tests/test_a.py::{n}" for n in range(4)], 0, "FAILED"),
        (["tests/test_a.py"], 0, "FAILED"),
        ([], 0, "FAILED"),
    ],
)
def test_few_failed_tests_have_one_more_try_and_nothing_else_has(
    run: ModuleType, tmp_path: Path, failed: list[str], code: int, result: str
) -> None:
    record = tmp_path / "v" / "cache" / "lastfailed"
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps(dict.fromkeys(failed, True)))
    checks = run.Checks()
    checks.results = [("types", "ok", 1.0), (NAME, "FAILED", 2.0)]
    seen = tmp_path / "seen"
    told = f"import sys; open({str(seen)!r}, 'w').write(' '.join(sys.argv[1:])); sys.exit({code})"
    checks.alone(NAME, [sys.executable, "-c", told], tmp_path)
    assert checks.results == [("types", "ok", 1.0), (NAME, result, 2.0)]
    assert checks.unsteady == (failed if result == "ok" else [])
    tried = seen.read_text().split() if seen.exists() else []
    assert tried in ([], failed)
    assert checks.finish() == (0 if result == "ok" else 1)


def test_what_passed_has_no_second_try(run: ModuleType, tmp_path: Path) -> None:
    checks = run.Checks()
    checks.results = [(NAME, "ok", 2.0)]
    checks.alone(NAME, [sys.executable, "-c", "raise SystemExit(1)"], tmp_path)
    assert checks.results == [(NAME, "ok", 2.0)]


def test_a_check_reads_the_code_and_a_test_run_does_so_too(run: ModuleType) -> None:
    class Told(run.Checks):  # type: ignore[name-defined, misc]
        def step(self, name: str, command: list[object], **_: object) -> None:
            self.results.append((name, "ok", 1.0))

        def beside(self, name: str, command: list[object]) -> AbstractContextManager[None]:
            self.step(name, command)
            return nullcontext()

    read: dict[bool, list[str]] = {}
    for tests in (False, True):
        told = Told()
        run.read_code(told, tests=tests)
        read[tests] = [name for name, *_ in told.results]
    assert set(read[True]) - set(read[False]) == {"client: tests (vitest)"}
    assert sum("ruff" in name for name in read[False]) == 2
