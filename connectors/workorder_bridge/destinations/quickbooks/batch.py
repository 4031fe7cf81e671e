"""Batches written under stored keys: the claim's request id, and the row's index as the item's id.

QuickBooks combines the two per item, and their sum must fit 50 characters (fact sheet §5, P), hence at most 36 + 11: a
letter and the longest id Odoo has.
Answers are matched by id, never by order; an item without an answer is an unknown outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.destinations.quickbooks.faults import error_of_faults, faults_of
from workorder_bridge.errors import DestinationError, OutcomeUnknown
from workorder_bridge.retry import Retry

BATCH_SIZE = 30
REQUEST_ID_LENGTH, ITEM_ID_LENGTH = 36, 11

Answer = dict[str, Any] | DestinationError


def create_batch(
    client: CompanyClient, entity: str, bodies: Mapping[str, dict[str, Any]], request_id: str, retry: Retry
) -> dict[str, Answer]:
    """Create up to 30 objects in one write; per item id the created object or the error that tells why not.

    "Not now" is repeated under the same keys within the bounds of `retry`. Raises a `DestinationError` when it holds
    for the whole batch, ValueError for keys that do not fit.
    """
    return write_batch(client, entity, {item_id: {entity: body} for item_id, body in bodies.items()}, request_id, retry)


def void_batch(
    client: CompanyClient, entity: str, bodies: Mapping[str, dict[str, Any]], request_id: str, retry: Retry
) -> dict[str, Answer]:
    """Void up to 30 objects in one write; each body names Id and SyncToken. Answers and errors as `create_batch`.

    A void travels as an update with an option (fact sheet §11, P); it can have a request id only this way, since
    python-quickbooks puts none on a void (§5, V).
    """
    items = {
        item_id: {entity: {**body, "sparse": True}, "operation": "update", "optionsData": "void"}
        for item_id, body in bodies.items()
    }
    return write_batch(client, entity, items, request_id, retry)


def write_batch(
    client: CompanyClient, entity: str, contents: Mapping[str, dict[str, Any]], request_id: str, retry: Retry
) -> dict[str, Answer]:
    """Write items by their id; what they do is in `contents`, by default they create."""
    if not contents:
        return {}
    _refuse_bad_keys(contents, request_id)
    items = [{"bId": item_id, "operation": "create", **content} for item_id, content in contents.items()]
    answered = retry.call(lambda: client.write_batch(items, request_id))
    trace = client.trace_number
    by_id = {str(item.get("bId")): item for item in answered if isinstance(item, dict)}
    return {item_id: _answer(by_id.get(item_id), entity, trace) for item_id in contents}


def _answer(item: dict[str, Any] | None, entity: str, trace: str) -> Answer:
    if item is None:
        return OutcomeUnknown("QuickBooks left the invoice out of its answer.", reference=trace)
    faults = faults_of(item)
    if faults is not None:
        return error_of_faults(faults, sent=True, reference=trace)
    created = item.get(entity)
    if not isinstance(created, dict) or not created.get("Id"):
        return OutcomeUnknown("QuickBooks gave an answer nobody can read.", reference=trace)
    return {**created, "trace": trace}


def _refuse_bad_keys(bodies: Mapping[str, object], request_id: str) -> None:
    if len(bodies) > BATCH_SIZE:
        raise ValueError(f"QuickBooks takes at most {BATCH_SIZE} items in a batch, not {len(bodies)}")
    if not 0 < len(request_id) <= REQUEST_ID_LENGTH or any(len(key) > ITEM_ID_LENGTH for key in bodies):
        raise ValueError("the request id or an item id is too long for QuickBooks to keep them apart")
