"""A form to look at: the first page of a made-up document in it, as a picture."""

from __future__ import annotations

from itertools import count

from duthao.domain.document import Document, FrontMatter, ProvisionId
from duthao.domain.form_profile import FormProfile
from duthao.domain.structure import parse
from duthao.formats.fonts import font_directory
from duthao.formats.pdf import PrintOptions, Typeset, draft_data, picture_in_worker
from duthao.messages import Catalogue


def sample(form: FormProfile, catalogue: Catalogue) -> Document:
    """A document that has every part a form says something of."""

    def said(part: str) -> str:
        return catalogue(f"forms.sample.{form.family}.{part}")

    numbers = count(1)
    body = parse(catalogue("forms.sample.text"), new_id=lambda: ProvisionId(f"s{next(numbers)}")).document
    front = FrontMatter(
        upper_body=said("upper_body"),
        body=said("body"),
        number=form.numbered(5, said("type"), said("code"), 2026),
        place=form.dated(said("place"), 5, 2, 2026),
        type=said("type"),
        title=said("title"),
        bases=tuple(said("bases").split("\n")),
        recipients=(catalogue("forms.sample.recipient"), f"- {form.recipients_last}"),
        authority=f"{form.on_behalf} {said('signs')}",
        position=said("position"),
        signatory=catalogue("forms.sample.signatory"),
    )
    return Document(body.provisions, front)


def form_picture(form: FormProfile, catalogue: Catalogue, *, typeset: Typeset = picture_in_worker) -> bytes:
    """The sample's first page as PNG. Raises as `formats.pdf.in_worker`."""
    options = PrintOptions(draft_number=2, form=form)
    return typeset(
        "draft", draft_data(sample(form, catalogue), catalogue, options), font_directory(options.fonts)
    )
