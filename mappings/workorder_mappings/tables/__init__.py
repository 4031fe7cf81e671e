"""The mapping tables: what columns each has, what they mean, and what tells two rows apart."""

from __future__ import annotations

from workorder_mappings.tables.buyers import Buyer
from workorder_mappings.tables.cost_centers import CostCenter
from workorder_mappings.tables.item_codes import ItemCode
from workorder_mappings.tables.purchase_orders import PurchaseOrderLine
from workorder_mappings.tables.quickbooks import QUICKBOOKS_TABLES
from workorder_mappings.tables.row import MappingRow
from workorder_mappings.tables.units import UnitCode

#: In the order in which they are applied: what others refer to comes first.
TABLES: dict[str, type[MappingRow]] = {
    row.table: row for row in (Buyer, UnitCode, CostCenter, ItemCode, PurchaseOrderLine, *QUICKBOOKS_TABLES)
}


def columns_of_tables() -> dict[str, list[str]]:
    """Table → its columns, in the order an export writes them."""
    return {name: list(row.model_fields) for name, row in TABLES.items()}
