"""A refusal as HTTP: which status, and the one JSON shape."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

from duthao.domain.errors import Refusal
from duthao.messages import Catalogue

STATUS: dict[str, int] = {
    "signed_out": 401,
    "login_failed": 401,
    "code_needed": 401,
    "code_wrong": 401,
    "password_wrong": 403,
    "factor_there": 409,
    "factor_not_there": 409,
    "place_not_found": 404,
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
    "unit_not_found": 404,
    "task_not_found": 404,
    "task_changed": 409,
    "tasks_too_many": 409,
    "unit_not_empty": 409,
    "term_not_empty": 409,
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
    "opinion_not_found": 404,
    "opinion_changed": 409,
    "opinions_answered_twice": 409,
    "opinion_pieces_answered": 409,
    "link_not_found": 409,
    "comment_not_found": 404,
    "comment_not_yours": 403,
    "comment_changed": 409,
    "comment_place_gone": 409,
    "comments_too_many": 409,
    "comments_too_often": 429,
    "notification_not_found": 404,
    "doctemplate_not_found": 404,
    "model_not_found": 404,
    "models_too_many": 409,
    "doctemplates_too_many": 409,
    "dossier_not_found": 404,
    "dossier_exists": 409,
    "dossier_changed": 409,
    "part_not_found": 404,
    "parts_too_many": 409,
    "submission_not_found": 404,
    "meeting_not_found": 404,
    "step_not_now": 409,
    "opinions_unanswered": 409,
    "appraisal_missing": 409,
    "vote_no_majority": 409,
    "rules_fixed": 409,
    "table_damaged": 500,
    "round_not_found": 404,
    "link_dead": 404,
    "invitation_not_found": 404,
    "answer_not_found": 404,
    "file_not_found": 404,
    "answer_changed": 409,
    "answer_settled": 409,
    "answered_already": 409,
    "asked_already": 409,
    "round_changed": 409,
    "round_closed": 409,
    "rounds_too_many": 409,
    "file_sent": 409,
    "files_too_many": 409,
    "file_too_large": 413,
    "round_too_often": 429,
    "corrections_too_many": 409,
    "set_asides_too_many": 409,
    "instrument_not_proved": 409,
    "form_not_found": 404,
    "form_built_in": 409,
    "forms_too_many": 409,
    "method_not_allowed": 405,
    "last_lead": 409,
    "username_taken": 409,
    "body_too_large": 413,
    "text_too_large": 413,
    "akn_too_large": 413,
    "document_json_too_large": 413,
    "docx_too_large": 413,
    "docx_too_many_paragraphs": 413,
    "import_too_large": 413,
    "docx_not_word": 415,
    "docx_old_word": 415,
    "docx_encrypted": 415,
    "file_kind_unknown": 415,
    "office_missing": 415,
    "odt_missing": 501,
    "export_nothing_current": 409,
    "text_binary": 415,
    "text_not_utf8": 415,
    "text_legacy_encoding": 415,
    "json_required": 415,
    "version_damaged": 500,
    "internal": 500,
    "import_failed": 500,
    "office_failed": 422,
    "office_too_slow": 422,
    "import_too_slow": 422,
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
