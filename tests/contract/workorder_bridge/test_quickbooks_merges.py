"""Customers merged in QuickBooks: followed where it is certain, explained where it is not."""

import pytest
from workorder_bridge.document import parse_document
from workorder_bridge.errors import MappingIncomplete
from workorder_bridge.ports import NewCustomer, Parcel
from workorder_bridge.receipt import Receipt


@pytest.fixture
def deliver(batches, quickbooks):
    """Sends one invoice of that number in a run of its own; its answer and the delivery."""

    def deliver(number):
        text = batches.numbered(1)[0].replace("INV/2026/00001", number)
        batch = batches(text, realm=quickbooks.realm)
        parcels = [Parcel(row, parse_document(row.document, row.sha256)) for row in batch.rows]
        delivery = quickbooks.open().send(batch, parcels)
        return delivery.answers[batch.rows[0].id], delivery

    return deliver


def merge(simulator):
    simulator.control("accountant/merge_customers", {"loser_id": "1", "survivor_id": "2"})


def test_merged_customer_is_followed_and_the_new_mapping_told(deliver, simulator):
    deliver("INV/2026/00001")
    merge(simulator)
    told = [NewCustomer(42, "2", "Cedar Property Management", replaces="1")]
    met, delivery = deliver("INV/2026/00002")  # by then the lists are from before the merge
    assert isinstance(met, MappingIncomplete)
    assert delivery.customers == told
    answer, delivery = deliver("INV/2026/00002")
    assert isinstance(answer, Receipt)
    assert answer.customer_id == "2"
    assert delivery.customers == told
    assert {invoice["CustomerRef"]["value"] for invoice in simulator.invoices()} == {"2"}


def test_lost_answer_after_a_merge_is_adopted_without_dispute(deliver, simulator):
    deliver("INV/2026/00001")
    merge(simulator)
    deliver("INV/2026/00002")
    simulator.fault("drop_after_commit", "batch")
    answer, delivery = deliver("INV/2026/00003")
    assert isinstance(answer, Receipt)
    assert not delivery.disputes


def test_merge_nobody_can_witness_blocks_with_a_sentence(deliver, simulator):
    merge(simulator)
    answer, delivery = deliver("INV/2026/00001")
    assert isinstance(answer, MappingIncomplete)
    assert "was made inactive" in answer.message
    assert not delivery.customers


def test_inactive_customer_whose_invoices_stayed_is_not_taken_for_merged(deliver, simulator):
    deliver("INV/2026/00001")
    simulator.control("accountant/set_active", {"kind": "Customer", "id": "1", "active": False})
    answer, delivery = deliver("INV/2026/00002")
    assert isinstance(answer, MappingIncomplete)
    assert not delivery.customers


def test_one_invoice_moved_by_hand_is_not_a_merge(deliver, simulator):
    first, _ = deliver("INV/2026/00001")
    deliver("INV/2026/00002")
    simulator.control("accountant/edit_invoice", {"id": first.external_id, "customer_id": "2"})
    simulator.control("accountant/set_active", {"kind": "Customer", "id": "1", "active": False})
    answer, _ = deliver("INV/2026/00003")
    assert isinstance(answer, MappingIncomplete)


def attempt(quickbooks, batch, number):
    """One attempt at a batch of one invoice, in a process of its own."""
    parcels = [Parcel(row, parse_document(row.document, row.sha256)) for row in batch.rows]
    delivery = quickbooks.open().send(batch.model_copy(update={"attempt": number}), parcels)
    return delivery.answers[batch.rows[0].id], delivery


def test_merge_between_two_attempts_is_followed_by_the_invoice_itself(batches, quickbooks, simulator):
    batch = batches(*batches.numbered(1), realm=quickbooks.realm)
    first, _ = attempt(quickbooks, batch, 1)
    merge(simulator)
    second, delivery = attempt(quickbooks, batch, 2)
    assert (second.external_id, second.customer_id) == (first.external_id, "2")
    assert not delivery.disputes
    assert delivery.customers == [NewCustomer(42, "2", "Cedar Property Management", replaces="1")]


def test_invoice_moved_by_hand_between_two_attempts_is_disputed(deliver, batches, quickbooks, simulator):
    deliver("INV/2026/00007")  # stays under the old customer
    batch = batches(*batches.numbered(1), realm=quickbooks.realm)
    first, _ = attempt(quickbooks, batch, 1)
    simulator.control("accountant/edit_invoice", {"id": first.external_id, "customer_id": "2"})
    simulator.control("accountant/set_active", {"kind": "Customer", "id": "1", "active": False})
    _, delivery = attempt(quickbooks, batch, 2)
    assert "is for customer Cedar Property Management" in delivery.disputes[batch.rows[0].id]
    assert not delivery.customers
