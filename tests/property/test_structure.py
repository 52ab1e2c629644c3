"""The parser loses nothing, is total, and reads what it writes."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from duthao.domain.document import Document, Kind
from duthao.domain.outline import canonical_text, outline
from duthao.domain.structure import parse
from duthao.domain.text import clean
from duthao.formats.json import document_from_json, document_to_json
from duthao.formats.text import to_text
from tests.support.texts import counter, headings, regulations, sentences, texts

_starts = st.sampled_from(
    """Điều 1.|Điều 2|Điều 5a.|Điều l1.|Chương I|Chương II.|CHƯƠNG 3|Mục 1.|Tiểu mục 1.|Phần thứ nhất|PHẦN II|
Phụ lục|Phụ lục I.|I-|II.|C.|1.|2.|2a.|1-|15.|99.|a)|b)|đ1)|a.|f)|-|–|+|*|“Điều 7.|“|”|"|
Nơi nhận:|T/M BAN|QUY CHẾ|LUẬT|
Căn cứ|Số 05-QC/ĐU|Hà Nội, ngày 1 tháng 2 năm 2026|ĐẢNG CỘNG SẢN VIỆT NAM|BÍ THƯ|
Nguyễn Văn An|(đã ký)|khoản 2 Điều 5 của|
Luật này đã được Quốc hội thông qua|Chương trình|05-NQ/ĐU|1.000|Dự thảo lần 1|*||ĐẢNG ỦY XÃ""".replace(
        "\n", ""
    ).split("|")
)
_ends = st.one_of(st.just(""), headings, headings.map(str.upper), sentences, texts)
_lines = st.tuples(_starts, st.sampled_from(["", " ", "  "]), _ends).map("".join)
_rows = st.lists(st.one_of(st.just(""), sentences), min_size=2, max_size=3).map(" | ".join)
_drafts = st.lists(st.one_of(_lines, _lines, _rows), max_size=25).map("\n".join)


def letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalpha, text.lower()))


@given(_drafts)
def test_no_letter_is_lost(draft: str) -> None:
    cleaned = clean(draft).text
    written = to_text(parse(draft, new_id=counter()).document)
    lost = letters(cleaned) - letters(written)
    assert not lost - Counter(l=9, i=9, o=9)  # "Điều l1" is read as 11, and reported


@given(_drafts)
def test_what_is_written_reads_back_the_same(draft: str) -> None:
    once = to_text(parse(draft, new_id=counter()).document)
    again = parse(once, new_id=counter()).document
    assert to_text(again) == once


@given(regulations())
def test_a_regulation_survives_the_way_through_text(document: Document) -> None:
    parsed = parse(to_text(document), new_id=counter()).document
    assert [(p.kind, p.text) for p in parsed.provisions] == [
        (p.kind, " ".join(p.text.split())) for p in document.provisions
    ]
    assert canonical_text(parsed) == canonical_text(document)


_SIGNS = {
    Kind.CHAPTER: ("Chương {}", "CHƯƠNG {}"),
    Kind.ARTICLE: ("Điều {}.", "Điều {}:", "ĐIỀU {}."),
    Kind.CLAUSE: ("{}.", "{}-", "{} -", "{} ."),
    Kind.POINT: ("{})", "{}.", "{} )"),
    Kind.INDENT: ("-", "–", "•"),
}


@given(regulations(labelled=True), st.data())
def test_labels_are_printed_as_prescribed_and_words_as_they_are(
    document: Document, data: st.DataObject
) -> None:
    """Decision 17: whatever signs a source has around its numbers."""
    lines, restyled = [], set()
    for entry in outline(document).entries:
        forms = _SIGNS.get(entry.provision.kind)
        label = entry.label
        if forms is not None:
            form = data.draw(st.sampled_from(forms))
            label = form.format(entry.number)
            if form != forms[0]:
                restyled.add(entry.provision.kind)
        lines.append(f"{label} {entry.provision.text}".strip())
    parsed = parse("\n".join(lines), new_id=counter())
    plain = parse(canonical_text(document), new_id=counter())
    assert parsed.document.provisions == plain.document.provisions
    assert canonical_text(parsed.document) == canonical_text(plain.document)
    told = [doubt for doubt in parsed.doubts if doubt.code == "label_restyled"]
    assert len(told) == len(restyled)


@given(st.one_of(_drafts, st.text(max_size=200)))
def test_paths_are_unique_and_the_tree_is_a_tree(draft: str) -> None:
    document = parse(draft, new_id=counter()).document
    tree = outline(document)
    assert len(tree.by_path) == len(tree.entries) == len(document.provisions)
    for index, entry in enumerate(tree.entries):
        if entry.parent is None:
            assert index in tree.roots
            assert entry.level == 0
        else:
            assert entry.parent < index
            assert index in tree.entries[entry.parent].children
            assert entry.level == tree.entries[entry.parent].level + 1
        assert index in tree.subtree(index)


@given(st.one_of(_drafts.map(lambda draft: parse(draft, new_id=counter()).document), regulations()))
def test_json_gives_the_same_document_and_the_same_bytes(document: Document) -> None:
    data = document_to_json(document)
    assert document_from_json(data) == document
    assert document_to_json(document_from_json(data)) == data
