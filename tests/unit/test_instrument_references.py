"""References of a draft numbered afresh are written for the numbers the amended text will have."""

from __future__ import annotations

from duthao.domain.amend.following import Rewritten
from duthao.domain.amend.proving import Proof, proved
from duthao.domain.compare import compare
from duthao.domain.structure import parse
from tests.support.texts import counter

BEFORE = (
    "Điều 1. Phạm vi\n1. Quy chế này quy định chế độ họp của cấp ủy và các ban tham mưu.\n"
    "2. Việc biểu quyết tại hội nghị thực hiện theo khoản 2 Điều 3 và Điều 4.\n"
    "Điều 2. Nguyên tắc\n1. Tập trung dân chủ, tập thể lãnh đạo, cá nhân phụ trách.\n"
    "Điều 3. Hội nghị\n1. Hội nghị thường kỳ họp ba tháng một lần.\n"
    "2. Nghị quyết có hiệu lực khi quá nửa số ủy viên tán thành.\n"
    "Điều 4. Biểu quyết\n1. Biểu quyết bằng phiếu kín trong các trường hợp do Điều lệ Đảng quy định.\n"
)
NEW = (
    "Điều 3. Thường trực\n"
    "1. Thường trực chuẩn bị hội nghị nêu tại Điều {n}, trừ việc tại Điều 3 của Luật Ban hành.\n"
)


def draft(follows: bool) -> str:
    """A new Điều 3, the rest numbered on; whether the references were too."""
    text = BEFORE.replace("Điều 4. Biểu", "Điều 5. Biểu").replace("Điều 3. Hội", "Điều 4. Hội")
    if follows:
        text = text.replace("khoản 2 Điều 3 và Điều 4", "khoản 2 Điều 4 và Điều 5")
    return text.replace("Điều 4. Hội", NEW.format(n=4) + "Điều 4. Hội")


def instrument(before: str, after: str) -> Proof:
    old, new = (parse(text, new_id=counter(side)).document for text, side in ((before, "b"), (after, "a")))
    found = proved(old, new, compare(old, new))
    assert found.holds, found
    return found


def test_a_reference_that_only_followed_its_target_needs_no_instruction() -> None:
    found = instrument(BEFORE, draft(follows=True))
    assert [leaf.sentence for leaf in found.instrument.leaves()] == [
        "Bổ sung Điều 2a vào sau Điều 2 như sau:"
    ]


def test_new_words_speak_of_kept_numbers_and_of_other_documents_as_they_are() -> None:
    (leaf,) = instrument(BEFORE, draft(follows=True)).instrument.leaves()
    assert leaf.quoted[1] == (
        "1. Thường trực chuẩn bị hội nghị nêu tại Điều 3, trừ việc tại Điều 3 của Luật Ban hành."
    )


def test_what_is_written_otherwise_is_told() -> None:
    assert instrument(BEFORE, draft(follows=True)).references == (
        Rewritten("dieu:1/khoan:2", "khoản 2 Điều 4 và Điều 5", "khoản 2 Điều 3 và Điều 4"),
        Rewritten("dieu:3/khoan:1", "Điều 4", "Điều 3"),
    )


def test_a_reference_forgotten_when_the_draft_was_numbered_stays_and_is_told() -> None:
    found = instrument(BEFORE, draft(follows=False))
    assert len(found.instrument.leaves()) == 1
    (left,) = [one for one in found.references if one.is_left]
    assert (left.path, left.draft) == ("dieu:1/khoan:2", "khoản 2 Điều 3 và Điều 4")


def test_a_reference_to_a_new_article_takes_its_kept_number() -> None:
    after = draft(follows=True).replace("cá nhân phụ trách.", "cá nhân phụ trách theo Điều 3.")
    found = instrument(BEFORE, after)
    assert "theo Điều 2a" in found.instrument.text()
    assert "Điều 3." not in found.instrument.text().replace("Luật", "")


def test_references_in_a_table_follow_too() -> None:
    rows = "STT | Việc | Căn cứ\n1 | Họp thường kỳ của cấp ủy | {}\n2 | Biểu quyết | Điều lệ\n"
    before = BEFORE + "Phụ lục\nCÔNG VIỆC\n" + rows.format("Điều 4")
    after = draft(follows=True) + "Phụ lục\nCÔNG VIỆC\n" + rows.format("Điều 5")
    assert len(instrument(before, after).instrument.leaves()) == 1


def test_a_draft_with_its_own_numbers_is_quoted_as_it_is() -> None:
    after = BEFORE.replace("ba tháng một lần", "một tháng một lần, theo Điều 2")
    found = instrument(BEFORE, after)
    assert found.exact
    assert found.references == ()
