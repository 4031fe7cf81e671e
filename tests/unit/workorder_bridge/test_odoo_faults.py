"""Odoo's faults as sentences."""

import pytest
from workorder_bridge.errors import SourceUnreachable
from workorder_bridge.sources.odoo_faults import source_error


def fault(name: str, message: str = ""):
    return source_error({"data": {"name": name, "message": message}}, "Odoo Server Error", "prod", "bridge")


def test_sentence_meant_for_people_is_passed_on():
    assert fault("odoo.exceptions.UserError", "The destination qbo is paused.").message == (
        "The destination qbo is paused."
    )


def test_wrong_login_names_login_and_database():
    for error in (fault("odoo.exceptions.AccessDenied"), source_error(False, "Wrong login", "prod", "bridge")):
        assert error.message == "Odoo does not accept the login bridge for database prod."
        assert "WORKORDER_ODOO_PASSWORD" in error.hint


@pytest.mark.parametrize(
    ("name", "message", "said"),
    [
        ("psycopg2.OperationalError", 'FATAL: database "prod" does not exist', "no Odoo database prod"),
        ("builtins.KeyError", "'work.order.destination'", "does not have the addon"),
        ("odoo.exceptions.AccessError", "not allowed", "denies bridge"),
        ("builtins.ZeroDivisionError", "division by zero", "Odoo failed: division by zero"),
    ],
)
def test_each_fault_is_told_in_a_sentence(name, message, said):
    assert said in fault(name, message).message


@pytest.mark.parametrize("name", ["psycopg2.errors.SerializationFailure", "psycopg2.errors.LockNotAvailable"])
def test_passing_conflict_may_be_tried_again(name):
    assert isinstance(fault(name), SourceUnreachable)
