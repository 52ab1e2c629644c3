"""A draft's review: every finding where it stands, with the words around it and a key that lasts."""

from __future__ import annotations

import pickle
from dataclasses import replace

from hypothesis import given, settings

from duthao.domain.checks import check
from duthao.domain.compare import compare
from duthao.domain.document import Document, NumberingPolicy, Provision
from duthao.domain.review import AROUND, GROUP_OF, Group, PlacedFinding, follow, review
from duthao.messages import LANGUAGES, Catalogue
from tests.support.texts import art, cl, doc, regulations

BEFORE = doc(
    art("Chế độ họp"),
    cl("Ban Thường vụ họp thường kỳ mỗi tháng một lần, kinh phí theo khoản 2 Điều 2."),
    art("Kinh phí"),
    cl("Văn phòng lập dự toán kinh phí hằng năm trình Thường trực xem xét."),
    cl("Kinh phí do ngân sách bảo đảm theo dự toán được duyệt hằng năm."),
    art("Thi hành"),
    cl("Quy chế này có hiệu lực kể từ ngày ký và thay thế các quy định trước đây."),
)


def with_article(document: Document) -> Document:
    """A new article at the top: everything after it has another number."""
    added = (art("Phạm vi điều chỉnh", id="x1"), cl("Quy chế này quy định chế độ làm việc.", id="x2"))
    return replace(document, provisions=(*added, *document.provisions))


def reworded(document: Document, old: str, new: str) -> Document:
    def said(provision: Provision) -> Provision:
        return replace(provision, text=provision.text.replace(old, new))

    return replace(document, provisions=tuple(map(said, document.provisions)))


def told(before: Document, after: Document) -> list[tuple[str, str, str, str | None]]:
    return [(f.code, f.path, f.quote, f.replacement) for f in review(before, after).findings]


def test_a_reference_left_behind_stands_among_the_findings_with_its_repair() -> None:
    after = with_article(BEFORE)
    assert told(BEFORE, after) == [
        ("stale_renumbered", "dieu:2/khoan:1", "khoản 2 Điều 2", "khoản 2 Điều 3"),
    ]
    (finding,) = review(BEFORE, after).findings
    assert finding.group is Group.REFERENCES
    assert finding.lead.endswith("kinh phí theo ")
    assert finding.trail == "."
    assert told(BEFORE, reworded(after, "khoản 2 Điều 2", "khoản 2 Điều 3")) == []


def test_one_that_points_to_what_was_repealed_is_told_once_and_has_no_repair() -> None:
    after = replace(BEFORE, provisions=tuple(p for p in BEFORE.provisions if "ngân sách" not in p.text))
    assert told(BEFORE, after) == [("stale_repealed", "dieu:1/khoan:1", "khoản 2 Điều 2", None)]


def test_without_a_text_in_force_the_checks_are_told_all_the_same() -> None:
    draft = reworded(BEFORE, "khoản 2 Điều 2", "khoản 9 Điều 2")
    assert told(draft, draft) == [("reference_dangling", "dieu:1/khoan:1", "khoản 9 Điều 2", None)]


def test_a_key_lasts_while_the_finding_does() -> None:
    draft = reworded(BEFORE, "dự toán kinh phí", "dự toán  kinh phí")
    (finding,) = review(BEFORE, draft).findings
    elsewhere = reworded(draft, "Quy chế này có hiệu lực", "Văn bản này có hiệu lực")
    (again,) = review(BEFORE, elsewhere).findings
    assert again.key == finding.key
    (beside,) = review(BEFORE, reworded(draft, "Văn phòng lập dự toán  ", "Văn phòng làm dự toán  ")).findings
    assert beside.key != finding.key


def test_what_follows_carries_every_number_that_changed() -> None:
    after = with_article(BEFORE)
    followed = follow(compare(BEFORE, after), BEFORE, after)
    assert [(one.before, one.after) for one in followed.renumbered] == [
        ("dieu:1", "dieu:2"), ("dieu:1/khoan:1", "dieu:2/khoan:1"),
        ("dieu:2", "dieu:3"), ("dieu:2/khoan:1", "dieu:3/khoan:1"), ("dieu:2/khoan:2", "dieu:3/khoan:2"),
        ("dieu:3", "dieu:4"), ("dieu:3/khoan:1", "dieu:4/khoan:1"),
    ]  # fmt: skip
    assert [(one.path, one.quote, one.repaired) for one in followed.references] == [
        ("dieu:2/khoan:1", "khoản 2 Điều 2", "khoản 2 Điều 3")
    ]


def test_a_list_too_long_says_so() -> None:
    draft = doc(art("Họp"), *(cl("Họp  hằng  tháng.") for _ in range(1_001)))
    found = review(draft, draft)
    assert (len(found.findings), found.cut) == (2_000, True)
    assert not review(BEFORE, BEFORE).cut


def test_every_code_has_its_group_and_its_sentence() -> None:
    keys = {key.removeprefix("check.") for key in Catalogue("vi").area("check")}
    others = {"none", "summary", "severity.error", "severity.warning", "severity.hint"}
    assert keys - others == set(GROUP_OF)
    for language in LANGUAGES:
        catalogue = Catalogue(language)
        for group in Group:
            assert not catalogue(f"room.review.group.{group.value}").startswith("[")


@settings(deadline=None)
@given(regulations())
def test_every_finding_lies_where_it_says_and_all_of_the_checks_are_there(document: Document) -> None:
    found = review(document, replace(document, policy=NumberingPolicy.KEEP)).findings
    texts = {p.id: p.text for p in document.provisions}
    for one in found:
        text = texts[one.provision]
        assert text[one.start : one.end] == one.quote
        if one.quote:
            assert text[max(0, one.start - AROUND) : one.start] == one.lead
            assert text[one.end : one.end + AROUND] == one.trail
        assert "{" not in Catalogue("vi")(f"check.{one.code}", **dict(one.details))
    assert len({one.key for one in found}) == len(found)
    plain = review(document, document).findings
    assert [(f.code, f.provision, f.start) for f in plain] == [
        (f.code, f.provision, f.start) for f in check(document)
    ]


def test_a_review_travels_to_and_from_a_worker_process() -> None:
    found = review(BEFORE, with_article(reworded(BEFORE, "dự toán kinh phí", "dự toán  kinh phí")))
    assert found == pickle.loads(pickle.dumps(found))
    assert all(isinstance(one, PlacedFinding) for one in found.findings)
