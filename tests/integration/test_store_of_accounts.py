"""Second proofs, sessions, and who people are elsewhere, in every store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from duthao.store.accounts import Identity, SecondFactor
from duthao.store.ports import EpochMillis, LoginSession, Store
from tests.support.stores import AN, BINH

FACTOR = SecondFactor(AN, "ABCDEFGH", False, -1, ("a1", "b2"), 2**41)


def session(token: str, seen: int, **more: object) -> LoginSession:
    made = LoginSession(token, AN, "csrf", EpochMillis(1), EpochMillis(seen), EpochMillis(2**41))
    return replace(made, **more)  # type: ignore[arg-type]


def test_tries_are_counted_to_their_number_and_grow_old(populated: Store) -> None:
    tries, both = populated.tries, {"an": 2, "văn phòng": 3}
    assert [tries.count(both, at, 0) for at in (10, 20, 30)] == [0, 0, 10]
    # A refused one was counted under neither.
    assert [tries.count({"văn phòng": 3}, at, 0) for at in (40, 50)] == [0, 10]
    later = ((60, 10), (70, 10), (80, 20), (90, 20))
    assert [tries.count(both, at, since) for at, since in later] == [0, 20, 0, 60]


def test_a_good_try_is_taken_back_and_an_account_starts_anew(populated: Store) -> None:
    tries = populated.tries
    for at in (10, 20):
        tries.count({"an": 2, "văn phòng": 2}, at, 0)
    tries.take_back("văn phòng")
    tries.forget("an")
    tries.take_back("nơi khác")
    assert tries.count({"văn phòng": 2}, 30, 0) == 0
    assert [tries.count({"an": 2}, at, 0) for at in (40, 50, 60)] == [0, 0, 40]


def test_many_at_once_are_never_more_than_allowed(populated: Store) -> None:
    with ThreadPoolExecutor(8) as crowd:
        refused = list(crowd.map(lambda at: populated.tries.count({"an": 5}, at, 0), range(1, 41)))
    assert 0 < refused.count(0) <= 5


def test_a_factor_is_kept_changed_and_removed(populated: Store) -> None:
    factors = populated.second_factors
    assert factors.get(AN) is None
    factors.put(FACTOR)
    factors.put(confirmed := replace(FACTOR, confirmed=True, counter=7))
    assert (factors.get(AN), factors.get(BINH)) == (confirmed, None)
    factors.delete(AN)
    factors.delete(AN)
    assert factors.get(AN) is None


def test_a_period_is_used_once_and_none_before_it_afterwards(populated: Store) -> None:
    factors = populated.second_factors
    assert not factors.advance(AN, 5)
    factors.put(FACTOR)
    assert [factors.advance(AN, n) for n in (5, 5, 4, 6)] == [True, False, False, True]


def test_a_recovery_code_is_spent_once(populated: Store) -> None:
    factors = populated.second_factors
    assert not factors.spend(AN, "a1")
    factors.put(FACTOR)
    assert [factors.spend(AN, code) for code in ("c3", "a1", "a1", "b2", "b2", "")] == [
        False, True, False, True, False, False,
    ]  # fmt: skip
    left = factors.get(AN)
    assert left is not None
    assert left.codes == ()


def test_sessions_of_a_person_are_listed_last_seen_first(populated: Store) -> None:
    waiting = session("b", 30, awaits=True, agent="Trình duyệt")
    for one in (session("a", 10), waiting, replace(session("c", 20), user_id=BINH)):
        populated.sessions.create(one)
    assert populated.sessions.for_user(AN) == (waiting, session("a", 10))
    assert populated.sessions.with_users(["b"])["b"][0] == waiting


def test_a_person_elsewhere_has_one_account_and_an_account_one_person_there(populated: Store) -> None:
    known = populated.identities
    an = Identity("https://sso.vn", "1", AN, 5)
    assert known.get("https://sso.vn", "1") is None
    assert known.add(an)
    others = (replace(an, user_id=BINH), replace(an, subject="2"), an)
    assert [known.add(one) for one in others] == [False] * 3
    assert known.add(elsewhere := replace(an, issuer="https://other.vn", made_at=6))
    assert (known.get("https://sso.vn", "1"), known.of(AN), known.of(BINH)) == (an, (an, elsewhere), ())
    known.delete_for(AN)
    known.delete_for(AN)
    assert known.of(AN) == ()
    assert known.add(replace(an, user_id=BINH))
