"""The binding's long property run, and the input methods in a real Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

SCRIPTS = ("binding/run.mjs", "binding/screen/run.mjs")


def main() -> int:
    node = shutil.which("node")
    if node is None:
        print("Node.js is not on PATH: not run")
        return 1
    here = Path(__file__).parent
    return max(subprocess.run([node, str(here / name)], check=False).returncode for name in SCRIPTS)


if __name__ == "__main__":
    sys.exit(main())
