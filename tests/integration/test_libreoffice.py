"""Our reader beside LibreOffice: the same numbers, the same words."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from duthao.domain.compare import compare
from duthao.domain.document import Document, ProvisionId
from duthao.domain.incoming.blocks import Paper, Paragraph, Table, paragraphs
from duthao.domain.incoming.interpreting import interpret
from duthao.domain.outline import outline, plain_line
from duthao.domain.structure import parse
from duthao.formats.docx_in import read_docx
from duthao.formats.docx_out import Note, Remark, Tracked, WordOptions, document_docx
from duthao.formats.incoming import prepared, read
from duthao.formats.office import to_odt
from duthao.formats.text import to_text
from duthao.messages import Catalogue
from tests.support.libreoffice import converted, decided
from tests.support.papers import PAPER
from tests.support.regulation import NORMS, REGULATION
from tests.support.texts import counter
from tests.support.word_documents import FRONT, read_back, tree
from tests.support.word_lists import CASES, ListCase

COMPARED = [case for case in CASES if case.libreoffice]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The lines of LibreOffice's own text export, by case, without their margins."""
    files = {f"{n}.docx": case.file for n, case in enumerate(COMPARED)}
    folder: Path = tmp_path_factory.mktemp("libreoffice")
    texts = converted(files, "txt:Text (encoded):UTF8", folder)
    return {
        case.name: [" ".join(line.split()) for line in texts[f"{n}.docx"].decode("utf-8-sig").split("\n")]
        for n, case in enumerate(COMPARED)
    }


@pytest.mark.parametrize("case", COMPARED, ids=lambda case: case.name)
def test_labels_are_those_of_its_text_export(exported: dict[str, list[str]], case: ListCase) -> None:
    blocks = read_docx(case.file).blocks
    assert all(isinstance(block, Paragraph | Table) for block in blocks)
    ours = [" ".join(("•" if one.bullet else one.label, one.text)).strip() for one in paragraphs(blocks)]
    assert list(filter(None, ours)) == list(filter(None, exported[case.name]))


def text_of(paper: Paper) -> str:
    numbers = count(1)
    read_ = interpret(paper, new_id=lambda: ProvisionId(f"p{next(numbers)}"))
    return "\n".join(to_text(one.document) for one in read_.documents)


def test_a_paper_written_by_it_reads_as_the_one_it_was_made_of(tmp_path: Path) -> None:
    """Word to OpenDocument by LibreOffice, back to Word by the way every .odt comes in."""
    open_document = converted({"paper.docx": PAPER}, "odt", tmp_path)["paper.docx"]
    steps: list[str] = []
    paper = read(*prepared(open_document, steps.append), "final")
    assert text_of(paper) == text_of(read_docx(PAPER))
    assert ([one.code for one in paper.remarks], steps) == (["merged_cells", "converted"], ["converting"])


# --- what goes out --------------------------------------------------------------------------

VI = Catalogue("vi")
AT = "2026-09-05T08:00:00Z"
CHANGED = (
    ("03 tháng một lần", "02 tháng một lần"),
    ("3. Cấp dưới phục tùng cấp trên.\n", ""),
    ("c) Trực tiếp.", "c) Trực tiếp;\nd) Bằng điện thoại."),
    ("Điều 9. Kinh phí", "Điều 9. Kinh phí hoạt động"),
    ("2 | Hội nghị cấp huyện | 100", "2 | Hội nghị cấp xã | 100\n3 | Hội nghị khác | 50"),
)


def regulation(text: str, prefix: str) -> Document:
    return replace(parse(text, new_id=counter(prefix)).document, front=FRONT)


def both() -> tuple[Document, Document]:
    before = after = REGULATION + NORMS
    for was, now in CHANGED:
        assert was in after
        after = after.replace(was, now)
    return regulation(before, "b"), regulation(after, "a")


def test_numbers_of_what_goes_out_are_shown_as_ours(tmp_path: Path) -> None:
    _, document = both()
    files = {
        f"{numbering}.docx": document_docx(document, VI, WordOptions(numbering=numbering))  # type: ignore[arg-type]
        for numbering in ("literal", "automatic")
    }
    texts = converted(files, "txt:Text (encoded):UTF8", tmp_path)
    for name, content in texts.items():
        shown = [" ".join(line.split()) for line in content.decode("utf-8-sig").split("\n")]
        for entry in outline(document).entries:
            if entry.provision.cells:
                continue
            split = entry.provision.text == entry.provision.text.upper()
            wanted = [entry.label, entry.provision.text] if split else [plain_line(entry)]
            assert set(wanted) <= set(shown), (name, wanted)


def test_open_document_reads_as_the_word_file_it_is_made_of() -> None:
    _, document = both()
    content = document_docx(document, VI, WordOptions(numbering="automatic"))
    paper = read(*prepared(to_odt(content), lambda _: None), "final")
    found = interpret(paper, new_id=counter("r")).documents[0].document
    assert tree(found) == tree(document)


def test_taking_or_refusing_all_changes_there_gives_the_two_texts(tmp_path: Path) -> None:
    before, after = both()
    said = (Remark("Nguyễn Văn An", AT, "Xem lại."), Remark("Trần Thị Bình", AT, "Vâng."))
    notes = (Note(said, after.provisions[3].id, None, 0, 5),)
    tracked = Tracked(before, compare(before, after), "Văn phòng", AT)
    content = document_docx(after, VI, WordOptions(tracked=tracked, notes=notes))
    made = decided({"changes.docx": content}, tmp_path)
    assert tree(read_back(made["changes.docx", "accepted"])) == tree(after)
    assert tree(read_back(made["changes.docx", "rejected"])) == tree(before)
