"""Items made before the invoices that need them, in a company on loopback."""

import json

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import MappingIncomplete, Rejected, TryLater
from workorder_bridge.examples import example_content, example_destination, example_line
from workorder_bridge.ports import Parcel
from workorder_bridge.receipt import Receipt

NUMBER = "INV/2026/00001"


def product(number, name, code="", kind="service"):
    return {"id": number, "code": code, "name": name, "kind": kind}


def invoice(*products, number=NUMBER):
    """One untaxed line of 90.00 for each product."""
    lines = [
        example_line(id=100 + n, product=one, quantity="1", subtotal="90.00", taxes=[], tax_amount="0.00")
        for n, one in enumerate(products, 1)
    ]
    total = f"{90 * len(products)}.00"
    return json.dumps(
        example_content(number=number, lines=lines, taxes=[], totals={"untaxed": total, "tax": "0.00", "total": total})
    )


@pytest.fixture
def deliver(batches, quickbooks):
    """Sends documents in one batch; the delivery and the answers in the order of the rows."""

    def deliver(*documents, creates=True, account="Services", **options):
        info = example_destination(realm=quickbooks.realm, create_missing_items=creates, income_account=account)
        batch = options.pop("batch", None) or batches(*documents, realm=quickbooks.realm, destination=info)
        parcels = [Parcel(row, parse_document(row.document, row.sha256)) for row in batch.rows]
        delivery = quickbooks.open().send(batch, parcels)
        return batch, delivery, [delivery.answers[row.id] for row in batch.rows]

    return deliver


def items(simulator, name):
    found = simulator.call("GET", "query", params={"query": "SELECT * FROM Item WHERE Active IN (true, false)"})
    return [item for item in found["QueryResponse"]["Item"] if item["Name"] == name]


def test_missing_items_are_made_once_with_account_type_and_code_and_told(deliver, simulator):
    documents = [
        invoice(product(70, "Duct cleaning", "DUCT"), product(71, "Grille", kind="goods")),
        invoice(product(70, "Duct cleaning", "DUCT"), product(12, "HVAC labor"), number="INV/2026/00002"),
    ]
    _, delivery, answers = deliver(*documents)
    assert all(isinstance(answer, Receipt) for answer in answers)
    assert {(new.product_id, new.external_name) for new in delivery.items} == {(70, "Duct cleaning"), (71, "Grille")}
    (duct,), (grille,) = items(simulator, "Duct cleaning"), items(simulator, "Grille")
    assert (duct["Type"], duct["Sku"], duct["IncomeAccountRef"]["value"]) == ("Service", "DUCT", "1")
    assert grille["Type"] == "NonInventory"
    assert "Sku" not in grille
    first = next(one for one in simulator.invoices() if one["DocNumber"] == NUMBER)
    sold = [line["SalesItemLineDetail"]["ItemRef"]["value"] for line in first["Line"] if "Id" in line]
    assert sold == [duct["Id"], grille["Id"]]
    assert simulator.statistics["batches"] == 2


def test_missing_item_is_a_gap_where_none_may_be_made(deliver, simulator):
    _, delivery, (answer,) = deliver(invoice(product(70, "Duct cleaning")), creates=False)
    assert isinstance(answer, MappingIncomplete)
    assert [gap.table for gap in answer.gaps] == ["quickbooks_items"]
    assert not delivery.items
    assert not items(simulator, "Duct cleaning")


def test_no_item_is_made_for_an_invoice_that_cannot_be_sent_anyway(deliver, simulator):
    _, _, (answer,) = deliver(invoice(product(70, "Duct cleaning"), number="N" * 22))
    assert "22 characters" in answer.message
    assert not items(simulator, "Duct cleaning")


def test_lost_answer_about_items_makes_one_item(deliver, simulator):
    simulator.fault("drop_after_commit", "batch")
    _, delivery, (answer,) = deliver(invoice(product(70, "Duct cleaning")))
    assert isinstance(answer, Receipt)
    (item,) = items(simulator, "Duct cleaning")
    assert [new.external_id for new in delivery.items] == [item["Id"]]


