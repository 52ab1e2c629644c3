"""Data and a template become a PDF: in this process, or in one that ends and gives its memory back.

Run as a file by `in_worker`, so nothing of this package is imported here: the job comes as JSON
on standard input, the PDF leaves on standard output. What is printed is data to the template and
is never interpreted; the typesetter sees neither the system's fonts nor the network.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).resolve().parent / "typst"
MEMORY = 4 * 2**30
"""Address space in bytes a worker may take: many times what the longest draft needs."""


def in_process(template: str, data: Mapping[str, Any], fonts: Path) -> bytes:
    """The PDF of `typst/<template>.typ` filled with `data`; the same bytes for the same input.

    Raises RuntimeError (typst.TypstError) when the template cannot be set.
    """
    import typst

    content = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    made: bytes = typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs={"data": content},
        # Packages would be fetched: they are looked for where there are none.
        package_path=str(TEMPLATES / "none"),
        package_cache_path=str(TEMPLATES / "none"),
        timestamp=0,
    )
    return made


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
        made = in_process(job["template"], job["data"], Path(job["fonts"]))
    except Exception as error:  # its message may quote the draft, which must not reach a log
        sys.stderr.write(type(error).__name__)
        return 1
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
