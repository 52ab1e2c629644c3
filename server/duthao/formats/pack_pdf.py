"""The papers of a meeting as one PDF: cover, contents, submission, draft, tables.

One typst document that includes every paper by its own template (decision 28): pages are numbered
through, headings of all papers are bookmarks, and the file stays tagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from duthao.domain.document import Document
from duthao.domain.form_profile import FormProfile
from duthao.domain.plain_table import PlainTable
from duthao.domain.secrecy import UNSTAMPED, Stamp
from duthao.domain.synthesis.table import Form, SynthesisTable
from duthao.domain.table import ComparisonTable
from duthao.formats.fonts import font_directory
from duthao.formats.opinions_pdf import opinions_data
from duthao.formats.pdf import (
    DEFAULTS,
    PrintOptions,
    Typeset,
    breakable,
    draft_data,
    in_worker,
    stamping,
    table_data,
)
from duthao.formats.plain_table import plain_data
from duthao.formats.qr import svg
from duthao.messages import Catalogue


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the pack in its form; `draft_number` None prints no mark."""

    document: Document
    form: FormProfile
    draft_number: int | None = None


@dataclass(frozen=True, slots=True)
class Pack:
    """What is handed out for a meeting. `address` "" prints no code; `printed` is the line at the foot of
    the cover; every paper bears the `stamp`."""

    title: str
    draft: Paper
    comparison: ComparisonTable
    submission: Paper | None = None
    proposals: PlainTable | None = None
    opinions: SynthesisTable | None = None
    address: str = ""
    stamp: Stamp = UNSTAMPED
    printed: str = ""


def pack_pdf(pack: Pack, catalogue: Catalogue, *, typeset: Typeset = in_worker) -> bytes:
    """Portrait and landscape pages in one file. Raises Refusal fonts_missing, and as `in_worker`."""
    front, number = pack.draft.document.front, pack.draft.draft_number
    parts: list[dict[str, object]] = []
    papers: list[dict[str, object]] = []

    def add(name: str, template: str, data: dict[str, object]) -> None:
        papers.append({"name": catalogue(f"pack.part.{name}"), "divisions": _divisions(data)})
        # The reader's name is the whole file's: printed in each paper too it would stand there twice.
        parts.append({"template": template, "data": data | {"stamp": asdict(replace(pack.stamp, reader=""))}})

    if pack.submission is not None:
        add("submission", "draft", _paper(pack.submission, catalogue))
    add("draft", "draft", _paper(pack.draft, catalogue))
    options = PrintOptions(number, pack.draft.form)
    add("comparison", "table", table_data(pack.comparison, catalogue, options))
    if pack.proposals is not None:
        add("proposals", "opinions", plain_data(pack.proposals, catalogue))
    if pack.opinions is not None:
        add("opinions", "opinions", opinions_data(pack.opinions, Form.PARTY, catalogue))
    data = {
        "lang": catalogue.language,
        "title": breakable(pack.title),
        "bodies": _given((front.upper_body, front.body)),
        "kind": catalogue("pack.cover"),
        "mark": "" if number is None else pack.draft.form.drafted(number),
        "contents": catalogue("pack.contents"),
        "papers": papers,
        "address": pack.address,
        "qr": svg(pack.address) if pack.address else "",
        "printed": pack.printed,
        "parts": parts,
    }
    return stamping(pack.stamp, typeset)("pack", data, font_directory(DEFAULTS.fonts))


def _paper(paper: Paper, catalogue: Catalogue) -> dict[str, object]:
    return draft_data(paper.document, catalogue, PrintOptions(paper.draft_number, paper.form))


def _divisions(data: Mapping[str, Any]) -> list[str]:
    """The divisions of a document right below its title, for the page of contents: its chapters, say."""
    found = []
    for block in (*data.get("blocks", ()), *data.get("appendices", ())):
        if block.get("level") == 2 and block["kind"] in ("division", "appendix"):
            words = "".join(run[0] for run in block["runs"])
            found.append(". ".join(filter(None, (block["label"], words))))
    return found


def _given(lines: Sequence[str]) -> list[str]:
    return [breakable(line) for line in lines if line]
