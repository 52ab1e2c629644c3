"""Templates put to the proof: an office's own wording is taken only when the reader understands it.

Small made-up regulations, each with a revision, call for every template that is read. The wording
stands when each instrument proves at the first attempt, as it does with the standard one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from duthao.domain.amend.instrument import Instrument
from duthao.domain.amend.proving import Proof, proved
from duthao.domain.amend.templates import Templates
from duthao.domain.compare import compare
from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.structure import parse

_REGULATION = """QUY CHẾ
LÀM VIỆC CỦA ĐẢNG ỦY PHƯỜNG
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
1. Quy chế này quy định nguyên tắc làm việc của Đảng ủy, Ban Thường vụ và Thường trực Đảng ủy.
2. Quy chế này áp dụng đối với các chi bộ trực thuộc và các cơ quan tham mưu của Đảng ủy.
Điều 2. Nguyên tắc làm việc
1. Tập trung dân chủ, tập thể lãnh đạo, cá nhân phụ trách, thiểu số phục tùng đa số.
2. Các vấn đề quan trọng phải được thảo luận tập thể trước khi quyết định, gồm các vấn đề sau đây:
a) Chủ trương phát triển kinh tế - xã hội của phường;
b) Công tác tổ chức, cán bộ thuộc thẩm quyền;
c) Kế hoạch kiểm tra, giám sát hằng năm.
Trường hợp cấp bách thì Thường trực Đảng ủy quyết định và báo cáo tại phiên họp gần nhất.
3. Ủy viên chịu trách nhiệm cá nhân về lĩnh vực được phân công.
Chương II
TRÁCH NHIỆM, QUYỀN HẠN
Điều 3. Đảng ủy
1. Lãnh đạo toàn diện các mặt công tác ở phường theo chức năng, nhiệm vụ đã được giao.
2. Họp thường lệ ba tháng một lần; họp bất thường khi cần thiết.
Điều 4. Ban Thường vụ
1. Chuẩn bị nội dung các kỳ họp của Đảng ủy, trình Đảng ủy xem xét, quyết định theo quy định.
2. Họp thường lệ mỗi tháng một lần.
3. Chỉ đạo thực hiện nghị quyết của Đảng ủy trong thời hạn 15 ngày, kể từ ngày ban hành.
Phụ lục
MỨC CHI
Bảng 1. Mức chi cho hội nghị
STT | Nội dung chi | Mức chi
1 | Hội nghị của Đảng ủy, Ban Thường vụ và các cơ quan tham mưu | 100.000 đồng
2 | Hội nghị của chi bộ trực thuộc, kể cả hội nghị mở rộng | 50.000 đồng
3 | Họp báo định kỳ, họp chuyên đề theo kế hoạch | 80.000 đồng
"""

_Edits = tuple[tuple[str, str], ...]
_REVISIONS: tuple[_Edits, ...] = (
    (
        (
            "Điều 3. Đảng ủy\n",
            "Điều 3. Trách nhiệm, quyền hạn của Đảng ủy\n",
        ),
        (
            "phải được thảo luận tập thể trước khi quyết định, gồm các vấn đề sau đây:",
            "do tập thể Đảng ủy thảo luận, biểu quyết, bao gồm:",
        ),
        (
            "2. Họp thường lệ mỗi tháng một lần.\n",
            "2. Mỗi tháng họp hai kỳ, khi cần thì họp thêm; Bí thư triệu tập và chủ trì, Phó Bí "
            "thư thay khi được ủy quyền.\n"
            "2a. Cho ý kiến đối với báo cáo của các chi bộ trước khi trình Đảng ủy.\n",
        ),
        (
            "3. Ủy viên chịu trách nhiệm cá nhân về lĩnh vực được phân công.\n",
            "",
        ),
    ),
    (
        (
            "Thường trực Đảng ủy quyết định và báo cáo tại phiên họp gần nhất",
            "Bí thư, Phó Bí thư cho ý kiến, sau đó báo cáo Đảng ủy",
        ),
        (
            "b) Công tác tổ chức, cán bộ thuộc thẩm quyền;\n",
            "b) Quy hoạch, bổ nhiệm, điều động, khen thưởng, kỷ luật đối với cán bộ;\n",
        ),
        (
            "khi cần thiết.\n",
            "khi cần thiết.\n3. Cho ý kiến về dự toán, quyết toán ngân sách hằng năm.\n",
        ),
    ),
    (
        (
            "Chương II\nTRÁCH",
            "Điều 2a. Chế độ báo cáo\n1. Các chi bộ báo cáo Đảng ủy hằng tháng bằng văn bản.\n"
            "Chương II\nTRÁCH",
        ),
        (
            "Điều 3. Đảng ủy\n",
            "Điều 2b. Thường trực Đảng ủy\n1. Giải quyết công việc hằng ngày của Đảng ủy.\nĐiều 3. Đảng ủy\n",
        ),
        (
            "Điều 1. Phạm vi điều chỉnh\n1.",
            "Điều 1. Phạm vi điều chỉnh\n01. Quy chế này là căn cứ để kiểm điểm, đánh giá hằng năm.\n1.",
        ),
        (
            "tại phiên họp gần nhất.\n",
            "tại phiên họp gần nhất.\n"
            "Văn phòng Đảng ủy theo dõi, đôn đốc việc thực hiện các quyết định này.\n",
        ),
    ),
    (
        (
            "3 | Họp báo",
            "3 | Hội thảo khoa học do Đảng ủy chủ trì | 90.000 đồng\n4 | Họp báo",
        ),
    ),
    (
        (
            "1 | Hội nghị của Đảng ủy",
            "0 | Đại hội Đảng bộ phường nhiệm kỳ 5 năm | 200.000 đồng\n1 | Hội nghị của Đảng ủy",
        ),
        (
            "Mức chi cho hội nghị",
            "Mức chi cho hội nghị, đại hội",
        ),
    ),
    (
        (
            "hội nghị mở rộng | 50.000",
            "hội nghị mở rộng | 60.000",
        ),
    ),
    (
        (
            "nguyên tắc làm việc của Đảng ủy, Ban Thường vụ",
            "nguyên tắc, lề lối làm việc của Đảng ủy, Ban Thường vụ",
        ),
        (
            "Tập trung dân chủ, tập thể lãnh đạo",
            "Tập trung dân chủ, công khai, minh bạch, tập thể lãnh đạo",
        ),
        (
            "xem xét, quyết định theo quy định.",
            "xem xét, quyết định.",
        ),
        (
            "Lãnh đạo toàn diện các mặt công tác ở phường",
            "Lãnh đạo các mặt công tác ở phường",
        ),
        (
            "trong thời hạn 15 ngày",
            "trong thời hạn 10 ngày",
        ),
        (
            "áp dụng đối với các chi bộ trực thuộc",
            "áp dụng đối với các đảng bộ, chi bộ trực thuộc",
        ),
        (
            "chịu trách nhiệm cá nhân về lĩnh vực",
            "chịu trách nhiệm cá nhân về nhiệm vụ",
        ),
    ),
)
"""Each edit of a revision is made at the one place where its words stand."""

NOT_READ = frozenset(("title", "enacting", "effect_heading", "effect"))
"""Templates of the head and the end, which no reader needs."""


@dataclass(frozen=True)
class _Heard(Templates):
    """Templates that remember which of them were asked for."""

    heard: set[str] = field(default_factory=set)

    def say(self, name: str, **values: str) -> str:
        self.heard.add(name)
        return super().say(name, **values)


@dataclass(frozen=True)
class Sample:
    """A revision whose instrument is drafted to see how templates read, and which they are."""

    before: Document
    after: Document
    comparison: Comparison
    rounds: int
    templates: frozenset[str]

    def proof(self, templates: Templates) -> Proof:
        return proved(self.before, self.after, self.comparison, templates)

    def is_read(self, proof: Proof) -> bool:
        """Whether the reader understood the wording as well as the standard one."""
        return proof.holds and proof.rounds <= self.rounds


def _read(text: str, side: str) -> Document:
    numbers = count(1)
    return parse(text, new_id=lambda: ProvisionId(f"{side}{next(numbers)}")).document


@lru_cache(maxsize=1)
def samples() -> tuple[Sample, ...]:
    """The revisions, the one with most kinds of instructions first."""
    before = _read(_REGULATION, "b")
    found: list[Sample] = []
    for edits in _REVISIONS:
        text = _REGULATION
        for old, new in edits:
            text = text.replace(old, new, 1)
        after = _read(text, "a")
        comparison = compare(before, after)
        heard = _Heard()
        proof = proved(before, after, comparison, heard)
        found.append(Sample(before, after, comparison, proof.rounds, frozenset(heard.heard)))
    return tuple(found)


def check_read(templates: Templates) -> tuple[Instrument, ...]:
    """The samples' instruments in this wording, all of them read back.

    Raises Refusal template_unreadable (`name`, `text`) for a wording that is not read back rightly.
    Of several the first that fails alone is named, in the order of `own`; all of them when only
    their meeting fails. Bounded: each template is tried on the samples that call for it.
    """
    proofs = [sample.proof(templates) for sample in samples()]
    if all(sample.is_read(proof) for sample, proof in zip(samples(), proofs, strict=True)):
        return tuple(proof.instrument for proof in proofs)
    for name, text in templates.own.items():
        alone = Templates({name: text})
        if not all(sample.is_read(sample.proof(alone)) for sample in samples() if name in sample.templates):
            raise Refusal("template_unreadable", name=name, text=text)
    names = sorted(set(templates.own) - NOT_READ)
    raise Refusal("template_unreadable", name=", ".join(names), text="")
