"""A refusal: the one way in which this service says no.

A refusal carries a stable code for programs, the key of a sentence in the message
catalogue for the person, and details for both. No sentence is written in code.
"""

from __future__ import annotations

from collections.abc import Mapping

Detail = str | int | float | bool | None | list[str] | list[int]


class Refusal(Exception):
    """Something asked for was not done, and nothing was lost.

    `code` is stable and lower_snake_case (`text_too_large`); its sentence stands in the
    catalogue under `error.<code>`. `details` fill the sentence's placeholders and travel
    in the JSON shape `{"error": {"code", "message", "details"}}`. Details never hold
    draft text longer than a short quotation the person needs (40 characters).
    """

    def __init__(self, code: str, **details: Detail) -> None:
        super().__init__(code)
        self.code = code
        self.details: Mapping[str, Detail] = details
