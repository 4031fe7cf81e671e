"""Payments: what they do to invoices, by API and by the accountant."""

from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body


def payment_body(total: float, *parts: tuple[str, float], **changes: Any) -> dict[str, Any]:
    lines = [{"Amount": amount, "LinkedTxn": [{"TxnId": key, "TxnType": "Invoice"}]} for key, amount in parts]
    return {"CustomerRef": {"value": "1"}, "TotalAmt": total, "Line": lines, **changes}


def read_invoice(service: Service, invoice_id: str) -> Any:
    return service.get(f"invoice/{invoice_id}").json()["Invoice"]


def test_payment_lowers_balances_and_links_both_sides(service: Service) -> None:
    first, second = (service.create("invoice", invoice_body(number)) for number in ("A1", "A2"))
    payment = service.create("payment", payment_body(300, (first["Id"], 193.5), (second["Id"], 50)))
    assert payment["UnappliedAmt"] == 56.5
    assert payment["DepositToAccountRef"] == {"value": "4"}
    paid, partly = read_invoice(service, first["Id"]), read_invoice(service, second["Id"])
    assert (paid["Balance"], partly["Balance"]) == (0, 143.5)
    assert paid["LinkedTxn"] == [{"TxnId": payment["Id"], "TxnType": "Payment"}]
    assert (paid["SyncToken"], partly["SyncToken"]) == ("1", "1")


def test_payment_moved_to_another_invoice_frees_the_first(service: Service) -> None:
    first, second = (service.create("invoice", invoice_body(number)) for number in ("A1", "A2"))
    payment = service.create("payment", payment_body(100, (first["Id"], 100)))
    change = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}
    service.create("payment", {**payment_body(100, (second["Id"], 100)), **change})
    assert read_invoice(service, first["Id"])["Balance"] == 193.5
    assert read_invoice(service, first["Id"])["LinkedTxn"] == []
    assert read_invoice(service, second["Id"])["Balance"] == 93.5


@pytest.mark.parametrize(
    ("total", "amount", "invoice_id", "customer", "code"),
    [
        (100, 100, "99", "1", "2500"),
        (100, 100, "1", "2", "620"),
        (300, 300, "1", "1", "6000"),
        (100, 150, "1", "1", "6000"),
        (-1, 0, "1", "1", "6000"),
    ],
)
def test_wrong_payment_is_refused_and_the_invoice_untouched(
    service: Service, total: float, amount: float, invoice_id: str, customer: str, code: str
) -> None:
    before = service.create("invoice", invoice_body("A1"))
    assert before["Id"] == "1"
    body = payment_body(total, (invoice_id, amount), CustomerRef={"value": customer})
    assert service.post("payment", body).json()["Fault"]["Error"][0]["code"] == code
    assert read_invoice(service, "1") == before
    assert service.count("Payment") == 0


def test_payment_with_one_wrong_line_changes_no_invoice(service: Service) -> None:
    before = service.create("invoice", invoice_body("A1"))
    answer = service.post("payment", payment_body(200, (before["Id"], 100), ("99", 100)))
    assert answer.status_code == 400
    assert read_invoice(service, before["Id"]) == before


def test_total_below_what_was_paid_is_refused(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    service.create("payment", payment_body(193.5, (invoice["Id"], 193.5)))
    change = {"Id": invoice["Id"], "SyncToken": "1", "sparse": True, "TxnTaxDetail": {"TotalTax": 0}}
    assert service.post("invoice", change).json()["Fault"]["Error"][0]["code"] == "6000"


def test_deleted_invoice_leaves_its_payment_unapplied(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    payment = service.create("payment", payment_body(100, (invoice["Id"], 100)))
    service.create("invoice?operation=delete", {"Id": invoice["Id"], "SyncToken": "1"})
    freed = service.get(f"payment/{payment['Id']}").json()["Payment"]
    assert (freed["UnappliedAmt"], freed["Line"], freed["SyncToken"]) == (100, [], "1")


def test_accountant_pays_by_number_in_full_or_in_part(service: Service) -> None:
    service.create("invoice", invoice_body("A1"))
    part = {"invoice_doc_number": "A1", "amount": 93.5, "date": "2026-05-01", "reference": "CHK 7"}
    payment = service.control("payments", part)["Payment"]
    assert (payment["TotalAmt"], payment["TxnDate"], payment["PaymentRefNum"]) == (93.5, "2026-05-01", "CHK 7")
    assert service.control("payments", {"invoice_id": 1})["Invoice"]["Balance"] == 0
    again = requests.post(f"{service.url}/simulator/payments", json={"invoice_id": "1"}, timeout=TIMEOUT)
    assert again.status_code == 400
    assert "nothing left to pay" in again.json()["error"]


def test_accountant_cannot_pay_an_invoice_that_is_not_there(service: Service) -> None:
    answer = requests.post(f"{service.url}/simulator/payments", json={"invoice_doc_number": "X"}, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()["error"]) == (400, "There is no invoice X.")
