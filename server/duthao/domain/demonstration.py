"""The demonstration's drafts: a believable revision of a real working regulation, as pure edits.

The text in force is the sample `quy-che-lam-viec-ban-qlda-tphcm.txt`. Provisions are found by
their words, never by place. What is written here in Vietnamese is the draft itself, not a message:
it is the same in every language of the interface.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from duthao.domain.document import CharOffset, Document, Kind, Mark, NumberingPolicy, Provision, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.order import between
from duthao.domain.outline import LEVELS, outline

NewId = Callable[[], ProvisionId]

# Headings of the articles that are touched.
PRINCIPLES = "Nguyên tắc làm việc của Ban Dân dụng và Công nghiệp"
DEPUTIES = "Trách nhiệm và quyền hạn giải quyết công việc của các Phó Giám đốc"
HEADS = "Trách nhiệm và quyền hạn giải quyết công việc của các Trưởng phòng, ban"
PROGRAMMES = "Xây dựng, thực hiện chương trình, kế hoạch công tác"
KINDS_OF_PROGRAMMES = "Các loại Chương trình, Kế hoạch công tác"
REST = "Thời giờ nghỉ ngơi"
MEETINGS = "Quy định về các hội nghị và cuộc họp"
PREPARATION = "Công tác chuẩn bị Hội nghị và cuộc họp"
SIGNING = "Thẩm quyền ký văn bản"
DEMOCRACY = "Thực hiện quy chế dân chủ trong hoạt động của cơ quan"
CULTURE = "Văn hóa công sở"
TRAINING = "Quy định về công tác đào tạo, bồi dưỡng chuyên môn, nghiệp vụ"

NEW_ARTICLE = "Họp trực tuyến, họp không giấy tờ"
NEW_CLAUSES = (
    "Các cuộc họp quy định tại khoản 2 và khoản 3 Điều 30 Quy chế này được tổ chức trực tuyến, hoặc trực "
    "tiếp kết hợp trực tuyến, khi bảo đảm hạ tầng kỹ thuật và an toàn thông tin. Người chủ trì quyết định "
    "hình thức họp và ghi rõ trong giấy mời.",
    "Tài liệu họp được gửi qua Hệ thống quản lý văn bản điện tử chậm nhất 02 ngày làm việc trước ngày họp; "
    "không in tài liệu giấy, trừ tài liệu mật và trường hợp người chủ trì yêu cầu.",
    "Không họp trực tuyến đối với nội dung thuộc bí mật nhà nước. Ý kiến phát biểu, kết quả biểu quyết tại "
    "cuộc họp trực tuyến có giá trị như họp trực tiếp và được ghi vào biên bản.",
)

WHY_NEW_ARTICLE = (
    "Quy chế hiện hành chưa quy định về họp trực tuyến, trong khi hình thức này đã được áp dụng.\n"
    "Căn cứ: Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị; Quyết định số 45/2018/QĐ-TTg, ngày "
    "09/11/2018 của Thủ tướng Chính phủ về chế độ họp."
)
WHY_NEW_CLAUSES = (
    "Xác định loại cuộc họp được họp trực tuyến và người quyết định hình thức họp.\n"
    "Căn cứ: Quyết định số 45/2018/QĐ-TTg, ngày 09/11/2018 của Thủ tướng Chính phủ.",
    "Bảo đảm người dự họp có thời gian nghiên cứu; tiết kiệm chi phí in ấn.\n"
    "Căn cứ: Nghị định số 30/2020/NĐ-CP, ngày 05/3/2020 của Chính phủ về công tác văn thư.",
    "Bảo vệ bí mật nhà nước; khẳng định giá trị của ý kiến, biểu quyết tại cuộc họp trực tuyến.\n"
    "Căn cứ: Luật Bảo vệ bí mật nhà nước năm 2018.",
)
WHY_PROGRAMME = (
    "Làm rõ nơi nhận, thời hạn gửi và thời hạn phê duyệt, để kế hoạch năm được giao trước khi năm bắt đầu.\n"
    "Căn cứ: đề nghị của Phòng Kế hoạch và Đầu tư; yêu cầu “rõ người, rõ việc, rõ tiến độ, rõ trách nhiệm”."
)
WHY_REPEALED = (
    "Trái với nguyên tắc mỗi nhiệm vụ chỉ giao một người chủ trì và chịu trách nhiệm.\n"
    "Căn cứ: khoản 2 Điều 2 của Quy chế; việc ngoài phân công đã có khoản 9 Điều 6 hiện hành điều chỉnh."
)
WHY_MOVED = (
    "Nội dung thuộc chương trình, kế hoạch công tác, không thuộc văn hóa công sở; giữ nguyên lời văn.\n"
    "Căn cứ: kết quả rà soát bố cục Quy chế."
)
WHY_SPLIT = (
    "Tách để dễ viện dẫn: kỷ luật, kỷ cương và quan hệ cấp trên, cấp dưới là hai nội dung.\n"
    "Căn cứ: yêu cầu mỗi khoản chỉ quy định một nội dung."
)
WHY_DIGITAL = (
    "Bổ sung nhiệm vụ chuyển đổi số của các phòng, ban.\n"
    "Căn cứ: Nghị quyết số 57-NQ/TW, ngày 22/12/2024 của Bộ Chính trị."
)
WHY_PAPERS = (
    "Thống nhất thời hạn trình duyệt với thời hạn gửi tài liệu họp mới được bổ sung.\n"
    "Căn cứ: ý kiến của các phòng, ban khi tổng kết thực hiện Quy chế."
)
WHY_REFERENCE = "Viện dẫn đúng điều, khoản hiện nay.\nCăn cứ: kết quả rà soát viện dẫn trong toàn văn bản."
WHY_SPELLING = "Sửa lỗi chính tả khi soạn thảo; không thay đổi nội dung."

SPLIT_AT = " Cấp dưới có trách nhiệm tuyệt đối tuân thủ"
"""Where the clause on discipline falls into two; the space between them is dropped."""


def revise(document: Document, new_id: NewId) -> Document:
    """The whole revision: `first_draft`, then `second_draft`.

    Raises Refusal demonstration_mismatch (`words`) when a provision is not found.
    """
    return second_draft(first_draft(document, new_id), new_id)


def first_draft(document: Document, new_id: NewId) -> Document:
    """What the team put into "Dự thảo lần 1". Raises as `revise`.

    The draft replaces the regulation, so it renumbers; ids stay. One article is inserted, one
    clause amended, one repealed.
    """
    draft = _Draft(document, new_id)
    draft.insert_article(MEETINGS, NEW_ARTICLE, WHY_NEW_ARTICLE)
    for text, why in list(zip(NEW_CLAUSES, WHY_NEW_CLAUSES, strict=True))[:2]:
        draft.append_clause(NEW_ARTICLE, text, why)
    draft.amend(
        KINDS_OF_PROGRAMMES,
        "chậm nhất vào ngày 15/11 hằng năm.",
        "các phòng, ban gửi Phòng Kế hoạch và Đầu tư chậm nhất vào ngày 31/10 hằng năm để tổng hợp, trình "
        "Giám đốc phê duyệt trước ngày 30/11.",
        WHY_PROGRAMME,
    )
    draft.repeal(DEPUTIES, "Các Phó Giám đốc có quyền chỉ đạo về chuyên môn", WHY_REPEALED)
    return draft.document(NumberingPolicy.RENUMBER)


def second_draft(document: Document, new_id: NewId) -> Document:
    """What followed `first_draft`: a clause more, one moved, one split, words and references.

    Raises as `revise`.
    """
    draft = _Draft(document, new_id)
    draft.append_clause(NEW_ARTICLE, NEW_CLAUSES[2], WHY_NEW_CLAUSES[2])
    draft.move(CULTURE, "Khi đi công tác, đi họp, đi làm việc", PROGRAMMES, WHY_MOVED)
    draft.split(PRINCIPLES, SPLIT_AT, WHY_SPLIT)
    draft.amend(
        HEADS, "ứng dụng công nghệ thông tin", "ứng dụng công nghệ thông tin, chuyển đổi số", WHY_DIGITAL
    )
    draft.amend(
        PREPARATION, "trước 02 ngày tổ chức", "trước 03 ngày làm việc, tính đến ngày tổ chức", WHY_PAPERS
    )
    draft.amend(REST, "khoản 1 Điều 24 Quy chế này", "khoản 1 Điều 27 Quy chế này", WHY_REFERENCE)
    # Twice in this article: an amended provision no longer holds the words, so the next is found.
    for _ in range(2):
        draft.amend(REST, "khoản 3 Điều 25 Quy chế này", "khoản 3 Điều 28 Quy chế này", WHY_REFERENCE)
    draft.amend(SIGNING, "khoản 3 Điều 31 Quy chế này", "khoản 3 Điều 36 Quy chế này", WHY_REFERENCE)
    draft.amend(DEMOCRACY, "viên chức,người", "viên chức, người", WHY_SPELLING)
    draft.amend(TRAINING, "bồi dương", "bồi dưỡng", WHY_SPELLING)
    return draft.document(document.policy)


def provision_with(document: Document, heading: str, words: str) -> ProvisionId:
    """The first provision with these words in the article whose heading begins so. Raises as `revise`."""
    draft = _Draft(document, lambda: ProvisionId(""))
    return draft.provisions[draft.found(heading, words)].id


class _Draft:
    """A document being edited: a list of provisions, reasons and what was taken out."""

    def __init__(self, document: Document, new_id: NewId) -> None:
        self.start = document
        self.new_id = new_id
        self.provisions = list(document.provisions)
        self.rationale = dict(document.rationale)
        self.removed = list(document.removed)

    def document(self, policy: NumberingPolicy) -> Document:
        """The edited document; provisions without a place among their neighbours get one."""
        return replace(
            self.start,
            provisions=placed(self.provisions),
            policy=policy,
            rationale=MappingProxyType(self.rationale),
            removed=tuple(self.removed),
        )

    # --- finding ------------------------------------------------------------------------------

    def _article(self, heading: str) -> range:
        """The indices of an article and all under it."""
        for start, provision in enumerate(self.provisions):
            if provision.kind is Kind.ARTICLE and provision.text.startswith(heading):
                return range(start, self._end(start))
        raise Refusal("demonstration_mismatch", words=heading[:40])

    def _end(self, start: int) -> int:
        """The index behind a provision and all under it."""
        rank = LEVELS[self.provisions[start].kind]
        end = start + 1
        while end < len(self.provisions) and LEVELS.get(self.provisions[end].kind, rank + 1) > rank:
            end += 1
        return end

    def found(self, heading: str, words: str) -> int:
        """The first provision under an article that holds these words."""
        for index in self._article(heading):
            if words in self.provisions[index].text:
                return index
        raise Refusal("demonstration_mismatch", words=words[:40])

    # --- editing ------------------------------------------------------------------------------

    def amend(self, heading: str, old: str, new: str, why: str) -> None:
        index = self.found(heading, old)
        provision = self.provisions[index]
        start = provision.text.index(old)
        self.provisions[index] = replace(
            provision,
            text=provision.text.replace(old, new, 1),
            marks=_shifted(provision.marks, start, start + len(old), len(new) - len(old)),
        )
        self.rationale[provision.id] = why

    def insert_article(self, after: str, heading: str, why: str) -> None:
        article = Provision(self.new_id(), Kind.ARTICLE, heading)
        self.provisions.insert(self._article(after).stop, article)
        self.rationale[article.id] = why

    def append_clause(self, heading: str, text: str, why: str) -> None:
        clause = Provision(self.new_id(), Kind.CLAUSE, text)
        self.provisions.insert(self._article(heading).stop, clause)
        self.rationale[clause.id] = why

    def repeal(self, heading: str, words: str, why: str) -> None:
        index = self.found(heading, words)
        end = self._end(index)
        self.rationale[self.provisions[index].id] = why
        self.removed += self.provisions[index:end]
        del self.provisions[index:end]

    def move(self, heading: str, words: str, to: str, why: str) -> None:
        """A provision and all under it to the end of another article."""
        index = self.found(heading, words)
        end = self._end(index)
        moving = [replace(provision, order="") for provision in self.provisions[index:end]]
        del self.provisions[index:end]
        at = self._article(to).stop
        self.provisions[at:at] = moving
        self.rationale[moving[0].id] = why

    def split(self, heading: str, words: str, why: str) -> None:
        """A clause in two where `words` begin; the second part is new and says where it came from."""
        index = self.found(heading, words)
        whole = self.provisions[index]
        cut = whole.text.index(words)
        skip = cut + len(words) - len(words.lstrip())
        end = len(whole.text)
        second = Provision(
            self.new_id(),
            whole.kind,
            whole.text[skip:],
            marks=_shifted(_within(whole.marks, skip, end), 0, 0, -skip),
            origin=whole.id,
        )
        first = replace(whole, text=whole.text[:cut], marks=_within(whole.marks, 0, cut))
        self.provisions[index : index + 1] = [first, second]
        self.rationale |= {whole.id: why, second.id: why}


def _within(marks: Iterable[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The parts of marks that lie in `start:end`."""
    cut = (
        replace(mark, start=CharOffset(max(mark.start, start)), end=CharOffset(min(mark.end, end)))
        for mark in marks
    )
    return tuple(mark for mark in cut if mark.start < mark.end)


