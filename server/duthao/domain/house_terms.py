"""What is completed while typing in this house: short forms for what they stand for, and names of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from duthao.domain.errors import Refusal
from duthao.domain.text import clean_line

MOST = 500
"""Lines of a house's list."""
SHORT = re.compile(r"[A-ZĐ][A-ZĐ0-9]{1,9}")
LONGEST = 120
"""Letters of what a short form stands for, and of a name."""

_STANDARD = """
BBT = Ban Bí thư
BCH = Ban Chấp hành
BCHTW = Ban Chấp hành Trung ương
BCT = Bộ Chính trị
BCĐ = Ban Chỉ đạo
BDV = Ban Dân vận
BNC = Ban Nội chính
BTC = Ban Tổ chức
BTG = Ban Tuyên giáo
BTGDV = Ban Tuyên giáo và Dân vận
BTV = Ban Thường vụ
CBCC = cán bộ, công chức
CBĐV = cán bộ, đảng viên
CNTT = công nghệ thông tin
CTHĐ = chương trình hành động
ĐBQH = đại biểu Quốc hội
ĐTN = Đoàn Thanh niên
ĐU = Đảng ủy
HĐND = Hội đồng nhân dân
HTCT = hệ thống chính trị
KTGS = kiểm tra, giám sát
KTXH = kinh tế - xã hội
LĐLĐ = Liên đoàn Lao động
MTTQ = Mặt trận Tổ quốc
PCTN = phòng, chống tham nhũng
QCLV = quy chế làm việc
QPAN = quốc phòng, an ninh
TAND = Tòa án nhân dân
TCCSĐ = tổ chức cơ sở đảng
TCĐ = tổ chức đảng
TTHU = Thường trực Huyện ủy
TTTU = Thường trực Tỉnh ủy
TTTU = Thường trực Thành ủy
TW = Trung ương
UBKT = Ủy ban Kiểm tra
UBKTTW = Ủy ban Kiểm tra Trung ương
UBMTTQ = Ủy ban Mặt trận Tổ quốc
UBND = Ủy ban nhân dân
UVBCH = ủy viên Ban Chấp hành
UVBTV = ủy viên Ban Thường vụ
VKSND = Viện kiểm sát nhân dân
VPTU = Văn phòng Tỉnh ủy
VPTU = Văn phòng Thành ủy
XHCN = xã hội chủ nghĩa
"""


@dataclass(frozen=True, slots=True)
class HouseTerms:
    """Short forms with what they stand for, a pair for each meaning, and names; as they were listed."""

    short: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()

    @property
    def lines(self) -> str:
        """As `terms_from` reads it."""
        return "\n".join([*(f"{short} = {long}" for short, long in self.short), *self.names])


def terms_from(text: str) -> HouseTerms:
    """A list, a line each: "BCH = Ban Chấp hành" is a short form, a line without the sign a name.

    A name begins with a capital: by it its beginning is told from other words.

    Guaranteed: nothing stands twice, every word is NFC, and the list is one that `lines` gives again.
    Raises Refusal: terms_line (`line`, its number; `most`), terms_too_many (`most`).
    """
    short: dict[tuple[str, str], None] = {}
    names: dict[str, None] = {}
    for number, line in _told(text):
        if len(short) + len(names) >= MOST:
            raise Refusal("terms_too_many", most=MOST)
        left, sign, right = (part.strip() for part in line.partition("="))
        said = right if sign else left
        wrong = not (SHORT.fullmatch(left.upper()) if sign else said[:1].isupper())
        if wrong or not 1 < len(said) <= LONGEST or "=" in said:
            raise Refusal("terms_line", line=number, most=LONGEST)
        if sign:
            short[left.upper(), said] = None
        else:
            names[said] = None
    return HouseTerms(tuple(short), tuple(names))


def _told(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if told := clean_line(line):
            yield number, told


STANDARD = terms_from(_STANDARD)
