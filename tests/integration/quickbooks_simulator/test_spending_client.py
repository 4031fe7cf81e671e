"""Bills, purchases and transfers of the sample company through the unmodified python-quickbooks."""

from collections.abc import Callable
from typing import Any

import pytest
from quickbooks.exceptions import QuickbooksException
from quickbooks.objects.account import Account
from quickbooks.objects.base import Ref
from quickbooks.objects.bill import Bill
from quickbooks.objects.billpayment import BillPayment, BillPaymentLine, CheckPayment
from quickbooks.objects.creditcardpayment_entity import CreditCardPayment
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import (
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    ItemBasedExpenseLine,
    ItemBasedExpenseLineDetail,
)
from quickbooks.objects.item import Item
from quickbooks.objects.journalentry import JournalEntry, JournalEntryLine, JournalEntryLineDetail
from quickbooks.objects.purchase import Purchase
from quickbooks.objects.purchaseorder import PurchaseOrder
from quickbooks.objects.taxcode import TaxCode
from quickbooks.objects.transfer import Transfer
from quickbooks.objects.vendor import Vendor

from .conftest import Service


@pytest.fixture
def client(sample: Service, connect: Callable[..., Any]) -> Any:
    return connect(sample)


def by_item(client: Any) -> ItemBasedExpenseLine:
    line = ItemBasedExpenseLine()
    line.Amount = 100
    detail = line.ItemBasedExpenseLineDetail = ItemBasedExpenseLineDetail()
    detail.BillableStatus, detail.UnitPrice, detail.Qty = "NotBillable", 100, 1
    detail.CustomerRef = Customer.all(max_results=1, qb=client)[0].to_ref()
    detail.TaxCodeRef = TaxCode.all(max_results=1, qb=client)[0].to_ref()
    detail.ItemRef = Item.filter(Type="Inventory", max_results=1, qb=client)[0].to_ref()
    return line


def test_bill_by_account_is_paid_by_check(client: Any) -> None:
    line = AccountBasedExpenseLine()
    line.Amount = 200
    line.AccountBasedExpenseLineDetail = AccountBasedExpenseLineDetail()
    line.AccountBasedExpenseLineDetail.AccountRef = Ref()
    line.AccountBasedExpenseLineDetail.AccountRef.type = "Account"
    line.AccountBasedExpenseLineDetail.AccountRef.value = 1
    bill = Bill()
    bill.Line.append(line)
    bill.VendorRef = Vendor.all(max_results=1, qb=client)[0].to_ref()
    saved = Bill.get(bill.save(qb=client).Id, qb=client)
    assert (len(saved.Line), saved.Line[0].Amount, saved.Balance) == (1, 200, 200)
    payment = BillPayment()
    payment.PayType, payment.TotalAmt, payment.PrivateNote = "Check", 200, "paid"
    payment.VendorRef = saved.VendorRef
    payment.CheckPayment = CheckPayment()
    payment.CheckPayment.BankAccountRef = Account.where("AccountSubType = 'Checking'", qb=client)[0].to_ref()
    payment.APAccountRef = Account.where("AccountSubType = 'AccountsPayable'", qb=client)[0].to_ref()
    part = BillPaymentLine()
    part.LinkedTxn.append(saved.to_linked_txn())
    part.Amount = 200
    payment.Line.append(part)
    kept = BillPayment.get(payment.save(qb=client).Id, qb=client)
    assert (kept.PayType, kept.TotalAmt, kept.PrivateNote, len(kept.Line)) == ("Check", 200, "paid", 1)
    assert Bill.get(bill.Id, qb=client).Balance == 0
    kept.void(qb=client)
    assert Bill.get(bill.Id, qb=client).Balance == 200


def test_first_bill_of_the_sample_company_can_be_paid(client: Any) -> None:
    bill = Bill.all(max_results=1, qb=client)[0]
    assert bill.VendorRef.value == Vendor.all(max_results=1, qb=client)[0].Id
    assert bill.Balance >= 200


def test_purchase_by_card_and_purchase_order_keep_their_line(client: Any) -> None:
    card = Account()
    card.FullyQualifiedName, card.Id = "Visa", "42"
    purchase = Purchase()
    purchase.DocNumber, purchase.PaymentType, purchase.TotalAmt = "Doc123", "CreditCard", 100
    purchase.AccountRef = card.to_ref()
    order = PurchaseOrder()
    order.VendorRef = Vendor.all(max_results=1, qb=client)[0].to_ref()
    order.APAccountRef = Account.all(max_results=1, qb=client)[0].to_ref()
    for form, options in ((purchase, {"params": {"include": "allowduplicatedocnum"}}), (order, {})):
        form.Line.append(by_item(client))
        form.save(qb=client, **options)
        read = type(form).get(form.Id, qb=client)
        detail = read.Line[0].ItemBasedExpenseLineDetail
        assert (read.TotalAmt, detail.UnitPrice, detail.Qty, detail.TaxCodeRef.value) == (100, 100, 1, "TAX")
    assert Purchase.get(purchase.Id, qb=client).AccountRef.value == "42"
    assert PurchaseOrder.get(order.Id, qb=client).APAccountRef.value == order.APAccountRef.value


def test_transfer_changed_and_journal_entry_balanced(client: Any) -> None:
    transfer = Transfer.all(max_results=1, qb=client)[0]
    transfer.Amount += 1
    transfer.save(qb=client)
    assert Transfer.get(transfer.Id, qb=client).Amount == transfer.Amount
    journal = JournalEntry()
    for side, account in (("Debit", 7), ("Credit", 35)):
        line = JournalEntryLine()
        line.Amount = 75
        line.JournalEntryLineDetail = JournalEntryLineDetail()
        line.JournalEntryLineDetail.PostingType = side
        line.JournalEntryLineDetail.AccountRef = Account.get(account, qb=client).to_ref()
        journal.Line.append(line)
    saved = journal.save(qb=client)
    assert JournalEntry.get(saved.Id, qb=client).Line[1].JournalEntryLineDetail.AccountRef.name == "Checking"
    saved.Line[0].Amount = 74
    with pytest.raises(QuickbooksException) as refused:
        saved.save(qb=client)
    assert refused.value.error_code == 6000
    saved.delete(qb=client)
    assert JournalEntry.count(qb=client) == 0


def test_credit_card_paid_and_read_as_transfer(client: Any) -> None:
    card = Account()
    card.Name, card.AccountType, card.AccountSubType = "Fuel card", "Credit Card", "CreditCard"
    card.save(qb=client)
    payment = CreditCardPayment()
    payment.Amount = 100
    payment.BankAccountRef = Account.filter(AccountType="Bank", max_results=1, qb=client)[0].to_ref()
    payment.CreditCardAccountRef = Account.get(card.Id, qb=client).to_ref()
    payment.save(qb=client)
    assert CreditCardPayment.get(payment.Id, qb=client).CreditCardAccountRef.name == "Fuel card"
    listed = CreditCardPayment.all(max_results=1, qb=client)[0]
    listed.Amount += 1
    listed.save(qb=client)
    assert Transfer.get(payment.Id, qb=client).Amount == 101
