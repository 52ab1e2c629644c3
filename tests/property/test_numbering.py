"""Numbering is total, and its promises hold for any list of provisions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import Kind, NumberingPolicy, Provision, ProvisionId
from duthao.domain.numbering import normalised, number, place_of, printed_label, runs

_labels = st.one_of(
    st.none(),
    st.from_regex(r"[1-9][0-9]?[a-zđ]?|[IVX]{1,4}|[a-zđ][0-9]?", fullmatch=True),
    st.text(max_size=8),
)
_provisions = st.lists(st.tuples(st.sampled_from(Kind), _labels), max_size=30).map(
    lambda items: [Provision(ProvisionId(str(at)), kind, "", label) for at, (kind, label) in enumerate(items)]
)


@given(_provisions, st.sampled_from(NumberingPolicy))
def test_every_provision_gets_a_number_and_a_label(
    provisions: list[Provision], policy: NumberingPolicy
) -> None:
    numbers = number(provisions, policy)
    assert len(numbers) == len(provisions)
    for provision, value in zip(provisions, numbers, strict=True):
        assert isinstance(printed_label(provision.kind, value), str)
        if provision.kind in (Kind.PARAGRAPH, Kind.TABLE, Kind.ROW):
            assert value == ""


@given(_provisions)
def test_keeping_keeps_every_readable_label_and_never_gives_a_number_twice(
    provisions: list[Provision],
) -> None:
    numbers = number(provisions, NumberingPolicy.KEEP)
    for kind, indices in runs(provisions):
        if kind is Kind.INDENT:
            continue
        kept = [normalised(kind, provisions[at].label or "") for at in indices]
        new = [numbers[at] for at, label in zip(indices, kept, strict=True) if label is None]
        assert all(label in (None, numbers[at]) for at, label in zip(indices, kept, strict=True))
        places = [place_of(kind, value) for value in new if value]
        taken = {place_of(kind, label) for label in kept if label}
        assert len(set(places)) == len(places)
        assert taken.isdisjoint(places)


@given(_provisions, st.sampled_from(NumberingPolicy))
def test_numbers_given_as_labels_stay(provisions: list[Provision], policy: NumberingPolicy) -> None:
    numbers = number(provisions, policy)
    labelled = [
        Provision(p.id, p.kind, "", value or None) for p, value in zip(provisions, numbers, strict=True)
    ]
    assert number(labelled, NumberingPolicy.KEEP) == numbers


@given(_provisions)
def test_renumbering_gives_each_run_distinct_numbers(provisions: list[Provision]) -> None:
    numbers = number(provisions, NumberingPolicy.RENUMBER)
    for _, indices in runs(provisions):
        found = [numbers[at] for at in indices]
        assert len(set(found)) == len(found)
