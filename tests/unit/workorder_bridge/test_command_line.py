"""The `workorder` command as a process: sentences and exit codes, never a traceback."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from workorder_bridge.cli.exits import CLOSED, DONE, LATER, PERSON, USAGE, exit_code_of, most_urgent
from workorder_bridge.cli.status import warning_of_end
from workorder_bridge.dispatch import Report
from workorder_bridge.errors import NotAuthorised, SourceError, SourceUnreachable
from workorder_bridge.ports import Outcome, Row

ROW = Row(id=5, index="1", key="a" * 32, revision=1, sha256="", document="")


@pytest.fixture
def workorder(tmp_path):
    def run(*arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKORDER_")}
        environment["WORKORDER_QUICKBOOKS_TOKEN_FILE"] = str(tmp_path / "tokens.json")
        environment.update({f"WORKORDER_{name}": value for name, value in settings.items()})
        return subprocess.run(
            [sys.executable, "-m", "workorder_bridge", *arguments],
            input=given,
            capture_output=True,
            text=True,
            env=environment,
            timeout=60,
            check=False,
        )

    return run


def odoo_at(url: str) -> dict[str, str]:
    return {"ODOO_URL": url, "ODOO_DATABASE": "d", "ODOO_LOGIN": "l", "ODOO_PASSWORD": "hidden"}


def simulator_at(url: str) -> dict[str, str]:
    return {
        "QUICKBOOKS_ENVIRONMENT": "simulator",
        "QUICKBOOKS_URL": url,
        "QUICKBOOKS_CLIENT_ID": "c",
        "QUICKBOOKS_CLIENT_SECRET": "hidden",
    }


@pytest.fixture
def closed_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_missing_settings_are_all_told_and_exit_with_2(workorder):
    done = workorder("sync")
    assert done.returncode == USAGE
    assert (done.stdout, done.stderr.count("is not set")) == ("", 6)
    assert "Next step" in done.stderr


def test_json_stays_one_document_in_trouble(workorder):
    done = workorder("sync", "--json")
    assert json.loads(done.stdout)["exit_code"] == done.returncode == USAGE
    assert done.stderr == ""


def test_unreachable_odoo_exits_with_3_and_shows_no_traceback(workorder, closed_port):
    done = workorder("sync", **odoo_at(closed_port), **simulator_at(closed_port))
    assert done.returncode == LATER
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stderr + done.stdout


def test_status_needs_no_quickbooks_settings(workorder, closed_port):
    assert workorder("status", **odoo_at(closed_port)).returncode == LATER


def test_key_that_nobody_answers_is_not_shown(workorder, closed_port):
    settings = {**odoo_at(closed_port), "ODOO_LOGIN": "", "ODOO_PASSWORD": "", "ODOO_API_KEY": "hidden"}
    done = workorder("--verbose", "status", **settings)
    assert done.returncode == LATER
    assert "cannot be reached (Connection refused)" in done.stderr
    assert "hidden" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("left", "warned"), [(None, False), (timedelta(days=15), False), (timedelta(days=13), True), (timedelta(0), True)]
)
def test_key_that_ends_within_two_weeks_is_warned_of(left, warned):
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert bool(warning_of_end(now + left if left is not None else None, now)) == warned


def test_warning_of_a_key_names_day_and_next_step():
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    told = warning_of_end(now + timedelta(days=3), now)
    assert "ends on 2026-11-25 at 09:00 UTC" in told
    assert "Add API Key" in told


def test_verbose_writes_structured_lines_without_secrets(workorder, closed_port):
    done = workorder("--verbose", "sync", **odoo_at(closed_port), **simulator_at(closed_port))
    assert "hidden" not in done.stderr


def test_exit_codes_are_in_the_help(workorder):
    text = " ".join(workorder("sync", "--help").stdout.split())
    assert "0 all done; 1 something needs a person; 2 settings or usage; 3 temporary trouble" in text


def test_watching_and_json_exclude_each_other(workorder):
    assert workorder("sync", "--watch", "5", "--json").returncode == USAGE


def test_webhooks_need_a_watch(workorder):
    done = workorder("sync", "--webhooks", "0")
    assert done.returncode == USAGE
    assert "--webhooks needs --watch" in done.stderr


@pytest.mark.parametrize(("token", "said"), [("", "is not set"), ("two words", "is not a verifier token")])
def test_webhooks_without_their_token_are_refused_at_the_start(workorder, closed_port, token, said):
    settings = {**odoo_at(closed_port), **simulator_at(closed_port), "QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN": token}
    done = workorder("sync", "--watch", "60", "--webhooks", "0", **settings)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert f"WORKORDER_QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN {said}" in done.stderr
    assert "developer.intuit.com: your app, Webhooks, Verifier token" in done.stderr
    assert "two words" not in done.stderr


def test_all_that_is_missing_for_webhooks_is_told_at_once(workorder):
    done = workorder("sync", "--watch", "60", "--webhooks", "0")
    assert done.returncode == USAGE
    assert done.stderr.count("is not set") == 7


def test_webhooks_at_a_port_in_use_are_one_sentence(workorder, closed_port):
    settings = {**odoo_at(closed_port), **simulator_at(closed_port), "QUICKBOOKS_WEBHOOK_VERIFIER_TOKEN": "hidden"}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = workorder("sync", "--watch", "60", "--webhooks", str(port), **settings)
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert f"127.0.0.1:{port}, where webhooks should arrive, cannot be used: Address already in use." in done.stderr
    assert "Traceback" not in done.stderr


def test_tokens_are_imported_from_standard_input(workorder, tmp_path):
    given = json.dumps({"realm": "77", "refresh_token": "secret-r", "access_token": "secret-a", "url": "ignored"})
    done = workorder("quickbooks", "import-tokens", given=given, **simulator_at("http://127.0.0.1:1"))
    assert done.returncode == DONE
    assert "company 77 (simulator)" in done.stdout
    assert "secret" not in done.stdout + done.stderr
    assert json.loads((tmp_path / "tokens-simulator-77.json").read_text())["refresh_token"] == "secret-r"


@pytest.mark.parametrize("given", ["", "[]", "{}", '{"realm": "77"}'])
def test_tokens_in_another_shape_are_refused_with_an_example(workorder, given):
    done = workorder("quickbooks", "import-tokens", given=given, **simulator_at("http://127.0.0.1:1"))
    assert done.returncode == USAGE
    assert '"refresh_token"' in done.stderr


def outcome(state: str) -> Outcome:
    return Outcome(ROW, state)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report("qbo"), DONE),
        (Report("qbo", outcomes=[outcome("received")]), DONE),
        (Report("qbo", outcomes=[outcome("received"), outcome("blocked")]), PERSON),
        (Report("qbo", outcomes=[outcome("unknown")]), PERSON),
        (Report("qbo", outcomes=[outcome("retry")]), LATER),
        (Report("qbo", outcomes=[outcome("retry"), outcome("rejected")]), PERSON),
        (Report("qbo", outcomes=[outcome("release")], pause="No access."), CLOSED),
        (Report("qbo", trouble=[NotAuthorised("x")]), CLOSED),
        (Report("qbo", trouble=[SourceUnreachable("x")]), LATER),
        (Report("qbo", trouble=[SourceError("x")]), USAGE),
        (Report("qbo", notices=["look"]), PERSON),
    ],
)
def test_exit_code_follows_from_the_report(report, code):
    assert exit_code_of([report]) == code


def test_most_urgent_code_wins():
    assert most_urgent([DONE, LATER, CLOSED, PERSON]) == CLOSED
