"""Formats for other systems: what is in them, and what a file must not do to us."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from duthao.commands.import_files import _READERS
from duthao.domain.document import CharOffset, Document, Mark, MarkKind, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.outline import outline, plain_line
from duthao.domain.secrecy import UNSTAMPED, Secrecy, Stamp, taken
from duthao.domain.structure import parse
from duthao.formats.akn import Publication, from_akn, to_akn
from duthao.formats.akn.names import AKN
from duthao.formats.document_html import document_html
from duthao.formats.exchange import EXCHANGES, whole_document
from duthao.formats.json import document_from_json
from duthao.service.import_worker import take_in
from tests.support.texts import appendix, art, ch, cl, counter, doc, pt, row, table

SAMPLES = Path(__file__).parents[1] / "samples"
PUBLICATION = Publication("/akn/vn/bill/x1", "2026-11-26")
NAMES = {"a": AKN}


def regulation() -> Document:
    words = (SAMPLES / "quy-che-trung-tam-gdnn-05-2020.txt").read_text(encoding="utf-8")
    return parse(words, new_id=counter()).document


def test_akoma_ntoso_names_units_as_they_are_cited() -> None:
    document = doc(
        ch("I", "Chung"), art("Phạm vi", "1"), cl("Một:", "1"), pt("hai;", "đ1"), appendix("Biểu", "1"),
        replace(table("Kèm theo"), header=True), row("TT", "Việc"), row("1", "Họp <&>"),
    )  # fmt: skip
    document = replace(document, policy=type(document.policy).KEEP)
    written = etree.fromstring(to_akn(document, PUBLICATION))
    assert [e.get("eId") for e in written.iter() if e.get("eId")][1:] == [
        "chp_i", "art_1", "art_1__para_1", "art_1__para_1__point_dd1", "appendix_1",
        "appendix_1__table_1", "appendix_1__table_1__row_1", "appendix_1__table_1__row_2",
    ]  # fmt: skip
    assert written.xpath("string(//a:article/a:num)", namespaces=NAMES) == "Điều 1."
    assert written.xpath("//a:th/a:p/text()", namespaces=NAMES) == ["TT", "Việc"]
    assert written.xpath("//a:td/a:p/text()", namespaces=NAMES) == ["1", "Họp <&>"]
    assert written.xpath("string(//a:FRBRlanguage/@language)", namespaces=NAMES) == "vie"


def test_a_regulation_keeps_every_word_in_each_format() -> None:
    document = regulation()
    html = etree.HTML(document_html(document))
    assert html is not None
    shown = "".join("".join(html.find("body").itertext()).split())
    for entry in outline(document).entries:
        assert "".join(plain_line(entry).split()) in shown
    assert from_akn(to_akn(document, PUBLICATION)) == document


def test_a_page_needs_nothing_else_and_runs_nothing() -> None:
    marked = replace(cl("<script>đậm</script>"), marks=(Mark(MarkKind.BOLD, CharOffset(8), CharOffset(11)),))
    page = document_html(doc(art("A"), marked)).decode()
    assert "&lt;script&gt;<b>đậm</b>&lt;/script&gt;" in page
    assert not any(sign in page for sign in ("<script", "http://", "https://", "src=", "@import"))


@pytest.mark.parametrize("ending", ["json", "akn.xml"])
def test_what_we_wrote_is_imported_whole(ending: str) -> None:
    document = regulation()
    incoming = take_in(_READERS, EXCHANGES[ending](document, PUBLICATION, UNSTAMPED), lambda step: None)
    assert [document_from_json(found.tree) for found in incoming.final] == [document]


def test_other_files_are_not_ours() -> None:
    assert whole_document(b"<html><body>x</body></html>") is None
    assert whole_document("Điều 1. A".encode()) is None


_ROOT = f'<akomaNtoso xmlns="{AKN}" xmlns:dt="urn:duthao:document:1">'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (f'<!DOCTYPE x [<!ENTITY a "b">]>{_ROOT}</akomaNtoso>', "akn_damaged"),
        (_ROOT, "akn_damaged"),
        (f"{_ROOT}<act><body/></act></akomaNtoso>", "akn_foreign"),
        (f"{_ROOT}<act><meta><dt:document policy='x'/></meta><body/></act></akomaNtoso>", "akn_malformed"),
        (
            f"{_ROOT}<act><meta><dt:document policy='keep'/></meta>"
            "<body><article/></body></act></akomaNtoso>",
            "akn_foreign",
        ),
        (_ROOT + "<p>" * 1_000_001, "akn_too_large"),
    ],
)
def test_files_that_are_not_what_we_write_are_refused(data: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        from_akn(data.encode())
    assert caught.value.code == code


def test_characters_xml_has_no_place_for_are_replaced() -> None:
    made = doc(art("a\x01b\ud800"))
    assert from_akn(to_akn(made, PUBLICATION)).provisions[0].text == "a\ufffdb\ufffd"
    assert made.provisions[0].id == ProvisionId("p1")


@pytest.mark.parametrize("degree", list(Secrecy)[1:])
def test_plain_text_of_a_secret_document_comes_back_as_secret(degree: Secrecy) -> None:
    written = EXCHANGES["txt"](regulation(), PUBLICATION, Stamp(degree.mark)).decode()
    assert written.splitlines()[0] == degree.mark
    found, document = taken(parse(written, new_id=counter()).document)
    assert found is degree
    plain = EXCHANGES["txt"](regulation(), PUBLICATION, UNSTAMPED).decode()
    assert document == parse(plain, new_id=counter()).document


def test_a_page_bears_the_stamp_above_its_words_and_the_reader_across_them() -> None:
    page = document_html(regulation(), Stamp("TỐI MẬT", "Lê <Lan> · 10:00")).decode()
    body = page.partition("<body>")[2]
    assert body.split("\n")[1:3] == [
        '<p class="degree">TỐI MẬT</p>',
        '<div class="reader" aria-hidden="true">Lê &lt;Lan&gt; · 10:00</div>',
    ]
    assert "MẬT" not in document_html(regulation()).decode().partition("<body>")[2].partition("Điều 1")[0]
