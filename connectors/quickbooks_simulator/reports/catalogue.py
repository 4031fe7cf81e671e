"""The reports by name, and the days a call asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quickbooks_simulator.clock import COMPANY_ZONE, write_answer_time
from quickbooks_simulator.company.checks import read_date
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.currencies import home_currency
from quickbooks_simulator.company.store import Record, Store
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.reports.profit import COLUMNS, CUSTOMER_COLUMNS, customer_income, profit_and_loss
from quickbooks_simulator.reports.receivables import (
    AGED_COLUMNS,
    BALANCE_COLUMNS,
    aged_receivables,
    customer_balance,
)
from quickbooks_simulator.reports.sheet import Asked, sheet


@dataclass(frozen=True)
class Report:
    """One report: its columns, and the rows it has."""

    columns: Sequence[tuple[str, str]]
    rows: Callable[[Store, Asked], list[Record]]


WORKED_OUT = {
    "ProfitAndLoss": Report(COLUMNS, profit_and_loss),
    "CustomerIncome": Report(CUSTOMER_COLUMNS, customer_income),
    "AgedReceivables": Report(AGED_COLUMNS, aged_receivables),
    "CustomerBalance": Report(BALANCE_COLUMNS, customer_balance),
}

EMPTY = (
    "AccountList AgedPayableDetail AgedPayables AgedReceivableDetail BalanceSheet CashFlow ClassSales "
    "CustomerBalanceDetail CustomerSales DepartmentSales GeneralLedger InventoryValuationSummary ItemSales "
    "JournalReport ProfitAndLossDetail TaxSummary TransactionList TransactionListByCustomer "
    "TransactionListByVendor TransactionListWithSplits TrialBalance VendorBalance VendorBalanceDetail VendorExpenses"
)
"""Reports a client can call (V) that the company does not work out: they come without rows, and the header says so."""

_NAMES = {name.lower(): name for name in (*WORKED_OUT, *EMPTY.split())}


def make_report(company: Company, name: str, options: Mapping[str, str]) -> Record:
    """The report of this name in any case. Fault 500 for one that does not exist, 2030 for days that are none.

    Only the accrual basis is worked out; asked for the cash basis it is fault 500.
    """
    known = _NAMES.get(name.lower())
    if known is None:
        raise Fault("500", f"Operation GET reports/{name} is not supported.")
    if options.get("accounting_method", "Accrual").lower() != "accrual":
        raise Fault("500", "This company works out reports on the accrual basis only.", "accounting_method")
    report = WORKED_OUT.get(known, Report((), lambda _store, _asked: []))
    asked = _asked(company, known, options)
    return sheet(asked, report.columns, report.rows(company.store, asked), write_answer_time(company.clock.now()))


def _asked(company: Company, name: str, options: Mapping[str, str]) -> Asked:
    """The days asked for; else this year up to today (P)."""
    today = company.clock.now().astimezone(COMPANY_ZONE).date()
    end = options.get("end_date") or options.get("report_date")
    last = read_date(end, "end_date") if end else today
    start = options.get("start_date")
    first = read_date(start, "start_date") if start else last.replace(month=1, day=1)
    if first > last:
        raise Fault("2030", f"start_date {first} lies after end_date {last}.", "start_date")
    return Asked(name, first, last, home_currency(company.store))
