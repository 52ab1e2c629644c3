"""Printed forms: the comparison table and the draft itself, as PDF.

Layout lies in `typst/*.typ`, measures in the profiles of table and form, sentences in the catalogue.
Both files are PDF/UA-1: tagged, with title, language, headings in sequence and heads of tables.
Writing runs in a process of its own with a time limit, so that a text that is hard to set cannot
hold up the server, and its memory is given back.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread
from typing import Any

from duthao.domain.document import Document, Kind, Mark, Provision
from duthao.domain.errors import Refusal
from duthao.domain.form_profile import STANDARD, FormProfile, profile_value
from duthao.domain.front_matter import is_of_the_form
from duthao.domain.outline import Entry, outline
from duthao.domain.secrecy import UNSTAMPED, Stamp
from duthao.domain.table import CellParagraph, ComparisonTable, Run, TableRow
from duthao.formats import typesetter
from duthao.formats.fonts import PACKAGE_FONTS, font_directory
from duthao.formats.remarks import legend, nothing, remark, statistics_lines, third_remark
from duthao.formats.table_layout import (
    PROFILE,
    document_title,
    has_remark_column,
    heads,
    is_short,
    leads,
    note_replaces,
    spanning,
)
from duthao.messages import Catalogue

TIME_LIMIT = 60.0
"""Seconds; a draft of two hundred pages takes one or two."""

AT_ONCE = 2
WAIT = 30.0
LOOK = 0.2
"""At most so many are set at once; others wait so many seconds, then are refused. So many seconds pass
before it is seen that one is to be stopped."""

POINTS_TO_AN_INCH = 80
"""Of a picture: A4 is then 660 points wide, and its letters can be read."""

WIDE, NARROW, PAGE = 20, 14, 30
"""Characters after which a word may be broken, so that no address leaves its column: in the two
wide columns, in the narrow one, on a page of the draft."""

_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """`draft_number` prints the mark "Dự thảo lần n" in the words of `form`; `fonts` is the folder of the
    four faces, in which everything is set: theirs are the metrics of Times New Roman."""

    draft_number: int | None = None
    form: FormProfile = STANDARD
    fonts: Path = PACKAGE_FONTS


DEFAULTS = PrintOptions()
Typeset = Callable[[str, Mapping[str, Any], Path], bytes]

_turns = BoundedSemaphore(AT_ONCE)


def in_worker(
    template: str,
    data: Mapping[str, Any],
    fonts: Path,
    *,
    time_limit: float = TIME_LIMIT,
    picture: int = 0,
    stopped: Callable[[], bool] = lambda: False,
) -> bytes:
    """Set in a process of its own; called from any thread, blocks until it is done. `picture`: not the
    PDF but its first page as PNG, so many points to an inch. Once `stopped`, the process is ended.

    Raises Refusal: pdf_busy, pdf_too_long (`seconds`), pdf_failed, pdf_stopped.
    """
    asked = {"template": template, "data": data, "fonts": str(fonts), "picture": picture}
    job = json.dumps(asked).encode()
    if not _turns.acquire(timeout=WAIT):
        raise Refusal("pdf_busy")
    try:
        code, made = _worked(job, time_limit, stopped)
    finally:
        _turns.release()
    if code != 0 or not made.startswith((b"%PDF-", b"\x89PNG")):
        raise Refusal("pdf_failed")
    return made


def stamping(stamp: Stamp, typeset: Typeset = in_worker) -> Typeset:
    """Sets what it is given with this stamp on it."""

    def stamped(template: str, data: Mapping[str, Any], fonts: Path) -> bytes:
        return typeset(template, {**data, "stamp": asdict(stamp)}, fonts)

    return stamped if stamp != UNSTAMPED else typeset


def _worked(job: bytes, time_limit: float, stopped: Callable[[], bool]) -> tuple[int, bytes]:
    """How the process ended, and what it gave. Raises Refusal pdf_too_long, pdf_stopped."""
    # Isolated (-I): neither the environment nor the current folder can bring in other code.
    with subprocess.Popen(  # noqa: S603 (our own interpreter and file)
        [sys.executable, "-I", typesetter.__file__],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        ended = Event()
        # Beside it, for a `communicate` that is asked again in small steps does not go on giving the job.
        watching = Thread(target=_watch, args=(process, stopped, ended), daemon=True)
        watching.start()
        try:
            made, _ = process.communicate(job, timeout=time_limit)
        except subprocess.TimeoutExpired:
            raise Refusal("pdf_too_long", seconds=round(time_limit)) from None
        finally:
            ended.set()
            process.kill()
            watching.join()
    if process.returncode != 0 and stopped():
        raise Refusal("pdf_stopped")
    return process.returncode, made


def _watch(process: subprocess.Popen[bytes], stopped: Callable[[], bool], ended: Event) -> None:
    while not stopped():
        if ended.wait(LOOK):
            return
    process.kill()


def picture_in_worker(template: str, data: Mapping[str, Any], fonts: Path) -> bytes:
    """As `in_worker`, a PNG for the screen."""
    return in_worker(template, data, fonts, picture=POINTS_TO_AN_INCH)


# --- the comparison table -----------------------------------------------------------------------


def comparison_pdf(
    table: ComparisonTable,
    catalogue: Catalogue,
    *,
    options: PrintOptions = DEFAULTS,
    typeset: Typeset = in_worker,
) -> bytes:
    """The table on A4 landscape. Raises Refusal fonts_missing, and as `in_worker`."""
    fonts = font_directory(options.fonts)
    return typeset("table", table_data(table, catalogue, options), fonts)


def table_data(table: ComparisonTable, catalogue: Catalogue, options: PrintOptions) -> dict[str, Any]:
    """What the template `table.typ` is filled with."""
    return {
        "lang": catalogue.language,
        "profile": asdict(PROFILE) | {"columns": PROFILE.widths(table), "size": PROFILE.size_of(table)},
        "legend": [_signed(run.text, run) for run in legend(table, catalogue)],
        "title": catalogue("print.table.title"),
        "subtitles": [line for line in (document_title(table, catalogue), _draft_mark(options)) if line],
        "statistics": statistics_lines(table, catalogue),
        "heads": [
            {"title": head.title, "note": f"({breakable(head.note, WIDE)})" if head.note else ""}
            for head in heads(table, catalogue)
        ],
        "footer": footer_parts(catalogue),
        "nothing": nothing(table, catalogue),
        "rows": _bookmarked(_rows(table, catalogue)),
    }


def _bookmarked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first time an article's heading is shown it becomes a bookmark of the file.

    Its level follows that above it: PDF/UA leaves none out.
    """
    seen: set[tuple[str, str]] = set()
    level = 2
    for row in rows:
        if row["kind"] == "division":
            level = 3
            continue
        for paragraph in next(filter(None, (cell["paragraphs"] for cell in row["texts"][::-1])), ()):
            place = (paragraph["label"], "".join(part[0] for part in paragraph["runs"]))
            paragraph["bookmark"] = level if paragraph["heading"] and place not in seen else 0
            if paragraph["heading"]:
                seen.add(place)
    return rows


