"""Dossiers in every store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from duthao.domain.document import DocumentId
from duthao.domain.dossiers import Dossier, DossierKind
from duthao.domain.process import Majority, Rules, State
from duthao.store.dossiers import Change, Event, PartRow
from duthao.store.ports import EpochMillis, News, Notification, Seq, Store, Version, VersionKind
from tests.support.stores import AN, BINH, DRAFT

LATE = 2**41


def dossier(id_: str = "d", at: int = 0) -> Dossier:
    rules = Rules(State.BUREAU, (State.BUREAU,), Majority.TWO_THIRDS, direct=True, appraised=True)
    return Dossier(id_, DRAFT, DossierKind.RESOLUTION, "Sửa “quy chế”", "2025–2030", rules, AN, LATE + at)


def event(act: str = "begun", id_: str = "d") -> Event:
    return Event(id_, LATE, AN, act, '{"a": "ạ"}')


PERSON = PartRow("p", "d", "person", "{}", BINH)
STEP = PartRow("s", "d", "plan", '{"title": "ế"}')


class TestDossiers:
    def test_come_back_as_they_were_and_one_is_open(self, populated: Store) -> None:
        door = populated.dossiers
        assert door.create(dossier(), [PERSON, STEP], event())
        assert not door.create(dossier("e"), [], event(id_="e"))
        assert door.get("d") == dossier()
        assert door.get("e") is None
        assert door.of_documents([DRAFT]) == (dossier(),)
        assert door.of_documents([]) == ()
        assert door.of_user(BINH) == (dossier(),)
        assert door.of_user(AN) == ()
        assert door.parts(["d", "x"]) == {"d": (PERSON, STEP), "x": ()}
        assert door.events("d") == (replace(event(), place=1),)
        with pytest.raises(ValueError):
            door.create(replace(dossier("e"), document_id=DocumentId("nowhere")), [], event(id_="e"))

    def test_change_by_editions_with_everything_or_nothing(self, populated: Store) -> None:
        door = populated.dossiers
        door.create(dossier(), [PERSON, STEP], event())
        issued = replace(dossier(), state=State.ISSUED)
        done = replace(STEP, body="{}")
        new = PartRow("n", "d", "paper", "{}")
        version = populated.versions.create(
            Version(
                "v", DRAFT, Seq(1), VersionKind.CURRENT, None, "", "", b"{}", "x", (), AN, EpochMillis(LATE)
            )
        )
        kept = door.keep(
            "d", Change(event("issue"), issued, (done, new), ("p",), b"\x00table", version.id)
        )  # fmt: skip
        assert kept == replace(event("issue"), place=2, frozen=True)
        assert door.get("d") == replace(issued, edition=2)
        assert door.parts(["d"]) == {"d": (done, new)}
        assert door.of_user(BINH) == ()
        assert (door.frozen("d", 2), door.frozen("d", 1), door.frozen("x", 1)) == (b"\x00table", None, None)
        record = populated.documents.get(DRAFT)
        assert record is not None
        assert record.current_version == "v"
        assert door.keep("d", Change(event(), issued, (PERSON,))) is None
        assert door.keep("x", Change(event(id_="x"))) is None
        assert door.parts(["d"]) == {"d": (done, new)}
        # An act that changes no step needs no edition, and makes none.
        assert door.keep("d", Change(event("part"), put=(PERSON,))) == replace(event("part"), place=3)
        assert door.get("d") == replace(issued, edition=2)
        assert [one.act for one in door.events("d")] == ["begun", "issue", "part"]
        # The document is free for the next revision.
        assert door.create(dossier("e", 1), [], event(id_="e"))
        assert [one.id for one in door.of_documents([DRAFT])] == ["e", "d"]

    def test_the_group_is_told_of_its_tasks_and_of_nothing_else(self, populated: Store) -> None:
        populated.dossiers.create(dossier(), [PERSON, STEP], event())
        task = Notification("t", BINH, DRAFT, News.TASKED, AN, EpochMillis(LATE))
        populated.notifications.add([task, replace(task, id="m", news=News.MENTIONED)], 9)
        assert populated.notifications.for_user(BINH) == (task,)
        assert populated.notifications.unread(BINH) == 1
        populated.dossiers.keep("d", Change(event(), gone=("p",)))
        assert populated.notifications.for_user(BINH) == ()
