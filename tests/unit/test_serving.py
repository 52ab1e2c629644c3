"""What the process does before it serves."""

import subprocess
import sys


def test_what_lasts_is_put_out_of_the_collectors_sight_and_garbage_is_still_found() -> None:
    # In a process of its own: it changes the collector for good.
    program = """
import gc, weakref
from duthao.web.serving import OLD, YOUNG, settle_memory
settle_memory()
assert gc.get_threshold()[0] == YOUNG and gc.get_threshold()[2] == OLD, gc.get_threshold()
assert gc.get_freeze_count() > 10_000, gc.get_freeze_count()
class Ring: pass
ring = Ring(); ring.self = ring
seen = weakref.ref(ring); del ring
kept = []
for _ in range(40):
    kept = [[n] for n in range(YOUNG)]
assert seen() is None
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_thread_waits_half_a_millisecond_for_the_interpreter() -> None:
    # In a process of its own, again: it holds for all threads of one.
    program = """
import sys
from duthao.web.serving import HAND_OVER, settle_threads
settle_threads()
assert abs(sys.getswitchinterval() - HAND_OVER) < 1e-6, sys.getswitchinterval()
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
