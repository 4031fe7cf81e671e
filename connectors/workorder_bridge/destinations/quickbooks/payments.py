"""Money received in QuickBooks, by change data capture: one read per run.

Windows overlap by a few minutes and the cursor is QuickBooks' own clock, because clocks differ and a change can
become visible late (fact sheet §13.43); whoever registers payments does so once each. Where change data capture ends
- 30 days, 1000 objects (§11, P) - a paged query takes over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.wire import amount, quoted, reference
from workorder_bridge.log import record
from workorder_bridge.news import News, Payment

OVERLAP = timedelta(minutes=5)
REACH = timedelta(days=29)
MOST_CHANGES = PAGE = 1000
MARKER = "[wb:"

Record = dict[str, Any]


def read_news(client: CompanyClient, since: datetime | None, now: datetime, home_currency: str) -> News:
    """Payments changed since then (None: as far as change data capture reaches). Raises `DestinationError`."""
    start = (since or now - REACH) - (OVERLAP if since else timedelta(0))
    if now - start > REACH + OVERLAP:
        return _news(list(_all_payments(client, start)), frozenset(), now, home_currency)
    answer = client.fetch("cdc", entities="Payment,Invoice", changedSince=_text(start))
    payments, invoices = _changed(answer, "Payment"), _changed(answer, "Invoice")
    if len(payments) + len(invoices) >= MOST_CHANGES:
        payments = list(_all_payments(client, start))
    for invoice in invoices:
        _log_undone(invoice)
    foreign = frozenset(str(one.get("Id")) for one in invoices if _is_foreign(one))
    return _news(payments, foreign, _time(answer.get("time"), now), home_currency)


def _news(payments: Iterable[Record], foreign: frozenset[str], cursor: datetime, home_currency: str) -> News:
    received: list[Payment] = []
    notices: list[str] = []
    for payment in payments:
        if payment.get("status") == "Deleted":
            record("payment deleted", external_id=str(payment.get("Id")))
            continue
        if _applies_our_credit(payment):
            continue
        invoices, others = _links(payment)
        ours = {invoice: paid for invoice, paid in invoices.items() if invoice not in foreign and paid > 0}
        if ours and others:
            notices.append(_mixed(payment, others))
        else:
            received += (_payment(payment, invoice, paid, home_currency) for invoice, paid in ours.items())
    return News(received, notices, cursor)


def _links(payment: Record) -> tuple[dict[str, Decimal], set[str]]:
    """What the payment pays, per invoice id, and what other kinds of transaction it takes from."""
    invoices: defaultdict[str, Decimal] = defaultdict(Decimal)
    others: set[str] = set()
    for line in payment.get("Line") or []:
        for link in line.get("LinkedTxn") or []:
            if link.get("TxnType") == "Invoice":
                invoices[str(link.get("TxnId"))] += amount(line.get("Amount"))
            else:
                others.add(str(link.get("TxnType") or "another transaction"))
    return dict(invoices), others


def _payment(payment: Record, invoice: str, paid: Decimal, home_currency: str) -> Payment:
    return Payment(
        external_id=str(payment["Id"]),
        invoice_external_id=invoice,
        amount=paid,
        currency=reference(payment, "CurrencyRef") or home_currency,
        date=date.fromisoformat(str(payment["TxnDate"])),
        reference=str(payment.get("PaymentRefNum") or ""),
    )


def _applies_our_credit(payment: Record) -> bool:
    """No money: the payment of zero by which `applying` set our credit memo against its invoice."""
    return not amount(payment.get("TotalAmt")) and MARKER in str(payment.get("PrivateNote") or "")


def _mixed(payment: Record, others: Iterable[str]) -> str:
    kinds = ", ".join(sorted(others))
    return (
        f"Payment {payment.get('Id')} in QuickBooks also uses {kinds}, so it is not all money; "
        "register it in Odoo by hand."
    )


def _changed(answer: Record, entity: str) -> list[Record]:
    """The objects of one kind in a change data capture answer; nothing changed shows as an empty object (§11, V)."""
    return [
        one
        for response in answer.get("CDCResponse") or []
        for query in response.get("QueryResponse") or []
        for one in query.get(entity) or []
    ]


def _all_payments(client: CompanyClient, since: datetime) -> Iterator[Record]:
    select = f"SELECT * FROM Payment WHERE MetaData.LastUpdatedTime >= {quoted(_text(since))} ORDERBY Id"  # noqa: S608  # a time
    for start in range(1, 1_000_000, PAGE):
        page = client.ask(f"{select} STARTPOSITION {start} MAXRESULTS {PAGE}").get("Payment") or []
        yield from page
        if len(page) < PAGE:
            return


def _is_foreign(invoice: Mapping[str, Any]) -> bool:
    """An invoice that is there to look at and does not carry our marker was not made by us."""
    return invoice.get("status") != "Deleted" and MARKER not in str(invoice.get("PrivateNote") or "")


def _log_undone(invoice: Mapping[str, Any]) -> None:
    if invoice.get("status") == "Deleted":
        record("invoice deleted there", external_id=str(invoice.get("Id")))
    elif str(invoice.get("PrivateNote") or "").startswith("Voided"):
        record("invoice voided there", external_id=str(invoice.get("Id")), number=str(invoice.get("DocNumber")))


def _text(moment: datetime) -> str:
    """With its offset: a time without one is read in another zone (§13.43, V)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _time(text: object, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return otherwise
    return moment if moment.tzinfo else otherwise
