"""What makes a sound query fail all the same."""

from collections.abc import Iterable

from quickbooks_simulator.company.checks import is_email
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.store import Record
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings

FIRST_SOUND_VERSION = 65
_ADDRESSES = ("PrimaryEmailAddr", "BillEmail", "BillEmailCc", "BillEmailBcc")


def check_stored_emails(company: Company, records: Iterable[Record]) -> None:
    """Fault 4002 for the whole answer when one record holds an address the company's own screens let through (P)."""
    if not company.settings.bad_email_breaks_answers:
        return
    for record in records:
        for element in _ADDRESSES:
            address = record.get(element, {}).get("Address")
            if address is not None and not is_email(address):
                raise Fault("4002", f"Error processing query: {element} does not conform to RFC 822: {address}")


def check_characters(settings: Settings, query: str, minor_version: str | None) -> None:
    """Fault 4000 for characters outside ASCII at minor versions below 65 (P), while the service still keeps to them.

    The switch is old_minor_versions: since August 2025 they are ignored (P), so that nothing is refused.
    """
    if settings.old_minor_versions == "ignored" or query.isascii():
        return
    if not (minor_version or "").isdecimal() or int(minor_version or "0") < FIRST_SOUND_VERSION:
        position = next(index for index, character in enumerate(query) if not character.isascii())
        raise Fault("4000", f"QueryParserError: Lexical error at line 1, column {position + 1}.")
