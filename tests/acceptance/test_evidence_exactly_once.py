"""Killed anywhere, each file of a ticket ends attached once to its invoice in QuickBooks."""

import pytest

from .killing import catch_odoo, kill_at, sync_until

PHOTO = b"\x89PNG\r\n\x1a\n a photo of the finished work"


def catch_upload(path, _body):
    return "/upload" in path


STEPS = {
    "after claiming files": ("to_odoo", catch_odoo("claim_files"), True),
    "after fetching the content": ("to_odoo", catch_odoo("file_content"), True),
    "before upload": ("to_quickbooks", catch_upload, False),
    "after upload": ("to_quickbooks", catch_upload, True),
    "during settle before Odoo commits": ("to_odoo", catch_odoo("settle_files"), False),
    "during settle after Odoo committed": ("to_odoo", catch_odoo("settle_files"), True),
}


@pytest.fixture
def ticket(office):
    """The number of a ticket's invoice that waits, with a photo."""
    office.want_evidence(True)
    yield office.post_tickets(1, photo=PHOTO)[0]
    office.want_evidence(False)


def attachments(company, number):
    (invoice,) = (each for each in company.all("Invoice") if each["DocNumber"] == number)
    return [
        each
        for each in company.all("Attachable")
        if any(link["EntityRef"]["value"] == invoice["Id"] for link in each.get("AttachableRef", []))
    ]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_a_photo_is_attached_once(step, office, company, bridge, ticket):
    kill_at(bridge, step, STEPS)
    sync_until(bridge, lambda: office.evidence(ticket) == [("after.png", "attached")])
    (found,) = attachments(company, ticket)
    assert (found["FileName"], found["Size"]) == ("after.png", len(PHOTO))


def test_killed_after_upload_asking_first_is_enough(office, company, bridge, ticket):
    """Even where QuickBooks knows no request ids for uploads."""
    before = company.control("settings", method="GET")["request_id_seconds"]
    company.control("settings", {"request_id_seconds": 0})
    try:
        kill_at(bridge, "after upload", STEPS)
        sync_until(bridge, lambda: office.evidence(ticket) == [("after.png", "attached")])
        assert len(attachments(company, ticket)) == 1
    finally:
        company.control("settings", {"request_id_seconds": before})
