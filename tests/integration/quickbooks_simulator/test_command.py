"""The command line: one line when ready, clean ends, clear refusals."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from .conftest import SOURCES, TIMEOUT, Service, start, stop


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quickbooks_simulator", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_cleanly_after_exactly_one_line(number: signal.Signals) -> None:
    service = start("--port", "0", "--seed", "sample")
    assert set(service.ready) == {"url", "realm", "client_id", "client_secret", "refresh_token", "access_token"}
    assert service.get("item/10").json()["Item"]["Name"] == "Pest Control"
    service.process.send_signal(number)
    rest, _ = service.process.communicate(timeout=TIMEOUT)
    assert (service.process.returncode, rest) == (0, "")


def test_taken_port_is_one_sentence_and_an_exit_code(service: Service) -> None:
    port = service.url.rpartition(":")[2]
    ended = run("--port", port)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == f"Port {port} on 127.0.0.1 cannot be used: Address already in use.\n"


@pytest.mark.parametrize("arguments", [["--port", "many"], ["--port", "70000"], ["--port", "0", "--seed", "x"], []])
def test_wrong_arguments_are_explained(arguments: list[str]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert "usage:" in ended.stderr


def test_it_listens_on_loopback_only_and_has_no_option_for_more() -> None:
    service = start("--port", "0")
    try:
        port = int(service.url.rpartition(":")[2])
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), TIMEOUT)
    finally:
        stop(service)
    assert run("--port", "0", "--host", "0.0.0.0").returncode == 2  # noqa: S104 - it is refused


def test_limits_are_on_unless_switched_off(service: Service) -> None:
    limited = start("--port", "0")
    try:
        assert limited.control("settings", method="GET")["limits_enabled"] is True
    finally:
        stop(limited)
    assert service.control("settings", method="GET")["limits_enabled"] is False
