"""Mutated Word files: each must become documents or be refused by name, never crash, never hang.

    python -m tests.soak.fuzz_docx 20000 [seed]

Three kinds of mutation, from the suite's own lists and a made-up file: bytes of the zip, bytes of a
part before it is packed, and the XML's elements (taken out, doubled, moved, renamed, their values
exchanged).
"""

from __future__ import annotations

import random
import resource
import sys
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from duthao.domain.document import ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.incoming.interpreting import interpret
from duthao.domain.incoming.modern import modernised
from duthao.formats.docx_in import read_docx
from tests.support.word import docx, p, r, tbl, tc, tr, zipped
from tests.support.word import field as word_field
from tests.support.word_lists import CASES


@dataclass
class Outcome:
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def _seeds() -> list[bytes]:
    rich = docx(
        p(r("a", inside="<w:footnoteReference w:id='2'/><w:tab/><w:br/>"), word_field("TOC x", r("1"))),
        p(f'<w:del w:id="1">{r("b")}</w:del><w:ins w:id="2">{r("c")}</w:ins>', mark='<w:ins w:id="3"/>'),
        tbl(tr(tc("x", span=3), tc(tbl(tr("y")), merge="restart")), tr(tc("", merge="continue"), "z")),
        footnotes=f"<w:footnote w:id='2'>{p('n')}</w:footnote>", header=p("h"),
        comments=f"<w:comment w:id='0'>{p('k')}</w:comment>",
    )  # fmt: skip
    return [rich, *(case.file for case in CASES)]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def _bytes(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made))
        match chance.randrange(4):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randint(1, 40)]
            case 2:
                made[at:at] = made[: chance.randint(1, 60)]
            case _:
                made[at] ^= 1 << chance.randrange(8)
        if not made:
            break
    return bytes(made)


def _elements(data: bytes, chance: random.Random) -> bytes:
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 6)):
        all_ = [one for one in root.iter() if one is not root]
        if not all_:
            break
        one, other = chance.choice(all_), chance.choice(all_)
        match chance.randrange(5):
            case 0:
                one.getparent().remove(one)
            case 1:
                one.addnext(etree.fromstring(etree.tostring(one)))
            case 2 if other is not one and other not in one.iterancestors():
                one.append(other)
            case 3:
                one.tag = other.tag
            case _:
                for name in list(one.attrib):
                    one.set(
                        name,
                        chance.choice(("", "-1", "0", "9", "999999999", "x", "%9", *other.attrib.values())),
                    )
    return etree.tostring(root)


def mutated(seed: bytes, chance: random.Random) -> bytes:
    kind = chance.randrange(3)
    if kind == 0:
        return _bytes(seed, chance)
    parts = _parts(seed)
    name = chance.choice([n for n in parts if n.startswith("word/") or chance.random() < 0.2])
    parts[name] = _bytes(parts[name], chance) if kind == 1 else _elements(parts[name], chance)
    return zipped(parts)


def run(times: int, seed: int = 1) -> Outcome:
    """Reads so many mutated files, both ways. Anything but an answer or a `Refusal` comes out."""
    chance, outcome, seeds = random.Random(seed), Outcome(), _seeds()
    for turn in range(times):
        file = mutated(seeds[turn % len(seeds)], chance)
        began = time.perf_counter()
        try:
            paper = read_docx(file, "final" if turn % 2 else "original")
            interpret(modernised(paper), new_id=lambda: ProvisionId("p"))
            outcome.read += 1
        except Refusal as refusal:
            outcome.refused[refusal.code] += 1
        outcome.slowest = max(outcome.slowest, time.perf_counter() - began)
    return outcome


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    began = time.perf_counter()
    found = run(*(given or [20_000]))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"read {found.read}, refused {sum(found.refused.values())}: {dict(found.refused)}")
    print(f"slowest {found.slowest * 1000:.0f} ms, {time.perf_counter() - began:.0f} s, {memory} MiB")
