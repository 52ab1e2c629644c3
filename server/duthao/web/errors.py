"""A refusal as HTTP: which status, and the one JSON shape."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

from duthao.domain.errors import Refusal
from duthao.messages import Catalogue

STATUS: dict[str, int] = {
    "signed_out": 401,
    "login_failed": 401,
    "login_throttled": 429,
    "too_often": 429,
    "not_allowed": 403,
    "csrf_failed": 403,
    "origin_foreign": 403,
    "admin_only": 403,
    "page_not_found": 404,
    "document_not_found": 404,
    "version_not_found": 404,
    "user_not_found": 404,
    "provision_not_found": 404,
    "seq_not_found": 404,
    "correction_not_found": 404,
    "finding_not_set_aside": 404,
    "proposal_not_found": 404,
    "proposal_not_yours": 403,
    "proposal_changed": 409,
    "proposal_decided": 409,
    "proposal_text_moved": 409,
    "proposal_conflict": 409,
    "proposal_id_taken": 409,
    "proposals_too_many": 409,
    "proposals_too_often": 429,
    "corrections_too_many": 409,
    "set_asides_too_many": 409,
    "instrument_not_proved": 409,
    "method_not_allowed": 405,
    "last_lead": 409,
    "username_taken": 409,
    "body_too_large": 413,
    "text_too_large": 413,
    "document_json_too_large": 413,
    "text_binary": 415,
    "text_not_utf8": 415,
    "text_legacy_encoding": 415,
    "json_required": 415,
    "version_damaged": 500,
    "internal": 500,
    "comparison_failed": 503,
    "busy": 503,
    "try_again": 503,
}
"""Every refusal not named here is 400: bad input."""


def status_of(refusal: Refusal) -> int:
    return STATUS.get(refusal.code, 400)


def error_body(refusal: Refusal, catalogue: Catalogue) -> dict[str, Any]:
    """The shape every failed API request answers with."""
    return {
        "error": {
            "code": refusal.code,
            "message": catalogue.refusal(refusal),
            "details": dict(refusal.details),
        }
    }


def error_json(refusal: Refusal, catalogue: Catalogue) -> JSONResponse:
    headers = {"Retry-After": "5"} if status_of(refusal) == 503 else {}
    return JSONResponse(error_body(refusal, catalogue), status_of(refusal), headers)
