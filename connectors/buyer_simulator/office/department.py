"""The AP department: its books, its invoices, its clerks."""

from collections.abc import Callable
from datetime import date

from buyer_simulator.matching.books import Books, Known
from buyer_simulator.matching.claims import examine
from buyer_simulator.matching.ledger import Posting
from buyer_simulator.matching.match import match
from buyer_simulator.matching.posting import posting_of
from buyer_simulator.office.entry import FROM, Action, Entry, State, Step
from buyer_simulator.records.invoice import Invoice
from buyer_simulator.records.order import PurchaseOrder
from buyer_simulator.records.policy import Policy
from buyer_simulator.records.reason import Reason, ReasonCode
from buyer_simulator.records.receipt import Receipt
from buyer_simulator.records.values import key
from buyer_simulator.records.work_order import WorkOrder

SYSTEM = "Matching"


class NotAllowed(Exception):
    """A clerk cannot do this with the invoice as it is; says why."""


class Department:
    """Takes invoices, compares them with its books and lets clerks decide. `today` tells the day."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.today = today
        self.books = Books()
        self.receipts: list[Receipt] = []
        self.entries: dict[str, Entry] = {}

    def set_policy(self, policy: Policy) -> None:
        self.books.policy = policy

    def put_order(self, order: PurchaseOrder) -> None:
        """Add a PO, or replace it by its next revision; what was billed on it stays billed."""
        self.books.orders[key(order.number)] = order

    def put_work_order(self, work_order: WorkOrder) -> None:
        self.books.work_orders[key(work_order.number)] = work_order

    def unknown_lines(self, receipts: list[Receipt]) -> list[tuple[int, str]]:
        """Receipts for what was never ordered: position and what is missing."""
        missing = []
        for index, receipt in enumerate(receipts):
            order = self.books.order(receipt.purchase_order)
            if order is None:
                missing.append((index, f"a purchase order we have, not {receipt.purchase_order}"))
            elif order.line(receipt.line) is None:
                missing.append((index, f"a line of purchase order {order.number}"))
        return missing

    def receive(self, receipts: list[Receipt]) -> None:
        """Book receipts for lines that were ordered."""
        for receipt in receipts:
            self.books.receive(receipt)
            self.receipts.append(receipt)

    def take(self, invoice: Invoice) -> Entry:
        """Register an invoice and, unless the policy leaves it to a clerk, compare it at once."""
        known = Known(invoice.number, invoice.kind, rejected=False, posting=Posting())
        entry = Entry(str(len(self.entries) + 1), invoice, known)
        if self.books.policy.processing == "at_once":
            self._compare(entry)
        else:
            self._step(entry, "received", SYSTEM)
        # Registered afterwards: an invoice is no duplicate of itself.
        self._register(entry)
        return entry

    def decide(
        self, entry: Entry, action: Action, by: str = "AP clerk", note: str = "", code: ReasonCode = "OTH"
    ) -> None:
        """What a clerk does. Raises NotAllowed."""
        if entry.state not in FROM[action]:
            raise NotAllowed(
                f"Invoice {entry.invoice.number} is {entry.state.replace('_', ' ')}; it cannot be {_DONE[action]}."
            )
        if action in ("reject", "dispute") and not note.strip():
            raise NotAllowed(f"Say why, so that the supplier knows: a note is needed to {action} an invoice.")
        if action == "process":
            with self.books.without(entry.known):
                self._compare(entry)
            return
        if action in ("reject", "dispute"):
            entry.reasons = (*entry.reasons, Reason(code=code, message=note.strip()))
        states: dict[Action, State] = {"accept": "accepted", "reject": "rejected", "dispute": "disputed", "pay": "paid"}
        self._step(entry, states[action], by, note.strip())

    def _compare(self, entry: Entry) -> None:
        case = examine(entry.invoice, self.books, self.today())
        entry.reasons = match(case)
        entry.matched = not entry.reasons
        if not entry.matched:
            self._step(
                entry, "rejected", SYSTEM, f"{len(entry.reasons)} reasons" if len(entry.reasons) > 1 else "1 reason"
            )
            return
        entry.known.posting = posting_of(case)
        if case.is_credit:
            self._claim_credit(entry, 1)
        self._step(entry, "in_process", SYSTEM, "matches")
        if self.books.policy.accept_matched:
            self._step(entry, "accepted", SYSTEM, "no approval needed")

    def _step(self, entry: Entry, state: State, by: str, note: str = "") -> None:
        """Change the state, and the balances with it."""
        counted = entry.counts
        entry.state = state
        entry.history.append(Step(self.today(), state, by, note))
        if entry.counts != counted:
            sign = 1 if entry.counts else -1
            self.books.ledger.post(entry.known.posting, sign if entry.invoice.kind == "invoice" else -sign)
        if state == "rejected":
            entry.known.rejected = True
            if entry.invoice.kind == "credit" and entry.matched:
                self._claim_credit(entry, -1)

    def _claim_credit(self, entry: Entry, sign: int) -> None:
        """What a credit takes from its original is taken as soon as it matches, or two could take it at once."""
        original = self.books.to_credit(entry.invoice.supplier, entry.invoice.original)
        if original is None:
            return
        for line, share in entry.known.posting.lines.items():
            original.credited.lines[line].add(share, sign)
        original.credited.untaxed += sign * entry.known.posting.untaxed

    def _register(self, entry: Entry) -> None:
        jobs = {key(job.number) for job in entry.invoice.work_orders}
        jobs |= {key(line.work_order) for line in entry.invoice.lines if line.work_order}
        self.books.register(entry.invoice.supplier, entry.known, sorted(jobs))
        self.entries[entry.id] = entry


_DONE: dict[Action, str] = {
    "process": "processed",
    "accept": "accepted",
    "reject": "rejected",
    "dispute": "disputed",
    "pay": "paid",
}
