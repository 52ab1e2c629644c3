"""Small wrongs put into the domain, one at a time: do the tests notice?

python -m tests.soak.mutants [--only numbering,merge] [--each 40] [--seed 1] [--seconds 60]

A mutant is a function whose code was compiled from a changed tree: `<` for `<=`, `and` for `or`, one
more in a number, a condition turned round. Everything is imported once; each mutant lives in a process
split off from there, in which the code is exchanged and those of the subject's tests that enter the
function run, the quick ones first, until one fails. What survives is printed with its place: to be
looked at, for not every change is a wrong.
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
DOMAIN = str(ROOT / "server" / "duthao" / "domain")
# Every module of the domain, and the files whose tests speak of it.
SUBJECTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "numbering": (("numbering",), ("unit/test_numbering.py", "property/test_numbering.py")),
    "merge": (("merge",), ("unit/test_merge.py", "property/test_merge_laws.py")),
    "anchors": (("anchors", "ranges"), ("unit/test_anchors.py", "property/test_anchor_laws.py")),
    "words": (
        ("compare.words", "compare.readable", "compare.tokens", "compare.runs", "compare.orthography",
         "compare.matching", "compare.sequences", "compare.formatting"),
        ("unit/test_compare_[whfol]*.py", "property/test_compare_words_laws.py",
         "property/test_compare_keys.py"),
    ),
    "comparison": (
        ("compare.classify", "compare.leaves", "compare.parts", "compare.moves", "compare.renumber"),
        ("unit/test_compare*.py", "unit/test_references.py", "property/test_compare_laws.py"),
    ),
    "aligning": (
        ("compare.align", "compare.aligner", "compare.cache", "compare.containers", "compare.corrections",
         "compare.engine", "compare.groups", "compare.guard", "compare.keys", "compare.lift",
         "compare.result", "compare.similarity", "compare.tables", "compare.three", "compare.tree"),
        ("unit/test_compare*.py", "property/test_compare_[clk]*.py", "property/test_three_texts.py"),
    ),
    "table": (
        ("compare.table_builder", "table", "table_heads", "plain_table"),
        ("unit/test_table*.py", "unit/test_compare_hard_*.py", "property/test_table_layouts.py"),
    ),
    "references": (
        ("references.citing", "references.phrases", "references.resolving", "compare.stale"),
        ("unit/test_reference*.py", "property/test_stale_references.py"),
    ),
    "amend": (
        ("amend.applying", "amend.editing", "amend.finding", "amend.addresses"),
        ("unit/test_amend_*.py", "property/test_amend.py"),
    ),
    "reading": (
        ("amend.phrases", "amend.quotes", "amend.reading", "amend.sentences", "amend.tables",
         "amend.values", "amend.words"),
        ("unit/test_amend_*.py", "property/test_amend.py"),
    ),
    "drafting": (
        ("amend.becoming", "amend.drafting", "amend.following", "amend.grids", "amend.grouping",
         "amend.instrument", "amend.new_text", "amend.operations", "amend.proving", "amend.rewording",
         "amend.script", "amend.sharing", "amend.swaps", "amend.target", "amend.templates",
         "amend.trial", "amend.units", "amend.wording"),
        ("unit/test_instrument*.py", "unit/test_templates_trial.py", "property/test_instrument_laws.py"),
    ),
    "synthesis": (
        ("synthesis.groups", "synthesis.table", "synthesis.chain", "synthesis.likeness",
         "synthesis.ordering", "synthesis.wishes"),
        ("unit/test_likeness.py", "unit/test_synthesis_groups.py", "unit/test_opinions_table.py",
         "property/test_synthesis_model.py", "property/test_chain_laws.py"),
    ),
    "opinions": (
        ("opinions", "rounds", "returned", "order"),
        ("unit/test_opinion*.py", "unit/test_returned.py", "unit/test_order.py",
         "property/test_round_laws.py", "property/test_returned_laws.py", "property/test_order.py"),
    ),
    "proposals": (
        ("proposals", "review", "tasks", "changes"),
        ("unit/test_proposal*.py", "unit/test_review.py", "unit/test_tasks.py", "unit/test_changes.py",
         "property/test_proposal_laws.py", "property/test_changes.py"),
    ),
    "structure": (
        ("structure", "outline", "labels", "document", "front_matter", "beside"),
        ("unit/test_structure.py", "unit/test_outlines.py", "property/test_structure.py",
         "property/test_outline.py", "property/test_beside.py"),
    ),
    "text": (
        ("text", "names", "people_list", "units", "days", "house_terms", "errors"),
        ("unit/test_text.py", "unit/test_names.py", "unit/test_days.py", "unit/test_units.py",
         "unit/test_house_terms.py", "property/test_text.py"),
    ),
    "encodings": (
        ("encodings.conversion", "encodings.detection", "encodings.mending", "encodings.tables",
         "syllables"),
        ("unit/test_encodings.py", "unit/test_text.py", "property/test_encoding_laws.py"),
    ),
    "incoming": (
        ("incoming.blocks", "incoming.interpreting", "incoming.lines", "incoming.modern"),
        ("unit/test_interpreting.py", "unit/test_modern_papers.py", "property/test_interpreting_laws.py"),
    ),
    "search": (
        ("search.excerpt", "search.folding", "search.items", "search.query"),
        ("unit/test_search.py", "unit/test_items.py", "property/test_items.py"),
    ),
    "checks": (
        ("checks.engine", "checks.finding", "checks.form", "checks.numbers", "checks.spelling",
         "checks.words", "form_profile"),
        ("unit/test_checks.py", "unit/test_form_check.py", "unit/test_form_profile.py"),
    ),
    "process": (
        ("process", "programmes", "dossiers", "delegations", "demonstration"),
        ("unit/test_process.py", "unit/test_programmes.py", "unit/test_demonstration.py",
         "property/test_process_model.py"),
    ),
    "guarding": (
        ("audit", "refusals", "second_factor", "secrecy", "vouching"),
        ("unit/test_audit.py", "unit/test_refusals.py", "unit/test_second_factor.py",
         "unit/test_secrecy.py", "unit/test_vouching.py"),
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
    at: int  # which of the nodes inside the function
    other: ast.AST

    @property
    def path(self) -> Path:
        return path_of(self.module)

    def code(self) -> types.CodeType | None:
        """The function as the mutant has it; None when nobody could have written that."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        target = dict(functions(tree))[self.function]
        holder = ast.Module(body=target.body, type_ignores=[])
        _Place(self.at + 1, self.other).visit(holder)
        target.body = holder.body
        try:
            code = compile(ast.fix_missing_locations(tree), str(self.path), "exec")
        except (SyntaxError, ValueError):
            return None
        return code_of(code, self.function.split("."))


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