def _shifted(marks: Iterable[Mark], start: int, end: int, by: int) -> tuple[Mark, ...]:
    """Marks after `start:end` was replaced by a text `by` characters longer; one that ends or begins
    inside keeps to the words it still covers."""

    def begin(offset: int) -> int:
        return offset if offset <= start else max(offset, end) + by

    def stop(offset: int) -> int:
        return min(offset, start) if offset < end else offset + by

    moved = (replace(m, start=CharOffset(begin(m.start)), end=CharOffset(stop(m.end))) for m in marks)
    return tuple(mark for mark in moved if mark.start < mark.end)


# --- order --------------------------------------------------------------------------------------


def placed(provisions: Sequence[Provision]) -> tuple[Provision, ...]:
    """The provisions with `order` rising as they stand; keys that rise already are kept.

    Where no provision has a key (a parsed text), none is given one.
    """
    if not any(provision.order for provision in provisions):
        return tuple(provisions)
    kept, last = list[str](), ""
    for provision in provisions:
        fits = provision.order > last
        kept.append(provision.order if fits else "")
        last = provision.order if fits else last
    for index, key in enumerate(kept):
        if not key:
            following = next((later for later in kept[index + 1 :] if later), None)
            kept[index] = between(kept[index - 1] if index else None, following)
    assert all(low < high for low, high in pairwise(kept))
    return tuple(
        p if p.order == key else replace(p, order=key) for p, key in zip(provisions, kept, strict=True)
    )


