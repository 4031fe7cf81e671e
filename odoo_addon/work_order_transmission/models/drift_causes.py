"""What can change at a destination behind our back, and what each kind of change permits."""

#: In the order in which a person would look at them.
CAUSES = [
    ("voided", "Invoice voided"),
    ("deleted", "Invoice deleted"),
    ("amount", "Amount changed"),
    ("customer", "Customer changed"),
    ("number", "Number changed"),
    ("details", "Dates or texts changed"),
    ("payment_undone", "Payment undone"),
    ("payment_changed", "Payment changed"),
    ("payment_unapplied", "Money not applied"),
    ("customer_merged", "Customer merged"),
    ("customer_inactive", "Customer inactive"),
    ("customer_renamed", "Customer renamed"),
]

STATES = [
    ("open", "To review"),
    ("accepted", "Difference accepted"),
    ("fixed", "Fixed in Odoo"),
    ("ignored", "Odoo kept, by rule"),
    ("past", "No longer so"),
]

#: Answered once, so the same picture there is not asked about again.
ANSWERED = ("accepted", "fixed", "ignored")

POLICIES = [("ask", "Ask a person"), ("follow", "Follow the accounting system"), ("keep", "Keep Odoo as it is")]

#: What Odoo can do after the accounting system without inventing anything.
FOLLOWABLE = (
    "voided",
    "deleted",
    "number",
    "payment_undone",
    "payment_changed",
    "customer_merged",
    "customer_renamed",
)

#: Where the books agree to the cent whatever anybody does. No money, no customer, no payment is among them.
KEEPABLE = ("number", "details", "customer_renamed")

#: Which cause a field of an invoice belongs to.
CAUSE_OF_FIELD = {
    "total": "amount",
    "tax": "amount",
    "lines": "amount",
    "customer": "customer",
    "number": "number",
    "date": "details",
    "due_date": "details",
    "memo": "details",
    "mark": "details",
}
