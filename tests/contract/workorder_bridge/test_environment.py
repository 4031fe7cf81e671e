"""A misspelt environment never reaches anybody, least of all production.

Every call the commands could make has to pass a proxy that counts who knocks.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from workorder_bridge.cli.exits import LATER, USAGE
from workorder_bridge.destinations.quickbooks.access import Place
from workorder_bridge.errors import SettingsInvalid

SECONDS = 60
MISSPELT = ["Sandbox", "SANDBOX", "sandbox ", "prod", "Production", "develop", ""]
COMMANDS = [["sync"], ["quickbooks", "connect"], ["quickbooks", "reconnect"], ["quickbooks", "disconnect", "--yes"]]


@pytest.fixture
def knocks() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a proxy that refuses everybody, and what each asked for first."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            while True:
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                with visitor:
                    heard.append(visitor.recv(200))
                    visitor.sendall(b"HTTP/1.1 502 Refused\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=refuse, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
        listener.shutdown(socket.SHUT_RDWR)


def run(command: list[str], environment: str, proxy: str, token_file: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.upper().startswith(("WORKORDER_", "NO_PROXY"))
    }
    settings = {
        "ODOO_URL": "http://127.0.0.1:9",
        "ODOO_DATABASE": "d",
        "ODOO_LOGIN": "l",
        "ODOO_PASSWORD": "p",
        "QUICKBOOKS_ENVIRONMENT": environment,
        "QUICKBOOKS_CLIENT_ID": "id",
        "QUICKBOOKS_CLIENT_SECRET": "secret",
        "QUICKBOOKS_TOKEN_FILE": token_file,
        "RETRY_ATTEMPTS": "1",
    }
    proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), proxy)
    return subprocess.run(
        [sys.executable, "-m", "workorder_bridge", *command],
        env={**inherited, **proxies, **{f"WORKORDER_{name}": value for name, value in settings.items()}},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("environment", ["Sandbox", "prod"])
def test_misspelt_environment_is_refused_before_anybody_is_called(command, environment, knocks, tmp_path):
    proxy, heard = knocks
    done = run(command, environment, proxy, str(tmp_path / "tokens.json"))
    assert done.returncode == USAGE
    assert "must be exactly one of production, sandbox, simulator" in done.stderr
    assert heard == []


def test_proxy_would_have_heard_a_call_to_production(knocks, tmp_path):
    proxy, heard = knocks
    connect = ["quickbooks", "connect", "--realm", "1", "--redirect-uri", "https://erp.example/q", "--paste"]
    done = run(connect, "production", proxy, str(tmp_path / "tokens.json"))
    assert done.returncode == LATER, done.stderr
    assert heard[0].startswith(b"CONNECT developer.intuit.com:443")


@pytest.mark.parametrize("environment", MISSPELT)
def test_no_address_is_made_for_a_misspelt_environment(environment):
    with pytest.raises(SettingsInvalid, match="nothing was sent"):
        Place(environment)
