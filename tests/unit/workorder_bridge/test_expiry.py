"""Access that ends soon is told thirty days before."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.expiry import warnings_of
from workorder_bridge.destinations.quickbooks.tokens import Tokens

NOW = datetime(2026, 11, 27, tzinfo=UTC).timestamp()
DAY = 86_400


def tokens(rolling: float = 0, hard: float = 0) -> Tokens:
    """Ends in days from now; 0 for one nobody told."""
    return Tokens(
        realm="77",
        environment="production",
        company="Harbor",
        refresh_token=SecretStr("secret"),
        refresh_expires_at=NOW + rolling * DAY if rolling else 0,
        refresh_hard_expires_at=NOW + hard * DAY if hard else 0,
    )


@pytest.mark.parametrize(("rolling", "hard"), [(0, 0), (31, 0), (100, 1800), (0, 31)])
def test_what_is_far_off_or_unknown_is_not_told(rolling, hard):
    assert warnings_of([tokens(rolling, hard)], NOW) == []


def test_hard_end_is_told_thirty_days_before_with_the_command_that_helps():
    (warning,) = warnings_of([tokens(100, 30)], NOW)
    assert "Harbor (company 77), production, ends on 2026-12-27, because Intuit limits" in warning.message
    assert "workorder quickbooks reconnect --realm 77" in warning.hint
    assert (warning.ends_on, warning.days_left) == ("2026-12-27", 30)


def test_idle_access_is_told_thirty_days_before():
    (warning,) = warnings_of([tokens(12, 1800)], NOW)
    assert "ends on 2026-12-09, if nothing uses it before" in warning.message
    assert "workorder sync" in warning.hint


def test_nearer_end_is_the_one_told():
    (warning,) = warnings_of([tokens(20, 10)], NOW)
    assert "2026-12-07, because Intuit limits" in warning.message


def test_ended_access_is_told_as_ended():
    (warning,) = warnings_of([tokens(-1, 1800)], NOW)
    assert "ended on 2026-11-26." in warning.message
    assert warning.days_left == -1
    assert warning.hint == "Run `workorder quickbooks reconnect --realm 77`."


def test_every_company_is_looked_at_and_nothing_secret_is_told():
    warnings = warnings_of([tokens(5), tokens(200), tokens(0, 5)], NOW)
    assert len(warnings) == 2
    assert "secret" not in repr([warning.as_document() for warning in warnings])
