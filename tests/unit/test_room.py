"""A room by bytes: the order of an update, loading, closing, and what goes wrong."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import weakref
from concurrent.futures.process import BrokenProcessPool

import pytest

from duthao.collab import lib0, wire
from duthao.collab.aside import AsideProcess
from duthao.collab.close import Close
from duthao.collab.connection import MAX_OUTBOX, Parcel
from duthao.collab.replica import PycrdtEngine
from duthao.collab.room import Room
from duthao.collab.rooms import SLICE
from duthao.domain.document import Document, DocumentId, Kind, Provision, ProvisionId, UserId
from duthao.domain.errors import Refusal
from duthao.store.ports import (
    DocumentRecord,
    EpochMillis,
    JournalEntry,
    Role,
    Seq,
    StoreUnavailable,
)
from tests.support.collab_client import PycrdtReplica, seed, until
from tests.support.house import Guest, House, house, turns
from tests.support.server_process import DRAFT


def test_an_update_is_shown_and_acknowledged_after_the_commit_only() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an, binh = Guest(room), Guest(room, "editor1")
            an.waiting(), binh.waiting()
            h.held.open.clear()
            update = an.update("xin chào")
            an.send(update)
            room.receive(binh.connection, wire.sync_step_1(b"\x00"))
            await turns()
            assert an.waiting() == binh.waiting() == []
            h.held.open.set()
            await until(lambda: len(an.outbox.messages) >= 1 and len(binh.outbox.messages) >= 2)
            assert an.waiting() == [wire.stored(1)]
            answer, shown = binh.waiting()
            assert shown == wire.update(update)
            assert answer[:2] == b"\x00\x01"
            assert h.store.journal.read(DRAFT)[-1].entry.payload == update
            assert (await room.read())[1] == room.seq == 2

    asyncio.run(scenario())


def test_what_shares_a_commit_is_shown_as_one_frame() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an, binh = Guest(room), Guest(room, "editor1")
            h.held.open.clear()
            for n in range(5):
                an.send(an.update(f"{n}"))
            await turns()
            an.waiting(), binh.waiting()
            told: list[bytes] = []
            frames: list[bytes] = []
            h.held.open.set()

            def all_told() -> bool:
                told.extend(an.waiting())
                frames.extend(binh.waiting())
                return wire.stored(5) in told and bool(frames)

            await until(all_told)
            assert len(frames) <= 2
            for frame in frames:
                reader_at = frame[2:]
                length = reader_at[0]
                binh.replica.apply(reader_at[1 : 1 + length] if length < 128 else reader_at[2:])
            assert binh.replica.texts()["p0"] == "01234"

    asyncio.run(scenario())


def test_one_who_types_while_the_service_edits_is_shown_the_service_s_edit() -> None:
    """Found by the model: stored in the same commit, it was kept from the one who typed."""

    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            an.waiting()
            h.held.open.clear()
            first = Guest(room, "editor1")
            first.send(first.update("đang ghi"))  # holds the journal, so that the next two share a commit
            await turns()
            an.send(an.update("chữ của An ", "p1"))
            tree = room.tree()
            *others, last = tree.provisions
            target = Document((*others, Provision(last.id, last.kind, "do máy chủ sửa")))
            restored = asyncio.create_task(room.restore(target, UserId("lead")))
            await turns()
            h.held.open.set()
            await restored
            await turns()
            for frame in an.waiting():
                if frame[:2] == b"\x00\x02":
                    an.replica.apply(lib0.Reader(frame[2:]).blob())
            assert an.replica.texts() == {str(p.id): p.text for p in room.tree().provisions}
            assert an.replica.texts()["p9"] == "do máy chủ sửa"

    asyncio.run(scenario())


@pytest.mark.parametrize("role", [Role.COMMENTER, Role.READER])
def test_an_update_of_somebody_who_may_not_write_changes_nothing(role: Role) -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            guest = Guest(room, "reader", role)
            guest.waiting()
            guest.send(guest.update("lén"))
            assert guest.events() == [{"type": "refused", "code": "read_only"}]
            assert guest.connection.closing is None
            assert (room.tree().provisions[0].text, h.store.journal.end(DRAFT)) == ("", 1)

    asyncio.run(scenario())


def test_a_hole_a_foreign_client_id_and_rubbish_end_the_sender_only() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            good, hole, thief, vandal = (Guest(room, f"editor{n}") for n in range(4))
            hole.update("first, never sent")
            hole.send(hole.update("second"))
            good.send(good.update("a"))
            thief.replica = good.replica
            thief.send(good.update("b"))
            vandal.send(b"\xff\xff\xff")
            assert [g.connection.closing for g in (good, hole, thief, vandal)] == [
                None, Close.RESYNC, Close.BAD_MESSAGE, Close.BAD_MESSAGE,
            ]  # fmt: skip
            document, seq = await room.read()
            assert (document.provisions[0].text, seq, room.broken) == ("a", 2, False)

    asyncio.run(scenario())


def test_what_is_refused_claims_no_client_id() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an, thief = Guest(room), Guest(room, "editor1")
            before = dict(room._owners)
            update = an.update("của An")
            # A colleague's client id, on content in nothing: refused after the ids were looked at.
            client = next(iter(PycrdtEngine().read_update(update).clients))
            orphan = b"".join((
                lib0.uint(1), lib0.uint(1), lib0.uint(client), lib0.uint(0),
                b"\x04\x00", lib0.uint(client + 1), lib0.uint(0), lib0.string("x"), b"\x00",
            ))  # fmt: skip
            thief.send(orphan)
            await turns()
            assert thief.connection.closing is not None
            assert room._owners == before
            an.send(update)
            await until(lambda: h.store.journal.end(DRAFT) == 2)
            assert an.connection.closing is None
            assert room._owners[client] == "editor0"

    asyncio.run(scenario())


def test_a_journal_in_trouble_is_said_acknowledges_nothing_and_recovers() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            an.waiting()
            h.held.away = True
            an.send(an.update("a"))
            while h.writer.healthy:
                await asyncio.sleep(0.005)
            assert an.events() == [{"type": "storage", "ok": False}]
            h.held.away = False
            assert (await room.read())[1] == 2
            await turns()
            frames = an.waiting()
            assert wire.stored(1) in frames
            assert any(b'"ok":true' in frame for frame in frames)

    asyncio.run(scenario())


def test_a_journal_given_up_closes_the_room_which_then_loads_what_was_stored() -> None:
    async def scenario() -> None:
        async with house(patience=0.0) as h:
            async with h.rooms.open(DRAFT) as room:
                an = Guest(room)
                h.held.away = True
                an.send(an.update("a"))
                while an.connection.closing is None:
                    await asyncio.sleep(0.005)
                assert (an.connection.closing, room.broken) == (Close.TRY_AGAIN, True)
                with pytest.raises(StoreUnavailable):
                    await room.read()
            with pytest.raises(StoreUnavailable):
                async with h.rooms.open(DRAFT):
                    pass
            h.held.away = False
            async with h.rooms.open(DRAFT) as again:
                assert again is not room
                assert again.tree().provisions[0].text == ""

    asyncio.run(scenario())


def test_many_who_open_share_one_load_and_a_failed_one_is_no_empty_document() -> None:
    async def scenario() -> None:
        async with house(grace=5) as h:

            async def visit() -> Room:
                async with h.rooms.open(DRAFT) as room:
                    return room

            h.held.away = True
            answers = await asyncio.gather(*(visit() for _ in range(5)), return_exceptions=True)
            assert {type(answer) for answer in answers} == {StoreUnavailable}
            h.held.away, h.held.loads = False, 0
            assert len(set(map(id, await asyncio.gather(*(visit() for _ in range(20)))))) == 1
            assert h.held.loads == 1
            with pytest.raises(Refusal) as refusal:
                async with h.rooms.open(DocumentId("nobody")):
                    pass
            assert refusal.value.code == "document_not_found"

    asyncio.run(scenario())


def test_a_load_that_fails_when_all_have_left_leaves_nothing_behind() -> None:
    async def scenario() -> None:
        async with house() as h:
            h.held.away = True
            slow = asyncio.Event()

            async def settle(_document_id: DocumentId) -> None:
                await slow.wait()

            h.writer.settle = settle  # type: ignore[method-assign]

            async def visit() -> None:
                async with h.rooms.open(DRAFT):
                    pass

            impatient = asyncio.create_task(visit())
            await asyncio.sleep(0.01)
            impatient.cancel()
            await asyncio.gather(impatient, return_exceptions=True)
            slow.set()
            closer = h.rooms._entries[DRAFT].closer
            assert closer is not None
            await closer
            assert h.rooms._entries == {}

    asyncio.run(scenario())


def test_roles_change_under_open_connections() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            from dataclasses import replace

            an, reader = Guest(room), Guest(room, "reader", Role.READER)
            an.waiting(), reader.waiting()
            for name, role in (("editor0", Role.READER), ("reader", Role.EDITOR)):
                member = h.store.documents.membership(DRAFT, UserId(name))
                assert member is not None
                h.store.documents.set_member(replace(member, role=role))
                await h.rooms.access_changed(DRAFT, UserId(name))
            assert an.events() == [{"type": "access", "role": "reader"}]
            assert reader.connection.closing is Close.ACCESS_CHANGED
            h.store.documents.remove_member(DRAFT, UserId("editor0"))
            await h.rooms.access_changed(DRAFT)
            assert an.connection.closing is Close.NO_ACCESS

    asyncio.run(scenario())


def test_one_who_does_not_read_is_dropped_at_the_bound() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            slow = Guest(room)
            for _ in range(10):
                slow.connection.send(Parcel(b"x" * (MAX_OUTBOX // 8)))
            assert slow.connection.closing is Close.TOO_SLOW
            assert slow.outbox.waiting() <= MAX_OUTBOX

    asyncio.run(scenario())


def test_while_a_large_state_travels_the_bound_holds_for_what_comes_behind_it() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            opening, state = Guest(room), Parcel(b"s" * (3 * MAX_OUTBOX))
            opening.connection.send_state(state)
            news = Parcel(b"n" * (MAX_OUTBOX // 4))
            for _ in range(4):
                opening.connection.send(news)
            assert opening.connection.closing is None
            opening.connection.send(news)
            assert opening.connection.closing is Close.TOO_SLOW
            # Asked for again and again by one who reads none of it.
            greedy = Guest(room)
            greedy.connection.send_state(state)
            greedy.connection.send_state(state)
            assert greedy.connection.closing is Close.TOO_SLOW

    asyncio.run(scenario())


def test_once_a_state_has_arrived_no_more_may_wait_than_ever() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            guest = Guest(room)
            guest.connection.send_state(Parcel(b"s" * (3 * MAX_OUTBOX)))
            guest.outbox.clear()
            guest.connection.send(Parcel(b"n" * MAX_OUTBOX))
            assert guest.connection.closing is None
            guest.connection.send(Parcel(b"n"))
            assert guest.connection.closing is Close.TOO_SLOW

    asyncio.run(scenario())


def test_the_service_can_restore_forward_and_read_the_past() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            an.send(an.update("cũ"))
            target = Document((Provision(ProvisionId("p0"), Kind.PARAGRAPH, "mới"),))
            assert await h.rooms.restore(DRAFT, target, UserId("lead")) == 3
            assert (await h.rooms.read(DRAFT))[0].provisions[0].text == "mới"
            assert (await h.rooms.read_at(DRAFT, Seq(2))).provisions[0].text == "cũ"
            assert h.store.journal.read(DRAFT)[-1].entry.reason == "restore"

    asyncio.run(scenario())


def test_the_draft_is_revised_as_it_is_just_now_each_step_to_its_person() -> None:
    async def scenario() -> None:
        async with house() as h, h.rooms.open(DRAFT) as room:
            an = Guest(room)
            seen: list[str] = []

            def reads(text: str) -> Document:
                return Document((Provision(ProvisionId("p0"), Kind.PARAGRAPH, text),))

            def revise(now: Document) -> list[tuple[Document, UserId | None]]:
                seen.append(now.provisions[0].text)
                return [
                    (now, UserId("nobody")),
                    (reads("của người góp ý"), UserId("gop")),
                    (reads("mới"), None),
                ]

            an.send(an.update("vừa gõ"))
            end = (await h.rooms.revise(DRAFT, revise, UserId("lead"), "proposal"))[-1]
            rows = h.store.journal.read(DRAFT)
            assert "vừa gõ" in seen[0]
            assert (end, [(r.entry.user_id, r.entry.credited, r.entry.reason) for r in rows[-2:]]) == (
                rows[-1].seq, [("lead", "gop", "proposal"), ("lead", None, "proposal")]
            )  # fmt: skip
            assert (await h.rooms.read_at(DRAFT, rows[-2].seq)).provisions[0].text == "của người góp ý"
            assert (await h.rooms.read(DRAFT))[0].provisions[0].text == "mới"
            # Nothing to change: nothing is written, and what is there is stored.
            assert await h.rooms.revise(DRAFT, lambda now: [(now, None)], UserId("lead"), "proposal") == (
                end,
            )

            def refuses(now: Document) -> list[tuple[Document, UserId | None]]:
                raise Refusal("proposal_conflict")

            with pytest.raises(Refusal, match="proposal_conflict"):
                await h.rooms.revise(DRAFT, refuses, UserId("lead"), "proposal")
            assert h.store.journal.end(DRAFT) == end

    asyncio.run(scenario())


def test_loading_many_rows_lets_others_have_their_turn() -> None:
    async def scenario() -> None:
        async with house() as h:
            async with h.rooms.open(DRAFT) as room:
                an = Guest(room)
                for n in range(900):
                    an.send(an.update(f"{n} "))
                await room.read()
            while h.rooms._entries:
                await asyncio.sleep(0.005)
            turns = 0

            async def others() -> None:
                nonlocal turns
                while True:
                    turns += 1
                    await asyncio.sleep(0)

            replay, turns_of = h.rooms._replay, list[int]()

            async def counted(loaded: object) -> object:
                before = turns
                done = await replay(loaded)  # type: ignore[arg-type]
                turns_of.append(turns - before)
                return done

            h.rooms._replay = counted  # type: ignore[method-assign,assignment]
            task = asyncio.create_task(others())
            await h.rooms.read(DRAFT)
            task.cancel()
            assert turns_of[0] >= 900 // SLICE

    asyncio.run(scenario())


def test_work_aside_is_done_in_a_process_that_ends_when_idle_and_is_made_anew_when_it_dies() -> None:
    async def scenario() -> None:
        aside = AsideProcess(idle=0.05)
        replica = PycrdtReplica()
        replica.apply(seed({"p0": "một "}))
        state, vector = replica.state(), replica.state_vector()
        text = replica.provisions["p0"]["text"]
        text += "chữ"
        row = replica.diff(vector)
        first = await aside(os.getpid)
        assert first != os.getpid()
        folded = await aside(PycrdtEngine().folded, state, [row])
        assert folded is not None
        assert [p.text for p in PycrdtEngine().load(folded).tree().provisions] == ["một chữ"]
        with pytest.raises(BrokenProcessPool):
            await aside(os._exit, 1)
        assert await aside(os.getpid) != first
        await asyncio.sleep(0.2)
        assert aside._pool is None

    asyncio.run(scenario())


def test_200_rooms_opened_and_closed_are_gone() -> None:
    async def scenario() -> None:
        async with house() as h:
            gone = []
            for n in range(200):
                document_id = DocumentId(f"d{n}")
                record = DocumentRecord(document_id, "t", "g", None, UserId("lead"), EpochMillis(1))
                h.store.documents.create(record, [])
                first = h.store.journal.read(DRAFT)[0].entry.payload
                h.store.journal.append(
                    [JournalEntry(document_id, EpochMillis(1), UserId("lead"), "s", (), first)]
                )
                async with h.rooms.open(document_id) as room:
                    Guest(room).send(b"\x00\x00")
                    gone.append(weakref.ref(room))
            del room
            while h.rooms._entries:
                await asyncio.sleep(0.005)
            await turns()
            gc.collect()
            assert sum(ref() is not None for ref in gone) == 0

    asyncio.run(scenario())


def test_what_arrives_in_the_moment_an_earlier_update_is_given_up_is_not_stored_without_it() -> None:
    """Found by the race below: the later update was stored, and the journal had a hole."""

    async def scenario() -> None:
        async with house(patience=0.0) as h:
            async with h.rooms.open(DRAFT) as room:
                an = Guest(room)
                first = an.update("a")
                second = an.update("b")
                give_up = h.writer._give_up

                def and_then(given_up: list[object]) -> None:
                    give_up(given_up)  # type: ignore[arg-type]
                    h.held.away = False
                    an.send(second)

                h.writer._give_up = and_then  # type: ignore[method-assign]
                h.held.away = True
                an.send(first)
                while not room.broken:
                    await asyncio.sleep(0.001)
                h.writer._give_up = give_up  # type: ignore[method-assign]
            document, _ = await h.rooms.read(DRAFT)
            assert document.provisions[0].text == ""

    asyncio.run(scenario())


async def settled_text(h: House) -> str:
    """The draft once the last room that was given up is gone: until then a read asks to try again."""
    for _ in range(100):
        try:
            return (await h.rooms.read(DRAFT))[0].provisions[0].text
        except StoreUnavailable as error:
            if "replay" in str(error):
                raise
            await asyncio.sleep(0.002)
    raise AssertionError("the draft does not open again")


@pytest.mark.parametrize("seed", range(8))
def test_opening_typing_leaving_and_failing_raced_against_each_other_lose_nothing(seed: int) -> None:
    """The model: whatever was acknowledged stands in the document exactly once, always."""

    async def person(h: House, name: int, chance: random.Random, kept: list[str]) -> None:
        for visit in range(12):
            try:
                async with h.rooms.open(DRAFT) as room:
                    guest = Guest(room, f"editor{name}")
                    marks = [f"<{name}.{visit}.{n}>" for n in range(chance.randrange(4))]
                    for mark in marks:
                        guest.send(guest.update(mark))
                        await asyncio.sleep(chance.choice((0, 0.001)))
                    if chance.random() < 0.7 and guest.connection.closing is None:
                        await room.read()
                    stored = [f[1] for f in guest.waiting() if f[0] == 100]
                    kept.extend(marks[: max(stored, default=0)])
            except StoreUnavailable:
                await asyncio.sleep(0.002)
            await asyncio.sleep(chance.choice((0, 0.001, 0.004)))

    async def scenario() -> None:
        chance, kept = random.Random(seed), list[str]()
        async with house(grace=0.001, checkpoint_after=2, patience=0.0) as h:

            async def trouble() -> None:
                while True:
                    await asyncio.sleep(chance.uniform(0.005, 0.02))
                    h.held.away = not h.held.away and chance.random() < 0.5

            troubled = asyncio.create_task(trouble())
            await asyncio.gather(*(person(h, n, chance, kept) for n in range(4)))
            troubled.cancel()
            h.held.away = False
            text = await settled_text(h)
            assert kept
            assert [mark for mark in kept if text.count(mark) != 1] == []
            rows = h.store.journal.read(DRAFT)
            replay = PycrdtReplica()
            for row in rows:
                replay.apply(row.entry.payload)
            assert replay.tree().provisions[0].text == text

    asyncio.run(scenario())


def test_a_journal_that_does_not_replay_is_an_error_and_not_an_empty_document() -> None:
    async def scenario() -> None:
        async with house() as h:
            broken = JournalEntry(DRAFT, EpochMillis(1), UserId("lead"), "s", (), b"\xff\xff\xff")
            h.store.journal.append([broken])
            with pytest.raises(StoreUnavailable):
                await h.rooms.read(DRAFT)
            assert (await h.rooms.read_at(DRAFT, Seq(1))).provisions[0].id == "p0"

    asyncio.run(scenario())
