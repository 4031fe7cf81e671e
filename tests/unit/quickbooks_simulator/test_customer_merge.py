"""Two customers become one."""

import pytest
from quickbooks_simulator.company.journal import Entry
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.operations.changes import capture_changes
from quickbooks_simulator.operations.merging import MOVED, merge_customers

from .conftest import Books, code_of, form, settled


def test_loser_goes_inactive_and_its_transactions_move(books: Books) -> None:
    invoice = books.create("Invoice", **form(100, customer="4"))
    payment = books.create("Payment", **settled(30, ("Invoice", invoice, 30), customer="4"))
    owed = books.read("Customer", {"Id": "4"})["Balance"] + books.read("Customer", {"Id": "2"})["Balance"]
    survivor = merge_customers(books.company, "4", "2")
    loser = books.read("Customer", {"Id": "4"})
    assert (loser["Active"], loser["DisplayName"], loser["Balance"]) == (False, "Diego Rodriguez (deleted)", 0)
    assert survivor["Balance"] == owed
    moved = books.read("Invoice", invoice)
    assert moved["CustomerRef"] == {"value": "2", "name": "Bill's Windsurf Shop"}
    assert (moved["SyncToken"], moved["Balance"]) == ("2", 70)
    assert books.read("Payment", payment)["CustomerRef"]["value"] == "2"
    for kind in MOVED:
        assert all(each.get("CustomerRef", {}).get("value") != "4" for each in books.company.store.all(kind))


def test_jobs_of_the_loser_stand_below_the_survivor(books: Books) -> None:
    below = books.create("Customer", DisplayName="Gutter", ParentRef={"value": "8"})
    merge_customers(books.company, "7", "1")
    assert books.read("Customer", {"Id": "8"})["FullyQualifiedName"] == "Amy's Bird Sanctuary:96 Ocean View Road"
    assert books.read("Customer", below)["FullyQualifiedName"] == "Amy's Bird Sanctuary:96 Ocean View Road:Gutter"


def test_merge_is_noted_with_the_loser_and_seen_by_change_data_capture(books: Books) -> None:
    noted: list[Entry] = []
    books.company.journal.add_reader(noted.append)
    since = books.company.clock.now().isoformat()
    merge_customers(books.company, "4", "2")
    merges = [each for each in noted if each.operation == "Merge"]
    assert [(each.record_id, each.deleted_id) for each in merges] == [("2", "4")]
    answer = capture_changes(books.company, "Customer,Invoice", since)["CDCResponse"][0]["QueryResponse"]
    assert [each["Id"] for each in answer[0]["Customer"]] == ["4"]
    assert {each["CustomerRef"]["value"] for each in answer[1]["Invoice"]} == {"2"}


@pytest.mark.parametrize(
    ("loser", "survivor", "code"),
    [("1", "1", "6000"), ("1", "6", "6000"), ("8", "7", "6000"), ("7", "8", "6000"), ("99", "1", "610")],
)
def test_pair_that_does_not_fit_is_refused(books: Books, loser: str, survivor: str, code: str) -> None:
    assert code_of(lambda: merge_customers(books.company, loser, survivor)) == code


def test_merged_customer_cannot_be_billed_or_merged_again(books: Books) -> None:
    merge_customers(books.company, "4", "2")
    assert code_of(lambda: books.create("Invoice", **form(customer="4"))) == "2500"
    assert code_of(lambda: merge_customers(books.company, "4", "1")) == "610"
    assert books.company.read(KINDS["Customer"], "4")["Active"] is False
