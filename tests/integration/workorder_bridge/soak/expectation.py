"""The model: what the people of both sides did, and what therefore must be so at the end. It knows no bridge."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Ticket:
    """A closed ticket's invoice as Odoo means it. `keys` are those of all its revisions, `total` is the last one's."""

    number: str
    total: Decimal
    keys: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    @property
    def may_be_gone(self) -> bool:
        """Somebody took it out of the books, so that none of it there is no wonder."""
        return bool(self.touched & {"voided", "deleted"})


@dataclass
class Money:
    """A payment the accountant entered: what it pays, by invoice id. `touched` once somebody changed it again."""

    parts: dict[str, Decimal]
    touched: bool = False


@dataclass
class Expectation:
    """Grows with every deed. `owners` tells whose an invoice of QuickBooks is, even when its mark was overwritten;
    `strangers` are the numbers of invoices entered by hand. Both by the invoice's id.
    """

    tickets: dict[str, Ticket] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    payments: dict[str, Money] = field(default_factory=dict)
    strangers: dict[str, str] = field(default_factory=dict)

    def meant(self, number: str, total: Decimal, key: str) -> None:
        """Odoo has a new document for this number, under a new key."""
        ticket = self.tickets.setdefault(number, Ticket(number, total))
        ticket.total = total
        ticket.keys.append(key)

    def learn_owner(self, invoice_id: str, note: str) -> str:
        """The number of the ticket whose mark the note carries, "" for nobody's; what was known once stays known."""
        for ticket in self.tickets.values():
            if any(f"[wb:{key}]" in note for key in ticket.keys):
                self.owners[invoice_id] = ticket.number
        return self.owners.get(invoice_id, "")

    def touch(self, invoice_id: str, how: str) -> None:
        """A person did this to an invoice; the payments on it are then no longer as they were."""
        if owner := self.owners.get(invoice_id):
            self.tickets[owner].touched.add(how)
        for money in self.payments.values():
            if invoice_id in money.parts:
                money.touched = money.touched or how in ("voided", "deleted")
