"""Words inside a pair, drawn as [-deleted-] and {+inserted+}."""

from __future__ import annotations

import pytest

from duthao.domain.compare.words import _MAX_WORK, tokens, word_spans


def drawn(before: str, after: str) -> str:
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(signs[op].format(text) for op, text in word_spans(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (
            "Cơ quan cấp huyện phải thông báo cho người sử dụng đất.",
            "Cơ quan cấp xã có trách nhiệm thông báo bằng văn bản cho người có quyền sử dụng đất.",
            "Cơ quan cấp [-huyện phải-]{+xã có trách nhiệm+} thông báo{+ bằng văn bản+} cho người"
            "{+ có quyền+} sử dụng đất.",
        ),
        ("Trong 15 ngày, kể từ", "Trong 10 ngày, kể từ", "Trong [-15 ngày-]{+10 ngày+}, kể từ"),
        (
            "theo khoản 2 Điều 5 này",
            "theo khoản 3 Điều 5 này",
            "theo [-khoản 2 Điều 5-]{+khoản 3 Điều 5+} này",
        ),
        ("gồm 03 (ba) ủy viên", "gồm 05 (năm) ủy viên", "gồm [-03 (ba) ủy viên-]{+05 (năm) ủy viên+}"),
        ("Quy định 66-QĐ/TW nêu", "Quy định 77-QĐ/TW nêu", "Quy định [-66-QĐ/TW-]{+77-QĐ/TW+} nêu"),
        ("tổ chức hòa giải", "tổ chức hoà giải", "tổ chức [-hòa-]{+hoà+} giải"),
        ("hồ sơ hợp lệ;", "hồ sơ hợp lệ.", "hồ sơ hợp lệ[-;-]{+.+}"),
        ("tăng 12,5% so với", "tăng 13% so với", "tăng [-12,5%-]{+13%+} so với"),
        ("một hai ba", "bốn năm sáu", "[-một hai ba-]{+bốn năm sáu+}"),
        ("", "thêm", "{+thêm+}"),
        ("bớt", "", "[-bớt-]"),
    ],
)
def test_a_change_reads_like_this(before: str, after: str, shown: str) -> None:
    assert drawn(before, after) == shown


def test_nothing_is_nothing() -> None:
    assert word_spans("", "") == ()


@pytest.mark.parametrize(
    "whole", ["5a", "191/2026/NĐ-CP", "66-QĐ/TW", "1.000.000", "05/9/2026", "15 ngày làm việc", "nghiêng"]
)
def test_one_token(whole: str) -> None:
    assert [token.core for token in tokens(f"và {whole} thì")][1] == whole


def test_a_text_too_long_for_one_look_is_still_kept_where_it_is_the_same() -> None:
    words = [
        f"chữ{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{'uvxyz'[n // 100 % 5]}" for n in range(500)
    ]
    before = " ".join(words * 6)
    after = " ".join([*words * 3, "MỐC", *words * 3])
    assert len(tokens(before)) ** 2 > _MAX_WORK
    spans = word_spans(before + " MỐC cuối", after)
    assert "".join(text for op, text in spans if op != "-") == after
