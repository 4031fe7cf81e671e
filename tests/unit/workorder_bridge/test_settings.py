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
    assert len(problems()) == 7


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
