"""How payments and credits are set against invoices, and given back."""

from decimal import Decimal

from quickbooks_simulator.company.money import ZERO, round_cents
from quickbooks_simulator.company.store import Changes, Record
from quickbooks_simulator.faults import Fault

OPEN_AMOUNT = {"Invoice": "Balance", "CreditMemo": "RemainingCredit"}
"""What a line of a payment can be set against, and where that keeps what is left of it. Source: types (V)."""


def apply_line(changes: Changes, payment_id: str, line: Record, customer: Record) -> None:
    """Take the line's amount from what is left of the linked record, and link that to the payment.

    Another customer's record is fault 620 (P), a missing one 2500 (P), more than is left 6000 (M).
    """
    kind, record_id, amount = *target_of(line), line["Amount"]
    target = changes.find(kind, record_id)
    if target is None:
        raise Fault("2500", f"Invalid Reference Id : LinkedTxn {kind} {record_id} not found", "Line.LinkedTxn")
    if target["CustomerRef"]["value"] != customer["Id"]:
        raise Fault("620", f"{kind} {record_id} belongs to another customer.", "Line.LinkedTxn")
    left = target[OPEN_AMOUNT[kind]]
    if amount < ZERO or amount > left:
        raise Fault("6000", f"{kind} {record_id} has {left} open; {amount} cannot be applied.", "Line")
    link = {"TxnId": payment_id, "TxnType": "Payment"}
    links = [each for each in target["LinkedTxn"] if each != link]
    changes.revise(kind, with_open_amount(kind, {**target, "LinkedTxn": [*links, link]}, -amount))


def target_of(line: Record) -> tuple[str, str]:
    """Kind and id of what a line of a payment is set against."""
    link = line["LinkedTxn"][0]
    return link["TxnType"], link["TxnId"]


def sum_of(lines: list[Record], kind: str) -> Decimal:
    """What the lines set against records of this kind."""
    return sum((line["Amount"] for line in lines if target_of(line)[0] == kind), ZERO)


def unapplied(total: Decimal, lines: list[Record]) -> Decimal:
    """What a payment of `total` has left: credits add to it, invoices take from it. Source: documentation (P)."""
    return total + sum_of(lines, "CreditMemo") - sum_of(lines, "Invoice")


def release_applied(changes: Changes, payment: Record) -> None:
    """Give back to invoices and credit memos what a payment had applied. Source: types (V)."""
    for line in payment["Line"]:
        _give_back(changes, payment["Id"], line, line["Amount"])


def release_payments(changes: Changes, record: Record) -> None:
    """Take a record that is voided or deleted out of its payments, whose money becomes unapplied. Source: (V)."""
    for link in record["LinkedTxn"]:
        payment = changes.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        if payment is None:
            continue
        kept = [line for line in payment["Line"] if target_of(line)[1] != record["Id"]]
        kept = _balanced(changes, payment, kept)
        left = unapplied(payment["TotalAmt"], kept)
        changes.revise("Payment", {**payment, "Line": kept, "UnappliedAmt": left})


def _balanced(changes: Changes, payment: Record, lines: list[Record]) -> list[Record]:
    """The lines with as much taken off that no credit pays nothing, and no invoice is paid from nothing (M)."""
    left = unapplied(payment["TotalAmt"], lines)
    if left < ZERO:
        return _trimmed(changes, payment, lines, "Invoice", -left)
    return _trimmed(changes, payment, lines, "CreditMemo", max(left - payment["TotalAmt"], ZERO))


def _trimmed(changes: Changes, payment: Record, lines: list[Record], kind: str, excess: Decimal) -> list[Record]:
    answer = []
    for line in reversed(lines):
        part = min(excess, line["Amount"]) if target_of(line)[0] == kind else ZERO
        if part:
            excess -= part
            _give_back(changes, payment["Id"], line, part)
        if line["Amount"] > part or not part:
            answer.append({**line, "Amount": line["Amount"] - part})
    return answer[::-1]


def _give_back(changes: Changes, payment_id: str, line: Record, amount: Decimal) -> None:
    kind, record_id = target_of(line)
    target = changes.find(kind, record_id)
    if target is None:
        return
    if amount == line["Amount"]:
        link = {"TxnId": payment_id, "TxnType": "Payment"}
        target = {**target, "LinkedTxn": [each for each in target["LinkedTxn"] if each != link]}
    changes.revise(kind, with_open_amount(kind, target, amount))


def with_open_amount(kind: str, record: Record, change: Decimal) -> Record:
    """The record with what is left of it changed by so much."""
    left = record[OPEN_AMOUNT[kind]] + change
    answer = {**record, OPEN_AMOUNT[kind]: left, "Balance": left}
    if "HomeBalance" in answer:
        answer["HomeBalance"] = round_cents(left * Decimal(answer["ExchangeRate"]))
    return answer
