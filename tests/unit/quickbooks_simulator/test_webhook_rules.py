"""Which words changes have, how a post's body and signature look, and when a post is tried again."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from quickbooks_simulator.company.journal import ACCOUNTANT, MOST_ENTRIES, PROGRAM, Journal, operation_between
from quickbooks_simulator.settings import Settings
from quickbooks_simulator.webhooks.bodies import CLOUDEVENTS, OLD, sign, write_body
from quickbooks_simulator.webhooks.event import Event, event_of
from quickbooks_simulator.webhooks.posting import DELIVERED, DROPPED, WAITING, Posting
from quickbooks_simulator.webhooks.sending import Answer

NOON = datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)
ZERO = Decimal("0.00")
SENT = {"EmailStatus": "EmailSent"}


@pytest.mark.parametrize(
    ("before", "after", "operation"),
    [
        (None, {"Id": "1"}, "Create"),
        ({"Id": "1"}, None, "Delete"),
        ({"TotalAmt": 5}, {"TotalAmt": 6}, "Update"),
        ({"TotalAmt": 5}, {"TotalAmt": ZERO}, "Update"),
        ({"TotalAmt": 5}, {"TotalAmt": ZERO, "PrivateNote": "Voided - x"}, "Void"),
        ({"TotalAmt": ZERO, "PrivateNote": "Voided"}, {"TotalAmt": ZERO, "PrivateNote": "Voided"}, "Update"),
        ({"EmailStatus": "NotSet"}, SENT, "Emailed"),
        (SENT, SENT, "Update"),
        (SENT, {**SENT, "DeliveryInfo": {"DeliveryTime": "later"}}, "Emailed"),
    ],
)
def test_change_has_the_word_webhooks_use(before: Any, after: Any, operation: str) -> None:
    assert operation_between(before, after) == operation


def test_journal_keeps_the_newest_entries_and_who_made_them() -> None:
    journal = Journal()
    for number in range(MOST_ENTRIES + 5):
        journal.watch("Item", {"Id": "1", "n": number}, {"Id": "1", "n": number + 1}, NOON)
    with journal.written_by(ACCOUNTANT):
        journal.watch("Item", {"Id": "1"}, None, NOON)
    journal.watch("Item", None, {"Id": "2"}, NOON)
    entries = journal.of("Item", "1")
    assert len(entries) == MOST_ENTRIES
    assert (entries[0].operation, entries[0].by, entries[1].by) == ("Delete", ACCOUNTANT, PROGRAM)
    assert [each.by for each in journal.of("Item", "2")] == [PROGRAM]


def event(operation: str = "Create", realm: str = "1", record_id: str = "7", deleted_id: str | None = None) -> Event:
    return Event(f"event-{record_id}", realm, "Customer", record_id, operation, NOON, deleted_id)


def test_merge_names_the_deleted_record_in_both_forms() -> None:
    merged = event("Merge", deleted_id="9")
    old = json.loads(write_body(OLD, [merged]))["eventNotifications"][0]["dataChangeEvent"]["entities"]
    assert old == [
        {
            "name": "Customer",
            "id": "7",
            "operation": "Merge",
            "lastUpdated": "2026-11-22T12:00:00.250Z",
            "deletedId": "9",
        }
    ]
    [new] = json.loads(write_body(CLOUDEVENTS, [merged]))
    assert (new["type"], new["data"]) == ("qbo.customer.merged.v1", {"deletedId": "9"})


def test_old_form_groups_by_realm_and_new_form_is_flat() -> None:
    events = [event(realm="1"), event(realm="2"), event(realm="1", record_id="8")]
    notes = json.loads(write_body(OLD, events))["eventNotifications"]
    assert [(each["realmId"], len(each["dataChangeEvent"]["entities"])) for each in notes] == [("1", 2), ("2", 1)]
    assert [each["intuitaccountid"] for each in json.loads(write_body(CLOUDEVENTS, events))] == ["1", "2", "1"]


def test_signature_is_that_of_a_published_test_case() -> None:
    # RFC 4231, test case 2, written in base64.
    assert sign(b"what do ya want for nothing?", "Jefe") == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="


def test_kind_that_webhooks_do_not_tell_of_makes_no_event() -> None:
    journal, noted = Journal(), []
    journal.add_reader(noted.append)
    journal.watch("TaxCode", None, {"Id": "1"}, NOON)
    assert event_of(noted[0], "1", Settings()) is None


def posting() -> Posting:
    return Posting(1, "app", OLD, [event()], b"{}", NOON, NOON)


def test_waits_between_attempts_grow_and_end() -> None:
    post, now = posting(), NOON
    for minutes in (20, 30, 50):
        post.take(Answer(503), now, Settings())
        assert (post.state, post.due - now) == (WAITING, timedelta(minutes=minutes))
        now = post.due
    post.take(Answer(None, "no answer"), now, Settings())
    assert (post.state, len(post.attempts)) == (DROPPED, 4)


@pytest.mark.parametrize(
    ("status", "state"), [(200, DELIVERED), (204, DELIVERED), (301, DROPPED), (404, DROPPED), (408, WAITING)]
)
def test_answer_decides_what_becomes_of_a_post(status: int, state: str) -> None:
    post = posting()
    post.take(Answer(status), NOON, Settings())
    assert post.state == state