def path_of(module: str) -> Path:
    return ROOT / "server" / Path(*module.split(".")).with_suffix(".py")


def mutants(module: str) -> list[Mutant]:
    """Every mutant of a module's functions that can be exchanged."""
    loaded = importlib.import_module(module)
    return [
        Mutant(module, name, getattr(node, "lineno", 0), what, at, other)
        for name, function in functions(ast.parse(path_of(module).read_text(encoding="utf-8")))
        if function_of(loaded, name) is not None
        for at, node in enumerate(inside(function))
        for what, other in changes(node)
    ]


def function_of(module: types.ModuleType, name: str) -> types.FunctionType | None:
    """The function of that name, under what wraps it."""
    value: object = module
    for part in name.split("."):
        value = vars(value).get(part)
    for inner in ("fget", "__func__", "__wrapped__"):
        value = getattr(value, inner, value)
    return value if isinstance(value, types.FunctionType) else None


@functools.cache
def keepers() -> list[functools._lru_cache_wrapper[object]]:
    return [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]


def forget() -> None:
    """Empty what was kept of earlier answers: a right one would be given still."""
    for one in keepers():
        if one is not keepers:
            one.cache_clear()


class Entering:
    """Of each test: how long it takes, and which functions of the domain it enters.

    What one test of a file makes ready may serve the others too, so it counts for all of them.
    """

    def __init__(self) -> None:
        self.entered: dict[str, set[tuple[str, str]]] = {}
        self.made_ready: dict[str, set[tuple[str, str]]] = {}
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def watching(self, seen: set[tuple[str, str]]) -> Iterator[None]:
        codes: set[types.CodeType] = set()

        def note(frame: types.FrameType, event: str, _: object) -> None:
            if event == "call":
                codes.add(frame.f_code)

        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(None)
            seen |= {(code.co_filename, code.co_qualname) for code in codes if DOMAIN in code.co_filename}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        forget()
        with self.watching(self.made_ready.setdefault(str(item.path), set())):
            return (yield)  # type: ignore[misc]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        began = time.monotonic()
        with self.watching(self.entered.setdefault(item.nodeid, set())):
            try:
                return (yield)  # type: ignore[misc]
            finally:
                self.seconds[item.nodeid] = time.monotonic() - began

    def speaks_of(self, item: pytest.Item, mutant: Mutant) -> bool:
        function = (str(mutant.path), mutant.function)
        return function in self.entered[item.nodeid] | self.made_ready[str(item.path)]


