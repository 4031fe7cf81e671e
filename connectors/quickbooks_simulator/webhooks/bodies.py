"""The two forms a webhook's body has, and its signature."""

from base64 import b64encode
from hashlib import sha256
from hmac import new as new_hmac
from typing import Any

from quickbooks_simulator.jsontext import write_json
from quickbooks_simulator.webhooks.event import Event, write_event_time

OLD, CLOUDEVENTS = "eventNotifications", "cloudevents"
FORMATS = (OLD, CLOUDEVENTS)
_PAST = {
    "Create": "created",
    "Update": "updated",
    "Delete": "deleted",
    "Merge": "merged",
    "Void": "voided",
    "Emailed": "emailed",
}


def write_body(form: str, events: list[Event]) -> bytes:
    """The body of one post about these events, in the old or the new form; several realms may be in it (P)."""
    if form == CLOUDEVENTS:
        return write_json([_cloud_event(event) for event in events])
    realms = dict.fromkeys(event.realm for event in events)
    return write_json(
        {"eventNotifications": [_notification(realm, [e for e in events if e.realm == realm]) for realm in realms]}
    )


def sign(body: bytes, verifier_token: str) -> str:
    """The header intuit-signature: base64 of the HMAC-SHA256 of the raw body (P)."""
    return b64encode(new_hmac(verifier_token.encode(), body, sha256).digest()).decode()


def _notification(realm: str, events: list[Event]) -> dict[str, Any]:
    """Source: documentation (P)."""
    return {"realmId": realm, "dataChangeEvent": {"entities": [_entity(event) for event in events]}}


def _entity(event: Event) -> dict[str, str]:
    entity = {"name": event.kind, "id": event.record_id, "operation": event.operation}
    entity["lastUpdated"] = write_event_time(event.at)
    return {**entity, "deletedId": event.deleted_id} if event.deleted_id else entity


def _cloud_event(event: Event) -> dict[str, Any]:
    """A CloudEvents 1.0 object (P); that a merge names its loser inside `data`, and `source`, are from memory (M)."""
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": f"intuit.{event.realm}",
        "type": f"qbo.{event.kind.lower()}.{_PAST[event.operation]}.v1",
        "datacontenttype": "application/json",
        "time": write_event_time(event.at),
        "intuitentityid": event.record_id,
        "intuitaccountid": event.realm,
        "data": {"deletedId": event.deleted_id} if event.deleted_id else {},
    }
