"""The token store, with real processes where it matters."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.errors import NotAuthorised, SettingsInvalid, WrongCompany

WORKER = """
import sys, time
from pathlib import Path
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.tokens import TokenStore

folder = Path(sys.argv[1])
store = TokenStore(folder / "tokens.json")
stale = store.read("77", "simulator")
print("ready", flush=True)
sys.stdin.readline()

def renewal(tokens):
    with (folder / "renewals").open("a") as file:
        file.write(tokens.refresh_token.get_secret_value() + "\\n")
    time.sleep(0.2)  # long enough for the other worker to be waiting at the lock
    return tokens.model_copy(update={"access_token": SecretStr("new"), "refresh_token": SecretStr("rotated")})

print(store.renew(stale, renewal).access_token.get_secret_value(), flush=True)
"""


def tokens(**changes: object) -> Tokens:
    values = {
        "realm": "77",
        "environment": "simulator",
        "refresh_token": SecretStr("first"),
        "access_token": SecretStr("old"),
        "access_expires_at": 5.0,
    }
    return Tokens(**{**values, **changes})


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    store = TokenStore(tmp_path / "deep" / "tokens.json")
    store.write(tokens())
    return store


def test_stored_tokens_come_back(store):
    assert store.read("77", "simulator") == tokens()


def test_file_is_for_its_owner_only(store):
    assert store.path.stat().st_mode & 0o777 == 0o600


def test_rewriting_leaves_no_other_file_behind(store):
    store.write(tokens(access_token=SecretStr("newer")))
    assert {path.name for path in store.path.parent.iterdir()} == {"tokens.json", "tokens.json.lock"}


def test_file_others_can_read_is_refused_with_the_command_that_helps(store):
    store.path.chmod(0o644)
    with pytest.raises(NotAuthorised) as caught:
        store.read("77", "simulator")
    assert f"chmod 600 {store.path}" in caught.value.hint


def test_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(NotAuthorised) as caught:
        TokenStore(tmp_path / "none.json").read("77", "simulator")
    assert "import-tokens" in caught.value.hint


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"realm": 5}'])
def test_damaged_file_is_named(store, content):
    store.path.write_text(content)
    with pytest.raises(NotAuthorised, match="damaged"):
        store.read("77", "simulator")


def test_tokens_of_another_company_are_refused(store):
    with pytest.raises(WrongCompany, match="open company 77"):
        store.read("78", "simulator")


def test_tokens_of_another_environment_are_refused(store):
    with pytest.raises(WrongCompany, match="for simulator"):
        store.read("77", "production")


def test_rotated_token_is_on_disk_before_the_access_token_is_handed_out(store):
    fresh = store.renew(tokens(), lambda old: old.model_copy(update={"refresh_token": SecretStr("second")}))
    assert json.loads(store.path.read_text())["refresh_token"] == "second"
    assert fresh.refresh_token.get_secret_value() == "second"


def test_first_tokens_fill_an_empty_store_only(store, tmp_path):
    store.fill(tokens(refresh_token=SecretStr("stale")))
    assert store.read("77", "simulator") == tokens()
    empty = TokenStore(tmp_path / "other" / "tokens.json")
    empty.fill(tokens())
    assert empty.read("77", "simulator") == tokens()


def test_failed_renewal_leaves_the_old_tokens(store):
    def refuse(_old: Tokens) -> Tokens:
        raise NotAuthorised("no")

    with pytest.raises(NotAuthorised, match="no"):
        store.renew(tokens(), refuse)
    assert store.read("77", "simulator") == tokens()


def test_secrets_are_not_shown(store):
    assert "first" not in repr(store.read("77", "simulator"))


def test_second_process_takes_what_the_first_renewed(tmp_path):
    TokenStore(tmp_path / "tokens.json").write(tokens())
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    assert [worker.communicate(timeout=60)[0] for worker in workers] == ["new\n", "new\n"]
    assert (tmp_path / "renewals").read_text() == "first\n"


def test_folder_that_cannot_be_made_is_told_as_a_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for keep in (TokenStore(tmp_path / "file" / "tokens.json").write, TokenStore(tmp_path / "file" / "t.json").fill):
        with pytest.raises(SettingsInvalid, match="cannot be written"):
            keep(tokens())
