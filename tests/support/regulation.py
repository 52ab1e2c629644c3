"""A working regulation in the manner of a party committee, for hard cases of amending it."""

from __future__ import annotations

import re

REGULATION = """QUY CHẾ
LÀM VIỆC CỦA BAN CHẤP HÀNH ĐẢNG BỘ TỈNH
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quy chế này quy định trách nhiệm, quyền hạn và chế độ làm việc của Ban Chấp hành.
Điều 2. Nguyên tắc làm việc
1. Thực hiện nguyên tắc tập trung dân chủ; tập thể lãnh đạo, cá nhân phụ trách.
2. Ban Chấp hành quyết định các vấn đề sau:
a) Chủ trương về tổ chức, cán bộ;
b) Kế hoạch kiểm tra, giám sát;
c) Dự toán kinh phí hằng năm;
d) Việc thành lập các cơ quan, đơn vị;
đ) Việc khen thưởng;
e) Các vấn đề khác do Ban Thường vụ trình.
Ban Chấp hành có thể ủy quyền cho Ban Thường vụ.
3. Cấp dưới phục tùng cấp trên.
4. Thiểu số phục tùng đa số.
Chương II
TRÁCH NHIỆM VÀ QUYỀN HẠN
Mục 1
BAN CHẤP HÀNH
Điều 3. Trách nhiệm của Ban Chấp hành
1. Lãnh đạo thực hiện nghị quyết đại hội.
2. Chuẩn bị nhân sự theo quy định tại khoản 1 Điều 2 của Quy chế này.
3. Báo cáo cơ quan có thẩm quyền.
Điều 4. Quyền hạn của Ban Chấp hành
Ban Chấp hành có quyền quyết định kinh phí, nhân sự và bộ máy của cơ quan.
Mục 2
BAN THƯỜNG VỤ
Điều 5. Trách nhiệm của Ban Thường vụ
1. Ban Thường vụ lãnh đạo, kiểm tra việc thực hiện nghị quyết.
2. Ban Thường vụ quyết định triệu tập hội nghị:
a) Hội nghị thường kỳ;
b) Hội nghị bất thường.
3. Ban Thường vụ báo cáo Ban Chấp hành về:
a) Hoạt động giữa hai kỳ hội nghị;
b) Công tác cán bộ thuộc thẩm quyền;
c) Công tác tài chính.
Chương III
CHẾ ĐỘ LÀM VIỆC
Mục 1
HỘI NGHỊ
Điều 6. Chế độ hội nghị
1. Ban Chấp hành họp thường kỳ 03 tháng một lần.
2. Ban Thường vụ họp thường kỳ mỗi tháng một lần.
Điều 7. Chế độ thông tin
1. Văn phòng thông báo kết quả hội nghị.
2. Việc cung cấp thông tin thực hiện như sau:
a) Bằng văn bản;
b) Qua mạng;
c) Trực tiếp.
3. Thông tin mật thực hiện theo quy định.
4. Báo chí được mời dự phiên khai mạc.
Mục 2
CHẾ ĐỘ BÁO CÁO
Điều 8. Chế độ báo cáo
1. Báo cáo định kỳ hằng quý.
2. Báo cáo đột xuất khi có yêu cầu.
Chương IV
TỔ CHỨC THỰC HIỆN
Điều 9. Kinh phí
Kinh phí do ngân sách bảo đảm.
Điều 10. Hiệu lực thi hành
Quy chế này có hiệu lực kể từ ngày ký.
"""

NORMS = """Phụ lục I
MỨC CHI
Bảng 1. Mức chi
STT | Nội dung | Mức
1 | Hội nghị cấp tỉnh | 200
2 | Hội nghị cấp huyện | 100
"""


def stretch(start: str, end: str) -> str:
    """The regulation's lines from the one that begins with `start` up to the one with `end`."""
    first = REGULATION.index(start)
    return REGULATION[first : REGULATION.index(end, first)]


def exchanged(one: str, other: str) -> str:
    """The regulation with two stretches in each other's place, the first of them first."""
    first, second = REGULATION.index(one), REGULATION.index(other)
    between = REGULATION[first + len(one) : second]
    return REGULATION[:first] + other + between + one + REGULATION[second + len(other) :]


def counted(text: str) -> str:
    """The text with its articles numbered in sequence."""
    numbers = iter(range(1, 1000))
    return re.sub(r"^Điều \d+[a-z]?\.", lambda _: f"Điều {next(numbers)}.", text, flags=re.MULTILINE)
