"""The demonstration's dossier: a revision half way, its round of opinions open, its synthesis begun.

What a newcomer looks for is there to be tried: two opinions wait to be joined, three for an answer, and
one of the people has not answered yet. Every step looks whether it is done already, as all of `duthao
demo` does. Days in `dossier.json` count from the day of loading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

from anyio import to_thread

from duthao.domain.demonstration import provision_with
from duthao.domain.document import Document, DocumentId
from duthao.domain.dossiers import Origin, Paper, PaperKind, Part, Person, PlanStep, Source
from duthao.domain.opinions import Verdict
from duthao.domain.process import Decision, Outcome, State
from duthao.domain.rounds import Invitation, Item, Round, Said, Way
from duthao.domain.synthesis.groups import Group, Stance
from duthao.service.asked import Asked
from duthao.service.rounds import Entry, Wanted
from duthao.service.services import Services
from duthao.service.synthesis import Answering
from duthao.store.ports import DocumentRecord, User, Version

DAY = 24 * 60 * 60 * 1000


class DossierLoading:
    """One run for the regulation, as its lead and its team; `users` by name, those that are there."""

    def __init__(self, services: Services, document_id: DocumentId, users: Mapping[str, User]) -> None:
        self.services, self.document_id, self.users = services, document_id, users
        self.store = services.tools.store
        self.shown: Mapping[str, Any] = json.loads(
            files("duthao").joinpath("demo", "dossier.json").read_text(encoding="utf-8")
        )

    @property
    def lead(self) -> User:
        return self.users["hanh"]

    @property
    def clerk(self) -> User:
        return self.users["dung"]

    def _day(self, days: int | None) -> date | None:
        return None if days is None else self.services.dossiers.today + timedelta(days=days)

    # --- the dossier, and the draft that was sent out ------------------------------------------

    async def submit(self, name: str, reason: str) -> None:
        """The live draft becomes Dự thảo lần 1, and its first level has it sent out for opinions."""
        steps = self.services.dossier_steps
        dossier_id = await self._dossier()
        view = await self.services.dossiers.view(self.lead, dossier_id)
        if view.process.state is State.DRAFTING:
            await steps.submit(self.lead, dossier_id, State.STANDING1.value, name, reason)
            view = await self.services.dossiers.view(self.lead, dossier_id)
        if view.process.state is State.STANDING1:
            said = self.shown["consent"]
            await steps.decide(
                self.lead,
                dossier_id,
                Decision(
                    State.STANDING1, self.services.dossiers.today, Outcome.PASSED, said["conclusion"],
                    place=said["place"], chair=said["chair"], secretary=said["secretary"],
                ),
            )  # fmt: skip

    async def _dossier(self) -> str:
        dossiers = self.services.dossiers
        found = await dossiers.of_document(self.lead, self.document_id)
        id_ = found.id if found else await dossiers.begin(
            self.lead, self.document_id, "", term=self.shown["term"]
        )  # fmt: skip
        view = await dossiers.view(self.lead, id_)
        # Papers are the last that is written.
        if not any(isinstance(part, Paper) for part in view.parts):
            for part in self._parts(view.parts):
                await dossiers.keep_part(self.lead, id_, part)
        return id_

    def _parts(self, there: Sequence[Part]) -> list[Part]:
        """What is not there yet, and what is there with more said of it."""
        said = self.shown
        mine = next(one for one in there if isinstance(one, Person) and one.user_id == self.lead.id)
        parts: list[Part] = [replace(mine, task=said["group"]["lead"])]
        known = set(map(_called, there))
        for one in said["group"]["members"]:
            user = self.users.get(one.get("username", ""))
            name = user.name if user else one["name"]
            parts.append(Person("", name, user.id if user else None, one["task"], self._day(one["due"])))
        plan = {one.key: one for one in there if isinstance(one, PlanStep)}
        for one in said["plan"]:
            user = self.users.get(one.get("username", ""))
            parts.append(
                replace(
                    plan[one["key"]], begins=self._day(one.get("begins")), due=self._day(one["due"]),
                    user_id=user.id if user else None, who=one.get("who", ""), note=one.get("note", ""),
                    done_on=self._day(one.get("done")),
                )
            )  # fmt: skip
        for one in said["sources"]:
            origin = Origin(one["origin"])
            parts.append(
                Source("", origin, one["text"], one.get("letter", ""), one["place"], one["by"],
                       one.get("settled", ""))
            )  # fmt: skip
        parts += [
            Paper("", PaperKind(one["kind"]), one["name"], None, one["letter"]) for one in said["papers"]
        ]
        return [part for part in parts if part.id or _called(part) not in known]

    # --- the round ----------------------------------------------------------------------------

    async def ask(self, version: Version) -> None:
        """The round about this draft, and the answers that have come."""
        services, said = self.services, self.shown["round"]
        access = await services.documents.open(self.lead, self.document_id)
        round_ = next(iter(await to_thread.run_sync(self.store.rounds.for_document, self.document_id)), None)
        if round_ is None:
            names = [one["unit"] for one in self.shown["answers"] if "unit" in one]
            members = [self.users[one["username"]].id for one in self.shown["answers"] if "username" in one]
            deadline = services.tools.clock() + said["days"] * DAY
            issued = await services.rounds.create(
                self.lead,
                self.document_id,
                Wanted(version.id, said["name"], said["question"], deadline, members, "\n".join(names)),
            )
            round_ = issued.round
        _, draft = await services.versions.open(access, version.id)
        invited = {
            one.name: one
            for one in await to_thread.run_sync(self.store.rounds.invitations, round_.id)
        }  # fmt: skip
        for one in self.shown["answers"]:
            user = self.users.get(one.get("username", ""))
            invitation = invited[user.name if user else one["unit"]]
            await self._answer(access.record, round_, invitation, user, one, draft)

    async def _answer(
        self, record: DocumentRecord, round_: Round, invitation: Invitation, user: User | None,
        one: Mapping[str, Any], draft: Document,
    ) -> None:  # fmt: skip
        answered = await to_thread.run_sync(self.store.rounds.answers, round_.id, invitation.id)
        if answered or "verdict" not in one:
            return
        items = tuple(
            Item(
                provision_with(draft, item["article"], item["words"]) if "article" in item else None,
                item["text"], item.get("wording", ""),
            )
            for item in one["items"]
        )  # fmt: skip
        said = Said(Verdict(one["verdict"]), one.get("general", ""), items, one.get("letter", ""))
        if one.get("paper"):
            now = self.services.tools.clock()
            await self.services.rounds.enter(
                self.clerk, round_.id, Entry(Way.PAPER, invitation.id, "", said, now)
            )
            return
        asked = Asked(record, round_, invitation, user)
        await self.services.answers.look(asked)
        await self.services.answers.send(asked, said, invitation.draft_edition)

    async def ask_last(self) -> None:
        """Who was not there before is asked as well, and finds the question waiting."""
        asked = self.users[self.shown["asked_last"]]
        (round_,) = await to_thread.run_sync(self.store.rounds.for_document, self.document_id)
        invited = await to_thread.run_sync(self.store.rounds.invitations, round_.id)
        if asked.id not in {one.user_id for one in invited}:
            await self.services.rounds.invite(self.lead, round_.id, [asked.id], "")

    # --- the synthesis ------------------------------------------------------------------------

    async def answer(self) -> None:
        """The first groups get their answers, each with the changes it led to."""
        access = await self.services.documents.open(self.lead, self.document_id)
        draft, _ = await self.services.documents.live(access)
        for said in self.shown["groups"]:
            found = await to_thread.run_sync(self._groups, said["contains"])
            if any(group.answer for group in found):
                continue
            group = found[0]
            if len(found) > 1:
                ids = [one.id for one in found]
                await self.services.syntheses.join(self.lead, self.document_id, ids)
                (group,) = await to_thread.run_sync(self._groups, said["contains"])
            changes = tuple(provision_with(draft, one["article"], one["words"]) for one in said["changed"])
            await self.services.syntheses.answer(
                self.lead,
                self.document_id,
                group.id,
                group.edition,
                Answering(Stance(said["stance"]), said["answer"], self.lead.id, changes=changes),
            )

    def _groups(self, contains: Sequence[str]) -> list[Group]:
        """Those with an opinion that says one of these."""
        synthesis = self.services.syntheses.synthesis(self.document_id)

        def says(group: Group) -> bool:
            texts = [synthesis.by_id[id_].text for id_ in group.opinions]
            return any(words in text for text in texts for words in contains)

        return [group for group in synthesis.heaps if says(group)]


def _called(part: Part) -> tuple[type, str]:
    """By what a part is known again that has no id yet."""
    named = part.text if isinstance(part, Source) else "" if isinstance(part, PlanStep) else part.name
    return type(part), named
