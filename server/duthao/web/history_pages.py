"""The history of a document: a slider over its moments, and the text as it was at each.

Everything is rendered here; the page's script only asks for the text of another moment
(`/history/text`) and moves the slider. Without script each sitting is a link.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from duthao.domain.document import Kind, ProvisionId
from duthao.domain.errors import Refusal
from duthao.domain.outline import UPPER, Entry, Outline, below, outline
from duthao.domain.text import brief
from duthao.formats.cited import spoken_path
from duthao.messages import Catalogue
from duthao.service.access import Access, Permission
from duthao.service.history import SEED, Changes, Line, Sitting, Timeline
from duthao.store.ports import Seq, Version
from duthao.web.context import Asking
from duthao.web.errors import status_of
from duthao.web.history_api import seq_in
from duthao.web.pages import Pages

NAMED = 5
"""Articles named at one sitting; the rest are counted."""

LISTED = 400
"""Sittings listed beside the text, the newest; the slider has them all."""

HEADING = 70
"""Characters of a heading shown beside its number."""

MAX_ID = 64


class HistoryPages:
    def __init__(self, pages: Pages) -> None:
        self.pages, self.services = pages, pages.services

    def routes(self) -> list[Route]:
        path = "/documents/{id}/history"
        table = (("GET", path, self.page), ("GET", f"{path}/text", self.text), ("POST", path, self.act))
        return self.pages.routed(table)

    async def page(self, request: Request) -> Response:
        asks, access = await self.pages.opened(request)
        return await self._page(request, asks, access)

    async def _page(
        self, request: Request, asks: Asking, access: Access, refusal: Refusal | None = None
    ) -> Response:
        query = request.query_params
        timeline = await self.services.history.timeline(asks.who.user, access.id)
        person, provision = query.get("person") or None, _provision(query.get("provision"))
        ids = None if provision is None else below(timeline.now, provision) | {provision}
        shown = timeline.only(person, ids)
        at, since = moment_asked(timeline, shown, seq_in(query.get("at")), seq_in(query.get("since")))
        changes = await self.services.history.changes(asks.who.user, access.id, since, at)
        now = outline(timeline.now)
        names = Names(now, asks.catalogue)
        stops = timeline.only(None, ids).stops
        newest = stops[-1].seq if stops else timeline.end
        colours = access.colours()
        context = self._text_context(access, timeline.versions, changes, names, provision, person) | {
            "access": access,
            "is_now": at >= newest,
            "tab": "history",
            "refusal": refusal,
            "timeline": timeline,
            "days": days(shown.sittings[-LISTED:], names),
            "unlisted": max(len(shown.sittings) - LISTED, 0),
            "articles": [e for e in now.entries if e.provision.kind is Kind.ARTICLE],
            "named": names.one,
            "data": {
                "messages": asks.catalogue.area("history"),
                "stops": stops_json(timeline, shown),
                "people": {
                    id_: {"name": one.name, "color": colours[id_]} for id_, one in timeline.people.items()
                },
                "at": at,
                "newest": newest,
            },
        }
        return self.pages.shown(
            request, "history.html", asks, context, status_of(refusal) if refusal else 200
        )

    async def text(self, request: Request) -> Response:
        """The text at `at` with what changed after `since`, a piece of the page.

        `newest`: nothing of what is shown changed later.
        """
        asks, access = await self.pages.opened(request)
        query = request.query_params
        at = seq_in(query.get("at")) or 0
        since = seq_in(query.get("since"))
        changes = await self.services.history.changes(
            asks.who.user, access.id, at if since is None else since, at
        )
        versions = await self.services.versions.of(access)
        names = Names(outline(changes.document), asks.catalogue)
        provision, person = _provision(query.get("provision")), query.get("person") or None
        context = self._text_context(access, versions, changes, names, provision, person)
        more = {"access": access, "is_now": "newest" in query}
        return self.pages.shown(request, "history_text.html", asks, context | more)

    def _text_context(
        self,
        access: Access,
        versions: Sequence[Version],
        changes: Changes,
        names: Names,
        provision: ProvisionId | None,
        person: str | None,
    ) -> dict[str, Any]:
        chosen = changes.lines
        if provision is not None:
            ids = below(changes.document, provision) | below(changes.earlier, provision)
            chosen = tuple(line for line in chosen if line.place.entry.provision.id in ids)
        altered = {line.place.entry.provision.id: line.who(changes.people) for line in chosen if line.changed}
        kept = {"person": person, "provision": provision}
        return {
            "changes": changes,
            "lines": chosen,
            "changed": len(altered),
            "first": next(iter(altered), ""),
            "credits": altered,
            "writers": list({one.id: one for people in altered.values() for one in people}.values()),
            "provision": provision,
            "provision_name": names.one(provision) if provision else "",
            "person": person,
            "version": next((v for v in versions if v.seq == changes.seq), None),
            "may_write": access.may(Permission.WRITE),
            "may_restore": access.may(Permission.WRITE) and any(line.place.after for line in chosen),
            "address": address_of(access, kept),
            "what": what_became,
        }

    async def act(self, request: Request) -> Response:
        """Restore, or keep as a version, what the form names; then back, or to the draft."""
        asks, access = await self.pages.opened(request, Permission.WRITE)
        form = await self.pages.form(request, asks.who.session.csrf)
        user, at = asks.who.user, seq_in(str(form.get("at", "")) or None) or 0
        provision = _provision(str(form.get("provision", "")) or None)
        try:
            if "keep" in form:
                await self.services.history.keep(user, access.id, at, str(form.get("name", "")))
                return RedirectResponse(address_of(access, {"provision": provision})(at=at), 303)
            before = asks.catalogue("web.version.before_restore")
            await self.services.history.restore(user, access.id, at, before, provision)
        except Refusal as refusal:
            return await self._page(request, asks, access, refusal)
        return RedirectResponse(f"/documents/{access.id}" + (f"#p-{provision}" if provision else ""), 303)


def _provision(given: str | None) -> ProvisionId | None:
    """Raises Refusal provision_not_found: no provision has so long an id."""
    if given is not None and len(given) > MAX_ID:
        raise Refusal("provision_not_found")
    return ProvisionId(given) if given else None


def address_of(access: Access, kept: Mapping[str, str | None]) -> Any:
    """`address(at=5, since=3, person=None)`: this page with what is kept, changed by what is given."""

    def address(**given: object) -> str:
        asked = {name: value for name, value in {**kept, **given}.items() if value not in (None, "")}
        return f"/documents/{access.id}/history" + (f"?{urlencode(asked)}" if asked else "")

    return address


def moment_asked(timeline: Timeline, shown: Timeline, at: int | None, since: int | None) -> tuple[Seq, Seq]:
    """The moment to show and the one before it: the newest of those shown, unless asked otherwise.

    Raises Refusal seq_not_found for one that is not there.
    """
    if at is None:
        at = shown.stops[-1].seq if shown.stops else timeline.end
    if since is None:
        seqs = [stop.seq for stop in timeline.stops]
        place = bisect_left(seqs, at)
        since = seqs[place - 1] if place else at
    if not 1 <= at <= timeline.end or not 1 <= since <= timeline.end:
        raise Refusal("seq_not_found", last=timeline.end)
    return Seq(at), Seq(min(since, at))


def stops_json(timeline: Timeline, shown: Timeline) -> list[dict[str, Any]]:
    """The stops shown, each with the stop before it and the sitting it lies in."""
    earlier = {now.seq: before.seq for before, now in pairwise(timeline.stops)}
    lasts = [one.last for one in shown.sittings]
    return [
        {
            "seq": stop.seq,
            "since": earlier.get(stop.seq, stop.seq),
            "at": stop.at,
            "user": stop.user_id,
            "sitting": lasts[bisect_left(lasts, stop.seq)],
        }
        for stop in shown.stops
    ]


class Names:
    """What provisions are called today."""

    def __init__(self, now: Outline, catalogue: Catalogue) -> None:
        self._now, self._catalogue = now, catalogue
        self._at = {entry.provision.id: at for at, entry in enumerate(now.entries)}

    def one(self, provision: ProvisionId) -> str:
        """ "khoản 2 Điều 5", or that it is gone."""
        at = self._at.get(provision)
        return self._catalogue("history.gone") if at is None else self._cited(self._now.entries[at])

    def _cited(self, entry: Entry) -> str:
        if entry.number:
            return spoken_path(entry.path, self._catalogue)
        return entry.label or brief(entry.provision.text, HEADING) or spoken_path(entry.path, self._catalogue)

    def sitting(self, sitting: Sitting) -> str:
        """What a sitting touched, article by article: "Điều 5, Điều 7 và 3 mục khác"."""
        if sitting.reason == SEED:
            return self._catalogue("history.made")
        heads = sorted({self._head(at) for id_ in sitting.touched if (at := self._at.get(id_)) is not None})
        names = [self._cited(self._now.entries[at]) for at in heads]
        if any(id_ not in self._at for id_ in sitting.touched):
            names.append(self._catalogue("history.gone"))
        more = len(names) - NAMED
        text = ", ".join(names[:NAMED])
        return self._catalogue("history.and_more", names=text, n=more) if more > 0 else text

    def _head(self, at: int) -> int:
        """The article, or the division, that a provision belongs to."""
        entry = self._now.entries[at]
        while entry.parent is not None and entry.provision.kind not in (Kind.ARTICLE, *UPPER):
            at, entry = entry.parent, self._now.entries[entry.parent]
        return at


def days(sittings: Sequence[Sitting], names: Names) -> list[tuple[Sitting, str]]:
    """Newest first, each with what it touched."""
    return [(one, names.sitting(one)) for one in reversed(sittings)]


def what_became(line: Line) -> str:
    """The key of the word for what became of a provision as a whole; "" when only its words changed."""
    before, after = line.place.before, line.place.after
    if after is None:
        return "history.removed"
    if before is None:
        return "history.split" if any(run.op == "=" for run in line.runs) else "history.added"
    if line.place.moved:
        return "history.moved"
    if before.provision.kind is not after.provision.kind:
        return "history.kind"
    return ""