def _draft_mark(options: PrintOptions) -> str:
    return "" if options.draft_number is None else options.form.drafted(options.draft_number)


def footer_parts(catalogue: Catalogue) -> list[str]:
    """The footer in parts; "page" and "pages" are filled in by the template, text starts with "="."""
    parts = []
    for part in catalogue("print.page", page="\x00page\x00", pages="\x00pages\x00").split("\x00"):
        if part:
            parts.append(part if part in ("page", "pages") else f"={part}")
    return parts


def _rows(table: ComparisonTable, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Rows for the template; divisions in succession stand in one, so that none stays behind alone."""
    made: list[dict[str, Any]] = []
    for row in table.rows:
        if row.kind == "row":
            made.append(_row(row, table, catalogue))
            continue
        lines = [_paragraph(paragraph) for paragraph in spanning(row)]
        if made and made[-1]["kind"] == "division":
            made[-1]["lines"] += lines
        else:
            made.append({"kind": "division", "lines": lines})
    return made


def _row(row: TableRow, table: ComparisonTable, catalogue: Catalogue) -> dict[str, Any]:
    said, apart = remark(row, catalogue), has_remark_column(table)
    texts = [
        _cell(row.before, row.before_note, "", catalogue),
        _cell(row.after, row.after_note, "" if apart else said, catalogue),
    ]
    if row.third_class is not None:
        texts.append(_cell(row.third, row.third_note, third_remark(row, catalogue), catalogue))
    beside = [_lines(row.reason, said if apart else ""), _lines(row.source, "")]
    return {
        "kind": "row",
        "number": row.number or 0,
        "texts": texts,
        "beside": beside[: table.columns - 2],
        "long": not is_short(row, table),
        "leads": leads(row),
    }


def _lines(text: str, said: str) -> dict[str, Any]:
    """A narrow cell: a remark, and plain lines."""
    lines = [_whole(breakable(line, NARROW), "same") for line in text.splitlines() if line.strip()]
    return {"remark": said, "lines": lines}


def _cell(
    paragraphs: Sequence[CellParagraph], note: str | None, said: str, catalogue: Catalogue
) -> dict[str, Any]:
    # "Giữ nguyên" stands in place of the words it repeats.
    shown = () if note_replaces(note) else paragraphs
    return {
        "remark": said,
        "paragraphs": [_paragraph(p) for p in shown],
        "note": catalogue(note) if note else "",
    }


def _paragraph(paragraph: CellParagraph) -> dict[str, Any]:
    return {
        "label": paragraph.label,
        "level": paragraph.level,
        "leads": paragraph.heading or paragraph.context,
        "heading": paragraph.heading,
        "runs": [
            part
            for text, run in _broken(paragraph.runs)
            for part in _whole(*_signed(text, run, new=paragraph.is_new))
        ],
    }


def _signed(text: str, run: Run, *, new: bool = False) -> list[str]:
    return [text, "new" if new else "format" if run.formats else run.change]


_DOCUMENT_NUMBER = re.compile(r"(\d[^\W_]{0,4}(?:[/-][^\W_]{1,5}){1,3})")
"""Bounded, so that it fits the column of reasons."""


def _whole(text: str, sign: str) -> list[list[Any]]:
    """The words, numbers of documents apart: [[words, sign], [number, sign, True], …]."""
    parts = enumerate(_DOCUMENT_NUMBER.split(text))
    return [[part, sign, True] if n % 2 else [part, sign] for n, part in parts if part or text == ""]


# --- long words ---------------------------------------------------------------------------------


def _broken(runs: Iterable[Run]) -> list[tuple[str, Run]]:
    """Runs with places to break in words that are too long, counted across the runs."""
    length = 0
    made: list[tuple[str, Run]] = []
    for run in runs:
        text, length = _with_breaks(run.text, length, WIDE)
        made.append((text, run))
    return made


def _with_breaks(text: str, length: int, longest: int) -> tuple[str, int]:
    """The text with a place to break after every `longest` characters of a word of which
    `length` characters stand before it, and the length of the word it ends in."""
    parts = []
    for character in text:
        if character.isspace():
            length = 0
        elif length >= longest:
            parts.append(_BREAK)
            length = 0
        parts.append(character)
        length += not character.isspace()
    return "".join(parts), length


def breakable(text: str, longest: int = PAGE) -> str:
    return _with_breaks(text, 0, longest)[0]


# --- the draft ----------------------------------------------------------------------------------

_DIVISIONS = (Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.SUBSECTION)
_BLOCKS = {
    Kind.APPENDIX: "appendix",
    Kind.ARTICLE: "article",
    Kind.HEADING: "heading",
    Kind.TABLE: "table",
} | dict.fromkeys(_DIVISIONS, "division")


def draft_pdf(
    document: Document,
    catalogue: Catalogue,
    *,
    options: PrintOptions = DEFAULTS,
    typeset: Typeset = in_worker,
) -> bytes:
    """A draft, a version or an instrument on A4, in its form. Raises Refusal fonts_missing, and as
    `in_worker`."""
    fonts = font_directory(options.fonts)
    return typeset("draft", draft_data(document, catalogue, options), fonts)


def draft_data(document: Document, catalogue: Catalogue, options: PrintOptions) -> dict[str, Any]:
    """What the template `draft.typ` is filled with."""
    front = document.front
    form = options.form
    title = " ".join(filter(None, (front.type, front.title)))
    blocks = _blocks(outline(document).entries, form, titled=bool(title))
    signed = next((n for n, block in enumerate(blocks) if block["kind"] == "appendix"), len(blocks))
    return {
        "lang": "vi",
        "profile": profile_value(form),
        "title": title or catalogue("print.draft"),
        "mark": _draft_mark(options),
        "front": {
            "upper_body": front.upper_body,
            "body": front.body,
            "number": form.number_line(front.number),
            "dated": ", ".join(filter(None, (front.place, front.date))),
            "type": front.type,
            "title": front.title,
            "authority": front.authority,
            "position": front.position,
            "signatory": front.signatory,
        },
        "bases": [breakable(line) for line in form.base_lines(front.bases)],
        "preamble": [breakable(line) for line in front.preamble if not is_of_the_form(line, front)],
        "blocks": blocks[:signed],
        "appendices": blocks[signed:],
        "closing": [breakable(line) for line in front.closing],
        "recipients": [breakable(line) for line in front.recipients],
    }


def _blocks(entries: Sequence[Entry], form: FormProfile, *, titled: bool) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    levels = _levels([entry.provision.kind for entry in entries], 1 if titled else 0)
    for entry, level in zip(entries, levels, strict=True):
        provision = entry.provision
        if provision.kind is Kind.ROW and blocks and blocks[-1]["kind"] == "table":
            cells = [breakable(cell) for cell in provision.cells or (provision.text,)]
            blocks[-1]["rows"].append(cells)
            blocks[-1]["columns"] = max(blocks[-1]["columns"], len(cells))
            continue
        block: dict[str, Any] = {
            "kind": _BLOCKS.get(provision.kind, "paragraph"),
            "label": form.label(provision.kind, entry.label),
            "runs": _marked(provision),
        }
        if level:
            block["level"] = level
        if provision.kind is Kind.TABLE:
            block |= {"rows": [], "columns": 1, "header": provision.header}
        elif provision.kind is Kind.ROW:  # rows without their table are one all the same
            cells = [breakable(cell) for cell in provision.cells or (provision.text,)]
            block |= {"kind": "table", "runs": [], "rows": [cells], "columns": len(cells), "header": False}
        blocks.append(block)
    return blocks


def _levels(kinds: Sequence[Kind], title: int) -> list[int]:
    """How deep each heading stands below the title's level, 0 for what is none.

    No level is left out, as PDF/UA wants it: articles stand one below the division they are in.
    """
    ranks = [kind for kind in _DIVISIONS if kind in kinds]
    levels, above, within = [], title, title
    for kind in kinds:
        level = 0
        if kind in ranks:
            level = within = min(title + 1 + ranks.index(kind), above + 1)
        elif kind is Kind.APPENDIX:
            level = within = title + 1
        elif kind in (Kind.ARTICLE, Kind.HEADING):
            level = within + 1
        levels.append(level)
        above = level or above
    return levels


def _marked(provision: Provision) -> list[list[Any]]:
    """The words cut where a mark begins or ends: [[text, [marks]], …]."""
    text = provision.text
    cuts = {0, len(text)}
    for mark in provision.marks:
        cuts |= {min(mark.start, len(text)), min(mark.end, len(text))}
    places = sorted(cuts)
    length, runs = 0, list[list[Any]]()
    for start, end in pairwise(places):
        broken, length = _with_breaks(text[start:end], length, PAGE)
        runs.append([broken, _marks_over(provision.marks, start, end)])
    return runs


def _marks_over(marks: Iterable[Mark], start: int, end: int) -> list[str]:
    return sorted({mark.kind.value for mark in marks if mark.start <= start and mark.end >= end})
