"""The company's own records: its information and its preferences."""

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.company.store import Record


def prepare_preferences(draft: Draft) -> Record:
    """Preferences; sections merge name by name, because an update of them is always sparse (M)."""
    return merge_sections(draft.previous or {}, draft.sent)


def prepare_company_info(draft: Draft) -> Record:
    return dict(draft.body)


def merge_sections(previous: Record, sent: Record) -> Record:
    """The previous sections with the names that were sent laid over them; a null takes a name out."""
    merged = dict(previous)
    for section, values in sent.items():
        if isinstance(values, dict) and isinstance(previous.get(section), dict):
            laid_over = {**previous[section], **values}
            merged[section] = {name: value for name, value in laid_over.items() if value is not None}
        else:
            merged[section] = values
    return merged