class Trial:
    """A run of a subject's tests in which, once all of them hold, each mutant is tried on them."""

    def __init__(self, subject: str, each: int, seed: int, seconds: float, out: int) -> None:
        self.subject, self.each, self.seed, self.seconds, self.out = subject, each, seed, seconds, out
        self.entering = Entering()

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        session.config.pluginmanager.register(self.entering)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        done = yield
        if session.testsfailed:
            self.say(f"{self.subject}: the tests fail without a mutant")
            return done
        for one in (self.entering, session.config.pluginmanager.get_plugin("terminalreporter")):
            session.config.pluginmanager.unregister(one)
        self.try_all(session)
        return done

    def try_all(self, session: pytest.Session) -> None:
        self.say(f"{self.subject}: {len(session.items)} tests hold")
        made = [one for module in SUBJECTS[self.subject][0] for one in mutants(f"duthao.domain.{module}")]
        began, tried, survived = time.monotonic(), 0, 0
        for one in random.Random(self.seed).sample(made, min(self.each, len(made))):
            if (code := one.code()) is None:
                continue
            tried += 1
            if self.lives(one, code, session):
                survived += 1
                place = f"{one.module.removeprefix('duthao.domain.')}:{one.line}"
                seen = any(self.entering.speaks_of(test, one) for test in session.items)
                self.say(f"  {place} {one.function}: {one.what}{'' if seen else ' (entered by no test)'}")
        took = time.monotonic() - began
        self.say(f"{self.subject}: {tried} of {len(made)} mutants, {survived} survived, {took:.0f} s")

    def say(self, text: str) -> None:
        """Past pytest, which keeps what tests print."""
        os.write(self.out, f"{text}\n".encode())

    def lives(self, mutant: Mutant, code: types.CodeType, session: pytest.Session) -> bool:
        """Whether it passes its tests, in a process of its own. One that never ends is noticed too."""
        items = [one for one in session.items if self.entering.speaks_of(one, mutant)]
        items.sort(key=lambda one: self.entering.seconds[one.nodeid])
        gc.freeze()  # nothing is moved that the processes share
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            return os.waitstatus_to_exitcode(status) == 0
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        signal.setitimer(signal.ITIMER_PROF, self.seconds)
        function = function_of(importlib.import_module(mutant.module), mutant.function)
        assert function is not None
        function.__code__ = code
        forget()
        for item in items:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if session.testsfailed:
                os._exit(1)
        os._exit(0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(SUBJECTS))
    parser.add_argument("--each", type=int, default=40, help="mutants of each subject")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of computing, after which a mutant is noticed"
    )
    given = parser.parse_args()
    sys.argv = sys.argv[:1]
    out = os.dup(1)
    for subject in given.only.split(","):
        tests = [str(path) for one in SUBJECTS[subject][1] for path in sorted((ROOT / "tests").glob(one))]
        trial = Trial(subject, given.each, given.seed, given.seconds, out)
        if pytest.main(["-q", "-p", "no:cacheprovider", *tests], plugins=[trial]):
            raise SystemExit(1)


if __name__ == "__main__":
    main()
