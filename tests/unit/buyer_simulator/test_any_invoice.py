"""Whatever an invoice says, it is matched or rejected with reasons, and the books still add up."""

from datetime import date
from decimal import Decimal
from typing import Any

from buyer_simulator.office.department import Department
from buyer_simulator.records.invoice import Invoice
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.policy import Policy
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import ORDER

FIGURES = st.decimals("-9999999999", "9999999999", places=8) | st.sampled_from(
    [Decimal(0), Decimal(4), Decimal("1e-8"), Decimal(100)]
)
CODES = st.sampled_from(["", "10", "20", "LAB", "FLT", "HUR", "EA", "PO-1", "PO-2", "DAY", "İ", "ß", "٣"])
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))


def lines() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"amount": FIGURES},
        optional={
            "kind": st.sampled_from(["item", "freight", "other", "retention", "deposit"]),
            "purchase_order": CODES,
            "po_line": CODES,
            "item_code": CODES,
            "unit": CODES,
            "quantity": FIGURES,
            "unit_price": FIGURES,
            "price_basis": FIGURES.filter(lambda value: value > 0),
            "discount_percent": FIGURES,
            "tax_rates": st.lists(FIGURES, max_size=2),
            "tax_amount": FIGURES,
            "service_date": DAYS,
            "work_order": CODES,
        },
    )


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    rows = draw(st.lists(lines(), min_size=1, max_size=4))
    body = draw(
        st.fixed_dictionaries(
            {"untaxed": FIGURES, "total": FIGURES, "issue_date": DAYS},
            optional={
                "kind": st.sampled_from(["invoice", "credit"]),
                "due_date": DAYS,
                "purchase_order": CODES,
                "original": CODES,
                "due": FIGURES,
                "terms": st.fixed_dictionaries({}, optional={"net_days": st.integers(0, 3660), "discount_date": DAYS}),
                "charges": st.lists(
                    st.fixed_dictionaries({"kind": st.sampled_from(["freight", "other"]), "amount": FIGURES}),
                    max_size=2,
                ),
            },
        )
    )
    numbered = [{"number": index, **row} for index, row in enumerate(rows, 1)]
    number = draw(st.sampled_from(["A", "B", "C"]))
    return Invoice.model_validate({"supplier": "S", "number": number, "currency": "USD", **body, "lines": numbered})


@given(st.lists(invoices(), min_size=1, max_size=3), st.booleans())
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_any_invoice_is_matched_or_rejected_with_reasons(sent: list[Invoice], loose: bool) -> None:
    department = Department(lambda: date(2026, 3, 20))
    department.put_order(PurchaseOrder.model_validate({**ORDER, "limit": "9999999999" if loose else None}))
    conversions = [
        {"unit": "DAY", "into": "HUR", "factor": "9999999999"},
        {"unit": "HUR", "into": "EA", "factor": "1e-8"},
    ]
    department.set_policy(Policy.model_validate({"po_required": not loose, "conversions": conversions}))
    for invoice in sent:
        entry = department.take(invoice)
        assert entry.matched == (not entry.reasons)
        assert entry.state == ("in_process" if entry.matched else "rejected")
    for entry in list(department.entries.values()):
        if entry.state != "rejected":
            department.decide(entry, "reject", note="Undone")
    assert department.books.ledger.billed_on_order("PO-1") == 0
