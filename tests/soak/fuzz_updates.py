"""Mutated updates through the strict reader and the replica, in a child process.

    python -m tests.soak.fuzz_updates --count 200000 --seed 1

What the reader refuses the library never meets; what passes must never end the process, take
long, grow the memory or leave anything pending, and the document must reload whole. Prints one
JSON line; exit code 1 when a promise is broken, with the update that broke it (hex).

Counted, not failed: `broken`, where the library raised (the room reloads), and `differs`, where
forged content reads otherwise after a reload from the state (a room then keeps no checkpoint).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pycrdt import Array, Doc, Map, Text

from duthao.collab.replica import Replica, ReplicaBroken
from duthao.domain.errors import Refusal

SLOWEST = 1.0
"""Seconds that one update may take, reading, applying and reloading together."""
MOST_MEMORY = 400
"""MiB that the whole run may add."""
ADDRESS_SPACE = 4 * 2**30

_WORDS = ["Đảng ủy ", "😀", "lãnh đạo", "a", " ", "ộ", "quyết nghị", "x" * 70]


@dataclass
class Outcome:
    count: int = 0
    passed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    broken: int = 0
    differs: int = 0
    slowest: float = 0.0
    memory: int = 0  # MiB added
    failure: str = ""
    update: str = ""


def _edit(doc: Any, chance: random.Random, number: int) -> None:
    provisions = doc.get("provisions", type=Map)
    ids = sorted(provisions.keys())
    choice = chance.random()
    if not ids or choice < 0.2:
        entry: dict[str, Any] = {"kind": "clause", "order": str(number), "text": Text(chance.choice(_WORDS))}
        if choice < 0.05:
            entry["cells"] = Array([Text("ô"), Text("")])
        provisions[f"p{doc.client_id}-{number}"] = Map(entry)
        return
    entry_map = provisions[chance.choice(ids)]
    text = entry_map["text"]
    letters = str(text)
    at = len(letters[: chance.randrange(len(letters) + 1)].encode())
    end = len(letters[: chance.randrange(len(letters) + 1)].encode())
    if choice < 0.55:
        text.insert(at, chance.choice(_WORDS))
    elif choice < 0.7 and at < end:
        del text[at:end]
    elif choice < 0.8 and at < end:
        text.format(at, end, {chance.choice(["bold", "italic"]): chance.choice([True, None])})
    elif choice < 0.9:
        entry_map["order"] = chance.choice("ABCDEF")
    elif choice < 0.95:
        entry_map["removed"] = True
    else:
        doc.get("front", type=Map)["bases"] = ["một", "hai"]


def corpus(chance: random.Random, edits: int = 60) -> tuple[bytes, list[bytes]]:
    """A document's state, and real updates that fit it: edits, differences, whole states."""
    people: list[Any] = [Doc(client_id=number, skip_gc=True) for number in (3, 200, 70_000)]
    base = Replica()
    updates: list[bytes] = []
    for number in range(edits):
        person = chance.choice(people)
        before = person.get_state()
        _edit(person, chance, number)
        update = person.get_update(before)
        updates.append(update)
        if number < edits // 2:
            base.apply(update)
            for other in people:
                other.apply_update(update)
    updates += [person.get_update(base.state_vector()) for person in people]
    updates += [person.get_update() for person in people]
    return base.state(), updates


def mutated(chance: random.Random, updates: list[bytes]) -> bytes:
    data = bytearray(chance.choice(updates))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 6))):
        at = chance.randrange(len(data) or 1)
        choice = chance.random()
        if not data or choice < 0.1:
            data[at:at] = chance.randbytes(chance.randrange(1, 5))
        elif choice < 0.45:
            data[at] = chance.choice((data[at] ^ (1 << chance.randrange(8)), chance.randrange(16)))
        elif choice < 0.6:
            data[at] = max(0, min(255, data[at] + chance.choice((-2, -1, 1, 2))))
        elif choice < 0.7:
            del data[at : at + chance.randrange(1, 6)]
        elif choice < 0.8:
            other = chance.choice(updates)
            start = chance.randrange(len(other))
            data[at : at + chance.randrange(8)] = other[start : start + chance.randrange(20)]
        elif choice < 0.9:
            data[at:at] = data[at : at + chance.randrange(1, 30)]
        else:
            data[at : at + 1] = b"\xff\xff\xff\xff\xff\xff\xff\x0f"[-chance.randrange(1, 9) :]
    return bytes(data)


def _one(state: bytes, update: bytes) -> str:
    """What became of the update: "passed", "differs", "broken …", or the refusal's reason."""
    replica = Replica.from_rows(state, [])
    try:
        replica.apply(update)
    except Refusal as refusal:
        return str(refusal.details.get("reason", refusal.code))
    except ReplicaBroken as broken:
        return f"broken {broken.kind}"
    assert not replica.pending(), "something is pending"
    again = Replica.from_rows(replica.state(), [])
    assert again.clocks() == replica.clocks(), "the reload is not whole"
    assert not replica.apply(update).has_effect, "applying it twice has an effect"
    return "passed" if again.tree() == replica.tree() else "differs"


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _child(seed: int, count: int, trace: str, answer: Any) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    chance = random.Random(seed)
    outcome, found = Outcome(), Counter[str]()
    state, updates = corpus(chance)
    start = _memory()
    with Path(trace).open("r+b") as last:
        for number in range(count):
            if number % 2000 == 1999:
                state, updates = corpus(chance)
            update = mutated(chance, updates)
            last.seek(0)
            last.truncate()
            last.write(update)
            last.flush()
            began = time.perf_counter()
            try:
                found[_one(state, update)] += 1
            except Exception as error:
                outcome.failure = outcome.failure or f"{type(error).__name__}: {error}"
                outcome.update = outcome.update or update.hex()
            took = time.perf_counter() - began
            if took > SLOWEST and not outcome.failure:
                outcome.failure, outcome.update = f"took {took:.1f} s", update.hex()
            outcome.slowest = max(outcome.slowest, took)
            outcome.count += 1
    outcome.differs = found.pop("differs", 0)
    outcome.passed = found.pop("passed", 0) + outcome.differs
    outcome.broken = sum(n for what, n in found.items() if what.startswith("broken"))
    outcome.refused, outcome.memory = dict(found.most_common()), _memory() - start
    if outcome.memory > MOST_MEMORY and not outcome.failure:
        outcome.failure = f"memory grew by {outcome.memory} MiB"
    answer.send(outcome)


def run(seed: int, count: int) -> Outcome:
    """Fuzz in a child process; `failure` is empty when every promise held."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.NamedTemporaryFile() as trace:
        child = context.Process(target=_child, args=(seed, count, trace.name, theirs))
        child.start()
        theirs.close()
        try:
            outcome: Outcome = ours.recv()
        except EOFError:
            child.join()
            outcome = Outcome(failure=f"the process died: {child.exitcode}")
            outcome.update = Path(trace.name).read_bytes().hex()
        child.join()
        child.close()
        ours.close()
    return outcome


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    outcome = run(options.seed, options.count)
    print(json.dumps(asdict(outcome), ensure_ascii=False))
    return 1 if outcome.failure else 0


if __name__ == "__main__":
    sys.exit(main())
