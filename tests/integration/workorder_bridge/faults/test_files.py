"""Fault 49: a file QuickBooks refuses is told; its invoice does not suffer."""

from .office import check_words

PICTURE = b"\x89PNG\r\n\x1a\n a picture"


def attach(office, stored, name):
    return office.source.files.add(stored.external_id, "INV/2026/00001", name, "image/png", PICTURE)


def test_fault_49_refused_file_is_told_by_name_and_its_invoice_stays(office, company):
    office.source.destination = office.source.destination.model_copy(update={"attach_evidence": True})
    (stored,) = office.post()
    office.run()
    before = company.every("Invoice")
    refused = attach(office, stored, "before.png")
    company.produce(49)
    report = office.run()
    assert (refused.state, report.files_attached) == ("refused", 0)
    (notice,) = report.notices
    check_words(notice, "before.png", "INV/2026/00001", "stays as it is", "at most 1")
    assert (stored.state, company.every("Invoice"), company.every("Attachable")) == ("received", before, [])
    company.control("settings", {"largest_upload_bytes": 1000})
    taken = attach(office, stored, "after.png")
    assert office.run().files_attached == 1
    assert (refused.state, taken.state) == ("refused", "attached")
    assert [one["FileName"] for one in company.every("Attachable")] == ["after.png"]
    office.check_books()
