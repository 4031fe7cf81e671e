"""Where the browser comes back to: Intuit's rules, told before anybody consents."""

import pytest
from workorder_bridge.destinations.quickbooks.redirect import way_back
from workorder_bridge.errors import SettingsInvalid

MINE = "https://erp.example/quickbooks"


@pytest.mark.parametrize("environment", ["sandbox", "simulator"])
def test_default_is_a_fixed_port_of_this_machine(environment):
    back = way_back(environment, "", None, paste=False)
    assert (back.redirect_uri, back.port, back.path) == ("http://localhost:8417/callback", 8417, "/callback")


def test_port_moves_listener_and_address_together():
    back = way_back("sandbox", "", 9001, paste=False)
    assert (back.redirect_uri, back.port) == ("http://localhost:9001/callback", 9001)


def test_own_address_on_this_machine_gives_port_and_path():
    back = way_back("sandbox", "http://127.0.0.1:9002/back", None, paste=False)
    assert (back.port, back.path) == (9002, "/back")


def test_two_different_ports_are_refused():
    with pytest.raises(SettingsInvalid, match="different ports"):
        way_back("sandbox", "http://localhost:9002/back", 9001, paste=False)


@pytest.mark.parametrize("paste", [True, False])
@pytest.mark.parametrize("uri", ["", "http://localhost:8417/callback", "http://erp.example/x"])
def test_production_takes_https_only_and_says_how(uri, paste):
    with pytest.raises(SettingsInvalid, match="https addresses only") as caught:
        way_back("production", uri, None, paste)
    assert "--redirect-uri ADDRESS --paste" in caught.value.hint


def test_production_answer_is_pasted_or_passed_on_by_a_web_server():
    assert way_back("production", MINE, None, paste=True).port is None
    passed_on = way_back("production", MINE, 9001, paste=False)
    assert (passed_on.redirect_uri, passed_on.port, passed_on.path) == (MINE, 9001, "/quickbooks")


def test_https_address_nobody_listens_for_is_refused():
    with pytest.raises(SettingsInvalid, match="Nothing on this machine answers"):
        way_back("sandbox", MINE, None, paste=False)


def test_http_address_of_another_machine_is_refused():
    with pytest.raises(SettingsInvalid, match="must begin with https"):
        way_back("sandbox", "http://erp.example/x", None, paste=True)


@pytest.mark.parametrize(
    "uri", ["erp.example", "ftp://x/y", "https://", f"{MINE}?a=1", f"{MINE}#x", "https://x:99999/"]
)
def test_what_is_no_address_is_refused(uri):
    with pytest.raises(SettingsInvalid, match="must look like"):
        way_back("sandbox", uri, None, paste=True)
