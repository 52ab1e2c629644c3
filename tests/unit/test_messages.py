"""The catalogue: both languages say the same things, each once, and nothing that nobody says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

from duthao.messages import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = ROOT / "server/duthao/messages"
SOURCES = [
    path
    for folder in (ROOT / "server/duthao", ROOT / "client/src")
    for path in folder.rglob("*")
    if path.suffix in {".py", ".ts", ".html"} and "static" not in path.parts
]
SAID = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
BEGUN = set(re.findall(r"""["'`]([a-z_]+\.[\w.-]*)(?:\$?\{|["']\s*[~+])""", SAID))
"""How keys begin that are put together: `t("review.group." ~ one)`."""
WRITTEN = set(re.findall(r"""["'`]([\w.-]+)(?=["'`])""", SAID))
Area = list[tuple[str, str]]


def areas(language: str) -> dict[str, Area]:
    """The sentences of each file, in their order and with those that stand twice."""
    return {
        path.name: json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)
        for path in sorted((MESSAGES / language).glob("*.json"))
    }


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_sentences_with_the_same_gaps_in_the_same_files() -> None:
    first, second = (
        {name: {key: gaps(text) for key, text in area} for name, area in areas(language).items()}
        for language in LANGUAGES
    )
    for name in first.keys() | second.keys():
        one, other = first.get(name, {}), second.get(name, {})
        differing = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
        assert not differing, f"{name}: {sorted(differing)}"


def test_no_key_stands_twice() -> None:
    for language in LANGUAGES:
        keys = [key for area in areas(language).values() for key, _ in area]
        assert {key for key in keys if keys.count(key) > 1} == set(), language


def test_every_refusal_has_its_sentence() -> None:
    raised = set(re.findall(r'Refusal\(\s*"([a-z0-9_]+)"', SAID))
    keys = {key for area in areas("vi").values() for key, _ in area}
    assert len(raised) > 100
    assert {code for code in raised if f"error.{code}" not in keys} == set()


def test_every_sentence_is_said_somewhere() -> None:
    # A key is written whole, or begins as one that is put together; a refusal is known by its code.
    def said(key: str) -> bool:
        if key.startswith("error."):
            return key.removeprefix("error.") in WRITTEN
        return key in WRITTEN or any(key.startswith(one) for one in BEGUN)

    unsaid = {key for area in areas("vi").values() for key, _ in area if not said(key)}
    assert unsaid == set(), "remove them from server/duthao/messages, in both languages"
