"""The unmodified python-quickbooks and intuit-oauth, over real sockets."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks.batch import batch_create, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import AuthorizationException, ObjectNotFoundException, QuickbooksException
from quickbooks.objects.base import CustomField
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.payment import Payment, PaymentLine
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.taxcode import TaxCode
from quickbooks.objects.term import Term

from .conftest import Service, authorise

Connect = Callable[..., Any]


def new_invoice(client: Any, number: str) -> Invoice:
    line = SalesItemLine()
    line.Amount = 180
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Item.get(2, qb=client).to_ref()
    line.SalesItemLineDetail.Qty = 2
    line.SalesItemLineDetail.UnitPrice = 90
    field = CustomField()
    field.DefinitionId, field.Type, field.StringValue = "1", "StringType", "4500012345"
    invoice = Invoice()
    invoice.DocNumber = number
    invoice.CustomerRef = Customer.get(1, qb=client).to_ref()
    invoice.Line.append(line)
    invoice.CustomField.append(field)
    return invoice


def pay(client: Any, invoice: Invoice, amount: float) -> Payment:
    line = PaymentLine()
    line.Amount = amount
    line.LinkedTxn.append(invoice.to_linked_txn())
    payment = Payment()
    payment.TotalAmt = amount
    payment.CustomerRef = invoice.CustomerRef
    payment.Line.append(line)
    return payment.save(qb=client)


def test_company_and_preferences_are_read(service: Service, connect: Connect) -> None:
    client = connect(service)
    assert CompanyInfo.get(service.ready["realm"], qb=client).CompanyName == "Harbor Facility Services"
    assert Preferences.get(qb=client).SalesFormsPrefs.CustomTxnNumbers is True
    assert [term.Name for term in Term.all(qb=client)][:2] == ["Due on receipt", "Net 30"]
    assert {code.Id for code in TaxCode.all(max_results=1, qb=client)} == {"TAX", "NON", "2"}


def test_invoice_created_and_read_back_keeps_its_fields(service: Service, connect: Connect) -> None:
    client = connect(service)
    saved = new_invoice(client, "INV/2026/00001").save(qb=client)
    read = Invoice.get(saved.Id, qb=client)
    assert (read.DocNumber, read.TotalAmt, read.Balance, read.SyncToken) == ("INV/2026/00001", 180, 180, "0")
    assert read.CustomField[0].StringValue == "4500012345"
    assert [line.DetailType for line in read.Line] == ["SalesItemLineDetail", "SubTotalLineDetail"]


def test_full_update_through_the_client_counts_the_sync_token(service: Service, connect: Connect) -> None:
    client = connect(service)
    saved = new_invoice(client, "A1").save(qb=client)
    saved.PrivateNote = "changed"
    updated = saved.save(qb=client)
    assert (updated.SyncToken, updated.PrivateNote, updated.TotalAmt) == ("1", "changed", 180)


def test_stale_sync_token_is_refused(service: Service, connect: Connect) -> None:
    client = connect(service)
    saved = new_invoice(client, "A1").save(qb=client)
    saved.save(qb=client)
    with pytest.raises(QuickbooksException) as refused:
        saved.save(qb=client)
    assert refused.value.error_code == 5010


def test_customer_created_found_and_made_inactive(service: Service, connect: Connect) -> None:
    client = connect(service)
    customer = Customer()
    customer.DisplayName = "O'Brien & Söhne"
    saved = customer.save(qb=client)
    assert [each.Id for each in Customer.filter(DisplayName="O'Brien & Söhne", qb=client)] == [saved.Id]
    saved.Active = False
    assert saved.save(qb=client).DisplayName == "O'Brien & Söhne (deleted)"
    assert saved.Id not in {each.Id for each in Customer.all(qb=client)}


def test_query_helpers_filter_choose_count_and_page(service: Service, connect: Connect) -> None:
    client = connect(service)
    for number in ("Q1", "Q2", "Q3"):
        new_invoice(client, number).save(qb=client)
    assert Invoice.count(qb=client) == 3
    assert [each.DocNumber for each in Invoice.choose(["Q1", "Q3"], field="DocNumber", qb=client)] == ["Q1", "Q3"]
    page = Invoice.where("Balance > '0'", order_by="DocNumber DESC", start_position=2, max_results=1, qb=client)
    assert [each.DocNumber for each in page] == ["Q2"]
    assert {item.Name for item in Item.all(qb=client)} >= {"Services", "HVAC labor"}


def test_batch_helpers_create_and_update_and_report_faults(service: Service, connect: Connect) -> None:
    client = connect(service)
    created = batch_create([new_invoice(client, "B1"), new_invoice(client, "B2"), new_invoice(client, "B1")], qb=client)
    assert [each.DocNumber for each in created.successes] == ["B1", "B2"]
    assert [fault.Error[0].code for fault in created.faults] == ["6140"]
    for each in created.successes:
        each.PrivateNote = "seen"
    updated = batch_update(created.successes, qb=client)
    assert [each.SyncToken for each in updated.successes] == ["1", "1"]


def test_payment_closes_the_invoice_and_deleting_it_opens_it_again(service: Service, connect: Connect) -> None:
    client = connect(service)
    invoice = new_invoice(client, "P1").save(qb=client)
    payment = pay(client, invoice, 180)
    assert Invoice.get(invoice.Id, qb=client).Balance == 0
    assert Invoice.get(invoice.Id, qb=client).LinkedTxn[0].TxnId == payment.Id
    payment.delete(qb=client)
    assert Invoice.get(invoice.Id, qb=client).Balance == 180
    with pytest.raises(ObjectNotFoundException):
        Payment.get(payment.Id, qb=client)


def test_voided_invoice_frees_its_payment(service: Service, connect: Connect) -> None:
    client = connect(service)
    invoice = new_invoice(client, "V1").save(qb=client)
    payment = pay(client, invoice, 100)
    current = Invoice.get(invoice.Id, qb=client)
    current.void(qb=client)
    voided = Invoice.get(invoice.Id, qb=client)
    assert (voided.TotalAmt, voided.Balance, voided.PrivateNote) == (0, 0, "Voided")
    assert Payment.get(payment.Id, qb=client).UnappliedAmt == 100


def test_voided_payment_opens_its_invoice(service: Service, connect: Connect) -> None:
    client = connect(service)
    invoice = new_invoice(client, "V1").save(qb=client)
    payment = pay(client, invoice, 180)
    payment.void(qb=client)
    assert Payment.get(payment.Id, qb=client).TotalAmt == 0
    assert Invoice.get(invoice.Id, qb=client).Balance == 180


def test_same_request_id_gives_the_same_invoice(service: Service, connect: Connect) -> None:
    client = connect(service)
    first = new_invoice(client, "R1").save(qb=client, request_id="request-1")
    second = new_invoice(client, "R1").save(qb=client, request_id="request-1")
    assert (first.Id, Invoice.count(qb=client)) == (second.Id, 1)


def test_changes_helper_reports_invoices_and_nothing_for_items(service: Service, connect: Connect) -> None:
    client = connect(service)
    invoice = new_invoice(client, "C1").save(qb=client)
    since = datetime.now(UTC).replace(hour=0).isoformat()
    service.control("clock", {"advance_seconds": 1})
    changes = change_data_capture([Invoice, Payment], since, qb=client)
    assert [each.Id for each in changes.Invoice] == [invoice.Id]
    assert not hasattr(changes, "Payment")


def test_expired_access_token_is_an_authorization_error(service: Service, connect: Connect) -> None:
    client = connect(service)
    service.control("clock", {"advance_seconds": 3600})
    with pytest.raises(AuthorizationException):
        Item.get(1, qb=client)


def test_oauth_client_refreshes_and_revokes(service: Service) -> None:
    authority = authorise(service, refresh_token=service.ready["refresh_token"])
    authority.refresh()
    assert authority.refresh_token != service.ready["refresh_token"]
    assert (authority.expires_in, authority.x_refresh_token_expires_in) == (3600, 8_726_400)
    assert authority.revoke(token=authority.refresh_token)
    with pytest.raises(AuthClientError) as refused:
        authority.refresh()
    assert refused.value.status_code == 400


def test_oauth_client_connects_by_consent_and_code(service: Service) -> None:
    authority = authorise(service, state_token="state-1")
    page = requests.get(authority.get_authorization_url([Scopes.ACCOUNTING]), timeout=20)
    assert "Harbor Facility Services" in page.text
    fields = {"client_id": authority.client_id, "redirect_uri": authority.redirect_uri, "state": "state-1"}
    agreed = requests.post(authority.auth_endpoint, data=fields, allow_redirects=False, timeout=20)
    answer = requests.utils.urlparse(agreed.headers["Location"])  # type: ignore[attr-defined]
    returned = dict(part.split("=") for part in answer.query.split("&"))
    assert (returned["state"], returned["realmId"]) == ("state-1", service.ready["realm"])
    authority.get_bearer_token(returned["code"], realm_id=returned["realmId"])
    assert service.get("item/1", token=authority.access_token).status_code == 200
    with pytest.raises(AuthClientError):
        authority.get_bearer_token(returned["code"])
