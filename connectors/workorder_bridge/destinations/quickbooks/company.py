"""What the bridge needs to know about a QuickBooks company: the settings that shape an invoice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workorder_bridge.destinations.quickbooks.wire import reference
from workorder_bridge.errors import DestinationClosed

_CUSTOM_NAME = re.compile(r"SalesCustomName(\d+)$")
_CUSTOM_USED = re.compile(r"UseSalesCustom(\d+)$")


AUTOMATED, NOT_SET_UP, MANUAL, GLOBAL = "automated", "not set up", "manual", "global"
"""How a company taxes sales: US automated sales tax, the same before it is set up, US rates chosen per invoice, and a
code on every line, as everywhere else (fact sheet §10, P)."""


@dataclass(frozen=True)
class CompanyFacts:
    """The settings of a company that shape an invoice. `custom_fields`: name in lower case → definition id."""

    name: str
    country: str
    home_currency: str
    multicurrency: bool
    sales_tax: bool
    own_numbers: bool
    service_dates: bool
    class_per_invoice: bool
    class_per_line: bool
    custom_fields: Mapping[str, str]
    departments: bool = False
    tax_model: str = AUTOMATED

    @property
    def uses_classes(self) -> bool:
        """Whether a cost centre has a place to go as a class."""
        return self.class_per_invoice or self.class_per_line


def facts_of(info: Mapping[str, Any], preferences: Mapping[str, Any]) -> CompanyFacts:
    """Sort out the two answers. A preference that is absent counts as switched off."""
    country = str(info.get("Country") or "US")
    forms = preferences.get("SalesFormsPrefs") or {}
    accounting = preferences.get("AccountingInfoPrefs") or {}
    currency = preferences.get("CurrencyPrefs") or {}
    return CompanyFacts(
        name=str(info.get("CompanyName") or ""),
        country=country,
        home_currency=reference(currency, "HomeCurrency") or "USD",
        multicurrency=_is_on(currency.get("MultiCurrencyEnabled")),
        sales_tax=_is_on((preferences.get("TaxPrefs") or {}).get("UsingSalesTax")),
        own_numbers=_is_on(forms.get("CustomTxnNumbers")),
        service_dates=_is_on(forms.get("AllowServiceDate")),
        class_per_invoice=_is_on(accounting.get("ClassTrackingPerTxn")),
        class_per_line=_is_on(accounting.get("ClassTrackingPerTxnLine")),
        custom_fields=_custom_fields(forms.get("CustomField")),
        departments=_is_on(accounting.get("TrackDepartments")),
        tax_model=_tax_model(country, preferences.get("TaxPrefs") or {}),
    )


def refuse_what_we_cannot_serve(facts: CompanyFacts) -> None:
    """Raises `DestinationClosed` for a company whose invoices could not be found again."""
    if not facts.own_numbers:
        # Recovery after a lost answer rests on Odoo's number being kept (fact sheet §6).
        raise DestinationClosed(
            f"The QuickBooks company {facts.name} numbers its invoices itself.",
            hint="In QuickBooks, Account and settings > Sales, switch on custom transaction numbers; "
            "then activate the destination in Odoo again.",
        )


def _tax_model(country: str, tax: Mapping[str, Any]) -> str:
    """By country, and in the US by PartnerTaxEnabled: on, off (not set up), or absent: manual (§10, P)."""
    if country not in ("US", "USA"):
        return GLOBAL
    if tax.get("PartnerTaxEnabled") is None:
        return MANUAL
    return AUTOMATED if _is_on(tax["PartnerTaxEnabled"]) else NOT_SET_UP


def _is_on(value: object) -> bool:
    return value is True or str(value).lower() == "true"


def _custom_fields(groups: object) -> dict[str, str]:
    """Names of the sales form's custom fields that are in use. Two lists nest: switches and names (M)."""
    names: dict[str, str] = {}
    unused: set[str] = set()
    for field in _flat(groups):
        label = str(field.get("Name", ""))
        if (named := _CUSTOM_NAME.search(label)) and field.get("StringValue"):
            names[named[1]] = str(field["StringValue"])
        elif (used := _CUSTOM_USED.search(label)) and not _is_on(field.get("BooleanValue")):
            unused.add(used[1])
    return {name.strip().lower(): number for number, name in names.items() if number not in unused}


def _flat(groups: object) -> Iterator[Mapping[str, Any]]:
    for entry in groups if isinstance(groups, list) else []:
        if not isinstance(entry, Mapping):
            continue
        if isinstance(entry.get("CustomField"), list):
            yield from _flat(entry["CustomField"])
        else:
            yield entry
