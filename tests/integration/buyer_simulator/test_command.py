"""The command line: one line when ready, clean ends, clear refusals."""

import os
import signal
import subprocess
import sys

import pytest

from .conftest import SOURCES, TIMEOUT, Service, start


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "buyer_simulator", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_cleanly_after_exactly_one_line(number: signal.Signals) -> None:
    service = start("--port", "0")
    assert (service.ready["buyer"], service.ready["seed"]) == ("Buyer", "empty")
    assert service.get("purchase-orders") == {"purchase_orders": []}
    service.process.send_signal(number)
    rest, _ = service.process.communicate(timeout=TIMEOUT)
    assert (service.process.returncode, rest) == (0, "")


def test_taken_port_is_one_sentence_and_an_exit_code(service: Service) -> None:
    port = service.url.rpartition(":")[2]
    ended = run("--port", port)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"Port {port} on 127.0.0.1 cannot be used: Address already in use.\n"


@pytest.mark.parametrize("arguments", [["--port", "many"], ["--port", "70000"], ["--port", "0", "--seed", "x"], []])
def test_wrong_arguments_are_explained(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert "usage:" in ended.stderr
