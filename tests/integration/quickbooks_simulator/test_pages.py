"""What a person sees, and does by sending the forms of the pages."""

import re
from typing import Any

import requests

from .conftest import TIMEOUT, Service, invoice_body


def page(service: Service, path: str) -> str:
    answer = requests.get(f"{service.url}{path}", timeout=TIMEOUT)
    assert answer.status_code == 200
    return answer.text


def send(service: Service, path: str, fields: dict[str, Any], opened: str | None = None) -> requests.Response:
    """Send a form as a browser does: with the token that its page carries."""
    found = re.search(r'name="form_token" value="([^"]+)"', page(service, opened or path))
    assert found
    return requests.post(f"{service.url}{path}", data={"form_token": found[1], **fields}, timeout=TIMEOUT)


def test_empty_lists_say_so(service: Service) -> None:
    assert "No invoices yet" in page(service, "/")
    assert "No payments yet" in page(service, "/app/payments")
    service.control("reset", {"seed": "empty"})
    assert "No customers yet" in page(service, "/app/customers")


def test_invoice_page_shows_it_as_an_accountant_reads_it(service: Service) -> None:
    line = invoice_body()["Line"][0]
    line["Description"] = "PO line 10"
    line["SalesItemLineDetail"] |= {"ClassRef": {"value": "101"}, "ServiceDate": "2026-03-04"}
    fields = [{"DefinitionId": "1", "StringValue": "4500012345"}]
    body = invoice_body("A1", TxnDate="2026-03-05", Line=[line], CustomField=fields, SalesTermRef={"value": "3"})
    invoice = service.create("invoice", body)
    text = page(service, f"/app/invoice?txnId={invoice['Id']}")
    facts = "Invoice A1|Mercy General Hospital|4500012345|2% 10 Net 30|03/05/2026|04/04/2026"
    details = "03/04/2026|HVAC labor|PO line 10|Hospital HVAC|$90.00|$13.50|$193.50"
    for shown in f"{facts}|{details}".split("|"):
        assert shown in text, shown
    assert "$193.50" in page(service, "/app/invoices")


def test_text_from_a_client_is_escaped(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("<b>", PrivateNote="<script>alert(1)</script>"))
    text = page(service, f"/app/invoice?txnId={invoice['Id']}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "<b>" not in page(service, "/app/invoices")


def test_payment_form_pays_and_refuses(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    address = f"/app/invoice?txnId={invoice['Id']}"
    for amount in ("1,000.00", "lots", "-5"):
        refused = send(service, address, {"amount": amount})
        assert refused.status_code == 400
        assert 'role="alert"' in refused.text
    paid = send(service, address, {"amount": "$193.50", "reference": "CHK 1"})
    assert (paid.status_code, "Paid" in paid.text, "CHK 1" in paid.text) == (200, True, True)
    assert "Receive payment" not in paid.text
    assert service.get(f"invoice/{invoice['Id']}").json()["Invoice"]["Balance"] == 0


def test_status_words_follow_the_books(service: Service) -> None:
    service.create("invoice", invoice_body("LATE", TxnDate="2026-01-01"))
    service.create("invoice", invoice_body("PART"))
    service.control("payments", {"invoice_doc_number": "PART", "amount": 10})
    gone = service.create("invoice", invoice_body("GONE"))
    service.create("invoice?operation=void", {"Id": gone["Id"], "SyncToken": "0"})
    text = page(service, "/app/invoices")
    assert [word for word in ("Voided", "Partially paid", "Overdue") if f">{word}<" in text] == [
        "Voided",
        "Partially paid",
        "Overdue",
    ]


def test_unknown_invoice_has_a_page_of_its_own(service: Service) -> None:
    answer = requests.get(f"{service.url}/app/invoice?txnId=99", timeout=TIMEOUT)
    assert (answer.status_code, "no such invoice" in answer.text) == (404, True)


def test_consent_for_an_unknown_client_is_refused(service: Service) -> None:
    answer = requests.get(f"{service.url}/connect/oauth2?client_id=x&response_type=code", timeout=TIMEOUT)
    assert (answer.status_code, "Cannot connect" in answer.text) == (400, True)
