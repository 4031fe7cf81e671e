"""The company: reads, and the writes that either happen whole or not at all."""

from collections.abc import Iterable, Iterator
from typing import Any

from quickbooks_simulator.clock import COMPANY_ZONE, Clock
from quickbooks_simulator.company.balances import balances_with_jobs, customer_balances
from quickbooks_simulator.company.checks import check_books_open, check_properties, read_date
from quickbooks_simulator.company.draft import Draft, merge_sparse, without_blanks
from quickbooks_simulator.company.files import Files
from quickbooks_simulator.company.journal import Journal
from quickbooks_simulator.company.kind import Kind
from quickbooks_simulator.company.money import ZERO
from quickbooks_simulator.company.shapes import check_shapes
from quickbooks_simulator.company.store import Changes, Key, Record, Store, revised
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.settings import Settings

NOTHING_HIDDEN: frozenset[Key] = frozenset()


class Company:
    """One company's books. No method awaits anything, so on one event loop every write is atomic."""

    def __init__(self, realm: str, settings: Settings, clock: Clock) -> None:
        self.realm = realm
        self.settings = settings
        self.clock = clock
        self.store = Store()
        self.journal = Journal()
        self.files = Files()

    def read(self, kind: Kind, record_id: str, hidden: frozenset[Key] = NOTHING_HIDDEN) -> Record:
        """The record as an answer shows it; fault 2030 for an id that is none, 610 when there is no such record (V)."""
        stored = self._stored(Changes(self.store, hidden), kind, self._record_id(kind, record_id))
        return kind.shown(self.present(kind.name, stored))

    def create(self, kind: Kind, body: Record, hidden: frozenset[Key] = NOTHING_HIDDEN) -> Record:
        """Store a new record and return it with everything the company added."""
        self._check_body(kind, body)
        if kind.single:
            raise Fault("500", f"Operation create is not supported for {kind.name}.")
        changes = Changes(self.store, hidden)
        record_id = self.store.next_id(kind.name)
        draft = self._draft(kind, changes, without_blanks({**body, "Id": record_id}), body, None)
        record = kind.prepare(draft)
        changes.put(kind.name, {**record, "domain": "QBO", "sparse": False, "Id": record_id, "SyncToken": "0"})
        changes.commit(self.clock.now())
        return self.read(kind, record_id)

    def update(self, kind: Kind, body: Record, hidden: frozenset[Key] = NOTHING_HIDDEN) -> Record:
        """Change a record; full unless the body says sparse. Source: documentation (P), recorded answers (V)."""
        self._check_body(kind, body)
        changes = Changes(self.store, hidden)
        previous = self._current(changes, kind, body)
        merged = merge_sparse(previous, body) if body.get("sparse") in (True, "true") else body
        draft = self._draft(kind, changes, without_blanks({**merged, "Id": previous["Id"]}), body, previous)
        record = kind.prepare(draft)
        self._put_next(changes, kind, previous, record)
        changes.commit(self.clock.now())
        return self.read(kind, previous["Id"])

    def void(self, kind: Kind, body: Record, hidden: frozenset[Key] = NOTHING_HIDDEN) -> Record:
        """Empty a transaction but keep it; voiding twice changes nothing more than the token (M)."""
        if kind.void is None:
            raise Fault("500", f"Operation void is not supported for {kind.name}.")
        changes = Changes(self.store, hidden)
        previous = self._current(changes, kind, body)
        record = kind.void(self._draft(kind, changes, previous, body, previous), previous)
        self._put_next(changes, kind, previous, record)
        changes.commit(self.clock.now())
        return self.read(kind, previous["Id"])

    def delete(self, kind: Kind, body: Record, hidden: frozenset[Key] = NOTHING_HIDDEN) -> Record:
        """Take a transaction or an attachment away.

        Name-list records are made inactive instead (V), so deleting one is fault 500.
        """
        if kind.release is None:
            raise Fault("500", f"Operation delete is not supported for {kind.name}; set Active to false instead.")
        changes = Changes(self.store, hidden)
        previous = self._current(changes, kind, body)
        draft = self._draft(kind, changes, previous, body, previous)
        if "TxnDate" in previous:
            check_books_open(draft, read_date(previous["TxnDate"], "TxnDate"))
        kind.release(changes, previous)
        changes.remove(kind.name, previous["Id"])
        changes.commit(self.clock.now())
        return {"domain": "QBO", "status": "Deleted", "Id": previous["Id"]}

    def present(self, kind: str, record: Record) -> Record:
        """The record with what is worked out at the moment of reading: a customer's balance, a file's address."""
        return next(self.present_all(kind, [record]))

    def present_all(self, kind: str, records: Iterable[Record]) -> Iterator[Record]:
        """As `present`, for many records with one look at the books."""
        balances = customer_balances(self.store) if kind == "Customer" else {}
        with_jobs = balances_with_jobs(self.store, balances) if balances else {}
        for record in records:
            if kind == "Customer":
                own = balances.get(record["Id"], ZERO)
                yield {**record, "Balance": own, "BalanceWithJobs": with_jobs.get(record["Id"], ZERO)}
            elif kind == "Attachable" and self.files.has(record["Id"]):
                yield {**record, **self._addresses(record["Id"])}
            else:
                yield record

    def _addresses(self, attachable_id: str) -> Record:
        """Where a file is fetched with a token, and for a while without one. Shape: recorded answers (V)."""
        return {
            "FileAccessUri": f"/v3/company/{self.realm}/download/{attachable_id}",
            "TempDownloadUri": self.files.address(attachable_id, self.clock.now()),
        }

    def _check_body(self, kind: Kind, body: Any) -> None:
        if not kind.writable:
            raise Fault("500", f"Operation create or update is not supported for {kind.name}.")
        check_properties(body, kind.properties)
        check_shapes(body)

    def _draft(self, kind: Kind, changes: Changes, body: Record, sent: Record, previous: Record | None) -> Draft:
        today = self.clock.now().astimezone(COMPANY_ZONE).date()
        return Draft(kind.name, body, sent, previous, changes, self.settings, today)

    def _record_id(self, kind: Kind, value: Any) -> str:
        if kind.single:
            return "1"
        record_id = str(value)
        if not record_id.isdecimal() and record_id not in self.store.tables.get(kind.name, {}):
            raise Fault("2030", f"Invalid ID : Id should be a valid number. Supplied value:{record_id}", "Id")
        return record_id

    def _stored(self, changes: Changes, kind: Kind, record_id: str) -> Record:
        record = changes.find(kind.name, record_id)
        if record is None:
            raise Fault("610", f"Object Not Found : {kind.name} {record_id} does not exist or has been deleted.")
        return record

    def _current(self, changes: Changes, kind: Kind, body: Record) -> Record:
        """The record a write is about, provided the writer has seen its last state (V)."""
        for name in ("Id", "SyncToken"):
            if body.get(name) in (None, "") and not kind.single:
                raise Fault(
                    "2020", f"Required param missing, need to supply the required value for the API : {name}", name
                )
        record = self._stored(changes, kind, self._record_id(kind, body.get("Id")))
        if str(body.get("SyncToken", record["SyncToken"])) != record["SyncToken"]:
            raise Fault(
                "5010",
                f"Stale Object Error : another user changed {kind.name} {record['Id']} while you were working on it: "
                f"it is at {record['SyncToken']}, you sent {body['SyncToken']}.",
            )
        return record

    def _put_next(self, changes: Changes, kind: Kind, previous: Record, record: Record) -> None:
        kept = {"Id": previous["Id"], "SyncToken": previous["SyncToken"], "MetaData": previous["MetaData"]}
        changes.put(kind.name, revised({**record, "domain": "QBO", "sparse": False, **kept}))
