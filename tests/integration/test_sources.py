"""A printed table names its texts, and in the column of sources who changed a provision and when."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import anyio
from docx import Document as Word

from duthao.bootstrap import open_services
from duthao.domain.document import DocumentId
from tests.support.served import house_in, person, signed_in

TEXT = "QUY CHẾ\nLàm việc\n\nĐiều 1. Phạm vi\n1. Ban Thường vụ họp.\n2. Thường trực họp."


def test_the_source_of_a_change_is_who_wrote_it_and_when(tmp_path: Path) -> None:
    settings = house_in(tmp_path)

    async def written() -> DocumentId:
        async with open_services(settings) as services:
            an, binh = person(services, "an"), person(services, "binh")
            issued = f"Số 05-QC/ĐU\nHà Nội, ngày 05 tháng 02 năm 2024\n{TEXT}"
            made = await services.documents.create(an, "Quy chế", issued)
            rooms = services.tools.rooms
            tree, _ = await rooms.read(made)
            heading, first, second = tree.provisions
            amended = replace(first, text="Ban Thường vụ họp mỗi tháng.")
            await rooms.restore(made, replace(tree, provisions=(heading, amended, second)), binh.id)
            await rooms.restore(made, replace(tree, provisions=(heading, amended)), an.id)
            return made

    document = anyio.run(written)
    with signed_in(settings, "an") as client:
        answer = client.get(f"/documents/{document}/comparison.docx?columns=4")
        assert answer.status_code == 200
        table = Word(BytesIO(answer.content)).tables[0]
        head, amended, repealed = [row.cells[4].text for row in table.rows]
        assert head == "NGUỒN"
        assert re.fullmatch(r"Ông binh, \d\d/\d\d/\d{4}", amended)
        assert repealed.startswith("Ông an")
        _, in_force, draft, *_ = [cell.text for cell in table.rows[0].cells]
        assert in_force == "QUY CHẾ HIỆN HÀNH\n(Quy chế số 05-QC/ĐU, ngày 05 tháng 02 năm 2024)"
        assert re.fullmatch(r"DỰ THẢO SỬA ĐỔI, BỔ SUNG\n\(Dự thảo đang soạn, lúc [\d:]{5} [\d/]{10}\)", draft)
        three = client.get(f"/documents/{document}/comparison.docx?columns=3")
        assert len(Word(BytesIO(three.content)).tables[0].columns) == 4
        turned = client.get(f"/documents/{document}/comparison.docx?columns=4&before=draft&after=draft")
        assert turned.status_code == 200
