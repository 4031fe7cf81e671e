"""The company's own records: its information and its preferences."""

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault

OWNERS = ("TaxPrefs", "CurrencyPrefs")
"""Sections no call can change, only the company's owner."""


def prepare_preferences(draft: Draft) -> Record:
    """Preferences; sections merge name by name, because an update of them is always sparse (M)."""
    previous = draft.previous or {}
    merged = merge_sections(previous, draft.sent)
    _check_currencies(previous.get("CurrencyPrefs", {}), merged.get("CurrencyPrefs", {}))
    return merged


def writable_preferences(body: Record) -> Record:
    """What a call may change: preferences are mostly read-only (P). The rest is passed over without a word.

    Which ones is from memory (M). A client that sends back all it read, with its own notion of what was not there, must
    not turn one tax model into another.
    """
    return {name: value for name, value in body.items() if name not in OWNERS}


def _check_currencies(before: Record, after: Record) -> None:
    """Several currencies cannot be turned off again (P), and the home currency stays from then on (P); codes (M)."""
    if not before.get("MultiCurrencyEnabled"):
        return
    if not after.get("MultiCurrencyEnabled"):
        raise Fault("6000", "Multiple currencies cannot be turned off.", "CurrencyPrefs.MultiCurrencyEnabled")
    if before.get("HomeCurrency", {}).get("value") != after.get("HomeCurrency", {}).get("value"):
        raise Fault("6000", "The home currency cannot be changed.", "CurrencyPrefs.HomeCurrency")


def prepare_company_info(draft: Draft) -> Record:
    return dict(draft.body)


def merge_sections(previous: Record, sent: Record) -> Record:
    """The previous sections with the names that were sent laid over them; a null or an empty text takes a name out."""
    merged = dict(previous)
    for section, values in sent.items():
        if isinstance(values, dict) and isinstance(previous.get(section), dict):
            laid_over = {**previous[section], **values}
            merged[section] = {name: value for name, value in laid_over.items() if value not in (None, "")}
        else:
            merged[section] = values
    return merged
