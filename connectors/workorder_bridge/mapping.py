"""Odoo records to destination objects, with every gap reported at once."""

from __future__ import annotations

from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import Gap, MappingIncomplete
from workorder_bridge.ports import Mapped, Tables


class Translation:
    """Looks up what one document needs and remembers what is missing.

    Call `find` for everything first, then `refuse_gaps`: so a person gets the whole list, not the first line of it.
    """

    def __init__(self, tables: Tables, document: InvoiceDocument, kind: str) -> None:
        self._tables = tables
        self._kind = kind
        self._needed_by = _name_of(document)
        self._gaps: dict[tuple[str, str], Gap] = {}

    def find(self, table: str, odoo_id: int, odoo_name: str) -> Mapped | None:
        """The destination object, or None and a remembered gap."""
        rows: dict[str, Mapped] = getattr(self._tables, table)
        found = rows.get(str(odoo_id))
        if found is None:
            name = f"{self._kind}_{table}"
            self._gaps[name, str(odoo_id)] = Gap(name, str(odoo_id), odoo_name, self._needed_by)
        return found

    def id_of(self, table: str, odoo_id: int, odoo_name: str) -> str:
        """The destination object's id; "" when it is a gap."""
        found = self.find(table, odoo_id, odoo_name)
        return found.id if found else ""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything that was looked for and not found, each once."""
        return tuple(self._gaps.values())

    def refuse_gaps(self) -> None:
        """Raises `MappingIncomplete` with all gaps, if there are any."""
        if self._gaps:
            raise MappingIncomplete(self.gaps)


def _name_of(document: InvoiceDocument) -> str:
    orders = ", ".join(document.work_order_numbers)
    kind = "credit note" if document.is_credit else "invoice"
    return f"{kind} {document.number}" + (f" (work order {orders})" if orders else "")
