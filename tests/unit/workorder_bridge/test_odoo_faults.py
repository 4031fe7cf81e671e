"""Odoo's faults as sentences, the same for both ways in; what JSON-2 adds is in test_json2."""

import pytest
from workorder_bridge.errors import SourceUnreachable
from workorder_bridge.sources.odoo_faults import entrance_of_key, entrance_of_login, not_accepted, source_error

LOGIN = entrance_of_login("https://erp.example", "prod", "bridge")
KEY = entrance_of_key("https://erp.example", "prod")


def fault(name: str, message: str = "", entrance=LOGIN):
    return source_error(name, message, entrance)


def test_sentence_meant_for_people_is_passed_on():
    assert fault("odoo.exceptions.UserError", "The destination qbo is paused.").message == (
        "The destination qbo is paused."
    )


def test_wrong_login_names_login_and_database():
    for error in (fault("odoo.exceptions.AccessDenied"), not_accepted(LOGIN)):
        assert error.message == "Odoo does not accept the login bridge for database prod."
        assert "WORKORDER_ODOO_PASSWORD" in error.hint


def test_key_is_never_confused_with_a_login():
    error = fault("odoo.exceptions.AccessDenied", entrance=KEY)
    assert error.message == "Odoo does not accept the API key for database prod."
    assert "PASSWORD" not in error.hint


@pytest.mark.parametrize(
    ("name", "message", "said"),
    [
        ("psycopg2.OperationalError", 'FATAL: database "prod" does not exist', "no Odoo database prod"),
        ("builtins.KeyError", "'work.order.destination'", "does not have the addon work_order_transmission"),
        ("builtins.KeyError", "'work.order.mapping.upload'", "does not have the addon work_order, or an older one"),
        ("builtins.KeyError", "'work.order.preflight'", "does not have the addon work_order, or an older one"),
        (
            "builtins.AttributeError",
            "The method 'work.order.destination.access' does not exist",
            "of different releases",
        ),
        ("builtins.TypeError", "settle() got an unexpected keyword argument 'pause'", "of different releases"),
        ("builtins.TypeError", "unsupported operand", "Odoo failed: unsupported operand"),
        ("odoo.exceptions.AccessError", "not allowed", "denies bridge"),
        ("builtins.ZeroDivisionError", "division by zero", "Odoo failed: division by zero"),
    ],
)
def test_each_fault_is_told_in_a_sentence(name, message, said):
    assert said in fault(name, message).message


@pytest.mark.parametrize("name", ["psycopg2.errors.SerializationFailure", "psycopg2.errors.LockNotAvailable"])
def test_passing_conflict_may_be_tried_again(name):
    assert isinstance(fault(name), SourceUnreachable)
