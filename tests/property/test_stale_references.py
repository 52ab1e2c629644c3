"""References left behind by a revision: each is told with the wording that is right, and only once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from duthao.domain.compare import compare
from duthao.domain.compare.stale import StaleReference, stale_references
from duthao.domain.document import Document, Kind, Provision, ProvisionId
from duthao.domain.outline import outline
from duthao.domain.references import Index, find
from duthao.domain.references.citing import address

SUBJECTS = (
    "Ban Thường vụ họp thường kỳ mỗi tháng một lần", "Văn phòng lập dự toán kinh phí hằng năm",
    "Ban Tổ chức thẩm định nhân sự trước hội nghị", "Ủy ban Kiểm tra giám sát việc chấp hành điều lệ",
    "Ban Tuyên giáo định hướng tuyên truyền nghị quyết", "Thường trực phân công người phát ngôn",
    "Chánh Văn phòng ký thừa lệnh các thông báo", "Đảng ủy viên tiếp công dân theo lịch phân công",
)  # fmt: skip
ADDED = (
    "Kho lưu trữ điện tử được sao lưu ngoài trụ sở", "Hộp thư góp ý đặt tại cổng thông tin nội bộ",
    "Thẻ ra vào thu hồi khi thôi công tác", "Xe công điều động theo lệnh của Chánh Văn phòng",
)  # fmt: skip


def _unit(made: list[Provision], n: int, kind: Kind, text: str) -> None:
    made.append(Provision(ProvisionId(f"p{n}"), kind, text))


@st.composite
def drafts(draw: st.DrawFn) -> Document:
    """Articles with clauses; the last clauses speak of two to four other units each."""
    made: list[Provision] = []
    for article in range(draw(st.integers(2, 5))):
        _unit(made, len(made), Kind.ARTICLE, f"Nội dung {SUBJECTS[article][:14].lower()}")
        for clause in range(draw(st.integers(1, 3))):
            words = SUBJECTS[(3 * article + clause) % len(SUBJECTS)]
            _unit(made, len(made), Kind.CLAUSE, f"{words}, lần {len(made)}.")
    entries = outline(Document(tuple(made)))
    units = st.integers(0, len(made) - 1).map(lambda n: address(entries, n))
    for n, provision in enumerate(made):
        if provision.kind is Kind.CLAUSE and draw(st.booleans()):
            cited = draw(st.lists(units, min_size=2, max_size=4, unique=True))
            speaks = "".join(f" Việc thứ {k} làm theo {one};" for k, one in enumerate(cited))
            made[n] = replace(provision, text=f"{provision.text}{speaks}")
    return Document(tuple(made))


@st.composite
def revised(draw: st.DrawFn) -> tuple[Document, Document]:
    """A draft, and the same with units put in or taken out: its references say what they said."""
    before = draw(drafts())
    after = list(before.provisions)
    for n in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(after) - 1))
        if draw(st.booleans()) or len(after) < 4:
            kind = draw(st.sampled_from((Kind.ARTICLE, Kind.CLAUSE)))
            after.insert(at, Provision(ProvisionId(f"n{n}"), kind, f"{ADDED[n]}."))
        else:
            del after[at]
    return before, replace(before, provisions=tuple(after))


def repaired(document: Document, found: Collection[StaleReference]) -> Document:
    """The document with these references put right."""
    by_id = {provision.id: provision for provision in document.provisions}
    for one in sorted(found, key=lambda reference: -reference.start):
        assert one.repaired is not None
        was = by_id[one.provision]
        assert was.text[one.start : one.end] == one.quote
        text = f"{was.text[: one.start]}{one.repaired}{was.text[one.end :]}"
        by_id[one.provision] = replace(was, text=text)
    return replace(document, provisions=tuple(by_id[p.id] for p in document.provisions))


def mendable(before: Document, after: Document) -> list[StaleReference]:
    found = stale_references(compare(before, after), before, after)
    return [one for one in found if one.repaired is not None]


def targets(document: Document) -> dict[tuple[ProvisionId, int], frozenset[ProvisionId | None]]:
    """What each reference points to, by its provision and its place among the references there."""
    made = outline(document)
    index = Index(made)
    return {
        (entry.provision.id, n): frozenset(
            None if target is None else made.entries[target].provision.id
            for target in index.resolve(phrase, place).targets
        )
        for place, entry in enumerate(made.entries)
        for n, phrase in enumerate(find(entry.provision.text))
    }


@settings(deadline=None)
@given(revised())
def test_every_reference_points_where_it_pointed_is_put_right_or_is_told(
    pair: tuple[Document, Document],
) -> None:
    before, after = pair
    whole = repaired(after, mendable(before, after))
    then, now = targets(before), targets(whole)
    alive = {provision.id for provision in after.provisions}
    told = {one.provision for one in stale_references(compare(before, whole), before, whole)}
    wrong = [place for place, said in then.items() if place in now and said <= alive and said != now[place]]
    assert [provision for provision, _ in wrong if provision not in told] == []


@settings(deadline=None)
@given(revised(), st.data())
def test_what_was_put_right_is_not_told_again_and_the_rest_still_is(
    pair: tuple[Document, Document], data: st.DataObject
) -> None:
    before, after = pair
    found = mendable(before, after)
    chosen = [one for one in found if data.draw(st.booleans())]
    left = mendable(before, repaired(after, chosen))
    assert [(one.provision, one.quote, one.repaired) for one in left] == [
        (one.provision, one.quote, one.repaired) for one in found if one not in chosen
    ]
