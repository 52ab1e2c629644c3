"""From every earlier schema with many rows to this one and back, each by itself, on every database there is.

python -m tests.soak.migrations --rows 2000 [--only sqlite]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.support.migrations import Schema, revisions, schema
from tests.support.postgres import fresh_schema


def walk(here: Schema, revision: str, rows: int) -> None:
    """Raises AssertionError when a row is not what it was."""
    here.upgrade(revision)
    here.fill(rows)
    columns, digests = here.columns(), here.digests()
    here.upgrade()
    assert here.digests(digests, columns) == digests, f"changed since {revision}"
    here.fill(rows)
    here.downgrade(revision)
    assert here.columns() == columns, f"other columns on the way back to {revision}"
    assert here.digests(digests) == digests, f"changed on the way back to {revision}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    given = parser.parse_args()
    for revision in revisions():
        for kind in (given.only,) if given.only else ("sqlite", "postgres"):
            begun = time.monotonic()
            if kind == "sqlite":
                with (
                    tempfile.TemporaryDirectory() as folder,
                    schema(f"sqlite:///{Path(folder) / 'a'}") as here,
                ):
                    walk(here, revision, given.rows)
            else:
                with fresh_schema() as address, schema(address) as here:
                    walk(here, revision, given.rows)
            print(f"{revision} {kind}: the same, there and back, in {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main()
