"""Batches as a claim would hand them out."""

import hashlib
import itertools
import uuid
from typing import Any

from workorder_bridge.examples import example_destination, example_document, example_tables
from workorder_bridge.ports import Batch, Original, Row, Tables
from workorder_bridge.receipt import Receipt


class Batches:
    """Makes batches as a claim would."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)

    def __call__(self, *documents: str, realm: str, tables: Tables | None = None, **changes: Any) -> Batch:
        creates = changes.pop("create_missing_customers", True)
        rows = tuple(self._row(index, document) for index, document in enumerate(documents, 1))
        values: dict[str, Any] = {
            "destination": example_destination(realm=realm, create_missing_customers=creates),
            "lease": str(uuid.uuid4()),
            "attempt": 1,
            "rows": rows,
            "tables": tables or example_tables(),
            "remaining": 0,
        }
        return Batch(**{**values, **changes})

    def _row(self, index: int, document: str) -> Row:
        digest = hashlib.sha256(document.encode()).hexdigest()
        return Row(
            id=next(self._ids), index=str(index), key=uuid.uuid4().hex, revision=1, sha256=digest, document=document
        )

    def about(self, receipt: Receipt, invoice: Row, *documents: str, kind: str, realm: str, **changes: Any) -> Batch:
        """A batch of credits or voids of one invoice that was booked before."""
        original = Original(
            external_id=receipt.external_id, number=receipt.number, version=receipt.version, key=invoice.key
        )
        batch = self(*documents, realm=realm, **changes)
        rows = tuple(row.model_copy(update={"kind": kind, "original": original}) for row in batch.rows)
        return batch.model_copy(update={"rows": rows})

    @staticmethod
    def numbered(count: int, **changes: Any) -> list[str]:
        return [example_document(number=f"INV/2026/{n:05}", **changes) for n in range(1, count + 1)]
