"""`workorder quickbooks connect | reconnect | disconnect` as processes, against the simulated company's consent page.

The browser is played with plain requests here; `tests/acceptance/test_consent.py` uses a real one.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from workorder_bridge.cli.exits import CLOSED, DONE, LATER, PERSON, USAGE
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore

SECONDS = 60
STOPPED = 130
DAY = 86_400
NAME = "Harbor Facility Services"


@dataclass
class Ended:
    """A command that is over."""

    code: int
    told: str


class Command:
    """A running `workorder quickbooks …`."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.told = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workorder_bridge", "--verbose", "quickbooks", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )

    def consent_page(self) -> str:
        """The address of the consent page, once the command says so and listens."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.told += line
            if line.startswith(("Waiting for the answer", "Afterwards")):
                break
        found = re.search(r"^  (http\S+)$", self.told, re.MULTILINE)
        assert found, self.told
        return found[1]

    def end(self, given: str = "") -> Ended:
        rest, _ = self.process.communicate(given, timeout=SECONDS)
        self.told += rest
        return Ended(self.process.returncode, self.told)


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path / "tokens.json")


@pytest.fixture
def environment(simulator, store) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WORKORDER_")}
    settings = {
        "QUICKBOOKS_ENVIRONMENT": "simulator",
        "QUICKBOOKS_URL": simulator.ready["url"],
        "QUICKBOOKS_CLIENT_ID": simulator.ready["client_id"],
        "QUICKBOOKS_CLIENT_SECRET": simulator.ready["client_secret"],
        "QUICKBOOKS_TOKEN_FILE": str(store.path),
        "RETRY_ATTEMPTS": "1",
    }
    return {**inherited, **{f"WORKORDER_{name}": value for name, value in settings.items()}}


@pytest.fixture
def command(environment) -> Iterator[Callable[..., Command]]:
    running = []

    def start(*arguments: str, **changes: str) -> Command:
        changed = {f"WORKORDER_{name}": value for name, value in changes.items()}
        running.append(Command(list(arguments), {**environment, **changed}))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
            each.process.communicate()


@pytest.fixture
def connecting(command, port) -> Callable[..., Command]:
    def start(*arguments: str, verb: str = "connect", **changes: str) -> Command:
        return command(verb, "--no-browser", "--port", str(port), *arguments, **changes)

    return start


def agree(page: str, **decision: str) -> str:
    """Press the button on the consent page; gives the address the browser is sent to."""
    shown = requests.get(page, timeout=SECONDS)
    assert shown.status_code == 200, shown.text
    fields = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
    answer = requests.post(page.split("?")[0], {**fields, **decision}, timeout=SECONDS, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def go_to(address: str) -> str:
    return requests.get(address, timeout=SECONDS).text


def connect(starting: Callable[..., Command], *arguments: str, **options: str) -> Ended:
    run = starting(*arguments, **options)
    go_to(agree(run.consent_page()))
    return run.end()


def kept(store: TokenStore) -> list[Tokens]:
    readable, troubles = store.survey()
    assert troubles == []
    return readable


def test_consent_ends_with_stored_tokens_and_the_companys_name(connecting, store, simulator):
    run = connecting()
    page = run.consent_page()
    shown = go_to(agree(page))
    ended = run.end()
    assert ended.code == DONE, ended.told
    (tokens,) = kept(store)
    assert (tokens.realm, tokens.environment, tokens.company) == (simulator.ready["realm"], "simulator", NAME)
    assert tokens.refresh_hard_expires_at > tokens.refresh_expires_at > tokens.access_expires_at > time.time()
    assert f"Connected to {NAME} (company {tokens.realm}), simulator." in ended.told
    assert f"Enter {tokens.realm} as the QuickBooks Company ID" in ended.told
    assert f"now has access to {NAME}" in shown


def test_only_what_intuit_knows_is_asked_for(connecting):
    asked = parse_qs(urlsplit(connecting().consent_page()).query)
    assert set(asked) == {"client_id", "response_type", "scope", "redirect_uri", "state"}
    assert asked["scope"] == ["com.intuit.quickbooks.accounting"]
    assert len(asked["state"][0]) >= 40


def test_nothing_secret_is_told(connecting, store, environment):
    run = connecting()
    address = agree(run.consent_page())
    shown = go_to(address)
    told = run.end().told
    (tokens,) = kept(store)
    code = parse_qs(urlsplit(address).query)["code"][0]
    secrets = [code, tokens.refresh_token.get_secret_value(), tokens.access_token.get_secret_value()]
    for secret in [*secrets, environment["WORKORDER_QUICKBOOKS_CLIENT_SECRET"]]:
        assert secret not in told + shown


def test_company_that_was_named_is_connected_without_a_question(connecting, store, simulator):
    ended = connect(connecting, "--realm", simulator.ready["realm"])
    assert (ended.code, len(kept(store))) == (DONE, 1)
    assert "Company ID" not in ended.told


@pytest.mark.parametrize("by", ["option", "setting"])
def test_another_company_than_the_one_meant_is_refused_by_name(by, connecting, store):
    ended = connect(connecting, "--realm", "123") if by == "option" else connect(connecting, QUICKBOOKS_REALM="123")
    assert ended.code == CLOSED
    assert re.search(
        rf"You connected {NAME} \(company \d+\), but \S+ is for company 123; nothing was stored", ended.told
    )
    assert kept(store) == []


def test_declined_consent_is_told_here_and_there(connecting, store):
    run = connecting()
    shown = go_to(agree(run.consent_page(), decision="deny"))
    ended = run.end()
    assert (ended.code, kept(store)) == (CLOSED, [])
    assert "The consent was declined in QuickBooks; nothing was stored." in ended.told
    assert "declined" in shown


def test_answer_to_another_request_is_refused(connecting, store):
    run = connecting()
    address = agree(run.consent_page())
    go_to(re.sub(r"state=[^&]+", "state=another", address))
    ended = run.end()
    assert (ended.code, kept(store)) == (CLOSED, [])
    assert "does not belong to this request" in ended.told


@pytest.mark.parametrize("lost", ["code", "realmId", "state"])
def test_answer_that_lacks_something_is_refused(lost, connecting, store):
    run = connecting()
    go_to(re.sub(rf"{lost}=[^&]+", "", agree(run.consent_page())))
    assert (run.end().code, kept(store)) == (CLOSED, [])


def test_code_that_is_no_good_is_told_in_a_sentence(connecting, store):
    run = connecting()
    go_to(re.sub(r"code=[^&]+", "code=used", agree(run.consent_page())))
    ended = run.end()
    assert (ended.code, kept(store)) == (CLOSED, [])
    assert "no longer takes the code of this consent" in ended.told


def test_company_number_of_another_company_in_the_answer_is_refused(connecting, store):
    run = connecting()
    go_to(re.sub(r"realmId=\d+", "realmId=77", agree(run.consent_page())))
    assert (run.end().code, kept(store)) == (CLOSED, [])


def test_busy_login_service_is_told_to_try_later(connecting, store, simulator):
    run = connecting()
    address = agree(run.consent_page())
    simulator.fault("503", "tokens/bearer", times=None)
    go_to(address)
    ended = run.end()
    assert (ended.code, kept(store)) == (LATER, [])
    assert "login service is busy" in ended.told


def test_client_secret_that_is_wrong_names_the_setting(connecting, store):
    ended = connect(connecting, QUICKBOOKS_CLIENT_SECRET="wrong")
    assert (ended.code, kept(store)) == (CLOSED, [])
    assert "WORKORDER_QUICKBOOKS_CLIENT_SECRET" in ended.told


def test_nobody_answering_ends_the_wait(connecting, store):
    ended = connecting("--wait", "1").end()
    assert (ended.code, kept(store)) == (LATER, [])
    assert "No answer came back from QuickBooks within 1 seconds; nothing was stored." in ended.told


def test_port_in_use_is_told_before_anybody_consents(connecting, port, simulator):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        ended = connecting().end()
    assert ended.code == USAGE
    assert f"Port {port} of this machine" in ended.told
    assert "connect/oauth2" not in ended.told


def test_ctrl_c_ends_the_wait_and_stores_nothing(connecting, store, port):
    run = connecting()
    run.consent_page()
    run.process.send_signal(signal.SIGINT)
    ended = run.end()
    assert (ended.code, kept(store)) == (STOPPED, [])
    assert "Stopped; nothing was stored." in ended.told
    assert "Traceback" not in ended.told


def test_other_addresses_of_the_listener_answer_nothing(connecting, port):
    run = connecting()
    page = run.consent_page()
    assert requests.get(f"http://127.0.0.1:{port}/favicon.ico", timeout=SECONDS).status_code == 404
    go_to(agree(page))
    assert run.end().code == DONE


def test_answer_can_be_pasted_instead(command, store):
    run = command("connect", "--no-browser", "--paste", "--redirect-uri", "https://erp.example/quickbooks")
    address = agree(run.consent_page())
    assert address.startswith("https://erp.example/quickbooks?code=")
    ended = run.end(f"  {address}\n")
    assert ended.code == DONE, ended.told
    assert [tokens.company for tokens in kept(store)] == [NAME]


@pytest.mark.parametrize("given", ["https://elsewhere.example/?code=x\n", "code\n"])
def test_pasting_something_else_is_refused_with_what_to_paste(given, command, store):
    run = command("connect", "--no-browser", "--paste")
    run.consent_page()
    ended = run.end(given)
    assert (ended.code, kept(store)) == (CLOSED, [])
    assert "That is not an address that begins with http://localhost:8417/callback?" in ended.told


def stored_77(command: Callable[..., Command]) -> None:
    run = command("import-tokens")
    assert run.end(json.dumps({"realm": "77", "refresh_token": "r77"})).code == DONE


@pytest.mark.parametrize(
    ("answer", "code", "companies"), [("n", PERSON, ["77"]), ("y", DONE, ["77", "9341452000000001"])]
)
def test_company_beside_others_is_added_when_confirmed(answer, code, companies, command, connecting, store):
    stored_77(command)
    run = connecting()
    page = run.consent_page()
    run.process.stdin.write(f"{answer}\n")
    run.process.stdin.flush()
    go_to(agree(page))
    ended = run.end()
    assert ended.code == code, ended.told
    assert f"The bridge has access to company 77. Add {NAME} (company 9341452000000001) beside it?" in ended.told
    assert [tokens.realm for tokens in kept(store)] == companies


def test_yes_adds_a_company_without_a_question(command, connecting, store):
    stored_77(command)
    assert connect(connecting, "--yes").code == DONE
    assert len(kept(store)) == 2


def test_connecting_the_same_company_again_replaces_its_tokens_without_a_question(connecting, store):
    connect(connecting)
    (before,) = kept(store)
    assert connect(connecting).code == DONE
    (after,) = kept(store)
    assert after.refresh_token != before.refresh_token


def test_reconnect_renews_a_revoked_company(connecting, store, simulator):
    connect(connecting)
    simulator.control("expire_access_tokens")
    simulator.control("revoke_refresh_tokens")
    (before,) = kept(store)
    ended = connect(connecting, verb="reconnect")
    assert ended.code == DONE, ended.told
    (after,) = kept(store)
    assert (after.realm, after.company) == (before.realm, before.company)
    assert after.refresh_token != before.refresh_token
    assert "Activate the destination in Odoo again" in ended.told


def test_reconnect_refuses_another_company_and_keeps_the_tokens(command, connecting, store):
    stored_77(command)
    before = kept(store)
    ended = connect(connecting, verb="reconnect")
    assert ended.code == CLOSED
    assert "the access to renew is for company 77" in ended.told
    assert kept(store) == before


def test_reconnect_of_nothing_says_connect(connecting):
    ended = connecting(verb="reconnect").end()
    assert ended.code == CLOSED
    assert "workorder quickbooks connect" in ended.told


def test_several_companies_must_be_named(command, connecting, store):
    stored_77(command)
    connect(connecting, "--yes")
    for verb in ("reconnect", "disconnect"):
        ended = command(verb).end()
        assert ended.code == USAGE
        assert "--realm NUMBER" in ended.told
    assert command("disconnect", "--realm", "78").end().code == CLOSED
    assert len(kept(store)) == 2


def test_disconnect_ends_the_access_on_both_sides(command, connecting, store, simulator):
    connect(connecting)
    (tokens,) = kept(store)
    ended = command("disconnect").end("y\n")
    assert (ended.code, kept(store)) == (DONE, [])
    assert f"The access to {NAME}" in ended.told
    header = {"Authorization": f"Bearer {tokens.access_token.get_secret_value()}"}
    address = f"{simulator.ready['url']}/v3/company/{tokens.realm}/companyinfo/{tokens.realm}"
    assert requests.get(address, headers=header, timeout=SECONDS).status_code == 401


@pytest.mark.parametrize("given", ["n\n", ""])
def test_disconnect_that_is_not_confirmed_changes_nothing(given, command, connecting, store):
    connect(connecting)
    ended = command("disconnect").end(given)
    assert (ended.code, len(kept(store))) == (PERSON, 1)


def test_disconnect_of_what_quickbooks_ended_before_deletes_the_tokens(command, connecting, store, simulator):
    connect(connecting)
    simulator.control("expire_access_tokens")
    simulator.control("revoke_refresh_tokens")
    ended = command("disconnect", "--yes").end()
    assert (ended.code, kept(store)) == (DONE, [])
    assert "QuickBooks had ended it before." in ended.told


def test_disconnect_keeps_the_tokens_while_quickbooks_cannot_be_told(command, connecting, store, simulator):
    connect(connecting)
    simulator.fault("503", "tokens/revoke", times=None)
    ended = command("disconnect", "--yes").end()
    assert (ended.code, len(kept(store))) == (LATER, 1)


@pytest.mark.parametrize("days", [20, -1])
def test_status_warns_of_access_that_ends_before_it_asks_odoo(days, environment, connecting, store):
    connect(connecting)
    (tokens,) = kept(store)
    store.write(tokens.model_copy(update={"refresh_hard_expires_at": time.time() + days * DAY}))
    odoo = {"URL": "http://127.0.0.1:9", "DATABASE": "d", "LOGIN": "l", "PASSWORD": "hidden"}
    done = subprocess.run(
        [sys.executable, "-m", "workorder_bridge", "status"],
        env={**environment, **{f"WORKORDER_ODOO_{name}": value for name, value in odoo.items()}},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert f"QuickBooks access to {NAME} (company {tokens.realm}), simulator, end" in done.stderr
    assert f"workorder quickbooks reconnect --realm {tokens.realm}" in done.stderr
