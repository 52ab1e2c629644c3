"""Jinja2 with autoescape, and the few words templates need: time, versions, page data."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from duthao.domain.days import VIETNAM, day_written, field_of, moment
from duthao.domain.form_profile import BUILT_IN, FormProfile
from duthao.domain.secrecy import degree_in
from duthao.domain.table import TableRow
from duthao.formats.cited import spoken_path
from duthao.formats.remarks import format_remark
from duthao.formats.table_layout import note_replaces, spanning
from duthao.messages import Catalogue
from duthao.service.people import colour_of
from duthao.store.ports import Version, VersionKind
from duthao.web.assets import Assets

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&'\u2028\u2029"}


def page_data(value: object) -> Markup:
    """JSON that is safe inside <script type="application/json">."""
    return Markup(json.dumps(value, ensure_ascii=False).translate(_ESCAPES))  # noqa: S704  (escaped here)


def day(at: int) -> str:
    """A time's day as 24/11/2026, in Vietnam."""
    return datetime.fromtimestamp(at / 1000, VIETNAM).strftime("%d/%m/%Y")


def hours(begun: int, ended: int) -> str:
    """14:05–14:20, or 14:05 when both are in one minute; the day too when they are not of one."""
    then, until = (datetime.fromtimestamp(t / 1000, VIETNAM) for t in (begun, ended))
    if then.date() != until.date():
        return f"{moment(begun)} – {moment(ended)}"
    first, last = then.strftime("%H:%M"), until.strftime("%H:%M")
    return first if first == last else f"{first}–{last}"


def relative(at: int, now: int, catalogue: Catalogue) -> str:
    """How long ago, in the person's words: "5 phút trước", "hôm qua lúc 14:05"."""
    ago = max(now - at, 0)
    if ago < MINUTE:
        return catalogue("web.time.now")
    if ago < HOUR:
        return catalogue("web.time.minutes", n=ago // MINUTE)
    then, today = (datetime.fromtimestamp(t / 1000, VIETNAM) for t in (at, now))
    days = (today.date() - then.date()).days
    if days == 0:
        return catalogue("web.time.hours", n=ago // HOUR)
    if days == 1:
        return catalogue("web.time.yesterday", time=then.strftime("%H:%M"))
    if days < 7:
        return catalogue("web.time.days", n=days)
    return day(at)


def form_name(form: FormProfile, catalogue: Catalogue) -> str:
    """The house's own name, or the catalogue's for one built in."""
    return form.name or catalogue(f"forms.builtin.{form.key if form.key in BUILT_IN else form.base}")


def version_name(version: Version, catalogue: Catalogue, in_force: str | None = None) -> str:
    """What a version is called: "Dự thảo lần 2: trình thường trực"; where the id of the document's text
    in force is told, the one a document began with is only called that while it is.
    """
    if version.kind is VersionKind.CURRENT:
        # One that a dossier issued says its number and day: there may be several of them.
        if version.reason:
            return catalogue("web.version.issued", what=version.reason)
        return catalogue("web.version.current" if in_force in (None, version.id) else "web.version.former")
    if version.kind is VersionKind.NUMBERED:
        name = catalogue("web.version.numbered", n=version.number or 0)
        return f"{name}: {version.name}" if version.name else name
    return version.name or catalogue("web.version.automatic")


def initials(name: str) -> str:
    """Two letters for a person: of the first and the last word."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


class _Once(BytecodeCache):
    """A page is compiled once in a process, however many houses are opened in it: tests open thousands."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        held = self._compiled.get(bucket.key)
        if held is not None:
            bucket.bytecode_from_string(held)  # nothing where the source has changed since

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Once()


class Templates:
    """Renders templates; a name that is not given is an error, never an empty place."""

    def __init__(self, assets: Assets | None = None) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            bytecode_cache=_COMPILED,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.globals.update(
            asset=assets or Assets(),
            page_data=page_data,
            moment=moment,
            field_of=field_of,
            day=day,
            hours=hours,
            relative=relative,
            version_name=version_name,
            form_name=form_name,
            colour_of=colour_of,
            initials=initials,
            format_remark=format_remark,
            note_replaces=note_replaces,
            spanning=spanning,
        )
        self.environment.filters["cited"] = spoken_path
        self.environment.filters["day_written"] = day_written
        self.environment.filters["degree"] = degree_in

    def render(self, name: str, context: dict[str, Any]) -> str:
        return self.environment.get_template(name).render(context)

    def comparison_row(self, row: TableRow, catalogue: Catalogue) -> str:
        """One <tr> of the comparison, as the page and the live table show it."""
        module: Any = self.environment.get_template("_comparison_rows.html").module
        return str(module.comparison_row(row, catalogue)).strip()
