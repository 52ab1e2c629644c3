"""What a replica learns of a loaded text a step at a time is what it would learn at once, whatever
is written meanwhile."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from duthao.collab.replica import Replica
from duthao.collab.update_reader import STORED_LIMITS, Types, read_update
from tests.support.collab_client import PycrdtReplica, entry, seed


def _listed(types: Types | None) -> tuple[object, ...]:
    assert types is not None
    return types._kinds, types._containers, types._unplaced


ACTS = st.lists(st.sampled_from(["step", "step", "letter", "provision", "stored letter", "stored provision"]))


@given(acts=ACTS, sizes=st.integers(0, 12), chains=st.integers(1, 2))
def test_learned_a_step_at_a_time_or_at_once(acts: list[str], sizes: int, chains: int) -> None:
    writer = PycrdtReplica()
    writer.apply(seed({f"p{n}": f"chữ {n}" for n in range(sizes)}))
    replica = Replica.from_rows(writer.state(), ())
    with patch("duthao.collab.update_reader.STEP", 0):
        preparing = [replica.preparing() for _ in range(chains)]
        for number, act in enumerate(acts):
            if act == "step":
                for one in preparing:
                    next(one, None)
                continue
            before = writer.state_vector()
            if act.endswith("provision") or not writer.texts():
                writer.provisions[f"n{number}"] = entry(f"n{number}", "mới")
            else:
                writer.provisions[min(writer.texts())]["text"] += "x"
            update = writer.diff(before)
            applied = replica.apply_stored(update) if act.startswith("stored") else replica.apply(update)
            assert applied.has_effect
        for one in preparing:
            list(one)
    fresh = Types()
    fresh.admit(read_update(writer.state(), STORED_LIMITS).types)
    assert _listed(replica._types) == _listed(fresh)
    assert replica.clocks() == Replica.from_rows(writer.state(), ()).clocks()
    assert not replica.pending()
