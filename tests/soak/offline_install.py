"""Installing where there is no network: from the wheelhouse, in a namespace without any route.

    python3 run.py soak offline_install

Makes the wheelhouse, then does all the rest in a network namespace of its own in which not even
a name server can be reached: install, look at the environment, serve the demonstration, sign in.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INSIDE = r"""
set -eu
ip link set lo up
test -z "$(ip route)"
began=$(date +%s.%N)
"$1/install.sh" "$2"
installed=$(date +%s.%N)
cd "$2"
DUTHAO_DATA_DIR="$2/data" DUTHAO_PORT=18099 "$2/.venv/bin/duthao" serve --demo > "$2/log" 2>&1 &
server=$!
for _ in $(seq 300); do
  "$2/.venv/bin/python" - <<'PYTHON' && break
import json, sys, urllib.request
try:
    page = urllib.request.urlopen("http://127.0.0.1:18099/login", timeout=2).read().decode()
except OSError:
    sys.exit(1)
assert "Dự Thảo" in page and "/static/build/" in page
body = json.dumps({"username": "hanh", "password": "duthao-trinh-dien"}).encode()
asked = urllib.request.Request("http://127.0.0.1:18099/api/login", body, {"Content-Type": "application/json"})
cookie = urllib.request.urlopen(asked, timeout=20).headers["set-cookie"].split(";")[0]
get = lambda path: urllib.request.urlopen(
    urllib.request.Request("http://127.0.0.1:18099" + path, headers={"Cookie": cookie}), timeout=60).read()
document = json.loads(get("/api/documents"))["documents"][0]["id"]
assert get(f"/documents/{document}/comparison.pdf").startswith(b"%PDF-")
PYTHON
  sleep 0.2
done
served=$(date +%s.%N)
kill -0 "$server"
kill "$server"
wait "$server" || true
echo "installed in $(echo "$installed - $began" | bc) s"
echo "served, signed in and printed after $(echo "$served - $installed" | bc) s more"
"""


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    missing = [tool for tool in ("unshare", "ip", "bc") if shutil.which(tool) is None]
    if missing:
        print(f"not run: {', '.join(missing)} not on this machine")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        house, target = Path(folder) / "wheels", Path(folder) / "duthao"
        start = time.monotonic()
        subprocess.run([sys.executable, ROOT / "run.py", "wheelhouse", house], check=True, cwd=ROOT)
        print(f"wheelhouse in {time.monotonic() - start:.0f} s")
        target.mkdir()
        clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        alone = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        done = subprocess.run([*alone, "sh", "-c", INSIDE, "sh", house, target], env=clean, check=False)
        if done.returncode:
            log = target / "log"
            print(log.read_text()[-3000:] if log.exists() else "", file=sys.stderr)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
