"""Drafting: operations become the sentences of an instrument, by template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duthao.domain.amend import wording
from duthao.domain.amend.grouping import Container, Group, Repeals, Rephrasings, Run, grouped, touched
from duthao.domain.amend.instrument import Instruction, Instrument
from duthao.domain.amend.operations import AddRows, Insert, Operation, Part, Place, Recount, Rephrase
from duthao.domain.amend.swaps import Verb
from duthao.domain.amend.templates import Templates
from duthao.domain.amend.units import Address
from duthao.domain.document import Document, FrontMatter

PARTS_OF_A_UNIT = "nội dung"
"""What a list is about that names parts of a unit: "một số nội dung của Điều 5"."""

_OWN_TYPES = frozenset(
    ("LUẬT", "PHÁP LỆNH", "NGHỊ QUYẾT", "NGHỊ ĐỊNH", "THÔNG TƯ", "QUYẾT ĐỊNH", "QUY ĐỊNH", "CHỈ THỊ")
)
_BY_DECISION = "QUYẾT ĐỊNH"
_LAWS = frozenset(("LUẬT", "BỘ LUẬT", "PHÁP LỆNH"))


def draft(
    operations: Sequence[Operation], before: Document, after: Document, templates: Templates
) -> Instrument:
    """The instrument that orders the operations. Head and signature are those of the draft."""
    writer = _Writer(templates)
    instructions = tuple(writer.group(group) for group in grouped(operations))
    base = base_name(before)
    front = _front(before.front, after.front, base, templates)
    return Instrument(
        front=front,
        heading=templates.say("heading", base=base),
        instructions=instructions,
        effect_heading=templates.say("effect_heading"),
        effect=templates.say("effect", type=_spoken(front.type)),
    )


@dataclass(frozen=True)
class _Writer:
    templates: Templates

    def group(self, group: Group) -> Instruction:
        if isinstance(group, Run):
            return self._run(group, ())
        if isinstance(group, Container):
            return self._container(group)
        if isinstance(group, Rephrasings):
            return self._rephrasings(group)
        if isinstance(group, Recount):
            table = wording.place(group.place, self.templates)
            return Instruction(self.templates.say("recount", table=table), units=(group.place.address,))
        return self._repeals(group)

    # --- units --------------------------------------------------------------------------------

    def _run(self, run: Run, under: Address) -> Instruction:
        lines = tuple(line for amend in run.amends for line in amend.lines)
        if isinstance(run.append, AddRows):
            lines = run.append.lines
            row = wording.place(run.append.anchor, self.templates, under)
            sentence = self.templates.say("rows_after" if run.append.after else "rows_before", row=row)
        elif run.append is not None:
            lines = run.append.lines
            sentence = self.templates.say("append", unit=wording.full(run.append.address, under))
        elif run.insert is None:
            sentence = self.templates.say("amend", targets=self._targets(run, under, " và "))
        elif run.amends:
            lines += run.insert.lines
            sentence = self.templates.say(
                "amend_insert",
                targets=self._targets(run, _own(run, under), ", "),
                units=wording.siblings(run.insert.units, run.insert.units[0][:-1]),
                anchor=wording.full(run.insert.anchor, under),
            )
        else:
            lines = run.insert.lines
            sentence = self._insert(run.insert, under)
        return Instruction(sentence, lines, units=touched(run))

    def _targets(self, run: Run, under: Address, last: str) -> str:
        if len(run.amends) == 1:
            return wording.place(run.amends[0].place, self.templates, under)
        if run.amends[0].place.part is Part.ROW:
            return wording.rows([amend.place for amend in run.amends], self.templates, under)
        return wording.siblings([amend.place.address for amend in run.amends], under, last)

    def _insert(self, insert: Insert, under: Address) -> str:
        side = "insert_after" if insert.after else "insert_before"
        units = wording.siblings(insert.units, insert.units[0][:-1])
        anchor = wording.full(insert.anchor, under)
        if insert.within is None or insert.anchor[: len(insert.within)] == insert.within:
            return self.templates.say(side, units=units, anchor=anchor)
        within = wording.full(insert.within)
        return self.templates.say(f"{side}_within", units=units, anchor=anchor, within=within)

    def _container(self, container: Container) -> Instruction:
        found = [amend.place for run in container.runs for amend in run.amends]
        found += [Place(unit) for run in container.runs if run.insert for unit in run.insert.units]
        found += [Place(container.parent, Part.PASSAGE) for run in container.runs if run.append]
        kinds = wording.kinds(found, PARTS_OF_A_UNIT)
        sentence = self.templates.say("some", kinds=kinds, parent=wording.full(container.parent))
        items = tuple(self._run(run, container.parent) for run in container.runs)
        return Instruction(sentence, items=items)

    # --- phrases and repeals ------------------------------------------------------------------

    def _rephrasings(self, group: Rephrasings) -> Instruction:
        items = tuple(self._rephrase(rephrase) for rephrase in group.rephrasings)
        if len(items) == 1:
            return items[0]
        verb = group.rephrasings[0].swap.verb
        kind = {Verb.REPLACE: "some_replace", Verb.DROP: "some_drop"}.get(verb, "some_add")
        return Instruction(self.templates.say(kind), items=items)

    def _rephrase(self, rephrase: Rephrase) -> Instruction:
        swap = rephrase.swap
        values = {"old": swap.old, "targets": wording.places(rephrase.places, self.templates)}
        if swap.verb is not Verb.DROP:
            values["new"] = swap.new
        units = tuple(where.address for where in rephrase.places)
        return Instruction(self.templates.say(swap.verb.value, **values), units=units)

    def _repeals(self, group: Repeals) -> Instruction:
        found = [repeal.place for repeal in group.repeals]
        targets = wording.places(found, self.templates)
        units = tuple(place.address for place in found)
        return Instruction(self.templates.say("repeal", targets=targets), units=units)


def _own(run: Run, under: Address) -> Address:
    """In "khoản 4 và bổ sung khoản 4a vào sau khoản 4 Điều 13" the address is said once, last."""
    parent = run.amends[0].place.address[:-1]
    return parent if len(parent) > len(under) else under


# --- head and end -----------------------------------------------------------------------------


def _spoken(kind: str) -> str:
    """ "QUY CHẾ" as it is written inside a sentence: "Quy chế"."""
    return kind[:1].upper() + kind[1:].lower()


NAMELESS = "văn bản hiện hành"
"""What a text without a title is called."""


def base_name(document: Document) -> str:
    """How the amended text is called inside a sentence: "Quy chế làm việc của …".

    A title in capitals is written as the text itself writes it elsewhere; else in small letters.
    """
    front = document.front
    kind, title = _spoken(front.type), " ".join(front.title.split())
    if title and title == title.upper():
        title = _as_written(f"{kind} {title}", document) or title.lower()
    if title:
        head = title[0].upper() if front.type.upper() in _LAWS else title[0].lower()
        title = head + title[1:]
    name = " ".join(filter(None, (kind, title))) or NAMELESS
    return f"{name} số {front.number}" if name and front.number else name


def _as_written(name: str, document: Document) -> str | None:
    wanted = name.casefold()
    kind = name.split()[0]
    lines = (*document.front.preamble, *document.front.bases, *document.front.closing)
    for line in (*lines, *(provision.text for provision in document.provisions)):
        at = line.casefold().find(wanted)
        if at >= 0 and len(line.casefold()) == len(line):
            written = line[at : at + len(name)]
            return written[len(kind) :].strip() if not written.isupper() else None
    return None


def instrument_type(base: str) -> str:
    """The type of document that amends one of type `base`."""
    kind = base.upper().strip()
    return "LUẬT" if kind == "BỘ LUẬT" else kind if kind in _OWN_TYPES else _BY_DECISION


def _front(before: FrontMatter, after: FrontMatter, base: str, templates: Templates) -> FrontMatter:
    """The draft's own head and signature, where it has none those of the text in force.

    Number and date are the instrument's own and not yet known.
    """
    kind = instrument_type(before.type or after.type)
    body = after.body or before.body
    enacting = templates.say("enacting", body=_spoken(body), type=_spoken(kind), base=base) if body else ""
    return FrontMatter(
        upper_body=after.upper_body or before.upper_body,
        body=body,
        place=after.place or before.place,
        type=kind,
        title=templates.say("title", base=base),
        bases=after.bases or before.bases,
        preamble=(enacting,) if enacting else (),
        recipients=after.recipients or before.recipients,
        authority=after.authority or before.authority,
        position=after.position or before.position,
        signatory=after.signatory or before.signatory,
    )