# --- ids of a text that came from elsewhere -------------------------------------------------------


def carry_ids(before: Document, after: Document) -> Document:
    """`after` with the ids of those provisions of `before` that are plainly the same.

    Plainly the same are: those with the same path, kind and words; then those whose kind and words
    stand once in each text; then those with the same path and kind. No similarity is guessed at:
    what is left keeps its own id, and what only `before` has is listed as removed. No id of `after`
    may be one of `before`. The policy is KEEP: both texts carry their numbers.
    """
    old, new = _keys(before), _keys(after)
    carried: dict[int, int] = {}
    for level in range(3):
        taken = set(carried.values())
        free = {i: key[level] for i, key in enumerate(old) if i not in taken}
        open_ = {i: key[level] for i, key in enumerate(new) if i not in carried}
        carried |= _pairs(free, open_)
    provisions = [
        replace(p, id=before.provisions[carried[i]].id, order=before.provisions[carried[i]].order)
        if i in carried
        else replace(p, order="")
        for i, p in enumerate(after.provisions)
    ]
    used = set(carried.values())
    gone = tuple(p for i, p in enumerate(before.provisions) if i not in used)
    return replace(
        after,
        provisions=placed(provisions),
        policy=NumberingPolicy.KEEP,
        removed=(*before.removed, *gone),
    )


_Key = tuple[object, ...]


def _keys(document: Document) -> list[tuple[_Key, _Key, _Key]]:
    """For each provision what it is known by, strictest first."""
    return [
        (
            (entry.path, entry.provision.kind, entry.provision.text, entry.provision.cells),
            (entry.provision.kind, entry.provision.text, entry.provision.cells),
            (entry.path, entry.provision.kind),
        )
        for entry in outline(replace(document, policy=NumberingPolicy.KEEP)).entries
    ]


def _pairs(old: dict[int, _Key], new: dict[int, _Key]) -> dict[int, int]:
    """New index → old index where a key stands once on both sides."""
    left, right = Counter(old.values()), Counter(new.values())
    once = {key: index for index, key in old.items() if left[key] == 1}
    return {index: once[key] for index, key in new.items() if right[key] == 1 and key in once}
