"""What forms and programs send about a dossier, as parts and steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from duthao.domain.dossiers import PARTS, Part
from duthao.domain.errors import Refusal
from duthao.domain.process import Act, Decision, Majority, Outcome, Rules, State
from duthao.formats.dossier_json import part_from, step_from
from duthao.service.services import Services
from duthao.store.ports import User
from duthao.web.api import field, truth

_NOTHING = frozenset(("stage", "begins", "due", "user_id", "done_on", "document_id"))
_VOTE = ("favour", "against", "other", "absent")


def part_of_form(kind: str, form: Mapping[str, str], today: date) -> Part:
    """A part as its form says it; `done` ticked without a day is done today.

    Raises Refusal: part_unknown, field_bad (`field`).
    """
    if kind not in PARTS:
        raise Refusal("part_unknown")
    body: dict[str, Any] = {}
    for one in fields(PARTS[kind]):
        value = form.get(one.name, "").strip()
        body[one.name] = None if one.name in _NOTHING and not value else value
    if "key" in body:
        body["key"] = ""
    if "done_on" in body:
        body["done_on"] = (body["done_on"] or today.isoformat()) if "done" in form else None
    return part_from(kind, body)


def part_of_json(body: dict[str, Any], part_id: str) -> Part:
    """A part as a program says it. Raises as `part_of_form`."""
    given = {name: value for name, value in body.items() if name not in ("part", "key")}
    return part_from(field(body, "part"), given | {"id": part_id})


def rules_of(body: Mapping[str, Any]) -> Rules:
    """Raises Refusal rules_bad."""
    try:
        given = {State(one) for one in body.get("voting", [])}
        return Rules(
            State(body.get("final", State.COMMITTEE)), tuple(one for one in State if one in given),
            Majority(body.get("majority", Majority.HALF_OF_ALL)), body.get("direct", False) is True,
            body.get("appraised", False) is True,
        )  # fmt: skip
    except (ValueError, TypeError):
        raise Refusal("rules_bad") from None


def rules_of_form(form: Mapping[str, str]) -> Rules:
    """Raises Refusal rules_bad."""
    return rules_of(
        {
            "final": form.get("final", ""),
            "majority": form.get("majority", ""),
            "voting": [one.value for one in State if f"voting-{one.value}" in form],
            "direct": "direct" in form,
            "appraised": "appraised" in form,
        }
    )


def step_of_form(form: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a step's form as a program would send them. Raises Refusal vote_bad."""
    body: dict[str, Any] = {name: value.strip() for name, value in form.items()}
    for name in ("back_to", "in_force"):
        if name in body:
            body[name] = body[name] or None
    if body.get("outcome") == Outcome.PASSED.value:
        body["back_to"] = None
    if "favour" in body:
        given = {name: body.get(name) or "" for name in _VOTE}
        body["vote"] = None
        if any(given.values()):
            try:
                counts = {name: int(value or "0") for name, value in given.items()}
            except ValueError:
                raise Refusal("vote_bad", most=1000) from None
            chair = {"for": True, "against": False}.get(body.get("chair_for", ""))
            body["vote"] = counts | {"chair_for": chair}
    if "good" in body:
        body["good"] = body["good"] == "1"
    return body


def _day(body: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(body.get(name) or "")
    except (ValueError, TypeError):
        raise Refusal("field_bad", field=name) from None


async def taken(
    services: Services, user: User, dossier_id: str, body: dict[str, Any], seen: int | None
) -> None:
    """The step that `body["act"]` names is taken. Raises Refusal: field_bad; as `DossierSteps`."""
    steps = services.dossier_steps
    try:
        act = Act(field(body, "act"))
    except ValueError:
        raise Refusal("field_bad", field="act") from None
    match act:
        case Act.SUBMIT:
            said = field(body, "to"), field(body, "name", ""), field(body, "note", "")
            await steps.submit(user, dossier_id, *said, seen)
        case Act.DECIDE:
            opened = await services.dossiers.open(user, dossier_id)
            decision = step_from(act, body | {"level": body.get("level", opened.dossier.state.value)})
            assert isinstance(decision, Decision)
            await steps.decide(user, dossier_id, decision, seen)
        case Act.GATHERED:
            await steps.gathered(user, dossier_id, field(body, "note", ""), seen)
        case Act.AGAIN:
            await steps.again(user, dossier_id, field(body, "reason"), seen)
        case Act.APPRAISE:
            good = truth(body, "good")
            await steps.appraise(user, dossier_id, field(body, "text", ""), good=good, seen=seen)
        case Act.FINISH:
            await steps.finish(user, dossier_id, field(body, "note", ""), seen)
        case Act.ISSUE:
            in_force = _day(body, "in_force") if body.get("in_force") else None
            await steps.issue(user, dossier_id, field(body, "number"), _day(body, "dated"), in_force, seen)
        case Act.WATCH:
            await steps.watch(user, dossier_id, field(body, "who"), seen)
