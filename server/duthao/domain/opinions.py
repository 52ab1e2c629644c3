"""Opinions on a draft (ý kiến góp ý), wherever they came from: the rows of norm B8.

An opinion is verbatim: nobody rewrites it, it is only cleaned as every text from outside is. What
becomes of it (its group, its answer) is said elsewhere and never in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from duthao.domain.document import DocumentId, UserId
from duthao.domain.errors import Refusal
from duthao.domain.text import clean, clean_line

MAX_TEXT: Final = 20_000
"""Characters of an opinion, and as many of the wording it proposes."""
MAX_GIVER: Final = 200
MAX_LETTER: Final = 300
MAX_REFERENCE: Final = 64
"""Characters of an id."""


class Source(StrEnum):
    """Where an opinion came from."""

    ROUND = "round"  # a round of opinions: by its page, or on paper
    COMMENT = "comment"
    PROPOSAL = "proposal"
    MEETING = "meeting"  # by voice, in a meeting


class Verdict(StrEnum):
    """What somebody says of the draft as a whole (norm A9, form 3)."""

    AGREE = "agree"  # đồng ý
    REMARKS = "remarks"  # đồng ý, có ý kiến khác
    DISAGREE = "disagree"  # không đồng ý


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion as it was given.

    `source_id` is the answer, comment, proposal or meeting it came from, "" for none. `giver` is the
    person's or the unit's name as it is printed; `user_id` who gave it, when they have an account.
    `version_id` is the frozen draft it was given on, None for the live one; `provision` the id of a
    provision there, None for the document as a whole. `wording` is the proposed wording, `letter` number
    and date of the letter with page and line; each "" for none. `at`: UTC, milliseconds.
    """

    id: str
    document_id: DocumentId
    source: Source
    source_id: str
    round_id: str | None
    giver: str
    user_id: UserId | None
    version_id: str | None
    provision: str | None
    text: str
    wording: str
    letter: str
    late: bool
    at: int


def checked_words(text: str, field: str, most: int = MAX_TEXT) -> str:
    """The words fit to be kept, lines and all, without spaces at their ends.

    Raises Refusal opinion_too_long (`field`, `most`): nothing is ever cut.
    """
    if len(text) > 2 * most:  # before the cleaning, which only ever makes a text shorter than this
        raise Refusal("opinion_too_long", field=field, most=most)
    text = clean(text).text.strip()
    if len(text) > most:
        raise Refusal("opinion_too_long", field=field, most=most)
    return text


def checked_line(text: str, field: str, most: int) -> str:
    """The same on one line."""
    return clean_line(checked_words(text, field, most))


def checked(opinion: Opinion) -> Opinion:
    """The opinion fit to be kept; the same for one that is.

    Raises Refusal: opinion_empty when it says nothing and proposes nothing, opinion_giver_missing,
    opinion_too_long (`field`, `most`), field_bad (`field`) for an id that is none.
    """
    ids = (opinion.id, opinion.source_id, opinion.round_id, opinion.version_id, opinion.provision)
    if not opinion.id or any(len(one) > MAX_REFERENCE for one in ids if one is not None):
        raise Refusal("field_bad", field="id")
    made = replace(
        opinion,
        giver=checked_line(opinion.giver, "giver", MAX_GIVER),
        text=checked_words(opinion.text, "text"),
        wording=checked_words(opinion.wording, "wording"),
        letter=checked_line(opinion.letter, "letter", MAX_LETTER),
    )
    if not made.giver:
        raise Refusal("opinion_giver_missing")
    if not (made.text or made.wording):
        raise Refusal("opinion_empty")
    return made
