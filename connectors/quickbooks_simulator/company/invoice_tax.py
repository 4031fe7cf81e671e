"""Sales tax of an invoice."""

from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.checks import find_reference, refer_to
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.invoice_lines import Lines
from quickbooks_simulator.company.money import ZERO, read_amount, read_decimal, round_cents
from quickbooks_simulator.company.store import Record


def prepare_tax(draft: Draft, lines: Lines, customer: Record) -> Record:
    """The tax detail: a total that was sent is kept (P, switch keep_explicit_tax), else it comes from the tax code."""
    detail = draft.body.get("TxnTaxDetail") or {}
    code = find_reference(draft, detail.get("TxnTaxCodeRef"), "TaxCode", "TxnTaxCodeRef")
    if code is None or code["Id"] == "TAX":
        # TAX has no rate of its own; it means whatever rate applies to the company.
        code = _default_code(draft, customer) or code
    base = _taxable_base(draft, lines)
    tax_lines = _tax_lines(draft, code, base) if code and base else []
    total = sum((line["Amount"] for line in tax_lines), ZERO)
    if _total_was_sent(draft, detail) and draft.settings.keep_explicit_tax:
        total = read_amount(detail["TotalTax"], "TotalTax")
        tax_lines = _spread(tax_lines, total)
    answer: Record = {"TotalTax": total}
    if code and (base or "TxnTaxCodeRef" in detail):
        answer["TxnTaxCodeRef"] = {"value": code["Id"]}
    if tax_lines:
        answer["TaxLine"] = tax_lines
    return answer


def _total_was_sent(draft: Draft, detail: Record) -> bool:
    """A sparse update that replaces the lines and says nothing of tax has it computed anew (M)."""
    return "TotalTax" in detail and ("TxnTaxDetail" in draft.sent or "Line" not in draft.sent)


def _default_code(draft: Draft, customer: Record) -> Record | None:
    """Automated sales tax takes the company's rate, manual tax the customer's default code (M for the choice)."""
    if draft.preference("TaxPrefs", "PartnerTaxEnabled"):
        reference = draft.preference("TaxPrefs", "TaxGroupCodeRef") if customer.get("Taxable", True) else None
    else:
        reference = customer.get("DefaultTaxCodeRef")
    return draft.changes.find("TaxCode", reference["value"]) if reference else None


def _taxable_base(draft: Draft, lines: Lines) -> Decimal:
    """What is taxed: with ApplyTaxAfterDiscount the taxable lines carry their share of the discount. Types (V)."""
    if not draft.body.get("ApplyTaxAfterDiscount") or not lines.subtotal:
        return lines.taxable
    return lines.taxable - round_cents(lines.discount * lines.taxable / lines.subtotal)


def _tax_lines(draft: Draft, code: Record, base: Decimal) -> list[Record]:
    details: list[dict[str, Any]] = code.get("SalesTaxRateList", {}).get("TaxRateDetail", [])
    rates = [draft.changes.find("TaxRate", each["TaxRateRef"]["value"]) for each in details]
    return [_tax_line(rate, base) for rate in rates if rate is not None]


def _tax_line(rate: Record, base: Decimal) -> Record:
    percent = read_decimal(rate["RateValue"], "RateValue")
    return {
        "Amount": round_cents(base * percent / 100),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            "TaxRateRef": {"value": refer_to(rate)["value"]},
            "PercentBased": True,
            "TaxPercent": percent,
            "NetAmountTaxable": base,
        },
    }


def _spread(tax_lines: list[Record], total: Decimal) -> list[Record]:
    """Put the difference to the total that was sent on the first line. Source: kept and spread (P)."""
    if not tax_lines:
        return []
    computed = sum((line["Amount"] for line in tax_lines), ZERO)
    first = {**tax_lines[0], "Amount": tax_lines[0]["Amount"] + total - computed}
    return [first, *tax_lines[1:]]
