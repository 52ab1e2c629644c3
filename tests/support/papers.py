"""A paper as an office sends it: a decision with the regulation attached to it, in Word."""

from __future__ import annotations

from tests.support.word import abstract, docx, lvl, num, p, r, tbl, tc, tr

LISTS = (
    abstract(
        0, lvl(0, "Chương %1", "upperRoman", suff="space"), lvl(1, "Điều %2", restart=0), lvl(2, "%3."),
        lvl(3, "%4)", "lowerLetter"), lvl(4, "\uf0b7", "bullet", font="Symbol"),
    ),
    num(1, 0),
)  # fmt: skip
HEAD = tbl(
    tr(
        tc(p("TỈNH ỦY A"), p(r("ĐẢNG ỦY XÃ", b="")), p(r("BÌNH MINH", b="")), p("*"), p("Số 05-QĐ/ĐU")),
        tc(p(r("ĐẢNG CỘNG SẢN VIỆT NAM", b="")), p(r("Bình Minh, ngày 05 tháng 02 năm 2026", i=""))),
    ),
    bordered=False,
)
SIGNATURE = tbl(
    tr(
        tc(p(r("Nơi nhận:", u="single")), p("- Như Điều 2,"), p("- Lưu Văn phòng Đảng ủy.")),
        tc(p("T/M BAN CHẤP HÀNH"), p("BÍ THƯ"), p("Nguyễn Văn A")),
    ),
    bordered=False,
)
DECISION = (
    HEAD, p(), p(r("QUYẾT ĐỊNH", b=""), jc="center"),
    p(r("ban hành Quy chế làm việc của Ban Chấp hành", b=""), jc="center"), p("-----", jc="center"),
    p("- Căn cứ Điều lệ Đảng;"), p("BAN CHẤP HÀNH QUYẾT ĐỊNH", jc="center"),
    p(r("Điều 1.", b=""), r(" Ban hành kèm theo Quyết định này Quy chế làm việc.")),
    p("Điều 2. Quyết định này có hiệu lực từ ngày ký."), SIGNATURE,
)  # fmt: skip
REGULATION = (
    p(r("QUY CHẾ", b=""), jc="center"), p(r("làm việc của Ban Chấp hành Đảng bộ xã", b=""), jc="center"),
    p("(Ban hành kèm theo Quyết định số 05-QĐ/ĐU, ngày 05/02/2026)", jc="center"),
    p("QUY ĐỊNH CHUNG", num=1, lvl=0, jc="center"), p(r("Phạm vi điều chỉnh", b=""), num=1, lvl=1),
    p(r("Quy chế này quy định "), r("nguyên tắc", i=""), r(" làm việc.")),
    p("Đối tượng", num=1, lvl=1), p("Một là:", num=1, lvl=2), p("ý đầu;", num=1, lvl=3),
    p("ý sau.", num=1, lvl=3), p("gạch", num=1, lvl=4),
    p(r("Chương II", inside="<w:br/><w:t>TỔ CHỨC</w:t>"), jc="center"), p("Điều 3. Nguyên tắc"),
    p("1. Tập trung dân chủ."), p("Phụ lục", jc="center"), p("DANH MỤC"), p("Bảng 1. Lịch họp"),
    tbl(tr(tc(p(r("TT", b=""))), tc(p(r("Việc", b="")), span=2)), tr("1", "Họp | bàn", "tháng")),
)  # fmt: skip
PAPER = docx(*DECISION, *REGULATION, numbering=LISTS)
