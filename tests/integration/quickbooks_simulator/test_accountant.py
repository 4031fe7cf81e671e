"""What an accountant does to the books from the company's own side, and the refusals."""

from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body


def act(service: Service, name: str, /, **body: Any) -> Any:
    return service.control(f"accountant/{name}", body)


def refused(service: Service, name: str, /, **body: Any) -> Any:
    answer = requests.post(f"{service.url}/simulator/accountant/{name}", json=body, timeout=TIMEOUT)
    assert answer.status_code == 400, answer.text
    return answer.json()


def read(service: Service, kind: str, record_id: str) -> Any:
    return next(iter(service.get(f"{kind.lower()}/{record_id}").json().values()))


def test_one_payment_pays_two_invoices_and_leaves_a_part_unapplied(service: Service) -> None:
    first, second = (service.create("invoice", invoice_body(number)) for number in ("A1", "A2"))
    parts = {first["Id"]: 193.5, second["Id"]: 100}
    payment = act(service, "receive", customer_id="1", invoices=parts, amount=300, reference="CHK 9", method_id="2")
    assert (payment["Payment"]["TotalAmt"], payment["Payment"]["UnappliedAmt"]) == (300, 6.5)
    assert payment["Payment"]["PaymentMethodRef"]["value"] == "2"
    assert [read(service, "Invoice", each["Id"])["Balance"] for each in (first, second)] == [0, 93.5]


def test_payment_without_an_amount_is_the_sum_of_its_parts(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    payment = act(service, "receive", customer_id="1", invoices={invoice["Id"]: "50.25"})["Payment"]
    assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (50.25, 0)


def test_edited_invoice_keeps_what_was_not_touched(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", PrivateNote="WO00001"))
    line_id = invoice["Line"][0]["Id"]
    edited = act(service, "edit_invoice", id=invoice["Id"], due="2030-01-31", amounts={line_id: 100})["Invoice"]
    assert (edited["DueDate"], edited["DocNumber"], edited["PrivateNote"]) == ("2030-01-31", "A1", "WO00001")
    assert (edited["Line"][0]["Amount"], edited["TotalAmt"]) == (100, 107.5)
    detail = edited["Line"][0]["SalesItemLineDetail"]
    assert (detail["Qty"], detail["UnitPrice"]) == (2, 50)
    assert edited["SyncToken"] == "1"


def test_amount_that_does_not_divide_evenly_is_accepted(service: Service) -> None:
    line = invoice_body()["Line"][0]
    line |= {"Amount": 270}
    line["SalesItemLineDetail"] |= {"Qty": 3}
    invoice = service.create("invoice", invoice_body("A1", Line=[line]))
    edited = act(service, "edit_invoice", id=invoice["Id"], amounts={"1": "100.01"})["Invoice"]
    assert edited["Line"][0]["Amount"] == 100.01


def test_customer_is_changed_with_the_address_but_not_once_paid(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    edited = act(service, "edit_invoice", id=invoice["Id"], customer_id="2")["Invoice"]
    assert edited["CustomerRef"]["name"] == "Cedar Property Management"
    assert edited["BillAddr"]["Line1"] == "240 Cedar Avenue"
    act(service, "receive", customer_id="2", invoices={invoice["Id"]: 1})
    assert refused(service, "edit_invoice", id=invoice["Id"], customer_id="1")["code"] == "620"


def test_edit_of_a_state_that_is_past_is_refused(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    act(service, "edit_invoice", id=invoice["Id"], memo="one")
    assert refused(service, "edit_invoice", id=invoice["Id"], memo="two", sync_token="0")["code"] == "5010"


def test_void_and_delete_reach_the_books(service: Service) -> None:
    first, second = (service.create("invoice", invoice_body(number)) for number in ("A1", "A2"))
    voided = act(service, "void", kind="Invoice", id=first["Id"])["Invoice"]
    assert (voided["TotalAmt"], voided["PrivateNote"]) == (0, "Voided")
    act(service, "delete", kind="Invoice", id=second["Id"])
    assert service.get(f"invoice/{second['Id']}").status_code == 400
    assert refused(service, "delete", kind="Invoice", id=second["Id"])["code"] == "610"


def test_closed_books_refuse_program_and_accountant_alike_until_opened(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", TxnDate="2026-03-31"))
    act(service, "close_books", until="2026-03-31")
    assert refused(service, "void", kind="Invoice", id=invoice["Id"])["code"] == "6210"
    change = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"}
    assert service.post("invoice", change).json()["Fault"]["Error"][0]["code"] == "6210"
    act(service, "close_books", until=None)
    assert act(service, "void", kind="Invoice", id=invoice["Id"])["Invoice"]["TotalAmt"] == 0


def test_inactive_item_and_customer_are_refused_on_new_invoices(service: Service) -> None:
    act(service, "set_active", kind="Item", id="2", active=False)
    assert service.post("invoice", invoice_body("A1")).json()["Fault"]["Error"][0]["code"] == "2500"
    act(service, "set_active", kind="Item", id="2", active=True)
    gone = act(service, "set_active", kind="Customer", id="1", active=False)["Customer"]
    assert gone["DisplayName"] == "Mercy General Hospital (deleted)"
    assert service.post("invoice", invoice_body("A1")).json()["Fault"]["Error"][0]["code"] == "2500"


def test_renaming_refuses_a_name_that_is_taken(service: Service) -> None:
    renamed = act(service, "rename", kind="Customer", id="1", name="Mercy Hospital")["Customer"]
    assert (renamed["DisplayName"], renamed["FullyQualifiedName"]) == ("Mercy Hospital", "Mercy Hospital")
    assert refused(service, "rename", kind="Customer", id="2", name="mercy hospital")["code"] == "6240"
    assert act(service, "rename", kind="Item", id="2", name="HVAC work")["Item"]["Name"] == "HVAC work"


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("receive", {}, "customer_id is missing"),
        ("receive", {"customer_id": "1", "invoices": [1]}, "invoices must be an object"),
        ("receive", {"customer_id": "1", "invoices": {"1": "lots"}}, "must be a number"),
        ("apply", {"payment_id": "1"}, "invoices must be an object"),
        ("apply", {"payment_id": "99", "invoices": {}}, "There is no payment 99"),
        ("edit_invoice", {"id": "99"}, "There is no invoice 99"),
        ("void", {"kind": "Ship", "id": "1"}, "no records called Ship"),
        ("void", {"kind": "Customer", "id": "1"}, "void is not supported"),
        ("deposit", {"payment_ids": "1"}, "must be a list"),
        ("close_books", {"until": "soon"}, "must be a date"),
        ("set_active", {"kind": "Invoice", "id": "1", "active": True}, "kind must be one of"),
        ("set_active", {"kind": "Item", "id": "1", "active": "no"}, "true or false"),
        ("rename", {"kind": "Item", "id": "1", "name": ""}, "name is missing"),
        ("rename", {"kind": "Item", "id": "1", "colour": "red"}, "The body may hold"),
    ],
)
def test_action_that_makes_no_sense_is_refused(service: Service, name: str, body: Any, said: str) -> None:
    assert said in refused(service, name, **body)["error"]
