"""Files attached to their invoice in QuickBooks: each once, whatever gets lost; the invoice never suffers."""

import pytest
from workorder_bridge.attaching import Evidence
from workorder_bridge.errors import Rejected, TryLater
from workorder_bridge.evidence import EvidenceFile
from workorder_bridge.examples import example_destination, example_document
from workorder_bridge.sources.memory import MemorySource

PICTURE = b"\x89PNG\r\n\x1a\n--boundary\r\n\x00\xff a picture"


class Attaching:
    """An invoice in QuickBooks, and somebody who attaches files to it."""

    def __init__(self, quickbooks, batches, send):
        self.quickbooks, self.simulator = quickbooks, quickbooks.simulator
        (self.receipt,) = send(quickbooks.open(), batches(example_document(), realm=quickbooks.realm))
        self.info = example_destination(realm=quickbooks.realm, attach_evidence=True)

    def file(self, **changes):
        values = {
            "id": 1,
            "key": "a" * 32,
            "name": "before.png",
            "mimetype": "image/png",
            "size": len(PICTURE),
            "attempt": 1,
            "invoice_external_id": self.receipt.external_id,
            "invoice_number": "INV/2026/00001",
            "on_send": False,
        }
        return EvidenceFile(**{**values, **changes})

    def attach(self, **changes):
        return self.quickbooks.open().attach(self.info, self.file(**changes), PICTURE)

    @property
    def attached(self):
        return self.simulator.all("Attachable")


@pytest.fixture
def attaching(quickbooks, batches, send):
    return Attaching(quickbooks, batches, send)


def test_file_is_attached_to_its_invoice_with_its_bytes_and_our_mark(attaching):
    number = attaching.attach()
    (found,) = attaching.attached
    assert (found["Id"], found["FileName"], found["ContentType"]) == (number, "before.png", "image/png")
    assert found["Size"] == len(PICTURE)
    assert f"[wb:{'a' * 32}]" in found["Note"]
    (link,) = found["AttachableRef"]
    assert link["EntityRef"] == {"type": "Invoice", "value": attaching.receipt.external_id}
    assert link["IncludeOnSend"] is False


def test_file_goes_along_with_the_e_mail_only_when_asked(attaching):
    attaching.attach(on_send=True)
    assert attaching.attached[0]["AttachableRef"][0]["IncludeOnSend"] is True


def test_name_without_an_ending_gets_one_and_any_letters_survive(attaching):
    attaching.simulator.control("settings", {"check_upload_types": True})
    attaching.attach(name="Unterschrift „Müller“")
    assert attaching.attached[0]["FileName"] == "Unterschrift „Müller“.png"


@pytest.mark.parametrize("forgetful", [False, True], ids=["replays", "forgets"])
@pytest.mark.parametrize("kind", ["drop_after_commit", "drop_before_commit"])
def test_lost_answer_ends_with_the_file_attached_once(kind, forgetful, attaching):
    if forgetful:
        attaching.simulator.control("settings", {"request_id_seconds": 0})
    attaching.simulator.fault(kind, "upload")
    number = attaching.attach()
    assert [each["Id"] for each in attaching.attached] == [number]


def test_second_worker_finds_what_the_first_attached(attaching):
    attaching.simulator.control("settings", {"request_id_seconds": 0})
    first = attaching.attach()
    assert attaching.attach(attempt=2) == first
    assert len(attaching.attached) == 1


def test_two_files_of_one_name_are_two_attachments(attaching):
    attaching.attach()
    attaching.attach(id=2, key="b" * 32, attempt=2)
    assert len(attaching.attached) == 2


def test_fault_inside_the_answer_is_a_refusal_with_its_reason(attaching):
    attaching.simulator.control("settings", {"largest_upload_bytes": 5})
    with pytest.raises(Rejected, match="at most 5 are allowed"):
        attaching.attach()
    (invoice,) = attaching.simulator.invoices()
    assert invoice["SyncToken"] == attaching.receipt.version


def test_deleted_invoice_refuses_its_files(attaching):
    body = {"Id": attaching.receipt.external_id, "SyncToken": "0"}
    attaching.simulator.call("POST", "invoice?operation=delete", json=body)
    with pytest.raises(Rejected):
        attaching.attach()


def test_too_many_calls_leave_the_file_for_later(attaching):
    attaching.simulator.fault("429", "upload")
    with pytest.raises(TryLater):
        attaching.attach()
    assert attaching.attached == []


def test_loop_attaches_what_waits_and_tells_what_it_could_not(attaching, clock):
    source = MemorySource(attaching.info, clock)
    number = attaching.receipt.external_id
    good = source.files.add(number, "INV/2026/00001", "before.png", "image/png", PICTURE)
    gone = source.files.add(number, "INV/2026/00001", "gone.png", "image/png", PICTURE)
    gone.content = None
    stray = source.files.add("99999", "INV/2026/00009", "stray.png", "image/png", PICTURE)
    evidence = Evidence(source, attaching.quickbooks.open(), attaching.info, 300, lambda: False)
    evidence.attach_all()
    assert (good.state, gone.state, stray.state) == ("attached", "refused", "refused")
    assert evidence.attached == 1
    assert [notice.partition(" was not")[0] for notice in evidence.notices] == ["gone.png", "stray.png"]
    assert good.outcome.external_id == attaching.attached[0]["Id"]
    evidence.attach_all()
    assert len(attaching.attached) == 1
