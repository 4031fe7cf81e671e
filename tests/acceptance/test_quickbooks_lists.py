"""What QuickBooks has not, or has no more: items are made, an inactive customer is explained; with a real Odoo."""

import secrets

import pytest


@pytest.fixture
def destination(office):
    """The destination in Odoo, as it was afterwards."""
    number = office.record("work_order_transmission.destination_qbo")
    names = ["create_missing_items", "income_account"]
    (before,) = office.call("work.order.destination", "read", [number], names)
    yield number
    office.call("work.order.destination", "write", [number], {name: before[name] for name in names})


@pytest.fixture
def product(office):
    """A service that is mapped to nothing."""
    original = office.record("work_order.product_hvac_labor")
    (template,) = office.call("product.product", "read", [original], ["product_tmpl_id"])
    copy = office.call("product.template", "copy", [template["product_tmpl_id"][0]])
    copy = copy[0] if isinstance(copy, list) else copy
    name = f"Boiler inspection {secrets.token_hex(3)}"
    office.call("product.template", "write", [copy], {"name": name, "default_code": f"BI-{secrets.token_hex(2)}"})
    (variant,) = office.call("product.product", "search", [("product_tmpl_id", "=", copy)])
    return variant, name


def told(office, number):
    """What Odoo shows of the invoice's transmission."""
    domain = [("invoice_id.name", "=", number)]
    (row,) = office.call("work.order.transmission", "search_read", domain, ["state", "message", "hint"])
    return row


def test_f3_missing_item_waits_for_the_policy_then_is_made_and_mapped(office, company, bridge, destination, product):
    variant, name = product
    (number,) = office.post_tickets(1, variant)
    bridge.sync()
    assert told(office, number)["state"] == "blocked"
    policy = {"create_missing_items": True, "income_account": "Services"}
    office.call("work.order.destination", "write", [destination], policy)
    (row,) = office.call("work.order.transmission", "search", [("invoice_id.name", "=", number)])
    office.call("work.order.transmission", "action_try_again", [row])
    bridge.sync()
    assert told(office, number)["state"] == "received"
    domain = [("destination_id", "=", destination), ("product_id", "=", variant)]
    (mapped,) = office.call("quickbooks.item.map", "search_read", domain, ["external_id", "external_name"])
    assert mapped["external_name"] == name
    (again,) = office.post_tickets(1, variant)
    bridge.sync()
    assert told(office, again)["state"] == "received"
    assert {len(ids) for ids in company.invoices().values()} == {1}


def test_f3_inactive_customer_is_explained_and_goes_out_once_it_is_active_again(office, company, bridge):
    customer = {"kind": "Customer", "id": "1"}
    bridge.sync()
    company.control("accountant/set_active", {**customer, "active": False})
    try:
        (number,) = office.post_tickets(1)
        bridge.sync()
        row = told(office, number)
        assert row["state"] == "blocked"
        assert "was made inactive in QuickBooks" in row["message"]
        assert "Try again" in row["hint"]
        assert number not in company.invoices()
    finally:
        company.control("accountant/set_active", {**customer, "active": True})
    office.call("work.order.transmission", "action_try_again", [row["id"]])
    bridge.sync()
    assert told(office, number)["state"] == "received"
    assert len(company.invoices()[number]) == 1
