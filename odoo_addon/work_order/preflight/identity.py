"""P01-P04: can the document go out to this buyer at all, and under this number?"""

from __future__ import annotations

from collections.abc import Iterator

from .facts import Facts
from .form import against_form
from .numbers import number_keys
from .report import UNKNOWN_DATA
from .rule import Remark


def p01(facts: Facts) -> Iterator[Remark]:
    """A profile with channel, address and format, tested where the buyer wants a test. No profile: unknown."""
    profile = facts.case.profile
    if profile is None:
        yield Remark(
            message="Nobody recorded what this buyer demands of an invoice. Fill in a buyer profile.",
            field="profile",
            severity=UNKNOWN_DATA,
        )
        return
    for name, what in (
        ("channel", "by which channel invoices reach this buyer"),
        ("channel_address", "to which address invoices go"),
        ("invoice_format", "which invoice format this buyer reads"),
    ):
        if not getattr(profile, name).strip():
            yield Remark(message=f"The buyer profile does not say {what}. Fill it in.", field=name)
    if profile.route_test_required and profile.route_tested_on is None:
        yield Remark(
            message="This buyer wants a test invoice first, and none has passed yet. Send one and record the day.",
            field="route_tested_on",
        )


def p02(facts: Facts) -> Iterator[Remark]:
    """A number the buyer's system can hold: not empty, no control characters, within length and pattern."""
    number, profile = facts.document.number, facts.profile
    if not number.strip():
        yield Remark(message="The document has no number. Give it one.", field="number")
        return
    if number != number.strip() or not number.isprintable():
        yield Remark(
            message=f"The number {number!r} has blanks around it or characters that cannot be printed.",
            field="number",
            given=number,
        )
    if 0 < profile.number_max_length < len(number):
        yield Remark(
            message=f"The number {number} has {len(number)} characters; this buyer takes {profile.number_max_length}.",
            field="number",
            given=str(len(number)),
            expected=str(profile.number_max_length),
        )
    yield from against_form(number, profile.number_pattern, "number", "number_pattern", f"The number {number}")


def p03(facts: Facts) -> Iterator[Remark]:
    """A number this buyer rejected is not used again, unless the buyer allows it."""
    if not facts.profile.rejected_number_reusable and standing_of_number(facts) == "rejected":
        yield Remark(
            message=f"The buyer rejected number {facts.document.number} before and never takes a rejected number again."
            " Issue the document under a new number.",
            field="number",
            given=facts.document.number,
        )


def p04(facts: Facts) -> Iterator[Remark]:
    """Remit-to, ship-to and buyer reference, where the buyer wants them."""
    document, profile = facts.document, facts.profile
    for required, name, what in (
        (profile.remit_to_required, "remit_to", "where to pay (remit-to)"),
        (profile.ship_to_required, "ship_to", "where the work was done (ship-to)"),
        (profile.buyer_reference_required, "buyer_reference", "the buyer's reference"),
    ):
        if required and not getattr(document, name).strip():
            yield Remark(message=f"The document does not say {what}, which this buyer demands.", field=name)


def standing_of_number(facts: Facts) -> str:
    """What became of documents with this number: "live", "rejected" or ""."""
    if not facts.document.number.strip():
        return ""
    found = {facts.history.numbers.get(each, "") for each in number_keys(facts.document.number)}
    return "live" if "live" in found else "rejected" if "rejected" in found else ""
