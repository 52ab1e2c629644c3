"""Every kind of Word file we write, held against Word's own schemas by Microsoft's validator."""

from __future__ import annotations

import zipfile
from io import BytesIO
from itertools import count
from pathlib import Path

from duthao.domain.compare import compare
from duthao.domain.compare.table_builder import TableOptions, build_table
from duthao.domain.document import ProvisionId
from duthao.domain.form_profile import PARTY, STATE
from duthao.domain.plain_table import PlainTable
from duthao.domain.structure import parse
from duthao.domain.synthesis.table import Form
from duthao.formats.document_templates import built_in
from duthao.formats.docx import comparison_docx
from duthao.formats.docx_out import WordOptions, document_docx
from duthao.formats.opinions_docx import opinions_docx
from duthao.formats.plain_table import plain_docx
from duthao.messages import Catalogue
from tests.support.word_validity import faults
from tests.unit.test_docx import AFTER, BEFORE
from tests.unit.test_docx_out import WHOLE, variants
from tests.unit.test_opinions_table import grouped, opinion, table

VI = Catalogue("vi")


def skeletons() -> dict[str, bytes]:
    """Each built-in skeleton, in the Party's form and the State's in turn."""
    numbers = count(1)
    return {
        f"skeleton {key}": document_docx(
            parse(text, new_id=lambda: ProvisionId(f"p{next(numbers)}")).document,
            VI,
            WordOptions(form=(PARTY, STATE)[n % 2], draft_number=n or None),
        )
        for n, (key, text) in enumerate(built_in().items())
    }


def tables() -> dict[str, bytes]:
    made = {}
    for everything in (True, False):
        options = TableOptions(everything=everything, renumbered=True)
        compared = build_table(compare(BEFORE, AFTER), BEFORE, AFTER, "So sánh", "a", "b", options=options)
        made[f"comparison, everything {everything}"] = comparison_docx(compared, VI)
    opinions = table(grouped(opinion("a"), opinion("b", "Sở D", "Bỏ")), grouped(opinion("c")))
    for form in Form:
        made[f"opinions, {form.value}"] = opinions_docx(opinions, form, VI)
    list_ = PlainTable(("Danh sách",), ("gửi 1",), ("STT", "Tên"), (20, 80), (("1", "Sở A"),), "")
    made["list"] = plain_docx(list_, VI, secrecy="MẬT")
    return made


def test_what_we_write_is_what_word_reads_without_mending(tmp_path: Path) -> None:
    marked = document_docx(WHOLE, VI, WordOptions(secrecy="TỐI MẬT"))
    files = {f"draft {n}": content for n, content in enumerate(variants())}
    files |= {"marked": marked} | tables() | skeletons()
    found = faults(files, tmp_path)
    assert found.keys() == files.keys()
    assert {name: said for name, said in found.items() if said} == {}


def test_the_validator_finds_what_word_would_stumble_over(tmp_path: Path) -> None:
    whole = document_docx(WHOLE, VI)
    wrong = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as read, zipfile.ZipFile(wrong, "w") as written:
        for name in read.namelist():
            written.writestr(name, read.read(name).replace(b"<w:cantSplit/>", b'<w:cantSplit w:val="so"/>'))
    found = faults({"as written": whole, "wrong": wrong.getvalue()}, tmp_path)
    assert found["as written"] == []
    assert any("cantSplit" in one for one in found["wrong"])
