"""What of the requests is recorded: one table, applied around every route after it has answered.

A route stands here, or in `UNRECORDED` with the reason: a test holds both to the application.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from duthao.domain.audit import Action, Record
from duthao.service.audit import DOSSIER, LINK, ROUND, Audit
from duthao.service.sessions import SignedIn, hash_of
from duthao.store.ports import StoreUnavailable, User
from duthao.web.auth import address_of

Key = tuple[str, str]
PLACES: Final = (("id", ""), ("dossier", f"{DOSSIER}:"), ("round", f"{ROUND}:"))
"""Parameters of a path that name what it is about, and how a record refers to it until it is stored."""
Failed = Callable[[Request, Exception], Awaitable[Response]]

_LAST = re.compile(r"\}/([a-z_]+)$")
_MADE = re.compile(r"^/(documents|dossiers)/([\w-]{1,40})(?:$|[/?#])")
_ID = re.compile(r"^(?:model:)?[\w.-]{1,40}$")
REFUSED: Final = frozenset((
    "not_allowed", "admin_only", "document_not_found", "dossier_not_found", "round_not_found", "link_dead",
    "comment_not_yours", "proposal_not_yours", "origin_foreign", "csrf_failed",
))  # fmt: skip
"""Refusals that say: this is not yours to see or to do. Nothing is told of what was never asked by anybody
known (`signed_out`); failed sign-ins are recorded by their own rule."""
ASKED: Final = ("before", "after", "third", "version", "seq", "at", "form", "format")
"""Parameters that say which texts were compared, printed or taken: ids, never words."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`redirect`: it is done only when it answers with another place to go to, or with what was made
    (201); before that it was shown to be looked at. `failed`: what is recorded when it was refused, ""
    for nothing.
    """

    action: Action
    what: str
    redirect: bool = False
    failed: str = ""


def _rules(action: Action, table: str, redirect: bool = False, failed: str = "") -> dict[Key, Rule]:
    """Lines of `what METHOD path`."""
    found: dict[Key, Rule] = {}
    for line in table.strip().splitlines():
        what, method, path = line.split()
        found[method, path] = Rule(action, what, redirect, failed)
    return found


RECORDED: Final[Mapping[Key, Rule]] = (
    _rules(Action.READ, """
        room GET /documents/{id}
        text GET /api/documents/{id}/text
        moment GET /api/documents/{id}/at/{seq}
        comparison GET /documents/{id}/comparison
        comparison GET /api/documents/{id}/comparison
        versions GET /documents/{id}/versions
        versions GET /api/documents/{id}/versions
        version GET /documents/{id}/versions/{version}
        history GET /documents/{id}/history
        instrument GET /documents/{id}/instrument
        opinions GET /documents/{id}/opinions
        opinions GET /documents/{id}/opinions/suggestions
        opinions GET /documents/{id}/opinions/mine
        opinions GET /documents/{id}/opinions/{heap}
        meeting GET /documents/{id}/meeting
        dossier GET /dossiers/{dossier}
        dossier GET /api/dossiers/{dossier}
        search GET /search
        round GET /documents/{id}/rounds
        round GET /rounds/{round}
        asked GET /rounds/{round}/answer
        asked GET /answer/{token}
        tasks GET /tasks
        tasks GET /documents/{id}/tasks
        programme GET /programmes/{programme}
        programme GET /api/programmes/{programme}
    """)
    | _rules(Action.CHANGE, """
        document_made POST /api/documents
        version_made POST /documents/{id}/versions
        version_made POST /api/documents/{id}/versions
        restored POST /api/documents/{id}/restore
        restored POST /documents/{id}/versions/{version}/restore
        restored POST /documents/{id}/history
        returned POST /api/documents/{id}/imports
        correction POST /api/documents/{id}/corrections
        correction DELETE /api/documents/{id}/corrections/{correction}
        aside PUT /api/documents/{id}/review/aside/{finding}
        aside DELETE /api/documents/{id}/review/aside/{finding}
        proposal POST /api/documents/{id}/proposals
        proposal PUT /api/documents/{id}/proposals/{proposal}
        proposal POST /api/documents/{id}/proposals/{proposal}/withdraw
        comment POST /api/documents/{id}/comments
        comment POST /api/documents/{id}/comments/{thread}/replies
        comment PUT /api/documents/{id}/comments/{thread}/words/{comment}
        comment POST /api/documents/{id}/comments/{thread}/words/{comment}/remove
        comment POST /api/documents/{id}/comments/{thread}/resolve
        comment POST /api/documents/{id}/comments/{thread}/reopen
        comment POST /api/documents/{id}/comments/{thread}/assign
        opinion POST /documents/{id}/opinions
        opinion POST /documents/{id}/opinions/{heap}
        answered POST /rounds/{round}/answer
        answered POST /answer/{token}
        answered POST /rounds/{round}/paper
        form PUT /api/documents/{id}/form
        form POST /documents/{id}/form
        task POST /tasks
        programme_kept POST /programmes/{programme}
        programme_kept POST /api/programmes
        programme_kept PUT /api/programmes/{programme}
        programme_kept POST /api/programmes/{programme}/items
        programme_kept PUT /api/programmes/{programme}/items/{item}
        programme_kept DELETE /api/programmes/{programme}/items/{item}
        programme_kept PUT /api/programmes/{programme}/items/{item}/choice
        programme_kept POST /api/programmes/{programme}/steps
        duty POST /dossiers/{dossier}/duties
        template POST /api/documents/{id}/template
        template POST /documents/{id}/template
        dossier_made POST /api/dossiers
        dossier_part POST /api/dossiers/{dossier}/parts
        dossier_part PUT /api/dossiers/{dossier}/parts/{part}
        dossier_part DELETE /api/dossiers/{dossier}/parts/{part}
        dossier_part POST /dossiers/{dossier}/parts
    """)
    | _rules(Action.CHANGE, """
        document_made POST /documents/new
        document_made POST /documents/import
        returned POST /documents/{id}/return
        dossier_made POST /dossiers/new
        programme_kept POST /programmes
        delegated POST /deputies
    """, redirect=True)
    | _rules(Action.DECIDE, """
        decided POST /api/documents/{id}/proposals/decide
        decided POST /api/documents/{id}/proposals/{proposal}/accept
        decided POST /api/documents/{id}/proposals/{proposal}/decline
        decided POST /api/documents/{id}/proposals/{proposal}/reopen
        met POST /documents/{id}/meeting
        step POST /api/dossiers/{dossier}/steps
        step POST /dossiers/{dossier}/steps
    """)
    | _rules(Action.PRINT, """
        draft GET /documents/{id}/draft.pdf
        comparison GET /documents/{id}/comparison.pdf
        instrument GET /documents/{id}/instrument.pdf
        opinions GET /documents/{id}/opinions.pdf
        replies GET /documents/{id}/opinions/sent.pdf
        minutes GET /dossiers/{dossier}/meetings/{number}/minutes.pdf
        ballot GET /dossiers/{dossier}/submissions/{number}/ballot.pdf
        draft GET /rounds/{round}/answer/draft.pdf
        comparison GET /rounds/{round}/answer/table.pdf
        draft GET /answer/{token}/draft.pdf
        comparison GET /answer/{token}/table.pdf
        sheet GET /rounds/{round}/sheet.pdf
        sheet GET /rounds/{round}/answer/sheet.pdf
        sheet GET /answer/{token}/sheet.pdf
        proposals GET /documents/{id}/proposals.pdf
        pack GET /documents/{id}/pack.pdf
        tasks GET /tasks.pdf
        programme GET /programmes/{programme}/register.pdf
    """)
    | _rules(Action.EXPORT, """
        draft GET /documents/{id}/draft.docx
        draft GET /documents/{id}/draft.odt
        draft GET /documents/{id}/draft.txt
        draft GET /documents/{id}/draft.html
        draft GET /documents/{id}/draft.json
        draft GET /documents/{id}/draft.akn.xml
        comparison GET /documents/{id}/comparison.docx
        instrument GET /documents/{id}/instrument.docx
        instrument GET /documents/{id}/instrument.odt
        instrument GET /documents/{id}/instrument.txt
        instrument GET /documents/{id}/instrument.html
        instrument GET /documents/{id}/instrument.json
        instrument GET /documents/{id}/instrument.akn.xml
        opinions GET /documents/{id}/opinions.docx
        replies GET /documents/{id}/opinions/sent.docx
        minutes GET /dossiers/{dossier}/meetings/{number}/minutes.docx
        ballot GET /dossiers/{dossier}/submissions/{number}/ballot.docx
        sheet GET /rounds/{round}/sheet.docx
        attached GET /rounds/{round}/files/{file}
        attached GET /rounds/{round}/answer/files/{file}
        attached GET /answer/{token}/files/{file}
        dossier GET /dossiers/{dossier}/trail.csv
        dossier GET /dossiers/{dossier}/trail.txt
        dossier GET /api/dossiers/{dossier}/trail
        submission GET /api/dossiers/{dossier}/submissions/{number}/table
        proposals GET /documents/{id}/proposals.docx
        tasks GET /tasks.docx
        programme GET /programmes/{programme}/register.docx
        tasks GET /tasks.csv
        audit GET /house/audit.csv
        audit GET /house/audit.jsonl
    """)
    | _rules(Action.ADMINISTER, """
        member PUT /api/documents/{id}/members/{user}
        member DELETE /api/documents/{id}/members/{user}
        member POST /documents/{id}/members
        member POST /documents/{id}/members/unit
        people POST /house/people
        units POST /house/units
        round_led POST /documents/{id}/rounds
        round_led POST /rounds/{round}
        document_settings PUT /api/documents/{id}/settings
        document_settings POST /documents/{id}/settings
        document_model PUT /api/documents/{id}/model
        document_model POST /documents/{id}/model
        dossier_rules PUT /api/dossiers/{dossier}
        dossier_rules POST /dossiers/{dossier}/rules
        house_form POST /api/forms
        house_form PUT /api/forms/standard
        house_form PUT /api/forms/{key}
        house_form DELETE /api/forms/{key}
        house_form POST /api/forms/{key}/reset
        house_template PUT /api/templates/{key}
        house_template DELETE /api/templates/{key}
        house_template POST /house/templates
        audit_read GET /house/audit
        audit_read GET /documents/{id}/audit
        audit_verified POST /house/audit
    """)
    | _rules(Action.ADMINISTER, """
        wording POST /house/wording
        terms POST /house/terms
        house_form POST /house/forms
        house_form POST /house/forms/{key}
    """, redirect=True)
    | _rules(Action.SIGN, """
        account POST /account
    """, failed="account_failed")
    | _rules(Action.SIGN, """
        signed_in POST /login
        signed_in POST /login/code
        signed_in GET /login/provider/back
        signed_in POST /api/login
    """, failed="sign_failed")
    | _rules(Action.SIGN, """
        signed_out POST /logout
        signed_out POST /api/logout
        signed_out POST /login/provider/ended
    """)
)  # fmt: skip

_ASKED_AGAIN = "an open page asks again and again; opening it is recorded, and a live room's coming and going"
_NO_DRAFT = "shows or keeps nothing of a draft, or only what is the asker's own"
_A_FORM = "an empty form: what is done with it is recorded"
UNRECORDED: Final[Mapping[str, tuple[str, ...]]] = {
    _ASKED_AGAIN: (
        "POST /api/documents/{id}/seen", "POST /api/documents/{id}/comparison/rows",
        "GET /api/documents/{id}/timeline", "GET /api/documents/{id}/provisions/{provision}/authors",
        "GET /api/documents/{id}/corrections", "GET /api/documents/{id}/review",
        "GET /api/documents/{id}/references", "POST /api/documents/{id}/beside",
        "GET /api/documents/{id}/bases", "GET /api/documents/{id}/opinions/led",
        "GET /api/documents/{id}/proposals",
        "GET /api/documents/{id}/comments", "GET /api/documents/{id}/form",
        "GET /documents/{id}/history/text", "GET /api/notifications/unread",
        "POST /collab/{document_id}/poll", "GET /house/audit/verifying",
    ),
    _NO_DRAFT: (
        "GET /healthz", "GET /readyz", "GET /", "GET /api/documents", "POST /api/outline", "GET /api/forms",
        "POST /api/forms/preview", "GET /house/forms", "GET /house/forms/{key}", "GET /house/wording",
        "GET /api/documents/{id}/members", "GET /house/people", "GET /house/units",
        "GET /documents/{id}/members", "GET /api/dossiers", "GET /api/models",
        "GET /dossiers", "GET /notifications", "POST /notifications", "GET /notifications/{notification}",
        "GET /account", "GET /documents/{id}/dossier", "GET /api/templates", "GET /api/templates/{key}",
        "GET /house/templates", "GET /house/terms", "GET /programmes", "GET /api/programmes", "GET /deputies",
    ),
    _A_FORM: (
        "GET /login", "GET /login/code", "GET /login/provider", "GET /login/provider/out",
        "GET /documents/new", "GET /documents/import",
        "GET /documents/{id}/return",
        "GET /rounds/{round}/paper", "GET /dossiers/new",
    ),
}  # fmt: skip
"""Routes of which nothing is recorded, by the reason."""


def audited(routes: Iterable[BaseRoute], audit: Audit, by_username: Callable[[str], User | None],
            failed: Failed) -> list[BaseRoute]:  # fmt: skip
    """The routes, those of the table with their record. `failed` answers what could not be recorded."""

    def around(route: BaseRoute) -> BaseRoute:
        if not isinstance(route, Route) or not inspect.isroutine(route.endpoint):
            return route  # the plain requests of a live room tell by themselves, as its sockets do
        methods = set(route.methods or ()) - {"HEAD"}
        rule = next((RECORDED[key] for m in methods if (key := (m, route.path)) in RECORDED), None)
        endpoint = route.endpoint

        async def kept(request: Request) -> Response:
            response: Response = await endpoint(request)
            code: str = getattr(request.state, "refused", "")
            if code in REFUSED:
                _refused(rule, route.path, request, response, code, audit)
                return response
            if rule is None:
                return response
            record = await record_of(rule, route.path, request, response, audit, by_username)
            if record is not None:
                try:
                    await audit.record(record)
                except StoreUnavailable as error:
                    return await failed(request, error)
            return response

        return Route(route.path, kept, methods=sorted(methods))

    return [around(route) for route in routes]


def _refused(rule: Rule | None, path: str, request: Request, response: Response, code: str,
             audit: Audit) -> None:  # fmt: skip
    """Counted with what else this person is refused of the same thing; stored within a minute or so."""
    who: SignedIn | None = getattr(request.state, "who", None)
    asked = {name: value for name, value in request.path_params.items() if name != "token"}
    if any(not _ID.match(str(value)) for value in asked.values()):
        asked = {}  # no id of ours: it may be any words
    document = next((f"{of}{asked[name]}" for name, of in PLACES if name in asked), "")
    audit.refused(
        None if who is None else who.user, rule.what if rule else "other", document or path,
        document, {"code": code}, address_of(request),
    )  # fmt: skip


async def record_of(
    rule: Rule, path: str, request: Request, response: Response, audit: Audit,
    by_username: Callable[[str], User | None],
) -> Record | None:  # fmt: skip
    """What is to be recorded of this request as it was answered; None for nothing."""
    who: SignedIn | None = getattr(request.state, "who", None)
    user = None if who is None else who.user
    refused = response.status_code >= 400
    what = rule.failed if refused else rule.what
    is_done = response.status_code == 201 or 300 <= response.status_code < 400 if rule.redirect else True
    if not what or not is_done:
        return None
    if what == "sign_failed":
        typed: str = getattr(request.state, "typed", "")
        # A name that is nobody's may be a password typed into the wrong field: it is not kept.
        user = user or (await audit.beside(by_username, typed.strip()[:80]) if typed else None)
    elif user is None and "token" not in request.path_params:
        return None
    if what == "signed_in" and who is not None and who.session.awaits:
        what = "password_right"
    document, details = _about(path, request, response)
    return audit.made(user, rule.action, what, document, details, address_of(request))


def _about(path: str, request: Request, response: Response) -> tuple[str, dict[str, object]]:
    """The document it was about, and ids and kinds of the rest."""
    given = {name: str(value) for name, value in request.path_params.items()}
    document, dossier = given.pop("id", ""), given.get("dossier", "")
    token = given.pop("token", "")
    details: dict[str, object] = dict(given)
    if found := _LAST.search(path):
        details["act"] = found[1]
    if "." in (ending := path.rsplit("/", 1)[-1]):
        details["as"] = ending.partition(".")[2]
    for name in ASKED:
        if _ID.match(value := request.query_params.get(name, "")):
            details[name] = value
    if made := _MADE.match(response.headers.get("location", "")):
        if made[1] == "documents":
            document = document or made[2]
        else:
            dossier = details["dossier"] = made[2]
    elif response.status_code == 201 and not document:
        document, dossier = _made(response, path, dossier)
    details |= getattr(request.state, "said", {})
    document = document or str(details.pop("document", ""))
    others = (DOSSIER, dossier), (ROUND, given.get("round", "")), (LINK, hash_of(token) if token else "")
    return document or next((f"{of}:{id_}" for of, id_ in others if id_), ""), details


def _made(response: Response, path: str, dossier: str) -> tuple[str, str]:
    """The id in the answer to who made a document or a dossier."""
    try:
        id_ = str(json.loads(bytes(response.body))["id"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", dossier
    return ("", id_) if path == "/api/dossiers" else (id_ if path == "/api/documents" else "", dossier)
