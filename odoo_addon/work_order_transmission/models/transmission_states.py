"""The states of a transmission row, and what each of them permits."""

#: In the order an invoice usually passes them; the last six leave that path.
STATES = [
    ("blocked", "Mapping missing"),
    ("ready", "Waiting"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("received", "Received"),
    ("in_process", "In process"),
    ("accepted", "Accepted"),
    ("paid", "Paid"),
    ("rejected", "Rejected"),
    ("disputed", "Differs"),
    ("unknown", "Unknown"),
    ("voided", "Voided"),
    ("cancelled", "Withdrawn"),
]

#: What a row asks the destination to do with its document.
KINDS = [("invoice", "Invoice"), ("credit", "Credit note"), ("void", "Void")]

#: One word for an invoice or ticket with several rows: the first of these that any row has.
WORST_FIRST = (
    "unknown",
    "rejected",
    "disputed",
    "blocked",
    "sending",
    "ready",
    "sent",
    "received",
    "in_process",
    "accepted",
    "paid",
    "voided",
    "cancelled",
)

#: A person has to look.
TROUBLE = ("unknown", "rejected", "disputed", "blocked")

#: Nothing exists outside Odoo, for certain: the invoice may be reset, and a rejected row may get a new revision.
WITHDRAWABLE = ("blocked", "ready", "rejected")

#: The document is known to be there; a paid invoice turns these into "paid".
ARRIVED = ("sent", "received", "in_process", "accepted")

#: The document exists there and can be referred to: a credit note may be applied to it, a void may empty it.
EXISTING = (*ARRIVED, "paid", "disputed")


def worst(states):
    """The state to show for several rows, or False when there is none."""
    return min(states, key=WORST_FIRST.index, default=False)
