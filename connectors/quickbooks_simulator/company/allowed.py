"""What a company's preferences let into a transaction."""

from quickbooks_simulator.company.draft import Draft
from quickbooks_simulator.faults import Fault


def is_allowed(draft: Draft, section: str, preference: str, element: str) -> bool:
    """Whether a property stays that hangs on a preference: always while that is on.

    The reference says that preferences are not necessarily honoured for API calls (P), so what becomes of the
    property while it is off is a switch, off_preferences: dropped without a word, kept all the same, or fault 5020.
    """
    if draft.preference(section, preference):
        return True
    if draft.settings.off_preferences == "refused":
        raise Fault("5020", f"{element} is not in use: the preference {section}.{preference} is off.", element)
    return draft.settings.off_preferences == "kept"
