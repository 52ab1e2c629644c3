"""The demonstration's drafts: only what is meant differs, and the comparison tells it so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import pytest

from duthao.domain import demonstration
from duthao.domain.compare import compare
from duthao.domain.compare.result import Row, RowClass
from duthao.domain.demonstration import carry_ids, first_draft, placed, revise, second_draft
from duthao.domain.document import (
    CharOffset,
    Document,
    Kind,
    Mark,
    MarkKind,
    NumberingPolicy,
    Provision,
    ProvisionId,
)
from duthao.domain.errors import Refusal
from duthao.domain.order import spread
from duthao.domain.outline import canonical_text, outline
from duthao.domain.structure import parse

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


def read(name: str, prefix: str, *, ordered: bool = False) -> Document:
    numbers = count(1)
    text = (SAMPLES / name).read_text(encoding="utf-8")
    document = parse(text, new_id=lambda: ProvisionId(f"{prefix}{next(numbers)}")).document
    if not ordered:
        return document
    keys = spread(len(document.provisions))
    provisions = tuple(replace(p, order=k) for p, k in zip(document.provisions, keys, strict=True))
    return replace(document, provisions=provisions)


def ids() -> demonstration.NewId:
    numbers = count(1)
    return lambda: ProvisionId(f"new{next(numbers)}")


@pytest.fixture(scope="module", params=[False, True], ids=["parsed", "live"])
def before(request: pytest.FixtureRequest) -> Document:
    return read("quy-che-lam-viec-ban-qlda-tphcm.txt", "q", ordered=request.param)


@pytest.fixture(scope="module")
def after(before: Document) -> Document:
    return revise(before, ids())


@pytest.fixture(scope="module")
def rows(before: Document, after: Document) -> list[Row]:
    return list(compare(before, after).rows)


def texts(document: Document) -> dict[str, Provision]:
    return {p.id: replace(p, order="") for p in document.provisions}


def of_class(rows: list[Row], row_class: RowClass) -> list[Row]:
    return [row for row in rows if row.row_class is row_class]


def test_only_the_intended_provisions_differ(before: Document, after: Document) -> None:
    old, new = texts(before), texts(after)
    differing = {id for id in old.keys() & new.keys() if old[id] != new[id]}
    assert len(differing) == 10  # one shortened by the split, nine with words replaced
    assert sorted(new.keys() - old.keys()) == ["new1", "new2", "new3", "new4", "new5"]
    (repealed,) = old.keys() - new.keys()
    assert old[repealed].text.startswith("Các Phó Giám đốc có quyền")
    assert [p.id for p in after.removed] == [repealed]
    kept = [p.id for p in before.provisions if p.id in new]
    stayed = [p.id for p in after.provisions if p.id in old]
    assert len(longest_common(kept, stayed)) == len(kept) - 1
    assert after.front == before.front


def longest_common(left: list[ProvisionId], right: list[ProvisionId]) -> list[ProvisionId]:
    """The two lists hold the same ids and differ by one that was moved."""
    (moved,) = [
        id for id in left if [x for x in left if x != id] == [x for x in right if x != id] and left != right
    ][:1]
    return [id for id in left if id != moved]


def test_every_change_has_its_reason_and_basis(before: Document, after: Document, rows: list[Row]) -> None:
    old, new = texts(before), texts(after)
    changed = {id for id in old.keys() | new.keys() if old.get(id) != new.get(id)}
    moved = {row.after[0].id for row in of_class(rows, RowClass.MOVED)}
    assert set(after.rationale) == changed | moved
    assert all(len(why) > 40 for why in after.rationale.values())


def test_everything_behind_the_new_article_renumbers(before: Document, after: Document) -> None:
    articles = [e for e in outline(after).entries if e.provision.kind is Kind.ARTICLE]
    assert [e.number for e in articles] == [str(n) for n in range(1, 47)]
    new = next(e for e in articles if e.provision.text == demonstration.NEW_ARTICLE)
    assert (new.label, len(new.children)) == ("Điều 31.", 3)
    last = next(e for e in outline(before).entries if e.provision.id == articles[-1].provision.id)
    assert (last.label, articles[-1].label) == ("Điều 45.", "Điều 46.")


def test_references_name_the_provision_they_mean(after: Document) -> None:
    by_path = outline(after).by_path
    assert by_path["dieu:27/khoan:1"].provision.text.startswith("Thời giờ làm việc bình thường")
    assert by_path["dieu:28/khoan:3"].provision.text.startswith("Thẩm quyền giải quyết chế độ nghỉ")
    assert by_path["dieu:36/khoan:3"].provision.text.startswith("Chánh Văn phòng: Ký thừa lệnh")
    whole = canonical_text(after)
    for wrong in ("khoản 1 Điều 24 Quy chế", "khoản 3 Điều 25 Quy chế", "khoản 3 Điều 31 Quy chế"):
        assert wrong not in whole


def test_the_comparison_finds_each_kind_of_change(rows: list[Row], after: Document) -> None:
    counts = Counter(row.row_class for row in rows)
    assert counts[RowClass.ADDED] == 4
    assert counts[RowClass.REPEALED] == 1
    assert counts[RowClass.MOVED] == 1
    assert counts[RowClass.SPLIT] == 1
    # The references of the real text pointed to nothing or to the wrong unit: mending them amends it.
    assert counts[RowClass.REFERENCE_ONLY] == 0
    assert counts[RowClass.SPELLING_ONLY] == 1
    assert counts[RowClass.AMENDED] == 8
    (split,) = of_class(rows, RowClass.SPLIT)
    second = next(p for p in after.provisions if p.id == split.after[1].id)
    assert second.origin == split.before[0].id
    assert counts[RowClass.RENUMBERED] > 15


def test_the_numbered_draft_is_an_earlier_state(before: Document) -> None:
    new_id = ids()
    first = first_draft(before, new_id)
    second = second_draft(first, new_id)
    assert second == revise(before, ids())
    found = Counter(row.row_class for row in compare(before, first).rows)
    assert (found[RowClass.ADDED], found[RowClass.AMENDED], found[RowClass.REPEALED]) == (3, 1, 1)
    assert canonical_text(first) != canonical_text(second)


def test_places_rise_and_untouched_ones_are_kept(before: Document, after: Document) -> None:
    if not before.provisions[0].order:
        assert not any(p.order for p in after.provisions)
        return
    assert all(a.order < b.order for a, b in pairwise(after.provisions))
    old = {p.id: p.order for p in before.provisions}
    assert sum(old.get(p.id, p.order) != p.order for p in after.provisions) == 1


def test_another_text_is_refused_by_the_words_not_found() -> None:
    with pytest.raises(Refusal) as refused:
        revise(Document(), ids())
    assert refused.value.code == "demonstration_mismatch"


def test_marks_stay_on_their_words(before: Document) -> None:
    def bold(text: str, word: str) -> tuple[Mark, ...]:
        start = text.index(word)
        return (Mark(MarkKind.BOLD, CharOffset(start), CharOffset(start + len(word))),)

    marked = replace(
        before,
        provisions=tuple(
            replace(p, marks=bold(p.text, word)) if word else p
            for p in before.provisions
            for word in [
                next((w for w in ("đúng thẩm quyền, quy trình", "nâng cao chất lượng") if w in p.text), "")
            ]
        ),
    )
    shown = {p.text[m.start : m.end] for p in revise(marked, ids()).provisions for m in p.marks}
    assert shown == {"đúng thẩm quyền, quy trình", "nâng cao chất lượng"}


# --- carried ids --------------------------------------------------------------------------------

LAW = "luat-kiem-toan-nha-nuoc"


@pytest.mark.parametrize("ordered", [False, True])
def test_a_law_keeps_the_ids_of_what_it_kept(ordered: bool) -> None:
    before = read(f"{LAW}/before.txt", "b", ordered=ordered)
    after = read(f"{LAW}/after.txt", "a")
    carried = carry_ids(before, after)
    assert [(p.kind, p.text, p.label) for p in carried.provisions] == [
        (p.kind, p.text, p.label) for p in after.provisions
    ]
    assert carried.policy is NumberingPolicy.KEEP
    assert len({p.id for p in (*carried.provisions, *carried.removed)}) == len(carried.provisions) + len(
        carried.removed
    )
    old, new = outline(before), outline(carried)
    same = [e for e in new.entries if e.path in old.by_path]
    followed = sum(old.by_path[e.path].provision.id == e.provision.id for e in same)
    assert followed / len(same) > 0.98
    assert {p.id for p in before.provisions} == {
        p.id for p in (*carried.provisions, *carried.removed) if p.id.startswith("b")
    }
    if ordered:
        assert all(a.order < b.order for a, b in pairwise(carried.provisions))


def test_a_text_carried_onto_itself_is_itself() -> None:
    before = read(f"{LAW}/before.txt", "b", ordered=True)
    again = read(f"{LAW}/before.txt", "a")
    carried = carry_ids(before, again)
    assert carried.provisions == before.provisions
    assert carried.removed == ()


def test_equal_words_go_by_place_and_new_ones_take_no_id() -> None:
    def clauses(prefix: str, *found: str) -> Document:
        return Document(
            tuple(
                Provision(ProvisionId(f"{prefix}{n}"), Kind.CLAUSE, text, label=str(n))
                for n, text in enumerate(found, 1)
            )
        )

    carried = carry_ids(clauses("b", "x", "y", "x"), clauses("a", "mới", "x", "x", "y"))
    assert [p.id for p in carried.provisions] == ["a1", "b1", "b3", "b2"]


def test_places_are_made_where_they_are_missing() -> None:
    def chain(*keys: str) -> list[Provision]:
        return [Provision(ProvisionId(str(n)), Kind.CLAUSE, "", order=key) for n, key in enumerate(keys)]

    found = [p.order for p in placed(chain("", "V", "B", "", "k", ""))]
    assert found[1] == "V"
    assert found[4] == "k"
    assert found == sorted(set(found))
