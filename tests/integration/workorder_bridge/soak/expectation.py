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
    """Grows with every deed. By an invoice's id, `owners` tells whose it is, even when its mark was overwritten, and
    `strangers` the numbers of those entered by hand. `to_review` are the ids of invoices that Odoo knew already when
    somebody changed what they come to, or undid them.
    """

    tickets: dict[str, Ticket] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    payments: dict[str, Money] = field(default_factory=dict)
    strangers: dict[str, str] = field(default_factory=dict)
    to_review: set[str] = field(default_factory=set)

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

    def touch(self, invoice_id: str, how: str, *, known: bool) -> None:
        """A person did this to an invoice, known to Odoo or not; the payments on it may no longer be as they were."""
        if owner := self.owners.get(invoice_id):
            self.tickets[owner].touched.add(how)
        if known and how in ("amount", "voided", "deleted"):
            self.to_review.add(invoice_id)
        for money in self.payments.values():
            if invoice_id in money.parts:
                money.touched = money.touched or how in ("voided", "deleted")