def test_claim_handed_out_again_makes_nothing_twice(deliver, simulator):
    batch, first, _ = deliver(invoice(product(70, "Duct cleaning")))
    simulator.control("accountant/delete", {"kind": "Invoice", "id": next(iter(first.answers.values())).external_id})
    again = batch.model_copy(update={"attempt": 2})
    _, second, _ = deliver(batch=again)
    assert [new.external_id for new in second.items] == [new.external_id for new in first.items]
    assert len(items(simulator, "Duct cleaning")) == 1


def test_item_of_the_same_name_is_taken_if_it_can_be_the_same(deliver, simulator):
    _, delivery, (answer,) = deliver(invoice(product(70, "hvac LABOR", "ANY")))
    assert isinstance(answer, Receipt)
    assert [(new.product_id, new.external_id) for new in delivery.items] == [(70, "2")]


def test_item_of_the_same_name_and_another_sku_is_not_taken(deliver, simulator):
    simulator.control("stored", {"kind": "Item", "id": "2", "values": {"Sku": "OTHER"}})
    _, _, (answer,) = deliver(invoice(product(70, "HVAC labor", "LAB")))
    assert isinstance(answer, Rejected)
    assert "belongs to the item 2 in QuickBooks, whose SKU is OTHER and not LAB" in answer.message
    assert "70,HVAC labor,," in answer.hint


def test_name_of_an_inactive_item_is_told(deliver, simulator):
    simulator.control("accountant/set_active", {"kind": "Item", "id": "12", "active": False})
    _, _, (answer,) = deliver(invoice(product(70, "Travel")))
    assert isinstance(answer, Rejected)
    assert "belongs to an inactive item (id 12) in QuickBooks" in answer.message


def test_item_that_cannot_be_made_holds_up_nobody_else(deliver, simulator):
    simulator.control("accountant/set_active", {"kind": "Item", "id": "12", "active": False})
    documents = [invoice(product(70, "Travel")), invoice(product(71, "Grille"), number="INV/2026/00002")]
    _, delivery, (refused, booked) = deliver(*documents)
    assert isinstance(refused, Rejected)
    assert isinstance(booked, Receipt)
    assert [new.product_id for new in delivery.items] == [71]


def test_long_and_forbidden_names_become_ones_quickbooks_takes(deliver, simulator):
    long = "Very long: name " * 10
    _, delivery, (answer,) = deliver(invoice(product(70, long, "VL-1"), product(71, long)))
    assert isinstance(answer, Receipt)
    names = sorted(new.external_name for new in delivery.items)
    assert len(set(names)) == 2
    assert all(len(name) <= 100 for name in names)
    assert any(name.endswith("[VL-1]") for name in names)
    assert any(name.endswith("[71]") for name in names)


def test_more_items_than_one_batch_holds_are_made_in_several(deliver, simulator):
    _, delivery, (answer,) = deliver(invoice(*(product(200 + n, f"Part {n:02}") for n in range(31))))
    assert isinstance(answer, Receipt)
    assert len(delivery.items) == 31
    assert simulator.statistics["batches"] == 3


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("", "names no income account"),
        ("Nowhere", "has no account called 'Nowhere'"),
        ("Checking", "Checking is an account of type Bank in QuickBooks, not an income account"),
    ],
)
def test_account_that_cannot_be_used_is_told(deliver, simulator, account, said):
    _, _, (answer,) = deliver(invoice(product(70, "Duct cleaning")), account=account)
    assert isinstance(answer, Rejected)
    assert said in answer.message
    assert "Income Account" in answer.hint


def test_throttled_item_leaves_the_invoice_for_later(deliver, simulator):
    simulator.fault("429", "batch", times=None)
    _, _, (answer,) = deliver(invoice(product(70, "Duct cleaning")))
    assert isinstance(answer, TryLater)
    assert not answer.maybe_sent
