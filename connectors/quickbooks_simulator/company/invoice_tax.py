"""Sales tax of an invoice, in each of the models a company can have."""

from decimal import Decimal

from quickbooks_simulator.company.automated_tax import automated_percent
from quickbooks_simulator.company.checks import find_reference
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.global_tax import global_tax, spread
from quickbooks_simulator.company.group_lines import sold_lines
from quickbooks_simulator.company.invoice_lines import Lines
from quickbooks_simulator.company.money import ZERO, read_amount, round_cents
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.company.tax_model import AUTOMATED, GLOBAL, MANUAL, tax_model
from quickbooks_simulator.company.tax_rates import percent_of, sales_rates, tax_line, tax_on


def prepare_tax(draft: Draft, lines: Lines, customer: Record) -> Record:
    """The tax detail: a total that was sent is kept (P, switches), else it comes from the tax codes."""
    detail = draft.body.get("TxnTaxDetail") or {}
    if tax_model(draft) == GLOBAL:
        answer = global_tax(draft, list(sold_lines(lines.records)))
    else:
        answer = _us_tax(draft, lines, customer, detail)
    if _total_is_kept(draft, detail):
        answer["TotalTax"] = read_amount(detail["TotalTax"], "TotalTax")
        if "TaxLine" in answer:
            answer["TaxLine"] = spread(answer["TaxLine"], answer["TotalTax"])
    return answer


def _total_is_kept(draft: Draft, detail: Record) -> bool:
    """Whether a total that was sent stands (P), without a TxnTaxCodeRef too: one switch each.

    A sparse update that replaces the lines and says nothing of tax has it computed anew (M). Outside the US this is
    why a client must leave TxnTaxDetail out when it changes amounts (P).
    """
    if "TotalTax" not in detail or ("TxnTaxDetail" not in draft.sent and "Line" in draft.sent):
        return False
    if "TxnTaxCodeRef" not in detail and not draft.settings.keep_explicit_tax_without_code:
        return False
    return draft.settings.keep_explicit_tax


def _us_tax(draft: Draft, lines: Lines, customer: Record, detail: Record) -> Record:
    code = find_reference(draft, detail.get("TxnTaxCodeRef"), "TaxCode", "TxnTaxCodeRef")
    usual = _default_code(draft, customer)
    if code is None or code["Id"] == "TAX":
        # TAX has no rate of its own; it means whatever rate applies to the company.
        code = usual or code
    is_automated = tax_model(draft) == AUTOMATED and code is not None and code == usual
    picked = automated_percent(draft, customer) if is_automated else None
    parts = _taxable_parts(draft, lines)
    base = sum(parts, ZERO)
    tax_lines = []
    for rate in sales_rates(draft, code) if code and base else []:
        percent = percent_of(rate) if picked is None else picked
        tax_lines.append(tax_line(rate, percent, base, tax_on(draft, parts, percent)))
    answer: Record = {"TotalTax": sum((line["Amount"] for line in tax_lines), ZERO)}
    if code and (base or "TxnTaxCodeRef" in detail):
        answer["TxnTaxCodeRef"] = {"value": code["Id"]}
    if tax_lines:
        answer["TaxLine"] = tax_lines
    return answer


def _default_code(draft: Draft, customer: Record) -> Record | None:
    """Automated sales tax takes the company's rate, manual tax the customer's default code (M for the choice).

    Automated but not set up, nothing is worked out (M).
    """
    reference = None
    if tax_model(draft) == AUTOMATED and customer.get("Taxable", True):
        reference = draft.preference("TaxPrefs", "TaxGroupCodeRef")
    elif tax_model(draft) == MANUAL:
        reference = customer.get("DefaultTaxCodeRef")
    return draft.changes.find("TaxCode", reference["value"]) if reference else None


def _taxable_parts(draft: Draft, lines: Lines) -> list[Decimal]:
    """What is taxed: with ApplyTaxAfterDiscount the taxable lines carry their share of the discount. Types (V)."""
    if draft.body.get("ApplyTaxAfterDiscount") and lines.subtotal:
        return [lines.taxable - round_cents(lines.discount * lines.taxable / lines.subtotal)]
    details = sold_lines(lines.records)
    return [line["Amount"] for line in details if line["SalesItemLineDetail"]["TaxCodeRef"]["value"] != "NON"]
