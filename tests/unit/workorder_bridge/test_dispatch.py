"""The loop, with both ends in memory."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from workorder_bridge.destinations.memory import MemoryDestination
from workorder_bridge.dispatch import PIECE, Report, Run
from workorder_bridge.errors import NotAuthorised, OutcomeUnknown, SourceUnreachable
from workorder_bridge.examples import example_content, example_destination, example_document, example_tables
from workorder_bridge.news import Payment, SeenInvoice
from workorder_bridge.sources.memory import MemorySource

REALM = "9341452000000001"


class World:
    """A source, a destination and a clock that moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, tzinfo=UTC)
        self.source = MemorySource(example_destination(kind="memory"), self.time, tables=example_tables())
        self.destination = MemoryDestination(REALM, self.time)

    def time(self) -> datetime:
        return self.now

    def post(self, count: int = 1) -> None:
        for _ in range(count):
            self.source.add(example_document(number=f"INV/2026/{len(self.source.rows) + 1:05}"))

    def run(self, **options: object) -> Report:
        return Run(self.source, self.destination, "qbo", **options).perform()

    def later(self) -> None:
        self.now += timedelta(hours=1)

    @property
    def states(self) -> list[str]:
        return [stored.state for stored in self.source.rows.values()]


@pytest.fixture
def world() -> World:
    return World()


def failing(error: Exception) -> Callable[..., object]:
    def fail(*_arguments: object) -> object:
        raise error

    return fail


def test_ready_invoices_are_booked_and_settled(world):
    world.post(3)
    report = world.run()
    assert world.states == ["received"] * 3
    assert report.counts == {"received": 3}


@pytest.mark.parametrize(("rows", "batches"), [(0, 0), (1, 1), (30, 1), (31, 2), (90, 3)])
def test_two_source_calls_per_batch(world, rows, batches):
    world.post(rows)
    world.run()
    assert world.source.calls["claim"] == max(1, batches)
    assert world.source.calls["settle"] == batches


def test_limit_bounds_the_run(world):
    world.post(5)
    report = world.run(limit=3, batch_size=2)
    assert world.states.count("received") == 3
    assert report.remaining == 2


def test_request_to_stop_ends_after_the_batch(world):
    world.post(4)
    report = world.run(batch_size=2, stopping=lambda: world.source.calls["settle"] > 0)
    assert report.batches == 1
    assert world.states == ["received", "received", "ready", "ready"]


def test_lost_answer_ends_with_one_invoice_each(world):
    world.post(2)
    world.destination.lose_answers = 1
    assert world.run().counts == {"retry": 2}
    world.later()
    assert world.run().counts == {"received": 2}
    assert len(world.destination.booked) == 2


def test_lost_answers_without_end_go_to_a_person(world):
    world.post(1)
    world.destination.send = failing(OutcomeUnknown("lost"))
    for _ in range(8):
        world.run()
        world.later()
    assert world.states == ["unknown"]


def test_unauthorised_releases_the_rows_and_pauses_the_destination(world):
    world.post(31)
    world.destination.send = failing(NotAuthorised("Access ended.", hint="Connect again."))
    report = world.run()
    assert set(world.states) == {"ready"}
    assert (world.source.state, world.source.pause_reason) == ("paused", "Access ended. Connect again.")
    assert report.pause == "Access ended. Connect again."


def test_unauthorised_on_a_second_attempt_keeps_the_keys(world):
    world.post(1)
    world.destination.lose_answers = 1
    world.run()
    key = world.source.rows[1].lease
    world.later()
    world.destination.send = failing(NotAuthorised("Access ended."))
    world.run()
    assert (world.states, world.source.rows[1].lease) == (["sending"], key)


