"""All gaps at once."""

import pytest
from workorder_bridge.document import InvoiceDocument
from workorder_bridge.errors import Gap, MappingIncomplete
from workorder_bridge.examples import example_content, example_tables
from workorder_bridge.mapping import Translation
from workorder_bridge.ports import Tables

DOCUMENT = InvoiceDocument.model_validate(example_content())


def test_known_record_is_translated():
    find = Translation(example_tables(), DOCUMENT, "quickbooks")
    assert find.id_of("items", 12, "HVAC labor") == "2"
    find.refuse_gaps()


def test_every_gap_is_reported_once_with_the_row_to_add():
    find = Translation(Tables(), DOCUMENT, "quickbooks")
    find.find("items", 12, "HVAC labor")
    find.find("items", 12, "HVAC labor")
    find.find("taxes", 5, "7.5%")
    with pytest.raises(MappingIncomplete) as caught:
        find.refuse_gaps()
    assert [(gap.table, gap.odoo_id) for gap in caught.value.gaps] == [
        ("quickbooks_items", "12"),
        ("quickbooks_taxes", "5"),
    ]
    assert caught.value.gaps[0].message == (
        "HVAC labor (Odoo id 12), needed by invoice INV/2026/00001 (work order WO00003), is not in quickbooks_items. "
        "Add the row 12,HVAC labor,, there (columns odoo_id,odoo_name,quickbooks_id,quickbooks_name; fill in the last "
        "two)."
    )


def test_name_with_a_comma_stays_one_column():
    assert Gap("t", "9", 'Filter 20", white, large', "x").row_to_add == '9,"Filter 20"", white, large",,'


def test_settlement_carries_every_key_odoo_asks_for():
    assert set(Gap("t", "9", "n", "x").as_settlement()) == {"table", "odoo_id", "odoo_name", "needed_by", "message"}
