"""An office's own wording is taken when the reader understands it, and refused by name when not."""

from __future__ import annotations

import pytest

from duthao.domain.amend.templates import DEFAULTS, STANDARD, Templates
from duthao.domain.amend.trial import NOT_READ, check_read, samples
from duthao.domain.errors import Refusal
from duthao.messages import LANGUAGES, Catalogue


def test_the_samples_call_for_every_template_that_is_read() -> None:
    called = frozenset[str]().union(*(sample.templates for sample in samples()))
    assert called >= set(DEFAULTS) - NOT_READ


def test_the_standard_wording_is_read_at_the_first_attempt() -> None:
    check_read(STANDARD)
    assert all(sample.rounds == 1 for sample in samples())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("repeal", "Hủy bỏ {targets}"),
        ("amend", "Sửa đổi {targets} như sau:"),
        ("replace", "Thay cụm từ “{old}” bằng cụm từ “{new}” tại {targets}"),
        ("drop", "Bãi bỏ cụm từ “{old}” tại {targets}"),
        ("rows_after", "Bổ sung thêm một hàng vào sau {row} như sau:"),
        ("row_of", "{row} {table}"),
        ("recount", "Đánh số thứ tự lại các hàng của {table}"),
        ("effect", "{type} này có hiệu lực kể từ ngày ban hành, bằng bất cứ lời nào."),
    ],
)
def test_another_wording_that_is_understood_is_taken(name: str, text: str) -> None:
    check_read(Templates({name: text}))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("repeal", "Thôi không dùng {targets}"),
        ("repeal", "Sửa đổi, bổ sung {targets}"),
        ("replace", "Thay thế cụm từ “{new}” bằng cụm từ “{old}” tại {targets}"),
        ("insert_after", "Bổ sung {units} vào trước {anchor} như sau:"),
        ("rows_after", "Bổ sung hàng vào trước {row} như sau:"),
        ("some", "Về {kinds} của {parent}"),
        ("passage_of", "đoạn {nth} nào đó của {unit}"),
    ],
)
def test_a_wording_nobody_could_read_back_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_read(Templates({"amend": "Sửa đổi {targets} như sau:", name: text}))
    assert caught.value.code == "template_unreadable"
    assert caught.value.details == {"name": name, "text": text}


def test_every_refusal_of_templates_has_a_sentence_in_every_language() -> None:
    codes = ("unknown", "missing", "foreign", "braces", "length", "unreadable", "file")
    for language in LANGUAGES:
        catalogue = Catalogue(language)
        assert not any(catalogue(f"error.template_{code}").startswith("[") for code in codes)


def test_the_preview_speaks_the_wording() -> None:
    text = "".join(instrument.text() for instrument in check_read(Templates({"repeal": "Hủy bỏ {targets}"})))
    assert "Hủy bỏ khoản 3 Điều 2." in text
    assert "Bãi bỏ khoản" not in text
