"""The currencies of the world the company knows, and those it has chosen to use."""

from decimal import Decimal

from quickbooks_simulator.company.checks import check_length
from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record, Store
from quickbooks_simulator.faults import Fault

_WORLD = {
    "AUD": ("Australian Dollar", "0.65"), "BRL": ("Brazilian Real", "0.18"), "CAD": ("Canadian Dollar", "0.72"),
    "CHF": ("Swiss Franc", "1.13"), "CNY": ("Chinese Yuan", "0.14"), "CZK": ("Czech Koruna", "0.043"),
    "DKK": ("Danish Krone", "0.145"), "EUR": ("Euro", "1.08"), "GBP": ("British Pound Sterling", "1.27"),
    "HKD": ("Hong Kong Dollar", "0.128"), "HUF": ("Hungarian Forint", "0.0028"), "ILS": ("Israeli Shekel", "0.27"),
    "INR": ("Indian Rupee", "0.012"), "JPY": ("Japanese Yen", "0.0067"), "KRW": ("South Korean Won", "0.00074"),
    "MXN": ("Mexican Peso", "0.056"), "NOK": ("Norwegian Krone", "0.094"), "NZD": ("New Zealand Dollar", "0.6"),
    "PHP": ("Philippine Peso", "0.0175"), "PLN": ("Polish Zloty", "0.25"), "RON": ("Romanian Leu", "0.217"),
    "SEK": ("Swedish Krona", "0.095"), "SGD": ("Singapore Dollar", "0.745"), "THB": ("Thai Baht", "0.028"),
    "TRY": ("Turkish Lira", "0.031"), "USD": ("United States Dollar", "1"), "ZAR": ("South African Rand", "0.054"),
}  # fmt: skip
"""Name, and US dollars per unit: figures of the simulator's own, to convert with until a rate is set (M)."""


def currency_name(code: str) -> str:
    return _WORLD[code][0]


def world_codes() -> list[str]:
    return sorted(_WORLD)


def usual_rate(source: str, target: str) -> Decimal:
    """Units of `target` for one of `source`, with up to seven decimals."""
    return (Decimal(_WORLD[source][1]) / Decimal(_WORLD[target][1])).quantize(Decimal("0.0000001")).normalize()


def home_currency(store: Store) -> str:
    prefs: Record = (store.find("Preferences", "1") or {}).get("CurrencyPrefs", {})
    return str(prefs.get("HomeCurrency", {}).get("value", "USD"))


def check_multicurrency(store: Store) -> None:
    """Fault 5020 while the company keeps to one currency (M for the code)."""
    prefs: Record = (store.find("Preferences", "1") or {}).get("CurrencyPrefs", {})
    if not prefs.get("MultiCurrencyEnabled"):
        raise Fault("5020", "This company does not use multiple currencies.")


def known_code(code: object, element: str) -> str:
    """The code when it is one of the world's; fault 2170 otherwise (M)."""
    if not isinstance(code, str) or code.upper() not in _WORLD:
        raise Fault("2170", f"{element} must be a currency code such as EUR, supplied value: {code}", element)
    return code.upper()


def active_codes(store: Store) -> list[str]:
    """The foreign currencies the company uses."""
    return sorted(each["Code"] for each in store.all("CompanyCurrency") if each.get("Active", True))


def check_currency_in_use(store: Store, code: str, element: str) -> None:
    """Fault 2500 for a currency that is neither the home currency nor put into use (M for the code)."""
    if code != home_currency(store) and code not in active_codes(store):
        raise Fault("2500", f"Invalid Reference Id : {element} {code} is no currency this company uses", element)


def prepare_company_currency(draft: Draft) -> Record:
    """A currency put into use: one record per code, the code is for ever. Source: reference (P); faults (M)."""
    check_multicurrency(draft.changes.store)
    record = dict(draft.body)
    if "Code" not in record:
        raise Fault("2020", "Required param missing, need to supply Code", "Code")
    code = record["Code"] = known_code(record["Code"], "Code")
    if draft.previous is not None and draft.previous["Code"] != code:
        raise Fault("6000", "The code of a currency cannot be changed.", "Code")
    if code == home_currency(draft.changes.store):
        raise Fault("6000", f"{code} is the home currency already.", "Code")
    for each in draft.changes.store.all("CompanyCurrency"):
        if each["Code"] == code and each["Id"] != draft.body.get("Id"):
            raise Fault("6240", f"The currency {code} is in use already, CompanyCurrency Id={each['Id']}", "Code")
    record["Name"] = record.get("Name", currency_name(code))
    check_length(record["Name"], "Name", 100)
    return {**record, "Active": record.get("Active", True)}
