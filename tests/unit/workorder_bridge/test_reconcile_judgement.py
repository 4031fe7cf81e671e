"""What every state of a tie-out looks like, and what is said about it."""

from datetime import date
from decimal import Decimal

import pytest
from workorder_bridge.ledgers import Booked, Period, Posted
from workorder_bridge.reconcile.judgement import line_of_left_over, line_of_pair
from workorder_bridge.reconcile.line import Line, Tally
from workorder_bridge.reconcile.match import match, prefix_of

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
KEY = "a" * 32


def posted(**changes):
    values = {
        "id": 1,
        "kind": "invoice",
        "number": "INV/2026/00001",
        "date": "2026-11-22",
        "customer": "Mercy",
        "currency": "USD",
        "total": "193.50",
        "tax": "13.50",
        "balance": "193.50",
        "posted": True,
        "work_orders": ["WO00003"],
        "purchase_orders": ["4500012345"],
        "keys": [KEY],
        "transmission": "received",
        "external_id": "145",
        "message": "",
        "payments": [],
    }
    return Posted.model_validate({**values, **changes})


def booked(**changes):
    values = {
        "id": "145",
        "kind": "invoice",
        "number": "INV/2026/00001",
        "date": date(2026, 11, 22),
        "customer": "Mercy",
        "currency": "USD",
        "total": Decimal("193.50"),
        "tax": Decimal("13.50"),
        "balance": Decimal("193.50"),
        "key": KEY,
        "voided": False,
        "payments": (),
        "url": "http://books/145",
    }
    return Booked(**{**values, **changes})


def voided(**changes):
    nothing = {"total": Decimal(0), "tax": Decimal(0), "balance": Decimal(0)}
    return booked(voided=True, **nothing, **changes)


def judged(invoice, *there):
    """The line of one invoice among what QuickBooks has."""
    matching = match([invoice], there)
    assert len(matching.pairs) == 1
    return line_of_pair(matching.pairs[0])


def test_equal_invoices_agree_and_nothing_is_said():
    assert judged(posted(), booked()) == Line("agrees", posted(), (booked(),))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total": Decimal("193.51")}, "total is 193.50 in Odoo, 193.51 in QuickBooks (+0.01)"),
        ({"tax": Decimal("13.49")}, "tax is 13.50 in Odoo, 13.49 in QuickBooks (-0.01)"),
        ({"balance": Decimal("100.00"), "payments": ("181",)}, "payment 181 is not in Odoo"),
        ({"balance": Decimal("100.00")}, "open balance is 193.50 in Odoo, 100.00 in QuickBooks (-93.50)"),
        ({"currency": "CAD"}, "USD, QuickBooks in CAD"),
        ({"number": "1007"}, "number in QuickBooks is 1007"),
        ({"date": date(2026, 12, 1)}, "dated 2026-11-22 in Odoo, 2026-12-01 in QuickBooks"),
        ({"key": "", "number": ""}, "number in QuickBooks is empty"),
    ],
)
def test_each_difference_is_named(changes, said):
    line = judged(posted(), booked(**changes))
    assert line.state == "differs"
    assert said in " ".join(line.notes)


def test_every_difference_is_named_at_once():
    line = judged(posted(), booked(total=Decimal(200), tax=Decimal(20), balance=Decimal(0), number="7"))
    assert len(line.notes) == 4


def test_payment_undone_in_quickbooks_is_named():
    line = judged(posted(balance="93.50", payments=["181"]), booked())
    assert "Payment 181, registered in Odoo, does not pay it in QuickBooks any more." in line.notes


def test_mark_lost_by_an_edit_does_not_lose_the_invoice():
    assert judged(posted(), booked(key="")).state == "agrees"


def test_deleted_and_missing_are_told_apart():
    assert judged(posted()).state == "deleted"
    assert judged(posted(external_id="")).state == "missing"
    assert judged(posted(external_id="", transmission="", keys=[])).notes == (
        "It was never queued: open it in Odoo and choose Queue for accounting from its actions.",
    )


@pytest.mark.parametrize("state", ["ready", "sending"])
def test_row_under_way_is_not_sent_yet(state):
    assert judged(posted(external_id="", transmission=state)).state == "not_sent"


@pytest.mark.parametrize("state", ["blocked", "rejected", "unknown", "disputed"])
def test_row_in_trouble_waits_with_its_message(state):
    line = judged(posted(external_id="", transmission=state, message="No item."))
    assert (line.state, line.notes) == ("waiting", ("No item.",))


def test_dispute_that_was_settled_there_asks_for_the_button():
    line = judged(posted(transmission="disputed", message="Tax differs."), booked())
    assert line.state == "waiting"
    assert "press Ask again" in line.notes[0]


def test_voided_is_told_with_what_odoo_still_has():
    line = judged(posted(), voided())
    assert line.state == "voided"
    assert "Odoo still has 193.50 USD" in line.notes[0]


