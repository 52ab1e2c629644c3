"""A paper in Unicode: runs in fonts of old encodings converted, and texts without fonts that tell.

Nothing is converted unseen: each font, or the whole text, is a remark with what it was and what it became.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from duthao.domain.encodings.conversion import convert_runs, font_of, raised, to_unicode
from duthao.domain.encodings.detection import detect
from duthao.domain.incoming.blocks import Block, Paper, Paragraph, Remark, Table, paragraphs

_SHOWN = 3
"""Stretches of each font, or lines of a text, that are shown before and after."""
_NAMES = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}
_SAMPLE = 200_000


def modernised(paper: Paper) -> Paper:
    """The paper with every word in Unicode, the very same where nothing was in an old encoding.

    A word already in Unicode is kept whatever its font says. Of a text without such fonts statistics
    decide, where they are certain. The remark "legacy_fonts" counts words and shows the first changes.
    """
    made = _by_fonts(paper)
    return made if made is not paper else _by_statistics(paper)


def _each(blocks: Sequence[Block], change: Callable[[Paragraph], Paragraph]) -> tuple[Block, ...]:
    """The blocks with every paragraph changed, those of tables too."""

    def one(block: Block) -> Block:
        if isinstance(block, Paragraph):
            return change(block)
        rows = (
            replace(row, cells=tuple(replace(cell, blocks=_each(cell.blocks, change)) for cell in row.cells))
            for row in block.rows
        )
        return Table(tuple(rows), block.bordered)

    return tuple(map(one, blocks))


def _by_fonts(paper: Paper) -> Paper:
    fonts = {run.font for paragraph in paragraphs(paper.blocks) for run in paragraph.runs}
    old = {name for name in fonts if font_of(name) is not None}
    if not old:
        return paper
    words: dict[str, int] = {}
    shown: dict[str, list[str]] = {}

    def change(paragraph: Paragraph) -> Paragraph:
        if not any(run.font in old for run in paragraph.runs):
            return paragraph
        made = convert_runs([(run.text, run.font) for run in paragraph.runs])
        for use in made.fonts:
            name = f"{use.font}, {_NAMES[use.encoding]}"
            words[name] = words.get(name, 0) + use.words
            changed = [f"{a} → {b}" for a, b in zip(use.before, use.after, strict=True)]
            shown[name] = [*shown.get(name, ()), *changed][:_SHOWN]
        # The number of a list has the look of its paragraph.
        font = font_of(paragraph.runs[0].font)
        label = paragraph.label
        if font is not None and not paragraph.bullet and not label.isascii():
            label = to_unicode(label, font.encoding, capitals=font.capitals)
        runs = (replace(run, text=text) for run, text in zip(paragraph.runs, made.texts, strict=True))
        return replace(paragraph, runs=tuple(runs), label=label)

    blocks = _each(paper.blocks, change)
    told = tuple(f"{name}: {'; '.join(shown[name])}" for name in words if shown[name])
    if not told:
        return paper
    remark = Remark("legacy_fonts", sum(words.values()), told)
    return replace(paper, blocks=blocks, remarks=(*paper.remarks, remark))


def _by_statistics(paper: Paper) -> Paper:
    lines: list[str] = []
    size = 0
    for paragraph in paragraphs(paper.blocks):
        lines.append(paragraph.whole)
        size += len(lines[-1])
        if size > _SAMPLE:
            break
    verdict = detect("\n".join(lines))
    encoding = verdict.encoding
    if encoding is None or not verdict.certain:
        return paper

    def change(paragraph: Paragraph) -> Paragraph:
        runs = (replace(run, text=raised(to_unicode(run.text, encoding))) for run in paragraph.runs)
        label = paragraph.label if paragraph.bullet else to_unicode(paragraph.label, encoding)
        return replace(paragraph, runs=tuple(runs), label=label)

    blocks = _each(paper.blocks, change)
    told = tuple(f"{_NAMES[encoding]}: {one.before} → {one.after}" for one in verdict.previews[:_SHOWN])
    remark = Remark("legacy_fonts", verdict.words, told)
    return replace(paper, blocks=blocks, remarks=(*paper.remarks, remark))
