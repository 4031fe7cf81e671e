"""What an invoice says of tax, in each of the models a company can have (fact sheet §10, P).

US, automated: lines say TAX or NON, and Odoo's total is sent. US, manual: the same, with the rate's code on the
invoice. Elsewhere: prices without tax, a code on every line, and QuickBooks works the tax out; the answer is compared
to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from workorder_bridge.destinations.quickbooks.company import GLOBAL, MANUAL, NOT_SET_UP, CompanyFacts
from workorder_bridge.destinations.quickbooks.lists import TAX_CODE, Lists
from workorder_bridge.destinations.quickbooks.usable import TAXED, UNTAXED
from workorder_bridge.document import InvoiceDocument
from workorder_bridge.document_parts import ProductLine
from workorder_bridge.mapping import Translation

EXCLUDED, OUT_OF_SCOPE = "TaxExcluded", "NotApplicable"
MOST_TAXED_LINES = 750


@dataclass(frozen=True)
class SalesTax:
    """The tax of one invoice. `untaxed_code` is the code for lines without tax, where every line needs one."""

    document: InvoiceDocument
    find: Translation
    company: CompanyFacts
    lists: Lists | None = None
    untaxed_code: str = ""

    def on_line(self, line: ProductLine) -> dict[str, Any]:
        """The line's part of the tax; empty where the whole invoice is out of tax's scope."""
        codes = self._codes(line)
        if self.company.tax_model != GLOBAL:
            return {"TaxCodeRef": {"value": TAXED if any(code != UNTAXED for code in codes) else UNTAXED}}
        if self._out_of_scope:
            return {}
        return {"TaxCodeRef": {"value": codes[0] if codes else self.untaxed_code}}

    def on_invoice(self) -> dict[str, Any]:
        """The invoice's part of the tax.

        Outside the US no total is sent: what QuickBooks makes of one without tax lines is not known.
        """
        if self.company.tax_model == GLOBAL:
            return {"GlobalTaxCalculation": OUT_OF_SCOPE if self._out_of_scope else EXCLUDED}
        if not self.company.sales_tax:
            return {}
        detail: dict[str, Any] = {"TotalTax": self.document.totals.tax}
        if rates := self._rate_codes():
            detail = {"TxnTaxCodeRef": {"value": rates[0]}, **detail}
        return {"TxnTaxDetail": detail}

    def refuse_wrong_rates(self) -> None:
        """Remember as unusable what is mapped to a code of another percentage, so that no wrong tax is booked."""
        for line in self.document.product_lines:
            for tax in line.taxes:
                if reason := self._against_rate(line, self.find.id_of("taxes", tax.id, tax.name)):
                    self.find.refuse("taxes", tax.id, tax.name, reason)

    def problems(self) -> Iterator[str]:
        """Why QuickBooks could not take the tax as it is, every reason."""
        model, tax = self.company.tax_model, self.document.totals.tax
        if tax and not self.company.sales_tax:
            yield f"The invoice has {tax} sales tax, but sales tax is not set up in QuickBooks."
        elif tax and model == NOT_SET_UP:
            yield f"The invoice has {tax} sales tax, but QuickBooks' automated sales tax is not set up yet."
        if len(rates := self._rate_codes()) > 1:
            yield f"The taxes are mapped to the codes {', '.join(rates)}; QuickBooks takes one code per invoice."
        if model == GLOBAL:
            yield from self._problems_of_codes()
        taxed = [line for line in self.document.product_lines if set(self._codes(line)) - {UNTAXED}]
        if len(taxed) > MOST_TAXED_LINES:
            yield f"The invoice has {len(taxed)} taxed lines; QuickBooks takes at most {MOST_TAXED_LINES}."

    def _problems_of_codes(self) -> Iterator[str]:
        bare = []
        for line in self.document.product_lines:
            codes = self._codes(line)
            if len(codes) > 1:
                yield (
                    f"The line {line.description!r} has taxes mapped to the codes {', '.join(codes)}; QuickBooks takes "
                    "one code per line."
                )
            elif not codes and not self._out_of_scope and not self.untaxed_code:
                bare.append(line.description)
        if bare:
            yield (
                f"{len(bare)} lines have no tax in Odoo ({bare[0]!r}), and QuickBooks wants a tax code on every line "
                "here: choose the code for untaxed lines on the destination in Odoo."
            )

    @property
    def _out_of_scope(self) -> bool:
        """No line is taxed and no code says what that means: the whole invoice is left out of the tax return."""
        if not self.company.sales_tax:
            return True
        return not self.untaxed_code and not any(line.taxes for line in self.document.product_lines)

    def _codes(self, line: ProductLine) -> list[str]:
        """The codes of the line's taxes, each once; gaps are left out."""
        return self._codes_by_line[line.id]

    @cached_property
    def _codes_by_line(self) -> dict[int, list[str]]:
        """Asked for several times by line, and the same every time."""
        found: dict[int, list[str]] = {}
        for line in self.document.product_lines:
            codes = (self.find.id_of("taxes", tax.id, tax.name) for tax in line.taxes)
            found[line.id] = list(dict.fromkeys(code for code in codes if code))
        return found

    def _rate_codes(self) -> list[str]:
        """The codes of rates, which a US company with manual tax takes on the invoice."""
        if self.company.tax_model != MANUAL:
            return []
        codes = (code for line in self.document.product_lines for code in self._codes(line))
        return list(dict.fromkeys(code for code in codes if code not in (TAXED, UNTAXED)))

    def _against_rate(self, line: ProductLine, code: str) -> str:
        """All taxes of a line that share a code must come to what that code comes to, where both are known."""
        if code in (TAXED, UNTAXED):
            return ""
        entry = self.lists.find(TAX_CODE, code) if self.lists else None
        if entry is None or not entry.percent:
            return ""
        rates = [tax.rate for tax in line.taxes if self.find.id_of("taxes", tax.id, tax.name) == code]
        known = [rate for rate in rates if rate is not None]
        if len(known) < len(rates) or sum(known, Decimal(0)) == Decimal(entry.percent):
            return ""
        here = format(sum(known, Decimal(0)).normalize(), "f")
        there = format(Decimal(entry.percent).normalize(), "f")
        return f"The tax code {entry.name} (id {code}) comes to {there} % in QuickBooks, the tax in Odoo to {here} %."
