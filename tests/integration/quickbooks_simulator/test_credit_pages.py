"""What a person sees of credit memos."""

import requests

from .conftest import TIMEOUT, Service, invoice_body
from .test_pages import page, send


def credit_memo(service: Service, number: str = "C1") -> dict[str, str]:
    body = invoice_body(number, PrivateNote="Credits INV/1")
    return service.create("creditmemo", body)


def test_list_says_that_there_is_none_and_then_what_is_not_used(service: Service) -> None:
    assert "No credit memos yet" in page(service, "/app/creditmemos")
    credit_memo(service)
    text = page(service, "/app/creditmemos")
    assert "1 credit memo, $193.50 not used" in text
    assert '/app/creditmemos" aria-current="page"' in text


def test_address_of_a_credit_memo_shows_it_with_the_invoice_it_was_put_on(service: Service) -> None:
    invoice, credit = service.create("invoice", invoice_body("A1")), credit_memo(service)
    address = f"/app/creditmemo?txnId={credit['Id']}"
    text = page(service, address)
    for shown in ("Credit memo C1", "Mercy General Hospital", "HVAC labor", "Credits INV/1", "No invoice yet"):
        assert shown in text, shown
    links = [
        {"Amount": "193.50", "LinkedTxn": [{"TxnId": record["Id"], "TxnType": kind}]}
        for record, kind in ((invoice, "Invoice"), (credit, "CreditMemo"))
    ]
    service.create("payment", {"CustomerRef": {"value": "1"}, "TotalAmt": 0, "Line": links})
    text = page(service, address)
    assert f'<a href="/app/invoice?txnId={invoice["Id"]}">A1</a>' in text
    assert ">Used<" in text
    assert "No invoice yet" not in text
    assert "$0.00 not used" in page(service, "/app/creditmemos")


def test_credit_memo_is_deleted_from_its_page(service: Service) -> None:
    credit = credit_memo(service)
    sent = send(
        service,
        f"/app/creditmemo/delete?txnId={credit['Id']}",
        {"sync_token": credit["SyncToken"]},
        f"/app/creditmemo?txnId={credit['Id']}",
    )
    assert "No credit memos yet" in sent.text
    gone = requests.get(f"{service.url}/app/creditmemo?txnId={credit['Id']}", timeout=TIMEOUT)
    assert gone.status_code == 404
    assert "no such credit memo" in gone.text


def test_pages_begin_with_the_invoices(service: Service) -> None:
    assert "No invoices yet" in page(service, "/app")


def test_kinds_of_items_are_told_in_words(service: Service) -> None:
    text = page(service, "/app/items")
    assert "Non-inventory" in text
    assert "NonInventory" not in text
