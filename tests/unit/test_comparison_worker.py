"""What the worker keeps of a comparison for the next one, and what it never keeps."""

from __future__ import annotations

from typing import Any

import pytest

from duthao.domain.compare import ComparisonCache, Overrides
from duthao.formats.json import document_to_json
from duthao.service.comparison_worker import About, Kept
from tests.support.comparing import articles

BEFORE = document_to_json(articles(("Phạm vi", "Quy chế này quy định chế độ làm việc.")))
AFTER = document_to_json(articles(("Phạm vi", "Quy chế này quy định chế độ họp.")))
DRAFT: About = ("d1", "v1", "draft")


class Work:
    """Remembers the caches and texts it was given; fails on wish."""

    __name__ = "work"

    def __init__(self) -> None:
        self.caches: list[ComparisonCache] = []
        self.texts: list[tuple[Any, ...]] = []
        self.fails = False

    def __call__(self, *texts: Any, **asked: Any) -> int:
        self.caches.append(asked["cache"])
        self.texts.append(texts)
        if self.fails:
            raise ValueError
        return len(self.caches)


def ask(kept: Kept, work: Work, about: About = DRAFT, after: bytes = AFTER) -> Any:
    return kept.do(work, about, BEFORE, after, Overrides(), ())


def test_the_same_sides_of_a_document_have_one_cache_and_the_text_read_before() -> None:
    kept, work = Kept(), Work()
    ask(kept, work)
    ask(kept, work, after=BEFORE)
    assert work.caches[0] is work.caches[1]
    assert work.texts[0][0] is work.texts[1][0]
    assert work.texts[0][1] != work.texts[1][1]


def test_other_sides_and_other_documents_share_nothing() -> None:
    kept, work = Kept(), Work()
    for about in (DRAFT, ("d1", "v2", "draft"), ("d2", "v1", "draft")):
        ask(kept, work, about)
    assert len(set(map(id, work.caches))) == 3


def test_after_a_failure_nothing_is_kept() -> None:
    kept, work = Kept(), Work()
    ask(kept, work)
    work.fails = True
    with pytest.raises(ValueError):
        ask(kept, work)
    assert DRAFT not in kept
    work.fails = False
    ask(kept, work)
    assert work.caches[2] is not work.caches[1]


def test_only_the_sides_asked_for_last_are_kept() -> None:
    kept, work = Kept(most=2), Work()
    first, second, third = [(f"d{n}", "v1", "draft") for n in range(3)]
    for about in (first, second, first, third):
        ask(kept, work, about)
    assert len(kept) == 2
    assert first in kept
    assert third in kept
