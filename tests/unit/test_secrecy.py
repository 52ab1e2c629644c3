"""How secret a document is: degrees, the mark in heads that come in, and on papers that go out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document as opened
from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import Document, FrontMatter, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import PARTY, STATE
from duthao.domain.incoming.interpreting import interpret
from duthao.domain.plain_table import PlainTable
from duthao.domain.secrecy import UNSTAMPED, Secrecy, Stamp, greatest, mark_in, secrecy_of, taken
from duthao.domain.structure import parse
from duthao.formats.docx_in import read_docx
from duthao.formats.docx_out import WordOptions, document_docx
from duthao.formats.fonts import PACKAGE_FONTS
from duthao.formats.pdf import stamping
from duthao.formats.plain_table import plain_docx
from duthao.messages import Catalogue

VI = Catalogue("vi")
HEAD = """ĐẢNG BỘ TỈNH A
ĐẢNG ỦY XÃ B
*
Số 05-QC/ĐU
TỐI MẬT
ĐẢNG CỘNG SẢN VIỆT NAM
Xã B, ngày 05 tháng 02 năm 2026

QUY CHẾ
làm việc của Đảng ủy xã

Điều 1. Phạm vi
1. Quy chế này quy định việc làm."""


def read(text: str) -> Document:
    ids = (ProvisionId(f"p{n}") for n in range(1000))
    return parse(text, new_id=lambda: next(ids)).document


def test_the_degrees_are_ordered_and_the_whole_is_as_secret_as_its_most_secret_part() -> None:
    assert greatest([]) is Secrecy.NONE
    assert greatest([Secrecy.SECRET, Secrecy.NONE, Secrecy.CONFIDENTIAL]) is Secrecy.SECRET
    assert greatest(reversed(Secrecy)) is Secrecy.TOP_SECRET


@given(st.lists(st.sampled_from(Secrecy), min_size=1))
def test_binding_papers_together_never_makes_one_less_secret(degrees: list[Secrecy]) -> None:
    whole = greatest(degrees)
    assert whole in degrees
    assert all(greatest((whole, one)) is whole for one in degrees)


def test_only_a_known_degree_is_taken() -> None:
    assert [secrecy_of(one.value) for one in Secrecy] == list(Secrecy)
    for said in ("mật", "MẬT", "SECRET", " secret", "x" * 500):
        with pytest.raises(Refusal, match="secrecy_unknown"):
            secrecy_of(said)


def test_a_mark_is_a_line_of_its_own() -> None:
    assert [mark_in(line) for line in ("MẬT", " TỐI MẬT ", "TUYỆT MẬT")] == list(Secrecy)[1:]
    for line in ("", "Mật", "MẬT VỤ", "BẢO VỆ BÍ MẬT NHÀ NƯỚC", "Tài liệu mật"):
        assert mark_in(line) is Secrecy.NONE


def test_a_mark_above_the_title_is_no_body_of_the_party() -> None:
    found = read(HEAD)
    assert (found.front.upper_body, found.front.body) == ("ĐẢNG BỘ TỈNH A", "ĐẢNG ỦY XÃ B")
    degree, without = taken(found)
    assert degree is Secrecy.SECRET
    assert not any(map(mark_in, without.front.preamble))
    assert taken(without) == (Secrecy.NONE, without)


@pytest.mark.parametrize("form", [PARTY, STATE])
@pytest.mark.parametrize("number", [None, 2])
@pytest.mark.parametrize("body", ["ĐẢNG ỦY XÃ B", ""])
def test_a_word_file_with_the_mark_comes_back_with_the_degree_and_the_same_text(
    form: Any, number: int | None, body: str
) -> None:
    _, document = taken(read(HEAD))
    front = FrontMatter(body=body, type="QUY CHẾ", title="Làm việc của Đảng ủy xã")
    document = Document(document.provisions, front, document.policy)
    options = WordOptions(form=form, draft_number=number, secrecy=Secrecy.TOP_SECRET.mark)
    ids = (ProvisionId(f"q{n}") for n in range(1000))
    back = interpret(read_docx(document_docx(document, VI, options)), new_id=lambda: next(ids)).documents[0]
    degree, came = taken(back.document)
    assert degree is Secrecy.TOP_SECRET
    assert came.front.body == body
    assert [p.text for p in came.provisions] == [p.text for p in document.provisions]


def test_what_is_set_is_stamped_and_what_is_not_secret_is_set_as_before() -> None:
    seen: list[dict[str, Any]] = []

    def typeset(template: str, data: Any, fonts: Any) -> bytes:
        seen.append(dict(data))
        return b"%PDF-"

    stamping(Stamp("MẬT", "Lê Lan"), typeset)("draft", {"a": 1}, PACKAGE_FONTS)
    assert seen == [{"a": 1, "stamp": {"degree": "MẬT", "reader": "Lê Lan"}}]
    assert stamping(UNSTAMPED, typeset) is typeset


def test_a_table_in_word_begins_with_the_mark() -> None:
    table = PlainTable(("Danh sách",), (), ("STT",), (20,), (("1",),), "")
    content = plain_docx(table, VI, secrecy="MẬT")
    first, second = opened(BytesIO(content)).paragraphs[:2]
    assert (first.text, second.text) == ("MẬT", "DANH SÁCH")
    assert opened(BytesIO(plain_docx(table, VI))).paragraphs[0].text == "DANH SÁCH"
