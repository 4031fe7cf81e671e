"""Sales tax outside the US: every line names its code, and prices hold the tax or not."""

from decimal import Decimal
from typing import Any

from quickbooks_simulator.company.checks import find_reference, reference_value
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.money import ZERO, read_amount, round_cents
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.company.tax_model import tax_calculation
from quickbooks_simulator.company.tax_rates import (
    HUNDRED,
    percent_of,
    percent_of_code,
    sales_rates,
    tax_line,
    tax_on,
)
from quickbooks_simulator.faults import Fault

UNIT_PRICE_STEP = Decimal("0.0000001")


def global_line_code(draft: Draft, detail: Record) -> Record | None:
    """The tax code of a line. Obligatory (P) unless the transaction is outside the scope of tax; then it is dropped.

    The code of the fault, 6000, is from memory (M).
    """
    if tax_calculation(draft) == "NotApplicable":
        return None
    code = reference_value(detail.get("TaxCodeRef"), "TaxCodeRef")
    if code is None:
        raise Fault("6000", "Every line needs a tax code (TaxCodeRef) before it can be saved.", "TaxCodeRef")
    find_reference(draft, {"value": code}, "TaxCode", "TaxCodeRef")
    return {"value": code}


def with_net_amount(draft: Draft, line: Record, sent: Any) -> Record:
    """The line as it is kept: Amount without tax, and beside it TaxInclusiveAmt when prices hold the tax.

    Whether the Amount a client sends with TaxInclusive is net or gross is told either way (switch
    inclusive_line_amounts); a TaxInclusiveAmt that was sent is the gross amount in any case (M).
    """
    if tax_calculation(draft) != "TaxInclusive":
        return line
    detail = line["SalesItemLineDetail"]
    share = 1 + _percent(draft, detail) / HUNDRED
    net = line["Amount"]
    if "TaxInclusiveAmt" in sent:
        gross = read_amount(sent["TaxInclusiveAmt"], "TaxInclusiveAmt")
    elif draft.settings.inclusive_line_amounts == "gross":
        gross, net = net, round_cents(net / share)
    else:
        gross = round_cents(net * share)
    kept = {**detail, "TaxInclusiveAmt": gross}
    if net != line["Amount"] and kept.get("Qty") and "UnitPrice" in kept:
        kept["UnitPrice"] = (net / kept["Qty"]).quantize(UNIT_PRICE_STEP)
    return {**line, "Amount": net, "SalesItemLineDetail": kept}


def global_tax(draft: Draft, lines: list[Record]) -> Record:
    """The tax detail: one line per rate, as in recorded answers (V); inclusive prices add up exactly (M)."""
    calculation = tax_calculation(draft)
    if calculation == "NotApplicable":
        return {"TotalTax": ZERO}
    rates, amounts = _amounts_by_rate(draft, lines)
    tax_lines = []
    for rate_id, parts in amounts.items():
        percent = percent_of(rates[rate_id])
        tax_lines.append(tax_line(rates[rate_id], percent, sum(parts, ZERO), tax_on(draft, parts, percent)))
    total = sum((line["Amount"] for line in tax_lines), ZERO)
    if calculation == "TaxInclusive":
        total = sum((line["SalesItemLineDetail"]["TaxInclusiveAmt"] - line["Amount"] for line in lines), ZERO)
        tax_lines = spread(tax_lines, total)
    return {"TotalTax": total, "TaxLine": tax_lines} if tax_lines else {"TotalTax": total}


def spread(tax_lines: list[Record], total: Decimal) -> list[Record]:
    """The tax lines, with the difference to a total that was sent on the first of them. Source: kept and spread (P)."""
    if not tax_lines:
        return []
    computed = sum((line["Amount"] for line in tax_lines), ZERO)
    first = {**tax_lines[0], "Amount": tax_lines[0]["Amount"] + total - computed}
    return [first, *tax_lines[1:]]


def _amounts_by_rate(draft: Draft, lines: list[Record]) -> tuple[dict[str, Record], dict[str, list[Decimal]]]:
    rates: dict[str, Record] = {}
    amounts: dict[str, list[Decimal]] = {}
    for line in lines:
        code = draft.changes.find("TaxCode", line["SalesItemLineDetail"]["TaxCodeRef"]["value"]) or {}
        for rate in sales_rates(draft, code):
            rates[rate["Id"]] = rate
            amounts.setdefault(rate["Id"], []).append(line["Amount"])
    return rates, amounts


def _percent(draft: Draft, detail: Record) -> Decimal:
    code = draft.changes.find("TaxCode", detail["TaxCodeRef"]["value"]) or {}
    return percent_of_code(draft, code)
