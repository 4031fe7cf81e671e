"""Settings: everything wrong is told at once."""

from pathlib import Path

import pytest
from workorder_bridge.errors import SettingsInvalid
from workorder_bridge.settings import load_settings

GOOD = {
    "ODOO_URL": "https://erp.example",
    "ODOO_DATABASE": "prod",
    "ODOO_LOGIN": "bridge",
    "ODOO_PASSWORD": "hidden-odoo",
    "QUICKBOOKS_ENVIRONMENT": "production",
    "QUICKBOOKS_CLIENT_ID": "id",
    "QUICKBOOKS_CLIENT_SECRET": "hidden-client",
}
PARTS = ["odoo", "quickbooks"]


@pytest.fixture
def environment(monkeypatch):
    def set_to(**changes: str) -> None:
        for name, value in {**GOOD, **changes}.items():
            monkeypatch.setenv(f"WORKORDER_{name}", value)

    return set_to


def problems(path: Path | None = None, needs=PARTS) -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as caught:
        load_settings(path, needs)
    return caught.value.problems


def test_complete_environment_is_taken(environment):
    environment()
    settings = load_settings(None, PARTS)
    assert (settings.odoo_url, settings.lease_seconds, settings.batch_size) == ("https://erp.example", 300, 30)


def test_everything_missing_is_listed_at_once():
    assert len(problems()) == 6


def test_only_what_the_command_needs_is_asked_for():
    assert all("ODOO" in problem for problem in problems(needs=["odoo"]))


@pytest.mark.parametrize("name", ["Sandbox", "prod", "SANDBOX", "sandbox ", "develop"])
def test_environment_must_be_spelled_exactly(environment, name):
    environment(QUICKBOOKS_ENVIRONMENT=name)
    assert problems() == (
        f"WORKORDER_QUICKBOOKS_ENVIRONMENT must be exactly one of production, sandbox, simulator, not {name!r}.",
    )


