"""What a person sees, and does by sending the forms of the pages."""

import re
from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body
from .receiver import listening


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


def test_consent_that_is_declined_goes_back_with_the_error_and_no_code(service: Service) -> None:
    form = {"client_id": service.ready["client_id"], "redirect_uri": "http://127.0.0.1:1/back", "state": "s"}
    address = f"{service.url}/connect/oauth2"
    declined = requests.post(address, {**form, "decision": "deny"}, timeout=TIMEOUT, allow_redirects=False)
    assert declined.headers["location"] == "http://127.0.0.1:1/back?error=access_denied&state=s"


def test_consent_for_an_unknown_client_is_refused(service: Service) -> None:
    answer = requests.get(f"{service.url}/connect/oauth2?client_id=x&response_type=code", timeout=TIMEOUT)
    assert (answer.status_code, "Cannot connect" in answer.text) == (400, True)


def number(service: Service, kind: str, record_id: str, name: str) -> Any:
    return service.get(f"{kind}/{record_id}").json()[kind.capitalize()][name]


def test_form_from_elsewhere_changes_nothing(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    for fields in ({}, {"form_token": "guess"}, {"form_token": "ä"}):
        address = f"{service.url}/app/invoice/void?txnId={invoice['Id']}"
        answer = requests.post(address, data=fields, timeout=TIMEOUT)
        assert (answer.status_code, "Nothing was changed" in answer.text) == (403, True)
    assert number(service, "invoice", invoice["Id"], "SyncToken") == "0"


def test_pages_forbid_scripts_and_frames(service: Service) -> None:
    policy = requests.get(f"{service.url}/app/invoices", timeout=TIMEOUT).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_invoice_is_found_by_number_customer_or_po(service: Service) -> None:
    service.create("invoice", invoice_body("A1", CustomField=[{"DefinitionId": "1", "StringValue": "PO-77"}]))
    service.create("invoice", invoice_body("B2", CustomerRef={"value": "2"}))
    for words, found in (("po-77", ["A1"]), ("cedar", ["B2"]), ("b2", ["B2"]), ("", ["B2", "A1"]), ("x<y", [])):
        text = requests.get(f"{service.url}/app/invoices", params={"find": words}, timeout=TIMEOUT).text
        assert re.findall(r'txnId=\d+">(\w+)</a>', text) == found
    assert "x&lt;y" in text


def test_invoice_is_edited_and_its_history_tells_what_changed_and_who_did_it(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", PrivateNote="WO00001"))
    address = f"/app/invoice/edit?txnId={invoice['Id']}"
    fields = {
        "sync_token": "0",
        "customer_id": "2",
        "due": "2030-01-31",
        "memo": "WO00001\r\nlate",
        "amount_1": "$1,000",
    }
    answer = send(service, address, {**fields, "amount_1": "$1,000"})
    assert answer.status_code == 200
    stored = service.get(f"invoice/{invoice['Id']}").json()["Invoice"]
    assert (stored["CustomerRef"]["value"], stored["DueDate"], stored["PrivateNote"]) == (
        "2",
        "2030-01-31",
        "WO00001\nlate",
    )
    assert stored["TotalAmt"] == 1075
    changes = "Customer: “Mercy General Hospital” to “Cedar Property Management”|Line 1: $180.00 to $1,000.00"
    for shown in f"{changes}|to 01/31/2030|Accountant|Connected program|Total: $193.50 to $1,075.00".split("|"):
        assert shown in answer.text, shown


def test_refused_edit_says_why_and_keeps_what_was_typed(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    address = f"/app/invoice/edit?txnId={invoice['Id']}"
    answer = send(service, address, {"sync_token": "0", "memo": "kept text", "amount_1": "lots"})
    assert answer.status_code == 400
    assert "must be a number" in answer.text
    assert "kept text" in answer.text
    service.create("invoice", {"Id": invoice["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "newer"})
    stale = send(service, address, {"sync_token": "0", "memo": "older"})
    assert (stale.status_code, "Somebody changed this while you had it open" in stale.text) == (400, True)
    assert 'name="sync_token" value="1"' in stale.text
    assert number(service, "invoice", invoice["Id"], "PrivateNote") == "newer"


def test_invoice_is_mailed_from_its_page(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    address, opened = f"/app/invoice/send?txnId={invoice['Id']}", f"/app/invoice?txnId={invoice['Id']}"
    refused = send(service, address, {"address": "nobody"}, opened)
    assert (refused.status_code, "This is not an e-mail address" in refused.text) == (400, True)
    sent = send(service, address, {"address": "ap@mercy.example"}, opened)
    assert ("E-mailed" in sent.text, ">sent<" in sent.text) == (True, True)
    assert number(service, "invoice", invoice["Id"], "EmailStatus") == "EmailSent"


@pytest.mark.parametrize("kind", ["invoice", "payment"])
def test_void_and_delete_by_form(service: Service, kind: str) -> None:
    for name in ("A1", "A2"):
        invoice = service.create("invoice", invoice_body(name))
    payment = service.control("payments", {"invoice_doc_number": "A2", "amount": 10})["Payment"]
    record_id = invoice["Id"] if kind == "invoice" else payment["Id"]
    opened = f"/app/{kind}?txnId={record_id}"
    voided = send(service, f"/app/{kind}/void?txnId={record_id}", {}, opened)
    assert (voided.status_code, ">Voided<" in voided.text) == (200, True)
    assert number(service, kind, record_id, "TotalAmt") == 0
    gone = send(service, f"/app/{kind}/delete?txnId={record_id}", {}, opened)
    assert (gone.status_code, gone.url) == (200, f"{service.url}/app/{kind}s")
    assert requests.get(f"{service.url}{opened}", timeout=TIMEOUT).status_code == 404


def test_one_payment_over_several_invoices_by_form(service: Service) -> None:
    first, second = (service.create("invoice", invoice_body(name)) for name in ("A1", "A2"))
    address = "/app/receive?customer=1"
    pay = {f"pay_{first['Id']}": "193.50", f"pay_{second['Id']}": "50"}
    for wrong, said in (
        ({}, "Enter the amount received"),
        ({**pay, "amount": "200"}, "243.50 is put on invoices, but there is less"),
        ({f"pay_{first['Id']}": "200"}, "Invoice A1 has $193.50 open. $200.00 cannot be paid on it."),
        ({"amount": "lots"}, "must be a number"),
    ):
        refused = send(service, address, wrong)
        assert (refused.status_code, said in refused.text) == (400, True), said
    paid = send(service, address, {**pay, "amount": "300", "reference": "CHK 7", "method_id": "2"})
    for shown in ("Payment CHK 7", "Check", "$300.00", "$56.50", "A1", "A2", "Undeposited Funds"):
        assert shown in paid.text, shown
    assert "$143.50" in page(service, f"/app/invoice?txnId={second['Id']}")


def test_unapplied_money_is_put_on_an_invoice_later(service: Service) -> None:
    first, second = (service.create("invoice", invoice_body(name)) for name in ("A1", "A2"))
    parts = {first["Id"]: 93.5}
    payment = service.control("accountant/receive", {"customer_id": "1", "invoices": parts, "amount": 300})["Payment"]
    opened = f"/app/payment?txnId={payment['Id']}"
    address = f"/app/payment/apply?txnId={payment['Id']}"
    refused = send(service, address, {f"pay_{first['Id']}": "100", f"pay_{second['Id']}": "150"}, opened)
    assert (refused.status_code, "250.00 is put on invoices, but there is less" in refused.text) == (400, True)
    applied = send(service, address, {f"pay_{first['Id']}": "100", f"pay_{second['Id']}": "50"}, opened)
    assert "Unapplied: $206.50 to $56.50" in applied.text
    assert number(service, "invoice", first["Id"], "Balance") == 0
    assert number(service, "invoice", second["Id"], "Balance") == 143.5
    assert len(number(service, "payment", payment["Id"], "Line")) == 2
    parts = {second["Id"]: "56.50"}
    last = service.control("accountant/apply", {"payment_id": payment["Id"], "invoices": parts})["Payment"]
    assert last["UnappliedAmt"] == 0
    assert "Use what is unapplied" not in page(service, opened)


def test_closed_books_are_explained_on_the_page(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", TxnDate="2026-03-31"))
    assert "All periods are open" in page(service, "/app/books")
    assert "03/31/2026" in send(service, "/app/books", {"until": "2026-03-31"}).text
    opened = f"/app/invoice?txnId={invoice['Id']}"
    refused = send(service, f"/app/invoice/void?txnId={invoice['Id']}", {}, opened)
    assert refused.status_code == 400
    assert "The books are closed up to 03/31/2026" in refused.text
    assert "All periods are open" in send(service, "/app/books", {"open": "yes"}).text
    assert send(service, "/app/books", {}).status_code == 400


@pytest.mark.parametrize(("kind", "taken"), [("customer", "Cedar Property Management"), ("item", "Plumbing labor")])
def test_name_list_record_is_renamed_and_made_inactive_and_active(service: Service, kind: str, taken: str) -> None:
    opened = f"/app/{kind}?id=2" if kind == "item" else f"/app/{kind}?id=1"
    record_id = opened[-1]
    renamed = send(service, f"/app/{kind}/rename?id={record_id}", {"name": "New name"}, opened)
    assert (renamed.status_code, "to “New name”" in renamed.text) == (200, True)
    for name, said in ((taken, "already has this name"), (" ", "Enter a name")):
        refused = send(service, f"/app/{kind}/rename?id={record_id}", {"name": name}, opened)
        assert (refused.status_code, said in refused.text) == (400, True)
    gone = send(service, f"/app/{kind}/active?id={record_id}", {"active": "no"}, opened)
    assert ">Inactive<" in gone.text
    assert ">Active<" in send(service, f"/app/{kind}/active?id={record_id}", {"active": "yes"}, opened).text
    assert "New name" in page(service, f"/app/{kind}s")


def test_merged_customers_are_one_and_webhooks_and_history_tell(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    with listening() as receiver:
        service.control("webhooks", {"url": receiver.url, "entities": ["Customer"]})
        opened = "/app/customer?id=1"
        refused = send(service, "/app/customer/merge?id=1", {"into": ""}, opened)
        assert (refused.status_code, "Choose the customer to merge with" in refused.text) == (400, True)
        kept = send(service, "/app/customer/merge?id=1", {"into": "2"}, opened)
        assert kept.url == f"{service.url}/app/customer?id=2"
        for shown in ("Cedar Property Management", ">A1<", "Merged", "Took in no. 1"):
            assert shown in kept.text, shown
        service.control("webhooks/settle")
        [merge] = [each for post in receiver.posts for each in post.entities if each["operation"] == "Merge"]
        assert (merge["id"], merge["deletedId"]) == ("2", "1")
    assert number(service, "invoice", invoice["Id"], "CustomerRef")["value"] == "2"
    gone = page(service, opened)
    assert "(deleted)" in gone
    assert "Merge with another customer" not in gone


def test_deposited_payment_is_protected_until_the_deposit_is_deleted(service: Service) -> None:
    service.create("invoice", invoice_body("A1"))
    payment = service.control("payments", {"invoice_doc_number": "A1", "reference": "CHK 3"})["Payment"]["Id"]
    none = send(service, "/app/deposits", {"account_id": "35"})
    assert (none.status_code, "Choose at least one payment" in none.text) == (400, True)
    made = send(service, "/app/deposits", {"account_id": "35", f"take_{payment}": "on"})
    assert "Checking" in made.text
    assert "No payment waits" in made.text
    refused = send(service, f"/app/payment/void?txnId={payment}", {}, f"/app/payment?txnId={payment}")
    assert (refused.status_code, "part of a bank deposit" in refused.text) == (400, True)
    deposit = re.search(r"/app/deposit/delete\?txnId=(\d+)", made.text)
    assert deposit
    undone = send(service, deposit[0], {}, "/app/deposits")
    assert "No deposits yet" in undone.text
    assert number(service, "payment", payment, "LinkedTxn") == []


def test_webhooks_page_shows_posts_and_switches_an_endpoint_on_again(service: Service) -> None:
    assert "No program has asked for webhooks" in page(service, "/app/webhooks")
    with listening() as receiver:
        receiver.statuses = [404]
        service.control("settings", {"webhook_drops_until_disabled": 1})
        service.control("webhooks", {"url": receiver.url, "verifier_token": "verifier-secret"})
        customer = service.create("customer", {"DisplayName": "New"})
        service.control("webhooks/settle")
        text = page(service, "/app/webhooks")
        for shown in (f"Customer {customer['Id']}: Create", "answered 404", "Dropped", "Switched off", "everything"):
            assert shown in text, shown
        assert "verifier-secret" not in text
        assert "Switched off" not in send(service, "/app/webhooks", {"app": "app"}).text
        service.create("customer", {"DisplayName": "Newer"})
        service.control("webhooks/settle")
        assert "answered 200" in page(service, "/app/webhooks")


@pytest.mark.parametrize("seed", ["demo", "sample", "empty"])
def test_every_page_that_can_be_reached_is_whole(service: Service, seed: str) -> None:
    service.control("reset", {"seed": seed})
    waiting, seen = ["/app/invoices"], {"/app/style.css"}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        text = page(service, path)
        assert "</html>" in text
        found = {each.replace("&amp;", "&") for each in re.findall(r'href="(/app/[^"]+)"', text)}
        waiting += sorted(found - seen - set(waiting))
    assert len(seen) > 7
