"""Names and addresses of databases, without a server."""

from pathlib import Path

import pytest
from workorder_sandbox.database import Databases, named_server
from workorder_sandbox.errors import DatabaseUnreachable


@pytest.fixture
def databases():
    told = {"host": "127.0.0.1", "port": "5433", "user": "odoo", "password": "a:b/c@d", "sslmode": "require"}
    return Databases(told, "wo_abc_", Path("/nowhere"))


def test_short_name_gets_the_prefix_and_a_real_one_stays(databases):
    assert databases.full_name("trial_1") == "wo_abc_trial_1"
    assert databases.full_name("wo_abc_trial_1") == "wo_abc_trial_1"


def test_address_quotes_what_the_password_holds(databases):
    assert databases.url("x") == "postgresql://odoo:a%3Ab%2Fc%40d@127.0.0.1:5433/x"


def test_client_library_is_told_by_its_own_variables(databases):
    assert databases.environment() == {
        "PGHOST": "127.0.0.1",
        "PGPORT": "5433",
        "PGUSER": "odoo",
        "PGPASSWORD": "a:b/c@d",
        "PGSSLMODE": "require",
    }


@pytest.mark.parametrize("url", ["postgresql://odoo:x@127.0.0.1:9/postgres", "nonsense", "postgresql://[broken"])
def test_server_that_cannot_be_reached_is_refused_in_one_sentence(url):
    with pytest.raises(DatabaseUnreachable, match="WORKORDER_DATABASE_URL cannot be used") as refusal:
        named_server(url)

    assert "\n" not in str(refusal.value)
