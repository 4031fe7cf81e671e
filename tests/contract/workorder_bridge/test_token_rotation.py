"""Tokens that rotate under several workers, each a process of its own, against a company that rotates every time."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.tokens import TokenStore
from workorder_bridge.errors import NotAuthorised

WORKERS, ROUNDS, SECONDS = 6, 4, 60
DAY = 86_400
TOKEN_CALLS = "POST oauth2/v1/tokens/bearer"
WORKER = """
import json, sys
from pathlib import Path
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.tokens import TokenStore

ready, store = json.loads(sys.argv[1]), TokenStore(Path(sys.argv[2]))
access = Access(Place("simulator", ready["url"]), ready["realm"], ready["client_id"],
                SecretStr(ready["client_secret"]), store)
client = CompanyClient.open(access, 20.0)
access.token()
print("ready", flush=True)
for line in sys.stdin:
    if line == "renew\\n":
        access.renew()
    print(client.fetch(f"companyinfo/{client.company_id}")["CompanyInfo"]["CompanyName"], flush=True)
"""


class Worker:
    """A process that looks at the company when told."""

    def __init__(self, ready: dict[str, str], path: Path) -> None:
        command = [sys.executable, "-c", WORKER, json.dumps(ready), str(path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.answer() == "ready"

    def tell(self, order: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def end(self) -> int:
        self.process.communicate(timeout=SECONDS)
        return self.process.returncode


@pytest.fixture
def company(own_quickbooks):
    """A company that rotates its refresh token with every refresh, and the store that opens it."""
    own_quickbooks.simulator.control("settings", {"refresh_token_rotation": "every_refresh"})
    return own_quickbooks


@pytest.fixture
def entrance(company) -> Callable[[], Access]:
    def another() -> Access:
        ready = company.simulator.ready
        secret = SecretStr(ready["client_secret"])
        return Access(Place("simulator", ready["url"]), ready["realm"], ready["client_id"], secret, company.store)

    return another


@pytest.mark.parametrize("grace", [0, DAY])
def test_nobody_is_locked_out_when_all_workers_meet_an_expired_token_at_once(company, grace):
    company.simulator.control("settings", {"refresh_token_grace_seconds": grace})
    workers = [Worker(company.simulator.ready, company.store.path) for _ in range(WORKERS)]
    for _ in range(ROUNDS):
        company.simulator.control("expire_access_tokens")
        for worker in workers:
            worker.tell("look")
        assert {worker.answer() for worker in workers} == {"Harbor Facility Services"}
    assert [worker.end() for worker in workers] == [0] * WORKERS
    assert company.simulator.statistics["endpoints"][TOKEN_CALLS] == ROUNDS


def test_worker_killed_between_the_rotation_and_the_store_locks_nobody_out(company, entrance):
    before = company.store.read(company.realm, "simulator")
    _kill_during_rotation(company)
    assert company.store.read(company.realm, "simulator") == before
    survivor = entrance()
    survivor.renew()
    client = CompanyClient.open(survivor, 20.0)
    assert client.fetch(f"companyinfo/{company.realm}")["CompanyInfo"]["CompanyName"]
    assert company.store.read(company.realm, "simulator").refresh_token != before.refresh_token


def test_after_the_grace_a_lost_rotation_needs_a_new_consent_and_says_so(company, entrance):
    _kill_during_rotation(company)
    company.simulator.control("clock", {"advance_seconds": DAY})
    with pytest.raises(NotAuthorised) as caught:
        entrance().renew()
    assert "workorder quickbooks reconnect" in caught.value.hint


def test_both_ends_of_the_connection_are_stored_with_every_renewal(company, entrance):
    started = time.time()
    entrance().renew()
    kept = TokenStore(company.store.path).read(company.realm, "simulator")
    assert kept.refresh_expires_at - started == pytest.approx(100 * DAY, abs=2 * DAY)
    assert kept.refresh_hard_expires_at - started == pytest.approx(5 * 365 * DAY, abs=2 * DAY)


def _kill_during_rotation(company) -> None:
    """The company gives out the new token; the worker dies before it can read the answer."""
    worker = Worker(company.simulator.ready, company.store.path)
    company.simulator.fault("hang_after_commit", "tokens/bearer", seconds=30)
    worker.tell("renew")
    while company.simulator.statistics["faults_injected"] == 0:
        assert worker.process.poll() is None
    company.simulator.control("clock", method="GET")  # one more round: what was begun there is done
    worker.process.kill()
    worker.process.communicate(timeout=SECONDS)
