"""Names and keys of customers the bridge makes."""

from hypothesis import given
from hypothesis import strategies as st
from workorder_bridge.destinations.quickbooks.customers import customer_body, customers_request_id, display_name
from workorder_bridge.destinations.quickbooks.wire import any_of
from workorder_bridge.document_parts import Buyer
from workorder_bridge.examples import example_buyer


def buyer(**changes: object) -> Buyer:
    return Buyer.model_validate(example_buyer(**changes))


@given(st.text())
def test_any_name_becomes_one_quickbooks_takes(name):
    made = display_name(buyer(name=name))
    assert 0 < len(made) <= 500
    assert not set(made) & set(":\t\r\n")


def test_same_claim_gives_the_same_request_id_and_another_claim_another():
    assert customers_request_id("a") == customers_request_id("a") != customers_request_id("b")
    assert len(customers_request_id("a")) == 36


def test_only_what_is_known_is_sent():
    body = customer_body(buyer(email="", phone="", street2=""), "")
    assert body == {
        "DisplayName": "Mercy General Hospital",
        "CompanyName": "Mercy General Hospital",
        "BillAddr": {
            "Line1": "1 Mercy Way",
            "City": "Columbus",
            "CountrySubDivisionCode": "OH",
            "PostalCode": "43215",
            "Country": "US",
        },
    }


def test_quote_and_backslash_cannot_end_a_literal():
    assert any_of(["O'Neil", "a\\"]) == "('O\\'Neil', 'a\\\\')"
