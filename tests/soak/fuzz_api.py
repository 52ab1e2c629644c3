"""Schemathesis against a real server, from docs/protocol/openapi.json: no failure of ours, no answer
that is not told.

python -m tests.soak.fuzz_api [--seconds 300] [--seed 1] [--as hanh] [--only PATH-PATTERN] [--postgres]
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support.live_server import Api, running
from tests.support.openapi import TARGET
from tests.support.postgres import fresh_schema

PASSWORD = "duthao-trinh-dien"  # of the demonstration
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "unsupported_method",
    "response_schema_conformance", "negative_data_rejection", "allow_header_conformance",
)  # fmt: skip
LEFT_OUT = ("/api/login", "/api/logout")
"""One throttles, the other ends the session that asks."""


def known(api: Api) -> dict[str, list[str]]:
    """Something that is there for the parameters of paths, by their names."""
    found: dict[str, list[str]] = {"user": ["minh"], "key": ["party"], "seq": ["1"], "number": ["1"]}
    documents = [one["id"] for one in api.json("GET", "/api/documents")["documents"]]
    found["id"] = documents
    first = f"/api/documents/{documents[0]}"
    seen = api.json("GET", f"{first}/at/1")["provisions"]
    found["provision"] = [one["id"] for one in seen[:5]]
    with contextlib.suppress(AssertionError):
        made = api.json("POST", f"{first}/comments", {"text": "Xem.", "anchor": {"on": "document"}}, 201)
        found["thread"], found["comment"] = [made["id"]], [made["comment"]]
        made = api.json(
            "POST", f"{first}/proposals", {"act": "remove", "provision": found["provision"][-1]}, 201
        )
        found["proposal"] = [made["id"]]
    held = api.json("GET", "/api/dossiers")["dossiers"]
    found["dossier"] = [one["id"] for one in held] or [
        api.json("POST", "/api/dossiers", {"document": documents[0]}, 201)["id"]
    ]
    found["finding"] = [one["key"] for one in api.json("GET", f"{first}/review")["findings"][:3]]
    found["version"] = [one["id"] for one in api.json("GET", f"{first}/versions")["versions"]]
    return found


def described(there: dict[str, list[str]]) -> dict[str, Any]:
    """The description, whose paths and queries name what is there more often than not."""
    whole: dict[str, Any] = json.loads(TARGET.read_text(encoding="utf-8"))
    versions = there.get("version", [])
    for path in LEFT_OUT:
        whole["paths"].pop(path)
    del whole["security"]  # who is signed in stays so: roles have a test of their own
    for methods in whole["paths"].values():
        for operation in methods.values():
            for one in operation["parameters"]:
                ids = there.get(one["name"], [])
                if one["in"] == "query" and one["name"] in ("before", "after", "third", "version"):
                    ids = [*versions, "draft"]
                if one["in"] == "path":
                    one["schema"] |= {"minLength": 1}
                if ids:
                    one["schema"] = {"anyOf": [{"enum": ids}, {"enum": ids}, one["schema"]]}
    return whole


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as", dest="who", default="hanh")
    parser.add_argument("--only", default="", help="a pattern of paths")
    parser.add_argument("--postgres", action="store_true", help="over PostgreSQL instead of SQLite")
    given = parser.parse_args()
    if importlib.util.find_spec("schemathesis") is None:
        raise SystemExit("not run: schemathesis is not installed (requirements/soak.txt)")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        place = Path(folder)
        store = {"DUTHAO_DATABASE_URL": stack.enter_context(fresh_schema())} if given.postgres else {}
        with running(place / "data", **store) as server:
            api = Api(server.address).sign_in(given.who, PASSWORD)
            (place / "openapi.json").write_text(json.dumps(described(known(api))), encoding="utf-8")
            command = [
                str(Path(sys.executable).parent / "schemathesis"), "run", "openapi.json", "--url",
                server.address, "-H", f"Cookie: {api.cookie}", "--checks", ",".join(CHECKS), "--phases",
                "coverage,fuzzing", "--max-time", str(given.seconds), "--seed", str(given.seed),
                "--continue-on-failure", "--no-color", "--warnings", "off", "--suppress-health-check", "all",
                "--request-timeout", "60",
                *(("--include-path-regex", given.only) if given.only else ()),
            ]  # fmt: skip
            code = subprocess.run(command, cwd=place).returncode
            failed = Counter(re.findall(r"request\.failed error=(\S+ at=\S+)", server.log()))
    for where, count in failed.most_common():
        print(f"{count} × {where}")
    raise SystemExit(code or bool(failed))


if __name__ == "__main__":
    main()
