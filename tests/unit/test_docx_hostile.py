"""Files made to harm: each is refused by name, or read, in bounded time and memory."""

from __future__ import annotations

import resource
import struct
import time
import zipfile
from io import BytesIO

import pytest

from duthao.domain.errors import Refusal
from duthao.formats.docx_in import read_docx
from tests.soak.fuzz_docx import run
from tests.support.word import SPACES, abstract, docx, lvl, num, p, r, style, zipped

SECONDS, MEBIBYTES = 6.0, 700


def peak() -> int:
    """The most memory this process ever had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def document(inner: str, head: str = "") -> bytes:
    words = f'<?xml version="1.0"?>{head}<w:document {SPACES}><w:body>{inner}</w:body></w:document>'
    return docx(extra={"word/document.xml": words})


def bomb() -> bytes:
    buffer = BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("word/document.xml", "w") as part,
    ):
        for _ in range(90):
            part.write(b" " * (1 << 20))
    return buffer.getvalue()


def many_entries() -> bytes:
    return zipped({f"x/{n}": "" for n in range(6_000)} | {"word/document.xml": "<x/>"})


def encrypted_entry() -> bytes:
    made = bytearray(docx(p("a")))
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = made.find(sign)
        while start >= 0:
            struct.pack_into("<H", made, start + at, 1)
            start = made.find(sign, start + 4)
    return bytes(made)


def paragraphs(count: int) -> str:
    """So many, no two alike, so that they do not pack as tightly as a bomb."""
    return "".join(f"<w:p w:rsidR='{n * 2654435761 % 2**32:08X}'/>" for n in range(count))


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "no zip": (lambda: b"\x00\x01\x02" * 100, "docx_not_word"),
    "an empty file": (lambda: b"", "docx_not_word"),
    "a zip of something else": (lambda: zipped({"a.txt": "x"}), "docx_not_word"),
    "a zip cut short": (lambda: docx(p("a"))[:-60], "docx_damaged"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "docx_old_word"),
    "one with a password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "docx_encrypted"
    ),
    "encrypted entries": (encrypted_entry, "docx_encrypted"),
    "a bomb": (bomb, "docx_too_large"),
    "too many entries": (many_entries, "docx_too_large"),
    "a path upwards": (lambda: docx(p("a"), extra={"../../etc/passwd": "x"}), "docx_unsafe_path"),
    "a path from the root": (lambda: docx(p("a"), extra={"/etc/passwd": "x"}), "docx_unsafe_path"),
    "a path of Windows": (lambda: docx(p("a"), extra={"..\\x": "x"}), "docx_unsafe_path"),
    "entities from a file": (
        lambda: document(p(r("&x;")), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "docx_dtd"
    ),
    "a billion laughs": (lambda: document("<w:p/>", LAUGHS + "]>"), "docx_dtd"),
    "a DTD in UTF-16": (
        lambda: docx(extra={"word/document.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'
                     .encode("utf-16")}), "docx_dtd"
    ),
    "broken XML": (lambda: docx(extra={"word/document.xml": "<w:document"}), "docx_damaged"),
    "XML that goes too deep": (lambda: document("<w:p>" * 5_000), "docx_damaged"),
    "a million paragraphs": (lambda: document("<w:p><w:r/></w:p>" * 1_000_000), "docx_too_large"),
    "a hundred thousand paragraphs": (lambda: document(paragraphs(120_000)), "docx_too_many_paragraphs"),
    "attributes without end": (lambda: document('<w:p a="" b=""/>' * 2_100_000), "docx_too_large"),
    "no body": (lambda: docx(extra={"word/document.xml": "<x/>"}), "docx_not_word"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name_in_bounded_time(name: str) -> None:
    make, code = HOSTILE[name]
    file = make()
    began, before = time.monotonic(), peak()
    with pytest.raises(Refusal) as refused:
        read_docx(file)
    assert refused.value.code == code
    assert time.monotonic() - began < SECONDS
    assert peak() - before < MEBIBYTES


def test_external_targets_are_told_and_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", never)
    link = '<Relationship Id="h" Type="x/header" Target="http://x.invalid/h.xml" TargetMode="External"/>'
    reference = '<w:p><w:pPr><w:sectPr><w:headerReference r:id="h"/></w:sectPr></w:pPr></w:p>'
    paper = read_docx(docx(reference, p("chữ"), links=link))
    assert [one.texts for one in paper.remarks if one.code == "linked"] == [("http://x.invalid/h.xml",)]


def test_lists_and_styles_that_lead_in_circles_end() -> None:
    styles = (style("A", "B", '<w:numPr><w:numId w:val="1"/></w:numPr>'), style("B", "A"))
    numbering = (abstract(0, num_style_link="A"), num(1, 0), abstract(1, lvl(0, "%9%1")), num(2, 1))
    paper = read_docx(
        docx(p("a", style="A"), p("b", num=2), p("c", num=77), styles=styles, numbering=numbering)
    )
    assert [block.whole for block in paper.blocks if hasattr(block, "whole")] == ["a", "1\tb", "c"]


def test_a_deep_nest_keeps_its_words() -> None:
    deep = "<w:smartTag>" * 150 + r("đáy") + "</w:smartTag>" * 150
    assert [block.text for block in read_docx(docx(p(deep))).blocks if hasattr(block, "text")] == ["đáy"]


def test_a_member_larger_than_it_says_is_damaged() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b"<x/>" * 5000)
    made = bytearray(buffer.getvalue())
    at = made.find(b"PK\x01\x02")
    struct.pack_into("<I", made, at + 24, 100)
    with pytest.raises(Refusal, match="docx_damaged"):
        read_docx(bytes(made))


def test_mutated_files_are_read_or_refused() -> None:
    """The short form of `python -m tests.soak.fuzz_docx 20000`."""
    outcome = run(400, seed=7)
    assert outcome.read > 50
    assert sum(outcome.refused.values()) > 50
    assert outcome.slowest < SECONDS
