"""What every ticket source promises; run against each adapter, so that the one in memory stays honest."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import Gap, MappingIncomplete, NotAuthorised, Rejected, SourceError, TryLater
from workorder_bridge.evidence import FileOutcome
from workorder_bridge.ledgers import Period
from workorder_bridge.news import Payment, Seen, SeenCustomer, SeenInvoice, SeenPayment
from workorder_bridge.ports import NewCustomer, Parcel
from workorder_bridge.receipt import Receipt
from workorder_bridge.settlement import outcome_of_error, outcome_of_receipt

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def received(batch, row, external_id):
    document = parse_document(row.document, row.sha256)
    receipt = Receipt(external_id, document.number, "0", document.currency, document.totals.total, document.totals.tax)
    return outcome_of_receipt(Parcel(row, document), receipt)


def settled(shelf, batch, *outcomes, **options):
    return shelf.source.settle(shelf.code, batch.lease, list(outcomes), **options)


def claim(shelf, limit=30):
    return shelf.source.claim(shelf.code, limit, 300)


def test_claim_gives_readable_documents_with_keys_and_indexes(shelf):
    shelf.post(2)
    batch = claim(shelf)
    assert [row.index for row in batch.rows] == ["1", "2"]
    assert len({row.key for row in batch.rows}) == 2
    assert all(parse_document(row.document, row.sha256).number for row in batch.rows)
    assert (batch.attempt, len(batch.request_id), batch.destination.code) == (1, 36, shelf.code)


def test_claimed_rows_are_not_handed_out_again(shelf):
    shelf.post(3)
    first, second = claim(shelf, 2), claim(shelf, 2)
    assert (len(first.rows), first.remaining, len(second.rows), second.remaining) == (2, 1, 1, 0)
    assert claim(shelf).lease is None


def test_batch_that_ran_out_goes_out_again_under_the_same_keys(shelf):
    shelf.post(2)
    first = claim(shelf)
    busy = [outcome_of_error(row, TryLater("busy", retry_after=0), 1) for row in first.rows]
    settled(shelf, first, *busy)
    second = claim(shelf)
    assert (second.lease, second.attempt) == (first.lease, 2)
    assert [(row.id, row.index, row.key) for row in second.rows] == [(r.id, r.index, r.key) for r in first.rows]


def test_settling_twice_changes_nothing(shelf):
    shelf.post(1)
    batch = claim(shelf)
    outcome = received(batch, batch.rows[0], shelf.new_id())
    assert settled(shelf, batch, outcome).settled == (batch.rows[0].id,)
    again = settled(shelf, batch, outcome)
    assert (again.settled, again.unchanged, again.conflicts) == ((), (batch.rows[0].id,), ())


def test_another_external_id_is_a_conflict_and_the_first_stays(shelf):
    shelf.post(1)
    batch = claim(shelf)
    first = shelf.new_id()
    settled(shelf, batch, received(batch, batch.rows[0], first))
    answer = settled(shelf, batch, received(batch, batch.rows[0], shelf.new_id()))
    assert [conflict.id for conflict in answer.conflicts] == [batch.rows[0].id]
    assert settled(shelf, batch, received(batch, batch.rows[0], first)).unchanged == (batch.rows[0].id,)


def test_wrong_key_is_a_conflict(shelf):
    shelf.post(1)
    batch = claim(shelf)
    stranger = batch.rows[0].model_copy(update={"key": "f" * 32})
    assert len(settled(shelf, batch, received(batch, stranger, shelf.new_id())).conflicts) == 1


def test_released_row_is_ready_again_under_a_new_batch(shelf):
    shelf.post(1)
    first = claim(shelf)
    settled(shelf, first, outcome_of_error(first.rows[0], NotAuthorised("no"), 1))
    second = claim(shelf)
    assert (second.attempt, [row.id for row in second.rows]) == (1, [first.rows[0].id])
    assert second.lease != first.lease


def test_row_that_was_refused_goes_out_anew_and_names_its_earlier_key(shelf):
    shelf.post(1)
    first = claim(shelf)
    (row,) = first.rows
    assert row.earlier_keys == ()
    settled(shelf, first, outcome_of_error(row, Rejected("no"), 1))
    shelf.try_again(row)
    (anew,) = claim(shelf).rows
    assert (anew.revision, anew.key != row.key, anew.earlier_keys) == (2, True, (row.key,))


def test_row_that_lacked_a_mapping_goes_out_again_and_names_its_own_key(shelf):
    shelf.post(1)
    first = claim(shelf)
    (row,) = first.rows
    settled(
        shelf, first, outcome_of_error(row, MappingIncomplete([Gap("quickbooks_items", "12", "Labor", row.key)]), 1)
    )
    shelf.try_again(row)
    second = claim(shelf)
    assert (second.attempt, second.rows[0].key, second.rows[0].earlier_keys) == (1, row.key, (row.key,))


def test_new_customers_are_in_the_next_tables(shelf):
    shelf.post(2, buyer="new")
    first = claim(shelf, 1)
    buyer = parse_document(first.rows[0].document, first.rows[0].sha256).buyer
    settled(
        shelf,
        first,
        received(first, first.rows[0], shelf.new_id()),
        customers=[NewCustomer(buyer.id, "C77", buyer.name)],
    )
    assert claim(shelf, 1).tables.customers[str(buyer.id)].id == "C77"


def test_credit_goes_out_after_its_invoice_and_names_it(shelf):
    shelf.post(1)
    first = claim(shelf)
    shelf.credit(first.rows[0])
    assert claim(shelf).lease is None
    number, invoice = parse_document(first.rows[0].document, first.rows[0].sha256).number, shelf.new_id()
    settled(shelf, first, received(first, first.rows[0], invoice))
    second = claim(shelf)
    (row,) = second.rows
    assert (row.kind, parse_document(row.document, row.sha256).kind) == ("credit", "credit")
    assert (row.original.external_id, row.original.number) == (invoice, number)
    assert row.original.key == first.rows[0].key
    assert row.key != first.rows[0].key
    settled(shelf, second, received(second, row, shelf.new_id()))
    assert claim(shelf).lease is None


def test_void_of_a_cancelled_invoice_names_it_and_settles_at_nothing(shelf):
    shelf.post(1)
    first = claim(shelf)
    invoice = shelf.new_id()
    settled(shelf, first, received(first, first.rows[0], invoice))
    shelf.cancel(first.rows[0])
    second = claim(shelf)
    (row,) = second.rows
    document = parse_document(row.document, row.sha256)
    assert (row.kind, row.original.external_id, row.document) == ("void", invoice, first.rows[0].document)
    receipt = Receipt(invoice, document.number, "1", document.currency, Decimal(0), Decimal(0))
    outcome = outcome_of_receipt(Parcel(row, document), receipt)
    assert outcome.state == "received"
    assert settled(shelf, second, outcome).settled == (row.id,)
    assert settled(shelf, second, outcome).unchanged == (row.id,)
    assert claim(shelf).lease is None


def test_file_is_leased_read_and_settled_once_after_its_invoice_arrived(shelf):
    shelf.post_with_file("proof.txt", b"done")
    assert shelf.source.claim_files(shelf.code, 10, 300) == ()
    batch = claim(shelf)
    invoice = shelf.new_id()
    settled(shelf, batch, received(batch, batch.rows[0], invoice))
    shelf.arrived(batch.rows[0], invoice)
    (file,) = shelf.source.claim_files(shelf.code, 10, 300)
    assert (file.name, file.size, file.attempt, file.invoice_external_id) == ("proof.txt", 4, 1, invoice)
    assert shelf.source.claim_files(shelf.code, 10, 300) == ()
    assert shelf.source.file_content(shelf.code, file) == b"done"
    with pytest.raises(SourceError):
        shelf.source.file_content(shelf.code, file.model_copy(update={"key": "f" * 32}))
    shelf.source.settle_files(shelf.code, [FileOutcome(file, "retry", message="busy", retry_after=0)])
    (again,) = shelf.source.claim_files(shelf.code, 10, 300)
    assert (again.key, again.attempt) == (file.key, 2)
    for _turn in range(2):
        shelf.source.settle_files(shelf.code, [FileOutcome(again, "attached", external_id="900")])
    assert shelf.source.claim_files(shelf.code, 10, 300) == ()


def test_payment_is_registered_once_and_moves_the_cursor(shelf):
    shelf.post(1)
    batch = claim(shelf)
    invoice = shelf.new_id()
    settled(shelf, batch, received(batch, batch.rows[0], invoice))
    assert shelf.source.changes_since(shelf.code).open_invoices >= 1
    payment = Payment(shelf.new_id(), invoice, Decimal("10.00"), "USD", NOW.date(), "check 7")
    first = shelf.source.register_payments(shelf.code, [payment], NOW)
    again = shelf.source.register_payments(shelf.code, [payment], NOW)
    assert (first.registered, again.registered) == ((payment.external_id,), ())
    assert again.unchanged == (payment.external_id,)
    assert datetime.fromisoformat(shelf.source.changes_since(shelf.code).cursor) == NOW


def test_change_made_there_is_new_once(shelf):
    shelf.post(1)
    batch = claim(shelf)
    invoice = shelf.new_id()
    settled(shelf, batch, received(batch, batch.rows[0], invoice))
    voided = Seen(invoices=(SeenInvoice("invoice", invoice, "1", "voided"),))
    told = [shelf.source.register_payments(shelf.code, [], NOW, voided).drift for _ in range(2)]
    assert told == [1, 0]
    assert shelf.source.changes_since(shelf.code).sent_invoices >= 1


def test_change_of_a_strangers_invoice_is_nothing(shelf):
    strange = Seen(
        invoices=(SeenInvoice("invoice", "no-such-invoice", "1", "deleted"),),
        payments=(SeenPayment(shelf.new_id(), "1", "deleted"),),
        customers=(SeenCustomer("no-such-customer", "1", "Nobody", active=False),),
    )
    assert shelf.source.register_payments(shelf.code, [], None, strange).drift == 0


def test_payment_of_an_invoice_whose_answer_was_lost_is_offered_until_it_is_known(shelf):
    shelf.post(1)
    batch = claim(shelf)
    invoice = shelf.new_id()
    payment = Payment(shelf.new_id(), invoice, Decimal("10.00"), "USD", NOW.date(), "check 7")
    early = shelf.source.register_payments(shelf.code, [payment], NOW)
    assert ([refused.external_id for refused in early.refused], early.registered) == ([payment.external_id], ())
    assert shelf.source.changes_since(shelf.code).cursor is None
    settled(shelf, batch, received(batch, batch.rows[0], invoice))
    assert shelf.source.register_payments(shelf.code, [payment], NOW).registered == (payment.external_id,)
    assert datetime.fromisoformat(shelf.source.changes_since(shelf.code).cursor) == NOW


def test_payment_of_our_invoice_without_its_mark_is_registered_as_well(shelf):
    shelf.post(1)
    batch = claim(shelf)
    invoice = shelf.new_id()
    settled(shelf, batch, received(batch, batch.rows[0], invoice))
    part = (invoice, Decimal("10.00"))
    paid = SeenPayment(shelf.new_id(), "0", "present", currency="USD", date="2026-11-22", parts=(part,))
    seen = Seen(payments=(paid,))
    told = [shelf.source.register_payments(shelf.code, [], NOW, seen).registered for _ in range(2)]
    assert told == [(paid.external_id,), ()]


def test_invoice_paid_in_part_still_waits_for_the_rest(shelf):
    shelf.post(1)
    batch = claim(shelf)
    invoice = shelf.new_id()
    settled(shelf, batch, received(batch, batch.rows[0], invoice))
    payment = Payment(shelf.new_id(), invoice, Decimal("10.00"), "USD", NOW.date(), "check 7")
    shelf.source.register_payments(shelf.code, [payment], NOW)
    assert shelf.source.changes_since(shelf.code).open_invoices == 1


def test_payment_of_an_unknown_invoice_is_refused_alone(shelf):
    payment = Payment(shelf.new_id(), "no-such-invoice", Decimal("10.00"), "USD", NOW.date(), "")
    answer = shelf.source.register_payments(shelf.code, [payment], NOW)
    assert [refused.external_id for refused in answer.refused] == [payment.external_id]


def test_summary_names_what_waits_for_a_person(shelf):
    shelf.post(1)
    batch = claim(shelf)
    settled(shelf, batch, outcome_of_error(batch.rows[0], Rejected("no"), 1))
    (summary,) = shelf.source.summary(shelf.code)
    assert (summary.state, summary.realm) == ("active", shelf.realm)
    assert batch.rows[0].id in [trouble.id for trouble in summary.trouble]


def test_end_of_access_is_a_moment_ahead_or_unknown(shelf):
    ends = shelf.source.access_ends()
    assert ends is None or ends > datetime.now(UTC)


def every_page(shelf, limit):
    """All invoices of November that belong on the shelf, by key; an invoice without a row is left out."""
    after, found = None, []
    while True:
        page = shelf.source.posted_invoices(shelf.code, "invoice", NOVEMBER, after, limit)
        found += [invoice for invoice in page.invoices if invoice.keys]
        after = page.next
        if after is None:
            by_key = {invoice.keys[0]: invoice for invoice in found}
            assert len(by_key) == len(found)
            return by_key


def test_posted_invoices_are_told_page_by_page_with_their_rows(shelf):
    shelf.post(3)
    batch = claim(shelf)
    settled(shelf, batch, received(batch, batch.rows[0], shelf.new_id()))
    pages = [every_page(shelf, 2), every_page(shelf, 500)]
    assert pages[0] == pages[1]
    assert {row.key for row in batch.rows} <= set(pages[0])
    for row in batch.rows:
        document, told = parse_document(row.document, row.sha256), pages[0][row.key]
        assert (told.number, told.total, told.tax) == (document.number, document.totals.total, document.totals.tax)
        assert (told.date, told.currency, told.posted) == (document.issue_date, document.currency, True)
        assert told.work_orders == tuple(document.work_order_numbers)
    states = [(pages[0][row.key].transmission, bool(pages[0][row.key].external_id)) for row in batch.rows]
    assert states == [("received", True), ("sending", False), ("sending", False)]


def test_posted_invoices_of_another_period_are_not_told(shelf):
    shelf.post(1)
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    page = shelf.source.posted_invoices(shelf.code, "invoice", october, None, 500)
    keys = {key for invoice in page.invoices for key in invoice.keys}
    assert not keys & {row.key for row in claim(shelf).rows}


def test_posted_credit_notes_are_told_apart_and_negative(shelf):
    shelf.post(1)
    batch = claim(shelf)
    settled(shelf, batch, received(batch, batch.rows[0], shelf.new_id()))
    shelf.credit(batch.rows[0])
    credit = claim(shelf).rows[0]
    document = parse_document(credit.document, credit.sha256)
    always = Period(date(2020, 1, 1), date(2100, 1, 1))
    told = shelf.source.posted_invoices(shelf.code, "credit", always, None, 500).invoices
    (note,) = [each for each in told if credit.key in each.keys]
    assert (note.kind, note.number, note.total) == ("credit", document.number, -document.totals.total)
    assert shelf.source.find_invoices(shelf.code, "credit", [credit.key], []) == (note,)
    assert shelf.source.find_invoices(shelf.code, "invoice", [credit.key], [document.number]) == ()


def test_invoice_is_found_by_key_and_by_number_with_what_was_paid(shelf):
    shelf.post(2)
    batch = claim(shelf)
    there, paid = shelf.new_id(), shelf.new_id()
    settled(shelf, batch, received(batch, batch.rows[0], there))
    payment = Payment(paid, there, Decimal("10.00"), "USD", NOW.date(), "check 7")
    shelf.source.register_payments(shelf.code, [payment], NOW)
    number = parse_document(batch.rows[0].document, batch.rows[0].sha256).number
    (by_key,) = shelf.source.find_invoices(shelf.code, "invoice", [batch.rows[0].key], [])
    assert shelf.source.find_invoices(shelf.code, "invoice", [], [number]) == (by_key,)
    assert (by_key.external_id, by_key.payments, by_key.paid) == (there, (paid,), Decimal("10.00"))
    assert shelf.source.find_invoices(shelf.code, "invoice", ["0" * 32], ["NO/SUCH"]) == ()


def test_unknown_destination_is_refused_by_a_sentence(shelf):
    with pytest.raises(SourceError, match="nowhere"):
        shelf.source.claim("nowhere", 1, 60)


def test_pause_stops_the_handing_out(shelf):
    """Last: the shelf stays paused."""
    shelf.post(2)
    batch = claim(shelf, 1)
    settled(shelf, batch, outcome_of_error(batch.rows[0], NotAuthorised("no"), 1), pause="Access ended.")
    with pytest.raises(SourceError):
        claim(shelf)
    assert shelf.source.summary(shelf.code)[0].pause_reason == "Access ended."
