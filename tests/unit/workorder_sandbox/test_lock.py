"""One set-up at a time, also after a parent was killed."""

import os
import signal
import subprocess
import sys
import threading
import time

from workorder_sandbox.lock import exclusive

HOLD = """
import pathlib, subprocess, sys
from workorder_sandbox.lock import exclusive
with exclusive(pathlib.Path(sys.argv[1]), lambda: None):
    child = subprocess.Popen(["sleep", sys.argv[2]], close_fds=False, stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)
    child.wait()
"""


def no_wait():
    raise AssertionError("nobody else holds it")


def test_second_holder_is_told_and_waits(tmp_path):
    told, entered = threading.Event(), threading.Event()

    def second():
        with exclusive(tmp_path / "lock", told.set):
            entered.set()

    with exclusive(tmp_path / "lock", no_wait):
        thread = threading.Thread(target=second)
        thread.start()
        assert told.wait(10)
        assert not entered.is_set()
    thread.join(10)
    assert entered.is_set()


def test_lock_is_free_again_after_the_block(tmp_path):
    for _ in range(2):
        with exclusive(tmp_path / "lock", no_wait):
            pass


def test_work_that_outlives_its_killed_parent_keeps_the_lock(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock"), "30"], stdout=subprocess.PIPE, text=True
    )
    orphan = int(holder.stdout.readline())
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    told = threading.Event()

    def end_the_orphan():
        told.set()
        os.kill(orphan, signal.SIGKILL)

    with exclusive(tmp_path / "lock", end_the_orphan):
        assert told.is_set()
    holder.stdout.close()


def test_killed_holder_frees_the_lock(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock"), "0.2"], stdout=subprocess.PIPE, text=True
    )
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    time.sleep(0)
    with exclusive(tmp_path / "lock", lambda: None):
        pass
