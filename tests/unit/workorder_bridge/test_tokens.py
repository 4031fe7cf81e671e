"""The token store, with real processes where it matters."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from workorder_bridge.destinations.quickbooks.tokens import Tokens, TokenStore
from workorder_bridge.errors import NotAuthorised, SettingsInvalid, TryLater, WrongCompany

WORKER = """
import sys, time
from pathlib import Path
from pydantic import SecretStr, ValidationError
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


@pytest.fixture
def file(store: TokenStore) -> Path:
    return store.file_of("77", "simulator")


def as_text(kept: Tokens) -> str:
    secret = {name: getattr(kept, name).get_secret_value() for name in ("refresh_token", "access_token")}
    return json.dumps({**kept.model_dump(mode="json"), **secret})


def test_stored_tokens_come_back(store):
    kept = tokens(company="Harbor", refresh_expires_at=6.0, refresh_hard_expires_at=7.0)
    store.write(kept)
    assert store.read("77", "simulator") == kept


def test_file_is_for_its_owner_only(file):
    assert file.stat().st_mode & 0o777 == 0o600


def test_rewriting_leaves_no_other_file_behind(store, file):
    store.write(tokens(access_token=SecretStr("newer")))
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.lock"}


def test_file_others_can_read_is_refused_with_the_command_that_helps(store, file):
    file.chmod(0o644)
    with pytest.raises(NotAuthorised) as caught:
        store.read("77", "simulator")
    assert f"chmod 600 {file}" in caught.value.hint


def test_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(NotAuthorised) as caught:
        TokenStore(tmp_path / "none.json").read("77", "simulator")
    assert "workorder quickbooks connect" in caught.value.hint


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"realm": 5}', '{"refresh_token": "first"}'])
def test_damaged_file_is_named_and_its_content_is_not_shown(store, file, content):
    file.write_text(content)
    with pytest.raises(NotAuthorised, match="damaged") as caught:
        store.read("77", "simulator")
    assert caught.value.__cause__ is None
    assert "first" not in str(caught.value)


def test_tokens_of_another_company_are_refused(store):
    with pytest.raises(WrongCompany, match=r"open company 77 \(simulator\).* for company 78"):
        store.read("78", "simulator")


def test_tokens_of_another_environment_are_refused(store):
    with pytest.raises(WrongCompany, match="for simulator, but the bridge is set to production"):
        store.read("77", "production")


def test_companies_and_environments_are_independent(store):
    store.write(tokens(realm="78", refresh_token=SecretStr("second")))
    store.write(tokens(environment="sandbox", refresh_token=SecretStr("third")))
    store.renew(tokens(), lambda old: old.model_copy(update={"refresh_token": SecretStr("newer")}))
    kept = [(each.environment, each.realm, each.refresh_token.get_secret_value()) for each in store.survey()[0]]
    assert kept == [("sandbox", "77", "third"), ("simulator", "77", "newer"), ("simulator", "78", "second")]


def test_renewal_of_one_company_does_not_wait_for_another(store):
    store.write(tokens(realm="78"))

    def renewal(old: Tokens) -> Tokens:
        store.renew(tokens(realm="78"), lambda other: other)  # would wait for ever if they shared a lock
        return old

    store.renew(tokens(), renewal)


def test_file_of_another_company_under_this_name_is_refused(store, file):
    file.write_text(as_text(tokens(realm="78")))
    with pytest.raises(WrongCompany, match="holds the tokens of company 78"):
        store.read("77", "simulator")


def old_file(store: TokenStore, kept: Tokens) -> None:
    store.path.write_text(as_text(kept))
    store.path.chmod(0o600)


@pytest.mark.parametrize("look", [lambda store: store.read("90", "sandbox"), lambda store: store.survey()])
def test_file_of_one_company_from_earlier_versions_is_taken_over(store, look):
    kept = tokens(realm="90", environment="sandbox")
    old_file(store, kept)
    look(store)
    assert not store.path.exists()
    assert store.read("90", "sandbox") == kept
    assert store.read("77", "simulator") == tokens()


def test_newer_tokens_win_over_the_file_of_earlier_versions(store):
    old_file(store, tokens(refresh_token=SecretStr("stale")))
    store.fill(tokens(refresh_token=SecretStr("from settings")))
    assert store.read("77", "simulator") == tokens()
    assert not store.path.exists()


def test_file_of_earlier_versions_is_taken_over_before_settings_fill_it(store):
    old_file(store, tokens(realm="90", refresh_token=SecretStr("rotated")))
    store.fill(tokens(realm="90", refresh_token=SecretStr("from settings")))
    assert store.read("90", "simulator").refresh_token.get_secret_value() == "rotated"


def test_damaged_file_of_earlier_versions_stands_in_nobodys_way(store):
    old_file(store, tokens())
    store.path.write_text("damaged")
    assert store.read("77", "simulator") == tokens()
    readable, (trouble,) = store.survey()
    assert readable == [tokens()]
    assert "damaged" in trouble.message


def test_bad_file_does_not_hide_the_others(store, file):
    store.write(tokens(realm="78"))
    file.write_text("damaged")
    readable, (trouble,) = store.survey()
    assert [each.realm for each in readable] == ["78"]
    assert str(file) in trouble.message


@pytest.mark.parametrize("realm", ["", "../x", "7 7", "٧", "1" * 33])
def test_company_number_that_could_not_be_a_file_name_is_refused(realm):
    with pytest.raises(ValidationError):
        tokens(realm=realm)


def test_rotated_token_is_on_disk_before_the_access_token_is_handed_out(store, file):
    fresh = store.renew(tokens(), lambda old: old.model_copy(update={"refresh_token": SecretStr("second")}))
    assert json.loads(file.read_text())["refresh_token"] == "second"
    assert fresh.refresh_token.get_secret_value() == "second"


def test_first_tokens_fill_an_empty_store_only(store, tmp_path):
    store.fill(tokens(refresh_token=SecretStr("stale")))
    assert store.read("77", "simulator") == tokens()
    empty = TokenStore(tmp_path / "other" / "tokens.json")
    empty.fill(tokens())
    assert empty.read("77", "simulator") == tokens()


def test_removal_takes_place_once_the_revocation_went_well(store, file):
    def refuse(_tokens: Tokens) -> None:
        raise TryLater("busy")

    with pytest.raises(TryLater):
        store.remove(tokens(), refuse)
    assert file.exists()
    revoked = []
    store.remove(tokens(), revoked.append)
    assert revoked == [tokens()]
    assert not file.exists()


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
