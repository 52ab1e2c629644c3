"""Small wrongs put into the domain, one at a time: do the tests notice?

python -m tests.soak.mutants [--only numbering,merge] [--each 40] [--seed 1] [--seconds 60]

A mutant is a function whose code was compiled from a changed tree: `<` for `<=`, `and` for `or`, one
more in a number, a condition turned round. Everything is imported once; each mutant lives in a process
split off from there, in which the code is exchanged and the module's tests run until one fails. What
survives is printed with its place: to be looked at, for not every change is a wrong.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import functools
import gc
import importlib
import os
import random
import signal
import sys
import time
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "numbering": (("numbering",), ("unit/test_numbering.py", "property/test_numbering.py")),
    "merge": (("merge",), ("unit/test_merge.py", "property/test_merge_laws.py")),
    "anchors": (("anchors",), ("unit/test_anchors.py", "property/test_anchor_laws.py")),
    "words": (
        ("compare.words", "compare.readable", "compare.tokens"),
        ("unit/test_compare_words.py", "property/test_compare_words_laws.py",
         "unit/test_compare_hard_texts.py"),
    ),
    "comparison": (
        ("compare.classify", "compare.leaves", "compare.parts", "compare.moves", "compare.renumber"),
        ("unit/test_compare.py", "unit/test_compare_hard_cases.py", "property/test_compare_laws.py"),
    ),
    "amend": (
        ("amend.applying", "amend.editing", "amend.finding", "amend.addresses"),
        ("unit/test_amend_apply.py", "unit/test_amend_hard_cases.py", "unit/test_amend_addresses.py",
         "unit/test_amend_tables.py", "unit/test_amend_reading.py"),
    ),
    "synthesis": (
        ("synthesis.groups", "synthesis.table"),
        ("property/test_synthesis_model.py", "unit/test_opinions_table.py"),
    ),
}  # fmt: skip
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    module: str
    function: str
    line: int
    what: str
    code: types.CodeType


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may take a node's place, each with a word on it."""
    made = copy.deepcopy(node)
    match made:
        case ast.Compare(ops=[first, *_]) if type(first) in TURNED:
            made.ops[0] = TURNED[type(first)]()
            yield f"{ast.unparse(node)} → {ast.unparse(made)}", made
        case ast.BoolOp():
            made.op = ast.And() if isinstance(made.op, ast.Or) else ast.Or()
            yield f"{ast.unparse(node)} → {ast.unparse(made)}", made
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            made.op = ast.Sub() if isinstance(made.op, ast.Add) else ast.Add()
            yield f"{ast.unparse(node)} → {ast.unparse(made)}", made
        case ast.UnaryOp(op=ast.Not()):
            yield f"{ast.unparse(node)} → {ast.unparse(made.operand)}", made.operand
        case ast.Constant(value=bool()):
            yield f"{made.value} → {not made.value}", ast.Constant(not made.value)
        case ast.Constant(value=int()):
            yield f"{made.value} → {made.value + 1}", ast.Constant(made.value + 1)
        case ast.If() | ast.IfExp():
            made.test = ast.UnaryOp(ast.Not(), made.test)
            yield f"if {ast.unparse(made.test)}", made
        case _:
            return


class _Place(ast.NodeTransformer):
    """Puts another node in the place of the n-th."""

    def __init__(self, at: int, other: ast.AST) -> None:
        self.left, self.other = at, other

    def visit(self, node: ast.AST) -> ast.AST:
        self.left -= 1
        if self.left == -1:
            return ast.copy_location(self.other, node)
        return self.generic_visit(node) if self.left >= 0 else node


def functions(tree: ast.AST, above: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            yield above + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{above}{node.name}.")


def inside(node: ast.FunctionDef) -> list[ast.AST]:
    """What is run when the function is, in the order of a `NodeTransformer`."""
    found: list[ast.AST] = []

    def walk(one: ast.AST) -> None:
        found.append(one)
        for child in ast.iter_child_nodes(one):
            walk(child)

    for part in node.body:
        walk(part)
    return found


def code_of(code: types.CodeType, path: list[str]) -> types.CodeType | None:
    for name in path:
        inner = [one for one in code.co_consts if isinstance(one, types.CodeType) and one.co_name == name]
        if not inner:
            return None
        code = inner[0]
    return code


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module that can be made."""
    path = ROOT / "server" / Path(*module.split(".")).with_suffix(".py")
    source = path.read_text(encoding="utf-8")
    found = []
    for name, function in functions(ast.parse(source)):
        for at, node in enumerate(inside(function)):
            for what, other in changes(node):
                tree = ast.parse(source)
                target = dict(functions(tree))[name]
                holder = ast.Module(body=target.body, type_ignores=[])
                _Place(at + 1, other).visit(holder)
                target.body = holder.body
                with contextlib.suppress(SyntaxError, ValueError):
                    code = compile(ast.fix_missing_locations(tree), str(path), "exec")
                    inner = code_of(code, name.split("."))
                    if inner is not None:
                        found.append(Mutant(module, name, getattr(node, "lineno", 0), what, inner))
    return found


def function_of(module: types.ModuleType, name: str) -> types.FunctionType | None:
    """The function of that name, under what wraps it."""
    value: object = module
    for part in name.split("."):
        value = vars(value).get(part)
    for inner in ("fget", "__func__", "__wrapped__"):
        value = getattr(value, inner, value)
    return value if isinstance(value, types.FunctionType) else None


def lives(mutant: Mutant, tests: list[str], seconds: float) -> bool:
    """Whether it passes all its tests, in a process of its own. One that never ends is noticed too."""
    child = os.fork()
    if not child:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        signal.alarm(int(seconds))
        function = function_of(importlib.import_module(mutant.module), mutant.function)
        assert function is not None
        function.__code__ = mutant.code
        for kept in gc.get_objects():
            if isinstance(kept, functools._lru_cache_wrapper):
                kept.cache_clear()  # what was right before would be answered still
        os._exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests]))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(SUBJECTS))
    parser.add_argument("--each", type=int, default=40, help="mutants of each subject")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0, help="after which a mutant counts as noticed")
    given = parser.parse_args()
    sys.argv = sys.argv[:1]
    for subject in given.only.split(","):
        modules, files = SUBJECTS[subject]
        tests = [str(ROOT / "tests" / one) for one in files]
        # All that is imported here is there in every child; and the tests hold while nothing is wrong.
        if pytest.main(["-q", "-p", "no:cacheprovider", *tests]):
            raise SystemExit(f"{subject}: the tests fail without a mutant")
        made = [one for module in modules for one in mutants(f"duthao.domain.{module}")]
        made = [
            one for one in made if function_of(importlib.import_module(one.module), one.function) is not None
        ]
        chosen = random.Random(given.seed).sample(made, min(given.each, len(made)))
        began, survived = time.monotonic(), 0
        for one in chosen:
            if lives(one, tests, given.seconds):
                survived += 1
                print(
                    f"  {one.module.removeprefix('duthao.domain.')}:{one.line} {one.function}: {one.what}",
                    flush=True,
                )
        print(
            f"{subject}: {len(chosen)} of {len(made)} mutants, {survived} survived, "
            f"{time.monotonic() - began:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
