"""Data and a template become a PDF: in this process, or in one that ends and gives its memory back.

Run as a file by `in_worker`, so nothing of this package is imported here: the job comes as JSON
on standard input, the PDF leaves on standard output. What is printed is data to the template and
is never interpreted; the typesetter sees neither the system's fonts nor the network.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parent / "typst"
MEMORY = 4 * 2**30
"""Address space in bytes a worker may take: many times what the longest draft needs."""


DOOR = b"#let data = json(bytes(sys.inputs.data))"
"""By this line every template gets what it is filled with."""

SHARED = "stamp.typ"
"""What the templates have in common."""


def _bound(template: str, data: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """A template and those it includes as "part-n.typ", each with the door to data of its own."""
    files = {}
    named = [
        ("main", template, data),
        *((f"part-{n}", p["template"], p["data"]) for n, p in enumerate(parts)),
    ]
    for name, source, filled in named:
        text = (TEMPLATES / f"{source}.typ").read_bytes()
        if text.count(DOOR) != 1:
            raise ValueError(source)
        files[f"{name}.typ"] = text.replace(DOOR, f'#let data = json("{name}.json")'.encode())
        files[f"{name}.json"] = json.dumps(filled, ensure_ascii=False).encode("utf-8", "replace")
    files[SHARED] = (TEMPLATES / SHARED).read_bytes()
    return files


def in_process(template: str, data: Mapping[str, Any], fonts: Path, picture: int = 0) -> bytes:
    """The PDF of `typst/<template>.typ` filled with `data`; the same bytes for the same input.

    It is PDF/UA-1: tagged for those who hear it. With `picture`, so many points to an inch, its first
    page as PNG instead. `data["parts"]`, where given, are {"template", "data"} that the template includes.

    Raises RuntimeError (typst.TypstError) when the template cannot be set.
    """
    import typst

    parts = data.get("parts", ())
    source: Any = _bound(template, data, parts) if parts else str(TEMPLATES / f"{template}.typ")
    content = "" if parts else json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")

    def made(**wanted: Any) -> Any:
        return typst.compile(
            source,
            root=str(TEMPLATES),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"data": content},
            # Packages would be fetched: they are looked for where there are none.
            package_path=str(TEMPLATES / "none"),
            package_cache_path=str(TEMPLATES / "none"),
            timestamp=0,
            **wanted,
        )

    if picture:
        pages: bytes | list[bytes] = made(format="png", ppi=picture)
        return pages[0] if isinstance(pages, list) else pages
    try:
        whole: bytes = made(pdf_standards=["ua-1"])
    except typst.TypstError:
        # A sign the fonts lack (an emoji, Chinese) breaks the rule that all can be read: the file is
        # tagged all the same and makes no claim.
        whole = made()
    return whole


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit stands there alone
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def main() -> int:
    """One job. Exit code 1 without a word of the text when it cannot be set."""
    _limit_memory()
    job = json.loads(sys.stdin.buffer.read())
    try:
        made = in_process(job["template"], job["data"], Path(job["fonts"]), job["picture"])
    except Exception as error:  # its message may quote the draft, which must not reach a log
        sys.stderr.write(type(error).__name__)
        return 1
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
