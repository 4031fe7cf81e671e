"""The transactions of the sample company."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from quickbooks_simulator.clock import COMPANY_ZONE
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.company.store import Record

SALES = [
    ("1", "10", 3, "35.00"),
    ("2", "5", 1, "275.00"),
    ("3", "7", 4, "50.00"),
    ("4", "8", 10, "15.00"),
    ("5", "11", 6, "15.00"),
]
CHECKING = {"value": "35"}


def plant_sales(company: Company) -> None:
    """Five paid invoices and one open one, one of each other kind of form, a bill and a transfer."""
    days = _days(company.clock.now().astimezone(COMPANY_ZONE).date() - timedelta(days=20))
    for sale in SALES:
        _pay(company, _create(company, "Invoice", *sale, TxnDate=next(days)))
    _create(company, "Invoice", *SALES[0], TxnDate=next(days))
    _create(company, "Estimate", "3", "4", 2, "75.00", TxnDate=next(days))
    _create(company, "SalesReceipt", "12", "18", 1, "35.00", TxnDate=next(days))
    _create(company, "CreditMemo", "5", "11", 1, "15.00", TxnDate=next(days))
    _create(company, "RefundReceipt", "18", "10", 1, "35.00", TxnDate=next(days), DepositToAccountRef=CHECKING)
    time = {"NameOf": "Employee", "EmployeeRef": {"value": "54"}, "CustomerRef": {"value": "3"}, "Hours": 2}
    company.create(KINDS["TimeActivity"], {**time, "TxnDate": next(days), "Description": "Garden design"})
    _spend(company, next(days))


def _spend(company: Company, day: str) -> None:
    rent = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": 1600}
    rent["AccountBasedExpenseLineDetail"] = {"AccountRef": {"value": "17"}}
    company.create(KINDS["Bill"], {"VendorRef": {"value": "30"}, "TxnDate": day, "Line": [rent]})
    moved = {"FromAccountRef": CHECKING, "ToAccountRef": {"value": "36"}, "Amount": 500}
    company.create(KINDS["Transfer"], {**moved, "TxnDate": day})


def _days(first: date) -> Iterator[str]:
    while True:
        yield first.isoformat()
        first += timedelta(days=1)


def _create(
    company: Company, kind: str, customer_id: str, item_id: str, quantity: int, price: str, **values: object
) -> Record:
    amount = str(Decimal(price) * quantity)
    detail = {"ItemRef": {"value": item_id}, "Qty": quantity, "UnitPrice": price}
    line = {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}
    return company.create(KINDS[kind], {"CustomerRef": {"value": customer_id}, "Line": [line], **values})


def _pay(company: Company, invoice: Record) -> None:
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    body = {
        "CustomerRef": invoice["CustomerRef"],
        "TotalAmt": invoice["TotalAmt"],
        "TxnDate": invoice["TxnDate"],
        "Line": [{"Amount": invoice["TotalAmt"], "LinkedTxn": [link]}],
    }
    company.create(KINDS["Payment"], body)
