"""Which company is the right one, by what Odoo, options and settings say."""

import pytest
from pydantic import SecretStr
from workorder_bridge.cli import companies
from workorder_bridge.cli.companies import Expected, expected_company
from workorder_bridge.destinations.quickbooks.tokens import Tokens
from workorder_bridge.errors import SourceError, SourceUnreachable, WrongCompany
from workorder_bridge.settings import load_settings
from workorder_bridge.standing import DestinationSummary


def summary(code: str, realm: str, kind: str = "quickbooks") -> DestinationSummary:
    return DestinationSummary(
        code=code, name=code, kind=kind, realm=realm, state="active", pause_reason="", counts={}, oldest_ready=None,
        trouble=[],
    )  # fmt: skip


class Odoo:
    """A source that knows its destinations."""

    def __init__(self, *summaries: DestinationSummary) -> None:
        self.summaries = summaries

    def summary(self, code: str | None = None) -> list[DestinationSummary]:
        return [each for each in self.summaries if code in (None, each.code)]


@pytest.fixture
def asked(monkeypatch):
    def ask(*summaries: DestinationSummary, realm: str = "", destination: str = "") -> Expected:
        for name, value in {"URL": "https://erp.example", "DATABASE": "d", "LOGIN": "l", "PASSWORD": "p"}.items():
            monkeypatch.setenv(f"WORKORDER_ODOO_{name}", value)
        monkeypatch.setattr(companies, "odoo_source", lambda *_: Odoo(*summaries))
        return expected_company(None, load_settings(None, []), realm, destination)

    return ask


def test_company_of_the_destinations_in_odoo_is_the_right_one(asked):
    assert asked(summary("a", "77"), summary("b", "78"), summary("mail", "", "email")).realms == {"77", "78"}
    assert asked(summary("a", "77"), summary("b", "78"), destination="b").realms == {"78"}


def test_destination_without_a_company_leaves_it_open(asked):
    assert not asked(summary("a", "77"), summary("new", "")).realms


def test_named_company_needs_no_odoo(asked):
    assert asked(summary("a", "77"), realm="99").realms == {"99"}


def test_unknown_destination_is_told(asked):
    with pytest.raises(SourceError, match="no destination nope"):
        asked(summary("a", "77"), destination="nope")


def test_odoo_that_is_down_leaves_a_way_to_name_the_company(monkeypatch):
    for name, value in {"URL": "http://127.0.0.1:9", "DATABASE": "d", "LOGIN": "l", "PASSWORD": "p"}.items():
        monkeypatch.setenv(f"WORKORDER_ODOO_{name}", value)
    with pytest.raises(SourceUnreachable) as caught:
        expected_company(None, load_settings(None, []), "", "")
    assert "--realm NUMBER" in caught.value.hint


def test_setting_counts_where_there_is_no_odoo(monkeypatch):
    monkeypatch.setenv("WORKORDER_QUICKBOOKS_REALM", "55")
    assert expected_company(None, load_settings(None, []), "", "").realms == {"55"}


def test_another_company_is_refused_by_name_and_by_number():
    tokens = Tokens(realm="12", environment="sandbox", company="Oak", refresh_token=SecretStr("x"))
    with pytest.raises(WrongCompany, match=r"Oak \(company 12\), but the destination in Odoo is for company 77 or 78"):
        Expected(frozenset({"78", "77"}), "the destination in Odoo").refuse_others(tokens)
