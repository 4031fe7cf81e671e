"""What each QuickBooks fault code means: the one table (fact sheet §4, tags there).

The class decides what the bridge does with the row; sentence and next step are for the bookkeeper.
`docs/quickbooks_errors.md` is made from this table by `catalogue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workorder_bridge.errors import (
    BooksClosed,
    DestinationClosed,
    DestinationError,
    NameTaken,
    NotAuthorised,
    NumberTaken,
    OutcomeUnknown,
    Rejected,
    StaleEdit,
    TryLater,
    WrongCompany,
)

THROTTLE_SECONDS = 60.0
"""QuickBooks documents no Retry-After; its limits run by the minute (fact sheet §2, P)."""


class AccessExpired(NotAuthorised):
    """The access token is no longer good; renewing it once may be all that is needed."""


@dataclass(frozen=True)
class Meaning:
    """What a fault code means: the error to raise, a plain sentence, the next step."""

    error: type[DestinationError]
    sentence: str
    hint: str


RECONNECT = "Run `workorder quickbooks reconnect`, then activate the destination in Odoo again."
WAIT = "Nothing is lost: the same invoices go out again by themselves."
REPORT = "Report this with the reference; the bridge should not send such a request."
_MAPPING = "Check in QuickBooks that the customer, items, terms and classes mapped in Odoo exist and are active."
_ACCOUNT = (
    "Open QuickBooks and look at the company's subscription and messages, then activate the destination in Odoo again."
)
_COMPANY = (
    "Compare WORKORDER_QUICKBOOKS_ENVIRONMENT and the company number of the destination in Odoo with the company you "
    "mean; connect that one with `workorder quickbooks connect`, then activate the destination in Odoo again."
)
_ADMIN = (
    "Let a user who may manage this company connect it: `workorder quickbooks reconnect`; then activate the "
    "destination in Odoo again."
)
_IN_QUICKBOOKS = "Look at the transaction in QuickBooks, put right what it says, then press Try again in Odoo."

MEANINGS: Mapping[str, Meaning] = {
    "100": Meaning(NotAuthorised, "QuickBooks does not accept our access.", RECONNECT),
    "110": Meaning(NotAuthorised, "QuickBooks does not know the access we present.", RECONNECT),
    "120": Meaning(
        DestinationClosed, "Our QuickBooks user may not use this company, or its plan lacks this.", _ACCOUNT
    ),
    "140": Meaning(DestinationClosed, "The QuickBooks company is locked at the moment.", _ACCOUNT),
    "150": Meaning(DestinationClosed, "The QuickBooks company is closed for maintenance.", _ACCOUNT),
    "500": Meaning(Rejected, "QuickBooks does not know the operation we asked for.", REPORT),
    "600": Meaning(
        OutcomeUnknown,
        "QuickBooks has seen this request before and did not repeat its answer.",
        "The bridge looks the invoice up by its number. If the row becomes Unknown, look in QuickBooks yourself, then "
        "press Ask again in Odoo.",
    ),
    "610": Meaning(Rejected, "Something the invoice refers to does not exist in QuickBooks or is inactive.", _MAPPING),
    "620": Meaning(
        Rejected,
        "QuickBooks cannot link these transactions: another customer's, or linked already.",
        _IN_QUICKBOOKS,
    ),
    "800": Meaning(
        Rejected,
        "QuickBooks will not delete this, because something depends on it.",
        "In QuickBooks, remove what depends on it, such as a payment, or leave it and correct it with a credit memo.",
    ),
    "1040": Meaning(Rejected, "The batch is larger than QuickBooks accepts.", "Lower WORKORDER_BATCH_SIZE."),
    "2010": Meaning(Rejected, "QuickBooks does not know one of the fields we sent.", REPORT),
    "2020": Meaning(Rejected, "QuickBooks misses a field it requires.", REPORT),
    "2030": Meaning(
        Rejected,
        "One of the mapped QuickBooks ids is not an id.",
        "Correct the id in Odoo, Work Orders > Configuration > QuickBooks, then press Try again.",
    ),
    "2050": Meaning(
        Rejected,
        "A text is longer than QuickBooks allows.",
        "Shorten what QuickBooks names in Odoo and post the invoice again.",
    ),
    "2170": Meaning(Rejected, "QuickBooks does not know one of the values we sent.", REPORT),
    "2210": Meaning(
        Rejected,
        "QuickBooks does not accept the customer's e-mail address.",
        "Correct the address in Odoo and post the invoice again.",
    ),
    "2500": Meaning(Rejected, "A mapped customer, item, term or class is missing or inactive in QuickBooks.", _MAPPING),
    "3001": Meaning(TryLater, "QuickBooks asks us to slow down.", WAIT),
    "3100": Meaning(WrongCompany, "Our app has no access to this QuickBooks company.", _COMPANY),
    "3200": Meaning(AccessExpired, "QuickBooks does not accept our access token.", RECONNECT),
    "3201": Meaning(NotAuthorised, "Our QuickBooks user is not allowed to do this.", _ADMIN),
    "4000": Meaning(Rejected, "QuickBooks could not read our query.", REPORT),
    "4001": Meaning(Rejected, "QuickBooks does not know a name in our query.", REPORT),
    "4002": Meaning(
        OutcomeUnknown,
        "QuickBooks could not answer a query, often because one stored record has a bad e-mail address.",
        "Look in QuickBooks for a customer with a malformed e-mail address and correct it.",
    ),
    "5000": Meaning(Rejected, "QuickBooks no longer supports one of the fields we sent.", REPORT),
    "5010": Meaning(
        StaleEdit,
        "Somebody changed this in QuickBooks since the bridge read it.",
        "Look at it in QuickBooks, then press Try again in Odoo; the bridge reads it anew and overwrites nothing.",
    ),
    "5020": Meaning(
        Rejected,
        "The company's QuickBooks plan does not have a feature this invoice needs.",
        "Switch the feature on in QuickBooks (Account and settings), choose a plan that has it, or take what needs it "
        "(class, location, currency) off the invoice.",
    ),
    "6000": Meaning(
        Rejected,
        "QuickBooks refused the invoice by one of its business rules.",
        "Put right what QuickBooks says, in Odoo or in QuickBooks, then press Try again in Odoo.",
    ),
    "6070": Meaning(Rejected, "A line's amount is not its quantity times its price.", REPORT),
    "6090": Meaning(Rejected, "A discount line has neither an amount nor a percentage.", REPORT),
    "6100": Meaning(
        Rejected,
        "A US company accepts only TAX or NON as a line's tax code.",
        "Map Odoo's taxes to TAX or NON in Odoo, Work Orders > Configuration > QuickBooks > Tax Codes.",
    ),
    "6140": Meaning(
        NumberTaken,
        "This invoice number is already used in QuickBooks.",
        "If the document there is wrong, change its number; then press Try again in Odoo.",
    ),
    "6190": Meaning(DestinationClosed, "The QuickBooks subscription of this company has ended.", _ACCOUNT),
    "6210": Meaning(
        BooksClosed,
        "The books are closed for the invoice's date.",
        "Ask the accountant to reopen the period, then press Try again in Odoo; or reset the invoice in Odoo and post "
        "it with a later date. The bridge never changes a date by itself.",
    ),
    "6240": Meaning(
        NameTaken,
        "This name is already used in QuickBooks by a customer, vendor or employee.",
        "Map the customer in Odoo, Work Orders > Configuration > QuickBooks > Customers, or rename one of the two.",
    ),
    "6250": Meaning(Rejected, "QuickBooks does not accept the customer.", _MAPPING),
    "6430": Meaning(
        Rejected,
        "A mapped item's account has the wrong type for an invoice.",
        "In QuickBooks, give the item an income account, or map another item in Odoo.",
    ),
    "6540": Meaning(
        Rejected,
        "The payment is already deposited in QuickBooks and cannot change.",
        "In QuickBooks, take the payment out of its bank deposit first, or correct the invoice with a credit memo.",
    ),
    "6560": Meaning(Rejected, "The invoice has no customer.", _MAPPING),
    "10000": Meaning(TryLater, "QuickBooks has a failure of its own.", WAIT),
}

BY_STATUS: Mapping[int, Meaning] = {
    401: MEANINGS["3200"],
    403: Meaning(NotAuthorised, "QuickBooks denies us access to this company.", RECONNECT),
    404: Meaning(
        DestinationClosed,
        "There is no QuickBooks at the configured address.",
        "Check WORKORDER_QUICKBOOKS_ENVIRONMENT, then activate the destination in Odoo again.",
    ),
}
"""For answers that carry no code, by HTTP status."""
