"""Sales forms and name lists of the sample company through the unmodified python-quickbooks."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from quickbooks.exceptions import QuickbooksException, UnsupportedException
from quickbooks.helpers import qb_date_format
from quickbooks.objects.account import Account
from quickbooks.objects.base import Address, EmailAddress, PhoneNumber, Ref, WebAddress
from quickbooks.objects.creditmemo import CreditMemo
from quickbooks.objects.customer import Customer
from quickbooks.objects.customertype import CustomerType
from quickbooks.objects.department import Department
from quickbooks.objects.deposit import Deposit, DepositLine, DepositLineDetail
from quickbooks.objects.detailline import DetailLine, DiscountLineDetail, SalesItemLine, SalesItemLineDetail
from quickbooks.objects.employee import Employee
from quickbooks.objects.estimate import Estimate
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.payment import Payment, PaymentLine
from quickbooks.objects.paymentmethod import PaymentMethod
from quickbooks.objects.refundreceipt import RefundReceipt, RefundReceiptCheckPayment
from quickbooks.objects.salesreceipt import SalesReceipt
from quickbooks.objects.tax import TxnTaxDetail
from quickbooks.objects.term import Term
from quickbooks.objects.timeactivity import TimeActivity
from quickbooks.objects.trackingclass import Class
from quickbooks.objects.vendor import Vendor

from .conftest import Service

Connect = Callable[..., Any]


@pytest.fixture
def client(sample: Service, connect: Connect) -> Any:
    return connect(sample)


def refer(value: str, name: str) -> Ref:
    reference = Ref()
    reference.value, reference.name = value, name
    return reference


def filled(form: Any, client: Any, amount: float = 100) -> Any:
    """The form for the first customer, with one line of the first item."""
    line = SalesItemLine()
    line.LineNum, line.Description, line.Amount = 1, "work", amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Item.all(max_results=1, qb=client)[0].to_ref()
    form.Line.append(line)
    form.CustomerRef = Customer.all(max_results=1, qb=client)[0].to_ref()
    return form


def apply(client: Any, invoice: Invoice, memo: CreditMemo, amount: float) -> Payment:
    payment = Payment()
    payment.TotalAmt = 0
    payment.CustomerRef = invoice.CustomerRef
    for linked in (invoice, memo):
        line = PaymentLine()
        line.Amount = amount
        line.LinkedTxn.append(linked.to_linked_txn())
        payment.Line.append(line)
    return payment.save(qb=client)


def test_sample_company_has_what_other_programs_expect(client: Any) -> None:
    assert Customer.get(1, qb=client).DisplayName == "Amy's Bird Sanctuary"
    assert Item.get(1, qb=client).Name == "Services"
    assert Item.get(10, qb=client).Name == "Pest Control"
    assert Account.get(1, qb=client).AccountType == "Income"
    assert Account.get(86, qb=client).Name == "Discounts given"
    assert len(Payment.all(max_results=5, qb=client)) == 5
    assert len(Account.filter(AccountType="Bank", max_results=2, qb=client)) == 2
    assert Account.where("Name = 'checking'", max_results=1, qb=client)[0].AccountSubType == "Checking"
    assets = Account.where("Classification = 'Asset' AND FullyQualifiedName != 'Accounts Receivable (A/R)'", qb=client)
    assert "Accounts Receivable (A/R)" not in {each.Name for each in assets}
    assert Item.filter(Type="Inventory", max_results=1, qb=client)[0].QtyOnHand > 0
    assert {each.Name for each in CustomerType.all(qb=client)} == {"Commercial", "Residential"}
    for kind in (Employee, Vendor, Estimate, SalesReceipt, CreditMemo, RefundReceipt, TimeActivity, Department, Class):
        assert kind.count(qb=client) >= 1


def test_estimate_keeps_discount_and_addresses_and_is_mailed_and_printed(client: Any) -> None:
    estimate = Estimate()
    estimate.PrintStatus = "NeedToPrint"
    estimate.BillAddr = Address()
    estimate.BillAddr.Line1, estimate.BillAddr.City = "5 Pier Road", "Bayshore"
    estimate.BillEmail = EmailAddress()
    estimate.BillEmail.Address = "cars@cool.example"
    estimate.TxnTaxDetail = TxnTaxDetail()
    estimate.TxnTaxDetail.TotalTax = 0
    filled(estimate, client, 35)
    estimate.Line[0].SalesItemLineDetail.ItemRef = refer("10", "Pest Control")
    estimate.Line[0].SalesItemLineDetail.TaxCodeRef = refer("NON", "NON")
    discount = DetailLine()
    discount.DetailType, discount.Amount = "DiscountLineDetail", 3.5
    discount.DiscountLineDetail = DiscountLineDetail()
    discount.DiscountLineDetail.PercentBased, discount.DiscountLineDetail.DiscountPercent = True, 10
    discount.DiscountLineDetail.DiscountAccountRef = refer("86", "Discounts given")
    estimate.Line.append(discount)
    estimate.save(qb=client)
    read = Estimate.get(estimate.Id, qb=client)
    assert (read.TotalAmt, read.PrintStatus, read.BillAddr.Line1) == (31.5, "NeedToPrint", "5 Pier Road")
    assert read.CustomerRef.name == "Amy's Bird Sanctuary"
    assert (read.Line[2].Amount, read.Line[2].DiscountLineDetail.DiscountAccountRef.name) == (3.5, "Discounts given")
    read.send(qb=client)
    assert Estimate.get(read.Id, qb=client).EmailStatus == "EmailSent"
    assert read.download_pdf(qb=client).startswith(b"%PDF-")


def test_invoice_mailed_to_another_address_keeps_it_and_can_be_changed_after(client: Any) -> None:
    saved = filled(Invoice(), client).save(qb=client)
    saved.send(qb=client, send_to="ap+bills@amy.example")
    sent = Invoice.get(saved.Id, qb=client)
    assert (sent.email_sent, sent.BillEmail.Address, sent.SyncToken) == (True, "ap+bills@amy.example", "1")
    assert sent.DeliveryInfo.DeliveryType == "Email"
    sent.PrivateNote = "sent on Monday"
    assert sent.save(qb=client).DeliveryInfo.DeliveryType == "Email"


def test_form_without_address_or_with_a_wrong_one_is_not_sent(sample: Service, client: Any) -> None:
    form = filled(Invoice(), client)
    form.CustomerRef = refer("8", "96 Ocean View Road")
    saved = form.save(qb=client)
    for send_to, code in ((None, 6000), ("nobody", 2210)):
        with pytest.raises(QuickbooksException) as refused:
            saved.send(qb=client, send_to=send_to)
        assert refused.value.error_code == code
    assert Invoice.get(saved.Id, qb=client).EmailStatus == "NotSet"
    assert sample.post("payment/2/send", {}).json()["Fault"]["Error"][0]["code"] == "500"
    assert sample.post("invoice/999/send", {}).json()["Fault"]["Error"][0]["code"] == "610"


def test_same_request_id_mails_once(sample: Service) -> None:
    for _ in range(2):
        answer = sample.post("invoice/1/send?requestid=mail-1", None)
        assert answer.json()["Invoice"]["EmailStatus"] == "EmailSent"
    assert sample.get("invoice/1").json()["Invoice"]["SyncToken"] == "2"


def test_pdf_is_a_sound_file_with_the_total_on_it(sample: Service) -> None:
    answer = sample.get("invoice/1/pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    content = answer.content
    assert b"(Total" in content
    assert b"105.00" in content
    table = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    offsets = [int(row.split()[0]) for row in content[table:].split(b"\n")[3:] if row.endswith(b"n ")]
    assert len(offsets) == 5
    for number, offset in enumerate(offsets, start=1):
        assert content[offset:].startswith(f"{number} 0 obj".encode())
    assert sample.get("deposit/1/pdf").json()["Fault"]["Error"][0]["code"] == "500"


def test_credit_memo_created_changed_applied_and_deleted(client: Any) -> None:
    memo = filled(CreditMemo(), client, 60).save(qb=client)
    assert (memo.RemainingCredit, memo.Line[0].SalesItemLineDetail.ItemRef.value) == (60, "1")
    memo.PrivateNote = "goodwill"
    memo = memo.save(qb=client)
    invoice = filled(Invoice(), client, 100).save(qb=client)
    with pytest.raises(QuickbooksException) as refused:
        apply(client, invoice, memo, 61)
    assert refused.value.error_code == 6000
    payment = apply(client, invoice, memo, 60)
    assert CreditMemo.get(memo.Id, qb=client).RemainingCredit == 0
    assert Invoice.get(invoice.Id, qb=client).Balance == 40
    payment.delete(qb=client)
    CreditMemo.get(memo.Id, qb=client).delete(qb=client)
    assert CreditMemo.filter(Id=memo.Id, qb=client) == []


def test_sales_receipt_created_and_voided(client: Any) -> None:
    form = filled(SalesReceipt(), client)
    form.Line[0].SalesItemLineDetail.Qty, form.Line[0].SalesItemLineDetail.UnitPrice = 1, 100
    form.Line[0].SalesItemLineDetail.ServiceDate = "2026-03-01"
    receipt = form.save(qb=client)
    read = SalesReceipt.get(receipt.Id, qb=client)
    assert (read.TotalAmt, read.Line[0].SalesItemLineDetail["Qty"], read.PrivateNote) == (100, 1, "")
    receipt.void(qb=client)
    voided = SalesReceipt.get(receipt.Id, qb=client)
    assert (voided.TotalAmt, voided.PrivateNote) == (0, "Voided")
    assert voided.download_pdf(qb=client).startswith(b"%PDF-")


def test_refund_receipt_by_check_without_customer(client: Any) -> None:
    form = filled(RefundReceipt(), client, 200)
    form.CustomerRef, form.DocNumber, form.PaymentType = None, "Refund 1", "Check"
    form.CheckPayment = RefundReceiptCheckPayment()
    form.CheckPayment.CheckNum, form.CheckPayment.NameOnAcct = "1001", "Amy"
    form.DepositToAccountRef = Account.where("Name = 'checking'", max_results=1, qb=client)[0].to_ref()
    refund = RefundReceipt.get(form.save(qb=client).Id, qb=client)
    assert (refund.DocNumber, refund.TotalAmt, refund.CheckPayment.CheckNum) == ("Refund 1", 200, "1001")


def test_deposited_payment_is_locked_until_the_deposit_goes(client: Any) -> None:
    payment = Payment.all(max_results=1, qb=client)[0]
    deposit = Deposit()
    deposit.DepositToAccountRef = Account.filter(AccountType="Bank", max_results=1, qb=client)[0].to_ref()
    taken, other = DepositLine(), DepositLine()
    taken.Amount, taken.DetailType = payment.TotalAmt, None
    taken.LinkedTxn.append(payment.to_linked_txn())
    other.Amount = 20
    other.DepositLineDetail = DepositLineDetail()
    other.DepositLineDetail.AccountRef = refer("1", "Services")
    deposit.Line = [taken, other]
    saved = deposit.save(qb=client)
    assert Deposit.get(saved.Id, qb=client).TotalAmt == payment.TotalAmt + 20
    for act in (payment.delete, payment.save, payment.void):
        payment.SyncToken = Payment.get(payment.Id, qb=client).SyncToken
        with pytest.raises(QuickbooksException) as refused:
            act(qb=client)
        assert refused.value.error_code == 6540
    saved.delete(qb=client)
    payment.SyncToken = Payment.get(payment.Id, qb=client).SyncToken
    payment.delete(qb=client)


def test_unapplied_payment_by_method_is_voided(client: Any) -> None:
    payment = Payment()
    payment.TotalAmt = 140
    payment.CustomerRef = Customer.all(max_results=1, qb=client)[0].to_ref()
    payment.PaymentMethodRef = PaymentMethod.all(max_results=1, qb=client)[0].to_ref()
    payment.save(qb=client)
    assert Payment.get(payment.Id, qb=client).PaymentMethodRef.name == "Cash"
    payment.void(qb=client)
    assert "Voided" in Payment.get(payment.Id, qb=client).PrivateNote


def test_time_created_and_changed(client: Any) -> None:
    time = TimeActivity()
    time.NameOf = "Employee"
    time.EmployeeRef = Employee.all(max_results=1, qb=client)[0].to_ref()
    time.StartTime, time.EndTime = "2016-07-22T10:00:00-07:00", "2016-07-22T11:00:00-07:00"
    time.CostRate = 50.0
    time.save(qb=client)
    read = TimeActivity.get(time.Id, qb=client)
    read.Description, read.CostRate = "hedges", 75.0
    changed = read.save(qb=client)
    assert (changed.Description, changed.CostRate, changed.EmployeeRef.name) == ("hedges", 75, "Emily Platt")


def test_account_and_item_in_stock_created_and_renamed(client: Any) -> None:
    account = Account()
    account.Name, account.AcctNum, account.AccountSubType = "Petty cash", "270930", "CashOnHand"
    account.save(qb=client)
    found = Account.filter(Name="Petty cash", qb=client)[0]
    found.Name = "Till"
    assert found.save(qb=client).FullyQualifiedName == "Till"
    item = Item()
    item.Name, item.Type, item.TrackQtyOnHand, item.QtyOnHand = "Hose", "Inventory", True, 10
    item.InvStartDate = "2015-01-01"
    sold = "AccountType = 'Income' and AccountSubType = 'SalesOfProductIncome'"
    item.IncomeAccountRef = Account.where(sold, qb=client)[0].to_ref()
    item.ExpenseAccountRef = Account.where("AccountSubType = 'SuppliesMaterialsCogs'", qb=client)[0].to_ref()
    item.AssetAccountRef = Account.where("AccountSubType = 'Inventory'", qb=client)[0].to_ref()
    item.save(qb=client)
    read = Item.get(item.Id, qb=client)
    assert (read.QtyOnHand, read.AssetAccountRef.name, read.Type) == (10, "Inventory Asset", "Inventory")
    read.Name = "Garden hose"
    assert read.save(qb=client).FullyQualifiedName == "Garden hose"


def test_vendor_and_employee_created_and_renamed(client: Any) -> None:
    vendor = Vendor()
    vendor.DisplayName = vendor.CompanyName = "Stone & Co"
    vendor.Title, vendor.Suffix, vendor.AcctNum = "Ms.", "Sr.", "77"
    vendor.PrimaryPhone, vendor.WebAddr = PhoneNumber(), WebAddress()
    vendor.PrimaryPhone.FreeFormNumber, vendor.WebAddr.URI = "555-0100", "http://stone.example"
    vendor.save(qb=client)
    read = Vendor.get(vendor.Id, qb=client)
    assert (read.AcctNum, read.WebAddr.URI, read.PrintOnCheckName) == ("77", "http://stone.example", "Stone & Co")
    employee = Employee()
    employee.GivenName, employee.FamilyName = "Ann", "Lee"
    employee.HiredDate = qb_date_format(date(2020, 7, 22))
    employee.PrimaryAddr = Address()
    employee.PrimaryAddr.City = "Middlefield"
    employee.save(qb=client)
    hired = Employee.get(employee.Id, qb=client)
    assert (hired.HiredDate, hired.PrimaryAddr.City, hired.DisplayName) == ("2020-07-22", "Middlefield", "Ann Lee")
    hired.FamilyName = "Lee-Park"
    assert hired.save(qb=client).FamilyName == "Lee-Park"


def test_plain_lists_created_and_changed(client: Any) -> None:
    for kind in (Department, Class, PaymentMethod):
        record = kind()
        record.Name = "South yard"
        record.save(qb=client)
        read = kind.get(record.Id, qb=client)
        read.Name = "West yard"
        assert read.save(qb=client).Name == "West yard"
    term = Term()
    term.Name, term.DueDays = "Net 10", 10
    term.save(qb=client)
    saved = Term.get(term.Id, qb=client)
    saved.DueDays = 60
    assert (saved.save(qb=client).DueDays, saved.Type) == (60, "STANDARD")


def test_name_list_records_are_not_deleted(sample: Service) -> None:
    for kind in ("customer", "vendor", "item"):
        body = {"Id": "1" if kind != "vendor" else "30", "SyncToken": "0"}
        assert sample.post(f"{kind}?operation=delete", body).json()["Fault"]["Error"][0]["code"] == "500"


def test_accountant_merges_two_customers(sample: Service, client: Any) -> None:
    sample.control("accountant/merge_customers", {"loser_id": "4", "survivor_id": "2"})
    gone = Customer.get(4, qb=client)
    assert (gone.Active, gone.DisplayName) == (False, "Diego Rodriguez (deleted)")
    assert "4" not in {each.CustomerRef.value for each in Invoice.all(qb=client)}


def test_estimates_cannot_be_voided(client: Any) -> None:
    estimate = filled(Estimate(), client).save(qb=client)
    with pytest.raises(UnsupportedException):
        client.post(
            f"{client.api_url}/company/{client.company_id}/estimate",
            f'{{"Id": "{estimate.Id}", "SyncToken": "0"}}',
            params={"operation": "void"},
        )
