"""Odoo records to destination objects, with every gap reported at once."""

from __future__ import annotations

from collections.abc import Callable

from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import Gap, MappingIncomplete, UnusableRow
from workorder_bridge.ports import Mapped, Tables


class Translation:
    """Looks up what one document needs and remembers what is missing.

    Call `find` for everything first, then `refuse_gaps`: so a person gets the whole list, not the first line of it.
    `judge` is asked, by table and destination object, why that object cannot be used ("" when it can); such a row is as
    good as missing.
    """

    def __init__(
        self,
        tables: Tables,
        document: InvoiceDocument,
        kind: str,
        judge: Callable[[str, Mapped], str] = lambda _table, _mapped: "",
    ) -> None:
        self._tables = tables
        self._kind = kind
        self._judge = judge
        self._needed_by = _name_of(document)
        self._gaps: dict[tuple[str, str], Gap] = {}
        self._found: dict[tuple[str, int], Mapped | None] = {}

    def find(self, table: str, odoo_id: int, odoo_name: str) -> Mapped | None:
        """The destination object, or None and a remembered gap."""
        place = (table, odoo_id)
        if place not in self._found:
            self._found[place] = self._look_up(table, odoo_id, odoo_name)
        return self._found[place]

    def _look_up(self, table: str, odoo_id: int, odoo_name: str) -> Mapped | None:
        rows: dict[str, Mapped] = getattr(self._tables, table)
        found = rows.get(str(odoo_id))
        if found is None:
            name = f"{self._kind}_{table}"
            self._gaps[name, str(odoo_id)] = Gap(name, str(odoo_id), odoo_name, self._needed_by)
        elif reason := self._judge(table, found):
            self.refuse(table, odoo_id, odoo_name, reason)
        return found

    def refuse(self, table: str, odoo_id: int, odoo_name: str, reason: str) -> None:
        """Remember that the row there is cannot be used."""
        name = f"{self._kind}_{table}"
        self._gaps[name, str(odoo_id)] = UnusableRow(name, str(odoo_id), odoo_name, self._needed_by, reason)

    def knows(self, table: str, odoo_id: int) -> bool:
        """Whether there is a row, without remembering a gap."""
        return str(odoo_id) in getattr(self._tables, table)

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
