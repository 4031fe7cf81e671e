"""Only processes of our own are ended, and all of them."""

import os
import subprocess
import time
from pathlib import Path

import pytest
from workorder_sandbox.processes import end, running, spawn


@pytest.fixture
def record(tmp_path):
    place = tmp_path / "server.stat"
    yield place
    end(place)


def start(record, script):
    process = spawn(["sh", "-c", script], record=record, log=record.with_suffix(".log"))
    wait_until(lambda: running(record) is not None)
    return process


def wait_until(condition, seconds=10):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.02)


def test_started_process_is_running_until_it_is_ended(record):
    process = start(record, "exec sleep 60")

    assert running(record) == process.pid
    end(record)
    assert running(record) is None
    assert process.wait() == -15
    assert not record.exists()


def test_process_that_ignores_sigterm_is_ended_too(record):
    process = start(record, "trap '' TERM; echo ready; while :; do sleep 0.1; done")
    wait_until(lambda: "ready" in record.with_suffix(".log").read_text())

    end(record, patience=0.2)

    assert process.wait() == -9


def test_helpers_of_the_process_end_with_it(record):
    start(record, "sleep 60 & echo helper=$!; wait")
    log = record.with_suffix(".log")
    wait_until(lambda: "helper=" in log.read_text())
    helper = int(log.read_text().split("=")[1])

    end(record)

    wait_until(lambda: is_gone(helper))


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_foreign_process_that_got_the_same_number_is_left_alone(record):
    foreign = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        line = Path(f"/proc/{foreign.pid}/stat").read_text()
        head, _, tail = line.rpartition(")")
        fields = tail.split()
        fields[19] = str(int(fields[19]) - 1)  # started a tick earlier: another process
        record.write_text(f"{head}) {' '.join(fields)}")

        assert running(record) is None
        end(record)
        assert foreign.poll() is None
        assert not record.exists()
    finally:
        foreign.kill()
        foreign.wait()


def test_record_cut_short_by_a_crash_means_not_running(record):
    record.write_text(f"{os.getpid()} (pyt")

    assert running(record) is None


def test_zombie_does_not_count_as_running(record):
    process = spawn(["true"], record=record, log=record.with_suffix(".log"))
    wait_until(lambda: record.exists() and running(record) is None)
    process.wait()