def test_gap_blocks_one_row_and_names_it(world):
    world.post(1)
    content = example_content(number="INV/2026/00002")
    content["lines"][1]["product"]["id"] = 99
    world.source.add(json.dumps(content))
    report = world.run()
    assert world.states == ["received", "blocked"]
    assert report.counts == {"received": 1, "blocked": 1}
    assert report.outcomes[0].gaps[0]["odoo_id"] == "99"


def test_unreadable_document_is_rejected_without_being_sent(world):
    world.source.add(example_document(version=2))
    world.run()
    assert world.states == ["rejected"]
    assert world.destination.booked == []


def test_unreadable_document_of_a_second_attempt_goes_to_a_person(world):
    stored = world.source.add(example_document(version=2))
    stored.state, stored.lease, stored.leased_until, stored.attempt = "sending", "L" * 36, world.now, 1
    world.run()
    assert world.states == ["unknown"]


def test_receipt_that_differs_by_a_cent_is_disputed(world):
    world.post(1)
    honest = world.destination._receipt

    def dear(*arguments: object) -> object:
        receipt = honest(*arguments)
        return type(receipt)(**{**receipt.__dict__, "total": receipt.total + Decimal("0.01")})

    world.destination._receipt = dear
    world.run()
    assert world.states == ["disputed"]
    assert world.source.rows[1].external_id


def test_busy_destination_ends_the_run_and_nothing_is_lost(world):
    world.post(31)
    world.destination.busy = 1
    assert world.run().counts == {"retry": 30}
    assert world.source.calls["claim"] == 1
    world.later()
    world.run()
    assert set(world.states) == {"received"}


def test_payment_comes_back_once(world):
    world.post(1)
    world.run()
    invoice = world.source.rows[1].external_id
    paid = Payment("P1", invoice, Decimal("193.50"), "USD", world.now.date(), "check 7")
    world.destination.payments.append((world.now, paid))
    assert world.run().payments_registered == 1
    assert world.run().payments_registered == 0
    assert world.source.payments == {("P1", invoice): paid}


def test_nothing_sent_asks_for_no_news(world):
    world.run()
    assert world.source.calls["register_payments"] == 0


def test_change_made_there_comes_back_once_also_after_the_invoice_is_paid(world):
    world.post(1)
    world.run()
    invoice = world.source.rows[1].external_id
    world.destination.payments.append(
        (world.now, Payment("P1", invoice, Decimal("193.50"), "USD", world.now.date(), ""))
    )
    assert world.run().drift == 0
    world.destination.edits.append((world.now, SeenInvoice("invoice", invoice, "1", "voided")))
    assert world.run().drift == 1
    assert world.run().drift == 0
    assert world.source.drift == {(invoice, "1", "voided")}


def test_our_own_writing_is_no_change(world):
    world.post(1)
    world.run()
    invoice = world.source.rows[1].external_id
    world.destination.edits.append((world.now, SeenInvoice("invoice", invoice, "0", "present", total=Decimal(1))))
    assert world.run().drift == 0


def test_much_news_takes_several_calls_and_the_cursor_moves_with_the_last(world):
    world.post(1)
    world.run()
    told = []
    register = world.source.register_payments

    def listen(code: str, payments: object, cursor: object, seen: object) -> object:
        told.append(cursor)
        return register(code, payments, cursor, seen)

    world.source.register_payments = listen
    edits = [SeenInvoice("invoice", f"x{n}", "1", "present") for n in range(PIECE + 1)]
    world.destination.edits += [(world.now, edit) for edit in edits]
    world.run()
    assert told == [None, world.now]


def test_unreachable_source_in_mid_run_is_told_and_the_work_done_stays_in_the_report(world):
    world.post(31)
    settle = world.source.settle

    def break_after_first(*arguments: object, **named: object) -> object:
        answer = settle(*arguments, **named)
        world.source.claim = failing(SourceUnreachable("Odoo is gone."))
        return answer

    world.source.settle = break_after_first
    report = world.run()
    assert report.counts == {"received": 30}
    assert [error.message for error in report.trouble] == ["Odoo is gone."]
