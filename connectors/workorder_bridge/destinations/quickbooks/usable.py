"""Whether an invoice can use what a mapping row names, by the lists we hold; told so that a bookkeeper can act on it.

What the lists do not tell is not judged: QuickBooks then does. Policy for what is inactive, gone or in another
currency: the invoice waits, nothing is made active or moved by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from workorder_bridge.destinations.quickbooks.company import GLOBAL, MANUAL, CompanyFacts
from workorder_bridge.destinations.quickbooks.lists import (
    CLASS,
    CUSTOMER,
    DEPARTMENT,
    ITEM,
    TAX_CODE,
    TERM,
    Entry,
    Lists,
)
from workorder_bridge.ports import Mapped

TAXED, UNTAXED = "TAX", "NON"
"""All a line of a US invoice can say of tax (6100)."""

PENDING = ""
"""Stands for the id of an object that is about to be made."""

KINDS = {
    "customers": (CUSTOMER, "customer"),
    "items": (ITEM, "item"),
    "terms": (TERM, "term"),
    "classes": (CLASS, "class"),
    "locations": (DEPARTMENT, "location"),
    "taxes": (TAX_CODE, "tax code"),
}
"""QuickBooks' name of what each table maps to, and the accountant's."""

UNSOLD = ("Category", "Group")
"""Kinds of items that no invoice line of ours can name (M)."""


@dataclass(frozen=True)
class Judge:
    """Judges the mapping rows of an invoice in `currency`. Without lists only what the settings tell is known."""

    company: CompanyFacts
    lists: Lists | None
    currency: str

    def __call__(self, table: str, mapped: Mapped) -> str:
        """Why the object cannot be used; "" when it can, or when nobody here knows."""
        if mapped.id == PENDING:
            return ""
        if table == "taxes" and (reason := self._against_tax_code(mapped)):
            return reason
        kind, word = KINDS[table]
        if table == "taxes" and mapped.id in (TAXED, UNTAXED):
            return ""
        if self.lists is None or kind not in self.lists.lists:
            return ""
        entry = self.lists.find(kind, mapped.id)
        if entry is None:
            return f"QuickBooks has no {word} with the id {mapped.id}{_called(mapped.name)}; it may have been deleted."
        return self._against(entry, word, mapped.id)

    def _against(self, entry: Entry, word: str, record_id: str) -> str:
        if not entry.active:
            return f"The {word} {entry.name} (id {record_id}) was made inactive in QuickBooks."
        if word == "item" and entry.kind in UNSOLD:
            return f"{entry.name} (id {record_id}) is a {entry.kind.lower()} in QuickBooks, which no line can sell."
        if self.company.multicurrency and entry.currency not in ("", self.currency):
            return (
                f"The customer {entry.name} (id {record_id}) is kept in {entry.currency} in QuickBooks, which never "
                f"changes there, but the invoice is in {self.currency}; it needs a customer in {self.currency}."
            )
        return ""

    def _against_tax_code(self, mapped: Mapped) -> str:
        """The code has to be of the company's way of taxing; the lists are not needed to know."""
        of_the_us = mapped.id in (TAXED, UNTAXED)
        if self.company.tax_model == GLOBAL:
            if of_the_us:
                return f"{mapped.id} is a tax code of US companies; this one is in {self.company.country}."
        elif self.company.tax_model != MANUAL and not of_the_us:
            return f"{mapped.id!r} is no tax code for a line: with automated sales tax a company takes only TAX or NON."
        return ""


def _called(name: str) -> str:
    return f" (once called {name})" if name else ""