@pytest.mark.parametrize(
    "url", ["", "http://quickbooks.example", "http://10.0.0.5:1", "ftp://127.0.0.1", "127.0.0.1:80"]
)
def test_simulator_needs_an_address_on_this_machine(environment, url):
    environment(QUICKBOOKS_ENVIRONMENT="simulator", QUICKBOOKS_URL=url)
    assert "WORKORDER_QUICKBOOKS_URL must be the simulator's address" in problems()[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_simulator_on_this_machine_is_taken(environment, url):
    environment(QUICKBOOKS_ENVIRONMENT="simulator", QUICKBOOKS_URL=url)
    assert load_settings(None, PARTS).quickbooks_url == url


def test_address_beside_production_is_refused(environment):
    environment(QUICKBOOKS_URL="http://127.0.0.1:1")
    assert "for the simulator only" in problems()[0]


def test_file_gives_what_the_environment_does_not(environment, tmp_path):
    environment()
    file = tmp_path / "workorder.toml"
    file.write_text('lease_seconds = 60\nodoo_url = "https://other.example"\n')
    settings = load_settings(file, PARTS)
    assert (settings.lease_seconds, settings.odoo_url) == (60, "https://erp.example")


def test_unknown_name_and_wrong_value_are_both_told(environment, tmp_path):
    environment(BATCH_SIZE="31")
    file = tmp_path / "workorder.toml"
    file.write_text("leese_seconds = 60\n")
    told = " ".join(problems(file))
    assert "WORKORDER_BATCH_SIZE" in told
    assert "no setting leese_seconds" in told


@pytest.mark.parametrize("content", ["= broken", None])
def test_unreadable_file_is_named(environment, tmp_path, content):
    environment()
    file = tmp_path / "workorder.toml"
    if content:
        file.write_text(content)
    assert str(file) in problems(file)[0]


def test_secrets_are_not_shown(environment):
    environment()
    assert "hidden" not in repr(load_settings(None, PARTS))


KEY = "hiddenkey1234567890"
WITH_KEY = {"ODOO_LOGIN": "", "ODOO_PASSWORD": "", "ODOO_API_KEY": KEY}


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "odoo_api_key"
    path.write_text(f"{KEY}\n")
    path.chmod(0o600)
    return path


def test_key_takes_the_place_of_login_and_password(environment):
    environment(**WITH_KEY)
    settings = load_settings(None, PARTS)
    assert settings.odoo_api_key.get_secret_value() == KEY
    assert "hidden" not in repr(settings)


def test_key_comes_from_a_file_only_its_owner_reads(environment, key_file):
    environment(**{**WITH_KEY, "ODOO_API_KEY": "", "ODOO_API_KEY_FILE": str(key_file)})
    assert load_settings(None, PARTS).odoo_api_key.get_secret_value() == KEY


def test_key_file_that_others_can_read_is_refused(environment, key_file):
    environment(**{**WITH_KEY, "ODOO_API_KEY": "", "ODOO_API_KEY_FILE": str(key_file)})
    key_file.chmod(0o640)
    assert problems() == (f"Other users of this machine can read {key_file} (WORKORDER_ODOO_API_KEY_FILE).",)


@pytest.mark.parametrize("content", [b"", b"\n", b"two words", b"\xff\xfe\x00", b"hidden\nhidden"])
def test_key_file_with_anything_else_is_refused_and_not_shown(environment, key_file, content):
    environment(**{**WITH_KEY, "ODOO_API_KEY": "", "ODOO_API_KEY_FILE": str(key_file)})
    key_file.write_bytes(content)
    (told,) = problems()
    assert str(key_file) in told
    assert "hidden" not in told


def test_key_file_that_is_not_there_is_named(environment, tmp_path):
    environment(**{**WITH_KEY, "ODOO_API_KEY": "", "ODOO_API_KEY_FILE": str(tmp_path / "absent")})
    assert problems() == (
        f"{tmp_path / 'absent'} (WORKORDER_ODOO_API_KEY_FILE) cannot be read: No such file or directory.",
    )


def test_key_file_is_left_alone_by_commands_that_do_not_ask_odoo(environment, tmp_path):
    environment(**{**WITH_KEY, "ODOO_API_KEY": "", "ODOO_API_KEY_FILE": str(tmp_path / "absent")})
    assert load_settings(None, ["quickbooks"]).odoo_api_key.get_secret_value() == ""


def test_key_and_password_together_are_refused(environment):
    environment(ODOO_API_KEY=KEY)
    assert problems() == (
        "WORKORDER_ODOO_API_KEY and WORKORDER_ODOO_PASSWORD are both set; keep the API key, or login and password.",
    )


def test_key_and_key_file_together_are_refused(environment, key_file):
    environment(**WITH_KEY, ODOO_API_KEY_FILE=str(key_file))
    assert problems() == ("WORKORDER_ODOO_API_KEY and WORKORDER_ODOO_API_KEY_FILE are both set; keep one of them.",)


def test_neither_key_nor_password_is_told_as_one_thing(environment):
    environment(ODOO_LOGIN="", ODOO_PASSWORD="")
    assert problems() == (
        "WORKORDER_ODOO_API_KEY is not set, and neither is WORKORDER_ODOO_PASSWORD; one of them is needed.",
    )


def test_password_needs_its_login(environment):
    environment(ODOO_LOGIN="")
    assert problems() == ("WORKORDER_ODOO_LOGIN is not set.",)


@pytest.mark.parametrize("key", ["two words", "hid\nden", "hidd\u00e9n"])
def test_key_no_header_can_carry_is_refused_and_not_shown(environment, key):
    environment(**{**WITH_KEY, "ODOO_API_KEY": key})
    (told,) = problems()
    assert told.startswith("WORKORDER_ODOO_API_KEY is not a key")
    assert key not in told


def test_database_no_header_can_carry_is_refused(environment):
    environment(**WITH_KEY, ODOO_DATABASE="pr\u00f6d")
    assert "WORKORDER_ODOO_DATABASE" in problems()[0]


def test_secret_of_the_wrong_kind_is_not_shown(environment, tmp_path):
    environment()
    file = tmp_path / "workorder.toml"
    file.write_text("quickbooks_access_token = 8154711\n")
    (told,) = problems(file)
    assert "8154711" not in told
    assert told.startswith("WORKORDER_QUICKBOOKS_ACCESS_TOKEN cannot be what it is set to")


def test_setting_that_is_empty_is_not_set(environment):
    environment(ODOO_API_KEY="", ODOO_API_KEY_FILE="")
    assert load_settings(None, PARTS).odoo_login == "bridge"
