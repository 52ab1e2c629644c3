"""From any earlier schema, with its data, to this one and back: every row is what it was.

One walk: at each stop every table gets rows, then the next migrations run over all that is there. The long
way, every revision by itself with many rows, is `python3 run.py soak migrations`.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from duthao.collab.edits import seed
from duthao.collab.fsck import examine
from duthao.collab.replica import PycrdtEngine
from duthao.domain.document import DocumentId, ProvisionId
from duthao.domain.structure import parse
from duthao.formats.json import document_from_json, document_to_json
from duthao.store.sql import open_store
from tests.support.migrations import FIRST, Schema, revisions, schema
from tests.support.postgres import fresh_schema
from tests.support.stores import SQL_STORES

STOPS = (FIRST, "0008")
"""Before and after tables got columns more; the newest is the last stop."""
TEXT = "Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi\n1. Quy chế này quy định “nguyên tắc”.\n2. Đối tượng."


@pytest.fixture(params=SQL_STORES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'duthao.sqlite3'}"
    else:
        with fresh_schema() as made:
            yield made


def test_rows_of_every_earlier_release_come_through_every_migration_and_back(address: str) -> None:
    with schema(address) as here:
        kept = []
        for revision in (*STOPS, revisions()[-1]):
            here.upgrade(revision)
            here.fill()
            kept.append((revision, here.columns(), here.digests()))
        for revision, columns, digests in kept:
            assert here.digests(digests, columns) == digests, f"changed since {revision}"
        for revision, columns, digests in reversed(kept):
            here.downgrade(revision)
            assert here.columns() == columns
            assert here.digests(digests) == digests, f"changed on the way back to {revision}"


def test_a_house_of_the_first_release_opens_with_its_draft_its_version_and_its_people(address: str) -> None:
    ids = (ProvisionId(f"p{n}") for n in itertools.count())
    document = parse(TEXT, new_id=lambda: next(ids)).document
    with schema(address) as here:
        here.upgrade(FIRST)
        _first_house(here, seed(document, 7), document_to_json(document))
    with closing(open_store(address)) as store:
        examined = examine(store, PycrdtEngine(), DocumentId("quy-che"), document_from_json)
        assert (examined.rows, examined.versions, examined.damages) == (1, 1, ())
        known = store.users.by_username("hạnh")
        assert known is not None
        assert known.name == "Nguyễn Thị Hạnh"
        record = store.documents.get(DocumentId("quy-che"))
        assert record is not None
        assert record.kept_locally
        row = store.journal.read(DocumentId("quy-che"))[0].entry
        assert (row.payload, row.credited) == (seed(document, 7), None)


def _first_house(here: Schema, payload: bytes, tree: bytes) -> None:
    """One person and their document, in the tables of the first release."""
    tables = here._known.tables
    rows: dict[str, dict[str, object]] = {
        "users": {
            "id": "u1", "username": "Hạnh", "username_key": "hạnh", "name": "Nguyễn Thị Hạnh",
            "position": "Chánh Văn phòng", "password_hash": "$argon2id$x", "is_admin": True, "language": "vi",
            "created_at": 1, "disabled": False,
        },
        "documents": {
            "id": "quy-che", "title": "Quy chế làm việc", "generation": "g1", "current_version": "v1",
            "created_by": "u1", "created_at": 2,
        },
        "members": {
            "document_id": "quy-che", "user_id": "u1", "role": "lead", "seen_seq": 0, "seen_at": 0,
        },
        "journal": {
            "document_id": "quy-che", "seq": 1, "at": 3, "user_id": "u1", "connection": "c",
            "client_ids": "[7]", "payload": payload, "reason": "import",
        },
        "journal_ends": {"document_id": "quy-che", "seq": 1},
        "journal_clients": {"document_id": "quy-che", "client_id": 7, "user_id": "u1"},
        "versions": {
            "id": "v1", "document_id": "quy-che", "place": 1, "seq": 1, "kind": "current", "number": None,
            "name": "Quy chế hiện hành", "reason": "", "tree": tree,
            "sha256": hashlib.sha256(tree).hexdigest(), "people": "[]", "created_by": "u1", "created_at": 4,
        },
    }  # fmt: skip
    with here.database.writing() as connection:
        for name, row in rows.items():
            connection.execute(sa.insert(tables[name]), [row])
