"""The lists of a company: read once, kept on disk, and what they say about mapping rows before anything is sent."""

import json
from datetime import timedelta

import pytest
from workorder_bridge.errors import MappingIncomplete
from workorder_bridge.examples import example_destination, example_tables
from workorder_bridge.receipt import Receipt

TWO_HOURS, DAYS_31 = 7200, 31 * 86_400


@pytest.fixture
def known(quickbooks):
    """The lists are on disk; `open` gives a destination of a later run."""
    quickbooks.open().news_since(example_destination(realm=quickbooks.realm), None)
    quickbooks.simulator.control("statistics", method="DELETE")
    return quickbooks


@pytest.fixture
def one(batches, known, send):
    """Sends one invoice in a run of its own."""

    def send_one(**options):
        number = options.pop("number", "INV/2026/00001")
        text = batches.numbered(1, **options.pop("document", {}))[0].replace("INV/2026/00001", number)
        (answer,) = send(known.open(), batches(text, realm=known.realm, **options))
        return answer

    return send_one


def age(harness, seconds):
    """Let the kept lists be as old as that, for us and by QuickBooks' clock."""
    file = harness.lists_file(harness.realm)
    lists = file.load()
    moment = lists.moment - timedelta(seconds=seconds)
    file.save(lists.model_copy(update={"checked_at": lists.checked_at - seconds, "as_of": moment.isoformat()}))


def set_active(harness, kind, record_id, active):
    harness.simulator.control("accountant/set_active", {"kind": kind, "id": record_id, "active": active})


def test_second_run_reads_nothing(known, one):
    assert isinstance(one(), Receipt)
    counted = known.simulator.statistics
    assert (counted["reads"], counted["queries"], counted["change_captures"]) == (0, 0, 0)


def test_lists_that_are_no_longer_young_are_brought_up_to_date_by_their_changes(known, one):
    age(known, TWO_HOURS)
    assert isinstance(one(), Receipt)
    counted = known.simulator.statistics
    assert (counted["reads"], counted["queries"], counted["change_captures"]) == (2, 2, 1)


def test_lists_older_than_change_data_capture_are_read_whole(known, one):
    age(known, DAYS_31)
    assert isinstance(one(), Receipt)
    counted = known.simulator.statistics
    assert (counted["queries"], counted["change_captures"]) == (8, 0)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99}', '{"version": 1, "realm": "5"}'])
def test_damaged_file_is_read_anew(known, one, content):
    file = known.lists_file(known.realm)
    file.path.write_text(content)
    assert isinstance(one(), Receipt)
    assert known.simulator.statistics["queries"] == 8
    assert file.load() is not None


def test_file_holds_no_secret_and_is_its_owners_only(known):
    file = known.lists_file(known.realm)
    text = file.path.read_text()
    for secret in ("access_token", "refresh_token", "client_secret"):
        assert known.simulator.ready[secret] not in text
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert json.loads(text)["lists"]["Item"]["2"]["name"] == "HVAC labor"


@pytest.mark.parametrize(
    ("kind", "record_id", "table", "said"),
    [
        ("Customer", "1", "quickbooks_customers", "The customer Mercy General Hospital (deleted) (id 1)"),
        ("Item", "2", "quickbooks_items", "The item HVAC labor (id 2)"),
        ("Term", "3", "quickbooks_terms", "The term 2% 10 Net 30 (id 3)"),
        ("Class", "101", "quickbooks_classes", "The class Hospital HVAC (id 101)"),
    ],
)
def test_inactive_record_blocks_with_a_sentence_and_active_again_goes_out(known, one, kind, record_id, table, said):
    set_active(known, kind, record_id, False)
    blocked = one()
    assert isinstance(blocked, MappingIncomplete)
    (gap,) = blocked.gaps
    assert gap.table == table
    assert f"{said} was made inactive in QuickBooks." in gap.message
    assert "Try again" in blocked.hint
    assert known.count("INV/2026/00001") == 0
    set_active(known, kind, record_id, True)
    assert isinstance(one(), Receipt)


def test_record_made_inactive_just_now_costs_one_refused_write_and_is_told_the_same(known, one):
    set_active(known, "Item", "2", False)
    assert "was made inactive" in one().message
    assert known.simulator.statistics["batches"] == 1
    assert "was made inactive" in one().message
    assert known.simulator.statistics["batches"] == 1


def test_all_unusable_and_missing_rows_are_told_at_once(known, one):
    set_active(known, "Term", "3", False)
    tables = example_tables(items={"12": {"id": "999", "name": "gone"}}, classes={})
    blocked = one(tables=tables)
    assert {gap.table for gap in blocked.gaps} == {"quickbooks_terms", "quickbooks_items", "quickbooks_classes"}
    assert "QuickBooks has no item with the id 999 (once called gone); it may have been deleted." in blocked.message
    assert all(
        gap.as_settlement().keys() == {"table", "odoo_id", "odoo_name", "needed_by", "message"} for gap in blocked.gaps
    )


def test_record_made_since_the_lists_were_read_is_believed(known, one):
    made = known.simulator.call("POST", "class", json={"Name": "Hospital Boilers"})["Class"]
    tables = example_tables(classes={"7": {"id": made["Id"], "name": "Hospital Boilers"}})
    assert isinstance(one(tables=tables), Receipt)


def test_list_that_quickbooks_cannot_tell_refuses_nobody(quickbooks, batches, send):
    simulator = quickbooks.simulator
    bad = {"PrimaryEmailAddr": {"Address": "nobody at all"}}
    simulator.control("settings", {"bad_email_breaks_answers": True})
    simulator.control("stored", {"kind": "Customer", "id": "3", "values": bad})
    (answer,) = send(quickbooks.open(), batches(*batches.numbered(1), realm=quickbooks.realm))
    assert isinstance(answer, Receipt)
    assert "Customer" not in quickbooks.lists_file(quickbooks.realm).load().lists
