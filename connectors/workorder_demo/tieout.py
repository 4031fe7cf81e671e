"""The table at the end: every work order beside its QuickBooks invoice, and whether the two agree."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.table import Table

from workorder_demo.company import Company
from workorder_demo.people import Person


@dataclass(frozen=True)
class TieOut:
    """One work order and what QuickBooks holds for it; amounts in the invoice's currency."""

    ticket: str
    title: str
    buyer_po: str
    po_lines: str
    invoice: str
    odoo_total: Decimal
    quickbooks_numbers: tuple[str, ...]
    quickbooks_total: Decimal
    quickbooks_balance: Decimal
    quickbooks_po: str
    quickbooks_id: str
    payment: str
    state: str

    @property
    def difference(self) -> Decimal:
        """What Odoo has more than QuickBooks."""
        return self.odoo_total - self.quickbooks_total

    def faults(self, paid: set[str]) -> list[str]:
        """Everything about this row that is not as it should be."""
        expected = "paid" if self.invoice in paid else "received"
        checks = [
            (self.quickbooks_numbers == (self.invoice,), f"QuickBooks holds {list(self.quickbooks_numbers)}"),
            (self.difference == 0, f"the totals differ by {self.difference}"),
            (self.quickbooks_po == self.buyer_po, f"QuickBooks shows PO {self.quickbooks_po!r}"),
            (self.state == expected, f"the transmission is {self.state}, not {expected}"),
            ((self.payment == "paid") == (self.invoice in paid), f"Odoo says {self.payment}"),
            ((self.quickbooks_balance == 0) == (self.invoice in paid), f"QuickBooks balance {self.quickbooks_balance}"),
        ]
        return [sentence for is_right, sentence in checks if not is_right]


def tie_out(reader: Person, company: Company, tickets: list[int]) -> list[TieOut]:
    """One row per work order, in their order."""
    booked: dict[str, list[dict[str, Any]]] = {}
    for invoice in company.invoices():
        booked.setdefault(_marker_number(invoice), []).append(invoice)
    return [
        _row(reader, ticket, booked)
        for ticket in reader.find("work.order", [("id", "in", tickets)], ["name", "title", "buyer_po", "invoice_ids"])
    ]


def _marker_number(invoice: dict[str, Any]) -> str:
    """The work order QuickBooks shows on the invoice."""
    fields = {field["Name"]: field.get("StringValue", "") for field in invoice.get("CustomField", [])}
    return str(fields.get("Work Order", ""))


def _row(reader: Person, ticket: dict[str, Any], booked: dict[str, list[dict[str, Any]]]) -> TieOut:
    moves = reader.find(
        "account.move",
        [("id", "in", ticket["invoice_ids"])],
        ["name", "amount_total", "payment_state", "transmission_state"],
    )
    lines = reader.find("account.move.line", [("move_id", "in", ticket["invoice_ids"])], ["buyer_po_line"])
    held = booked.get(ticket["name"], [])
    custom = {field["Name"]: field.get("StringValue", "") for each in held for field in each.get("CustomField", [])}
    return TieOut(
        ticket=ticket["name"],
        title=ticket["title"],
        buyer_po=ticket["buyer_po"] or "",
        po_lines=", ".join(line["buyer_po_line"] for line in lines if line["buyer_po_line"]),
        invoice=", ".join(move["name"] for move in moves),
        odoo_total=sum((_cents(move["amount_total"]) for move in moves), Decimal()),
        quickbooks_numbers=tuple(str(each["DocNumber"]) for each in held),
        quickbooks_total=sum((_cents(each["TotalAmt"]) for each in held), Decimal()),
        quickbooks_balance=sum((_cents(each["Balance"]) for each in held), Decimal()),
        quickbooks_po=str(custom.get("P.O. Number", "")),
        quickbooks_id=str(held[0]["Id"]) if held else "",
        payment=", ".join(move["payment_state"] for move in moves),
        state=", ".join(str(move["transmission_state"] or "") for move in moves),
    )


def _cents(amount: float | str) -> Decimal:
    """JSON numbers of both services as exact cents."""
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def table_of(rows: list[TieOut]) -> Table:
    """The rows as an accountant would like to see them."""
    table = Table(title="Work orders and their QuickBooks invoices")
    for heading, justify in (
        ("Work order", "left"),
        ("What", "left"),
        ("PO / line", "left"),
        ("Odoo", "right"),
        ("QuickBooks", "left"),
        ("QuickBooks total", "right"),
        ("Difference", "right"),
        ("State", "left"),
    ):
        table.add_column(heading, justify=justify, no_wrap=heading != "What")  # type: ignore[arg-type]
    for row in rows:
        table.add_row(
            row.ticket,
            row.title,
            f"{row.buyer_po} / {row.po_lines}",
            f"{row.odoo_total:,.2f}",
            ", ".join(row.quickbooks_numbers) or "missing",
            f"{row.quickbooks_total:,.2f}",
            f"{row.difference:,.2f}",
            row.state,
        )
    return table
