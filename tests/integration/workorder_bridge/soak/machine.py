"""The rules: what anybody may do at any moment. A run ends with everybody's trouble sorted out, and a verdict."""

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from workorder_bridge.examples import example_destination, example_tables
from workorder_bridge.log import write_log_to
from workorder_bridge.sources.memory import MemorySource

from .accountant import Accountant
from .company import Company
from .disturbances import DISTURBANCES, SWITCHES
from .expectation import Expectation
from .interruptions import Incident, kill, lose
from .office import Office
from .verdict import Verdict, leaks
from .workers import LEASE_SECONDS, Build, Workshop

PICKS = st.integers(0, 30)
SHARES = st.sampled_from([Decimal("1"), Decimal("0.5"), Decimal("0.335")])
SIDES = st.sampled_from(["before", "after"])
PLACES = st.integers(1, 14)
"""A run of a worker has about nine exchanges, more when it meets trouble."""
SIZES = st.sampled_from([2, 30])
READY = st.integers(0, 3)
DEEDS = st.sampled_from(
    [
        "pay",
        "void payment",
        "delete payment",
        "void",
        "delete",
        "a cent more",
        "ten more",
        "remark",
        "overwrite the note",
        "take a number",
    ]
)
CLOSING_ROUNDS = 12


class Soak(RuleBasedStateMachine):
    """One company, one Odoo, any number of workers one after the other or one within another."""

    company: ClassVar[Company]
    build: ClassVar[Build]

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.company.start_over()
        self.expected = Expectation()
        self.source = MemorySource(example_destination(realm=self.company.realm), self.company.now, example_tables())
        self.shop = Workshop(self.company, self.source, Path(self._folder.name), self.build)
        self.office = Office(self.source, self.expected)
        self.accountant = Accountant(self.company, self.expected, self.office.knows)
        write_log_to(self.shop.log)

    @initialize(switches=SWITCHES)
    def open_company(self, switches: dict[str, Any]) -> None:
        self.company.start_over(**switches)
        self.shop.connect()

    @rule(count=st.integers(1, 4), buyer=st.integers(0, 2), quantity=st.integers(1, 9), cents=st.integers(1, 99999))
    def close_tickets(self, count: int, buyer: int, quantity: int, cents: int) -> None:
        for _ in range(count):
            self.office.close_ticket(buyer, quantity, Decimal(cents) / 100)

    @rule(size=st.sampled_from([1, 2, 30]))
    def work(self, size: int) -> None:
        self.shop.run(size)

    @rule(at=PLACES, side=SIDES, size=SIZES, ready=READY)
    def work_until_killed(self, at: int, side: Any, size: int, ready: int) -> None:
        self._get_ready(ready)
        self.shop.run(size, Incident(at, side, kill))

    @rule(at=PLACES, side=SIDES, size=SIZES, ready=READY)
    def work_and_lose_an_answer(self, at: int, side: Any, size: int, ready: int) -> None:
        self._get_ready(ready)
        self.shop.run(size, Incident(at, side, lose))

    @rule(at=PLACES, side=SIDES, size=SIZES, ready=READY, late=st.booleans())
    def work_beside_another(self, at: int, side: Any, size: int, ready: int, late: bool) -> None:
        """The first worker stands still meanwhile: its request, or the reply to it, is on its way. Late means that its
        lease runs out before it goes on.
        """

        def other() -> None:
            if late:
                self.company.advance(LEASE_SECONDS + 1)
            self.shop.run(size)

        self._get_ready(ready)
        self.shop.run(size, Incident(at, side, lambda _lost: other()))

    @rule(at=PLACES, side=SIDES, size=SIZES, ready=READY, deed=DEEDS, pick=PICKS)
    def work_beside_the_accountant(self, at: int, side: Any, size: int, ready: int, deed: str, pick: int) -> None:
        self._get_ready(ready)
        self.shop.run(size, Incident(at, side, lambda _lost: self._account(deed, pick)))

    @rule(seconds=st.sampled_from([1, 61, LEASE_SECONDS + 1, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.company.advance(seconds)

    @rule(picks=st.lists(PICKS, min_size=1, max_size=4), share=SHARES)
    def money_comes(self, picks: list[int], share: Decimal) -> None:
        self.accountant.receive(picks, share)

    @rule(deed=DEEDS, pick=PICKS)
    def accountant_is_at_work(self, deed: str, pick: int) -> None:
        self._account(deed, pick)

    def _account(self, deed: str, pick: int) -> None:
        deeds: dict[str, Callable[[], None]] = {
            "pay": lambda: self.accountant.receive([pick, pick + 1], Decimal("0.5")),
            "void payment": lambda: self.accountant.undo_payment(pick, "void"),
            "delete payment": lambda: self.accountant.undo_payment(pick, "delete"),
            "void": lambda: self.accountant.undo_invoice(pick, "voided"),
            "delete": lambda: self.accountant.undo_invoice(pick, "deleted"),
            "a cent more": lambda: self.accountant.change_amount(pick, Decimal("0.01")),
            "ten more": lambda: self.accountant.change_amount(pick, Decimal("10")),
            "remark": lambda: self.accountant.write_note(pick, over=False),
            "overwrite the note": lambda: self.accountant.write_note(pick, over=True),
            "take a number": lambda: self.accountant.enter_by_hand(self.office.next_number),
        }
        deeds[deed]()

    @rule(active=st.booleans(), closed=st.booleans())
    def books_are_set_up(self, active: bool, closed: bool) -> None:
        """A customer becomes inactive or active again, the period of all invoices is closed or opened."""
        self.accountant.set_customer(active=active)
        self.accountant.close_books("2026-11-30" if closed else None)

    @rule(pick=PICKS, quantity=st.integers(1, 9), item=st.sampled_from([None, "2", "6"]), buttons=st.booleans())
    def odoo_is_edited(self, pick: int, quantity: int, item: str | None, buttons: bool) -> None:
        """An invoice nobody sent is corrected, labor is mapped to another item or none, buttons of rows are pressed."""
        self.office.correct(pick, quantity)
        self.office.map_labor(item)
        if buttons:
            self.office.press_buttons()

    @rule(entry=DISTURBANCES)
    def service_is_disturbed(self, entry: dict[str, Any]) -> None:
        self.company.disturb(entry)

    @rule(disconnected=st.integers(0, 5).map(lambda drawn: drawn == 5))
    def access_ends(self, disconnected: bool) -> None:
        """The access token expires; now and then somebody disconnects the company altogether."""
        authority = self.company.simulator.authority
        self.company.do(authority.expire_access_tokens)
        if disconnected:
            self.company.do(authority.revoke_refresh_tokens)

    def _get_ready(self, tickets: int) -> None:
        """Somebody has read why the destination is paused and connected it again; some tickets are closed."""
        if self.source.state != "active":
            self._connect()
        for number in range(tickets):
            self.office.close_ticket(number, 1 + number, Decimal("19.99"))

    def _connect(self) -> None:
        self.shop.connect()
        self.office.activate()

    def teardown(self) -> None:
        """Everybody sorts out his own; then the verdict."""
        try:
            self._sort_out()
            with self.shop.ledger() as ledger:
                found = Verdict(self.expected, self.source, self.accountant.invoices(), ledger).violations()
            found += leaks([self.shop.log.getvalue(), *self.shop.said], self.shop.secrets)
        finally:
            self._folder.cleanup()
        assert not found, "\n".join(found)

    def _sort_out(self) -> None:
        self.company.calm()
        self.accountant.close_books(None)
        self.accountant.set_customer(active=True)
        self.accountant.remove_strangers()
        self.office.restore_tables()
        self._connect()
        for _ in range(CLOSING_ROUNDS):
            self.office.press_buttons()
            self.company.advance(LEASE_SECONDS + 1)
            self.shop.run()
            if self.office.is_done():
                break
        self.shop.run()
