"""The processes beside the server: they give way, and none outlives the one that made it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

from duthao.collab.aside import end_with_parent

KILLED = """
import multiprocessing, os, sys
from concurrent.futures import ProcessPoolExecutor
from duthao.collab.aside import end_with_parent

if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    sys.stdin.read()
"""


def _runs(process: int) -> bool:
    """Whether it is there, and no mere entry that nobody has asked after."""
    try:
        with open(f"/proc/{process}/stat") as told:
            return told.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_pool_ends_with_the_process_that_made_it_however_that_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        beside = int(server.stdout.readline())
        assert _runs(beside)
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
    end = time.monotonic() + 30
    while _runs(beside) and time.monotonic() < end:
        time.sleep(0.02)
    assert not _runs(beside)


def test_a_process_that_no_pool_made_watches_nobody() -> None:
    """The tests and the commands run the same functions in the first process."""
    end_with_parent()
    assert "parent-watch" not in {thread.name for thread in threading.enumerate()}
