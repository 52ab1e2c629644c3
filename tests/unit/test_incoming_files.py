"""Files of other kinds: told by what they are, read or refused with what to do."""

from __future__ import annotations

import time
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from duthao.commands import import_files
from duthao.domain.errors import Refusal
from duthao.domain.incoming.blocks import Paper, Table, paragraphs
from duthao.formats.html_in import read_html
from duthao.formats.incoming import kind_of, prepared
from duthao.formats.text_in import read_text
from tests.support.commands import runner
from tests.support.papers import PAPER
from tests.support.word import docx, p, zipped

run = runner(import_files)
VIETNAMESE = "Quy chế này quy định nguyên tắc làm việc của Đảng ủy.\nĐiều 2"


def lines(paper: Paper) -> list[str]:
    return [one.whole for one in paragraphs(paper.blocks)]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_form_of_unicode_is_read(code: str) -> None:
    paper = read_text(VIETNAMESE.encode(code))
    assert [line.lstrip("\ufeff") for line in lines(paper)] == VIETNAMESE.split("\n")
    assert paper.remarks == ()


def old_letter(letter: str) -> bytes:
    """A letter in Windows-1258: its circumflex, breve or horn in one sign, the tone in the next."""
    parts = unicodedata.normalize("NFD", letter)
    tone = "".join(sign for sign in parts[1:] if sign in "\u0300\u0301\u0303\u0309\u0323")
    return (unicodedata.normalize("NFC", "".join(s for s in parts if s not in tone)) + tone).encode("cp1258")


def test_the_code_page_of_windows_is_read_and_told() -> None:
    data = b"".join(map(old_letter, VIETNAMESE))
    paper = read_text(data)
    assert lines(paper) == VIETNAMESE.split("\n")
    assert [(one.code, one.texts) for one in paper.remarks] == [("code_page", ("Windows-1258",))]


def test_what_is_no_text_is_refused() -> None:
    for data, code in ((b"a\0b\xff\xfe", "text_binary"), (b"dong\n\xff\xff mot", "text_not_utf8")):
        with pytest.raises(Refusal, match=code):
            read_text(data)


PAGE = """<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body>
<script>alert(1)</script><h1 align=center>QUY CHẾ</h1><p style="text-align:center"><b>làm việc</b></p>
<ol type=I start=2><li>Hai</li><li>Ba<ul><li>gạch</li></ul></li></ol><ol type=a><li>điểm</li></ol>
<p>một<br>hai   ba <i>nghiêng</i><ins>thêm</ins><del>bỏ</del><img src="http://x.invalid/a.png"></p>
<p style="mso-list:l0"><span style="mso-list:Ignore">1.<span>&nbsp;&nbsp; </span></span>Khoản Word</p>
<p><span style="mso-list:Ignore">·</span>dấu Word</p><span style="display:none">ẩn</span>
<table border=1><thead><tr><th rowspan=2>TT</th><th colspan=2>Việc</th></tr></thead>
<tr><td>từ</td><td>đến</td></tr></table>đuôi</body></html>"""


def test_a_page_becomes_blocks() -> None:
    paper = read_html(PAGE.encode())
    text = [line for line in lines(paper) if line]
    assert text == [
        "QUY CHẾ", "làm việc", "II. Hai", "III. Ba", "- gạch", "a) điểm", "một\nhai ba nghiêngthêm",
        "1. Khoản Word", "· dấu Word", "TT", "Việc", "từ", "đến", "đuôi",
    ]  # fmt: skip
    assert [one.centred for one in paragraphs(paper.blocks)][:3] == [True, True, False]
    table = next(block for block in paper.blocks if isinstance(block, Table))
    assert [[(c.columns, c.continued) for c in row.cells] for row in table.rows] == [
        [(1, False), (2, False)], [(1, True), (1, False), (1, False)]
    ]  # fmt: skip
    assert (table.rows[0].header, paper.tracked) == (True, 2)
    assert {one.code for one in paper.remarks} == {"changes", "hidden", "images", "merged_cells"}
    assert "một\nhai ba nghiêngbỏ" in lines(read_html(PAGE.encode(), "original"))


@pytest.mark.parametrize("words", ["<div>" * 3_000 + "đáy", "<table>" * 500 + "đáy", "<p>đáy" + "<b " * 900])
def test_pages_that_go_deep_end(words: str) -> None:
    assert "đáy" in "".join(lines(read_html(f"<html><body>{words}".encode()))) or len(words) > 2_000


def test_a_list_of_thousands_of_items_is_read_at_once() -> None:
    began = time.process_time()
    paper = read_html(b"<html><ol>" + b"<li>a" * 15_000)
    assert lines(paper)[-1] == "15000. a"
    assert time.process_time() - began < 5


def open_document() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", "<x/>")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_a_file_is_told_by_its_content() -> None:
    kinds = {
        "docx": docx(p("a")), "odt": open_document(), "rtf": b"{\\rtf1 a}", "html": b"\xef\xbb\xbf <HTML>",
        "doc": OLE + "WordDocument".encode("utf-16-le"), "txt": "Điều 1".encode(),
    }  # fmt: skip
    assert {kind: kind_of(data) for kind, data in kinds.items()} == {kind: kind for kind in kinds}
    assert kind_of(zipped({"x": "y"})) == "docx"
    for data in (b"%PDF-1.7", OLE + b"Workbook", b"\x89PNG\r\n"):
        with pytest.raises(Refusal, match="file_kind_unknown"):
            kind_of(data)


def test_without_libreoffice_one_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duthao.formats.office.program", lambda: None)
    with pytest.raises(Refusal, match="office_missing") as refused:
        prepared(b"{\\rtf1 a}", lambda step: None)
    assert refused.value.details == {"ending": "rtf"}


def test_the_command_shows_files_and_names_what_it_could_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "quyết định.docx", tmp_path / "hỏng.docx"
    good.write_bytes(PAPER)
    bad.write_bytes(PAPER[:500])
    assert run(str(good), str(bad)) == 1
    printed = capsys.readouterr()
    assert "[1/2]" in printed.out
    assert "QUY CHẾ làm việc của Ban Chấp hành Đảng bộ xã: 1 phụ lục, 2 chương, 3 điều" in printed.out
    assert "[docx_damaged]" in printed.err
    assert run(str(good), "--text") == 0
    assert "Điều 3. Nguyên tắc\n1. Tập trung dân chủ." in capsys.readouterr().out


def test_the_command_saves_each_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from duthao.bootstrap import open_store
    from duthao.domain.document import UserId
    from duthao.service.people import add_user
    from duthao.settings import read_settings
    from duthao.store.ports import EpochMillis

    monkeypatch.setenv("DUTHAO_DATA_DIR", str(tmp_path / "data"))
    store = open_store(read_settings())
    add_user(store, UserId("u1"), "lan", "Lan", "", "x", EpochMillis(1))
    store.close()
    file = tmp_path / "a.docx"
    file.write_bytes(PAPER)
    assert run(str(file), "--lead", "lan") == 0
    assert capsys.readouterr().out.count("Đã lưu") == 2
    store = open_store(read_settings())
    titles = sorted(record.title for record, _ in store.documents.for_user(UserId("u1")))
    assert titles == [
        "QUY CHẾ làm việc của Ban Chấp hành Đảng bộ xã",
        "QUYẾT ĐỊNH ban hành Quy chế làm việc của Ban Chấp hành"
    ]  # fmt: skip
    store.close()
    with pytest.raises(Refusal, match="user_not_found"):
        run(str(file), "--lead", "ai")