@pytest.mark.parametrize("second", [{"number": "1008"}, {"key": ""}, {"key": "b" * 32}])
def test_same_mark_or_same_number_twice_is_told_with_both_ids(second):
    line = judged(posted(), booked(id="146", **second), booked())
    assert line.state == "twice"
    assert "ids 145, 146" in line.notes[0]
    assert [each.id for each in line.booked] == ["145", "146"]


def test_voided_copy_is_no_duplicate():
    line = judged(posted(), booked(), voided(id="146"))
    assert (line.state, len(line.booked)) == ("agrees", 2)


def test_voided_original_with_a_valid_copy_names_the_copy():
    line = judged(posted(), voided(), booked(id="146"))
    assert line.state == "voided"
    assert "id 146" in line.notes[1]


def test_copy_in_place_of_the_deleted_original_is_a_difference():
    line = judged(posted(), booked(id="146"))
    assert line.state == "differs"
    assert "id 145, which is gone; id 146" in line.notes[0]


def test_stranger_under_the_number_of_an_unsent_invoice_stops_it_and_is_named():
    line = judged(posted(external_id="", transmission="ready"), booked(id="9", key=""))
    assert line.state == "waiting"
    assert "without our mark (id 9)" in line.notes[0]


def test_unknown_row_whose_invoice_arrived_is_found_by_its_mark():
    line = judged(posted(external_id="", transmission="unknown", message="No answer."), booked())
    assert line.state == "waiting"
    assert line.booked


def test_invoice_of_ours_that_odoo_does_not_know_is_only_there():
    assert "carries our mark" in line_of_left_over(booked(), None).notes[0]
    assert "under our numbers" in line_of_left_over(booked(key=""), None).notes[0]
    assert line_of_left_over(booked(), None).state == "only_there"


def test_invoice_cancelled_in_odoo_is_only_there_unless_it_is_void():
    cancelled = posted(posted=False)
    assert line_of_left_over(booked(), cancelled).state == "only_there"
    assert line_of_left_over(voided(), cancelled).state == "agrees"


def test_second_copy_of_an_invoice_of_another_month_is_twice():
    october = posted(date="2026-10-02", external_id="12")
    assert line_of_left_over(booked(id="13"), october).state == "twice"


def test_invoice_moved_into_the_period_differs_by_its_date():
    line = line_of_left_over(booked(), posted(date="2026-10-02"))
    assert line.state == "differs"
    assert "dated 2026-10-02 in Odoo" in line.notes[0]


def test_credit_memos_are_called_that_and_are_deleted_rather_than_voided():
    memo = {"kind": "credit", "total": Decimal("-10.00"), "tax": Decimal(0), "balance": Decimal(0)}
    note = posted(kind="credit", total="-10.00", tax="0.00", balance="0.00")
    assert judged(note, booked(**memo)).state == "agrees"
    assert "no credit memo with the id 145" in judged(note).notes[0]
    line = judged(note, booked(**memo), booked(id="146", **memo))
    assert "2 valid credit memos for it (ids 145, 146); delete all but one" in line.notes[0]


def test_sums_hold_what_each_side_dates_in_the_period():
    tally = Tally(NOVEMBER)
    tally.add(judged(posted(), booked()))
    tally.add(judged(posted(id=2), booked(date=date(2026, 12, 1), balance=Decimal(0))))
    tally.add(Line("only_there", None, (booked(currency="EUR"),)))
    tally.add(Line("stranger", None, (booked(key=""),)))
    tally.add(Line("agrees", posted(kind="credit", total="-10.00", tax="0.00", balance="0.00")))
    dollars, euros = tally.sums["USD"], tally.sums["EUR"]
    assert (dollars.odoo.invoices, dollars.odoo.total) == (3, Decimal("377.00"))
    assert (dollars.quickbooks.invoices, dollars.quickbooks.total) == (1, Decimal("193.50"))
    assert (euros.odoo.invoices, euros.quickbooks.total) == (0, Decimal("193.50"))
    assert not tally.clean


def test_strangers_alone_are_clean():
    tally = Tally(NOVEMBER)
    tally.add(Line("stranger", None, (booked(key=""),)))
    assert tally.clean


def test_prefix_of_a_number_without_one_is_empty():
    assert [prefix_of(each) for each in ("INV/2026/00012", "1007", "", "A-")] == ["INV/2026/", "", "", "A-"]


def test_period_halves_make_it_up_and_a_reversed_one_is_refused():
    first, second = NOVEMBER.halves()
    assert (first.first, second.last, (second.first - first.last).days) == (NOVEMBER.first, NOVEMBER.last, 1)
    assert first.days + second.days == NOVEMBER.days == 30
    with pytest.raises(ValueError, match="before it begins"):
        Period(NOVEMBER.last, NOVEMBER.first)
