"""Making what invoices need - customers, items - before any of these invoices is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workorder_bridge.destinations.quickbooks.batch import Answer, create_batch
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.errors import DestinationError, OutcomeUnknown, TryLater
from workorder_bridge.retry import Retry


def create_before_invoices(
    client: CompanyClient, entity: str, bodies: Mapping[str, dict[str, Any]], request_id: str, retry: Retry
) -> dict[str, Answer]:
    """As `create_batch`, with one repetition after a lost answer; the keys make it harmless.

    No invoice was sent yet, so nothing it raises says that one may be there.
    """
    try:
        return create_batch(client, entity, bodies, request_id, retry)
    except OutcomeUnknown:
        pass
    try:
        return create_batch(client, entity, bodies, request_id, retry)
    except OutcomeUnknown as error:
        raise TryLater(error.message, hint=error.hint, reference=error.reference) from error
    except DestinationError as error:
        error.maybe_sent = False
        raise
