"""Files attached to invoices, each answered by itself."""

from typing import Any

import pytest
from quickbooks_simulator.company.company import Company
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.jsontext import write_json
from quickbooks_simulator.operations.changes import capture_changes
from quickbooks_simulator.operations.multipart import Part
from quickbooks_simulator.operations.uploading import pair_parts, store_uploads
from quickbooks_simulator.query.answer import answer_query

from .books import company_of, line, sell

ATTACHABLE = KINDS["Attachable"]


def content(number: str, data: bytes = b"proof", name: str | None = "proof.pdf") -> Part:
    return Part(f"file_content_{number}", name, "application/pdf", data)


def metadata(number: str, body: Any) -> Part:
    return Part(f"file_metadata_{number}", None, "application/json", write_json(body))


def link(invoice_id: str, **values: Any) -> dict[str, Any]:
    return {"AttachableRef": [{"EntityRef": {"type": "invoice", "value": invoice_id}, **values}]}


def upload(company: Company, *parts: Part) -> list[dict[str, Any]]:
    return store_uploads(company, pair_parts(list(parts)))


def code_of(answer: dict[str, Any]) -> str:
    return str(answer["Fault"]["Error"][0]["code"])


def test_file_is_linked_described_and_can_be_found_by_its_invoice() -> None:
    company = company_of("demo")
    invoice, other = sell(company, line(1)), sell(company, line(1))
    parts = [content("01"), metadata("01", {"Note": "signed", "Category": "Document", **link(invoice["Id"])})]
    (answer,) = upload(company, *parts, content("02"), metadata("02", link(other["Id"], IncludeOnSend=True)))[:1]
    made = answer["Attachable"]
    assert (made["FileName"], made["ContentType"], made["Size"], made["Note"]) == (
        "proof.pdf", "application/pdf", 5, "signed",
    )  # fmt: skip
    assert made["AttachableRef"] == [{"EntityRef": {"type": "Invoice", "value": invoice["Id"]}, "IncludeOnSend": False}]
    query = "select * from attachable where AttachableRef.EntityRef.Type = 'Invoice' and "
    found = answer_query(company, query + f"AttachableRef.EntityRef.value = '{other['Id']}'")["Attachable"]
    assert [each["AttachableRef"][0]["IncludeOnSend"] for each in found] == [True]


def test_one_bad_file_does_not_touch_the_others_nor_the_invoice() -> None:
    company = company_of("demo")
    invoice = sell(company, line(1))
    answers = upload(company, content("01"), metadata("01", link("999")), content("02"), metadata("02", {}))
    assert code_of(answers[0]) == "2500"
    assert answers[1]["Attachable"]["AttachableRef"] == []
    assert company.read(KINDS["Invoice"], invoice["Id"])["SyncToken"] == "0"
    assert answer_query(company, "select count(*) from Attachable")["totalCount"] == 1


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([content("01", b"")], "6000"),
        ([content("01", b"x" * 11)], "6000"),
        ([content("01", name=None)], "2020"),
        ([metadata("01", {"FileName": "a.pdf"})], "2020"),
        ([content("01"), metadata("01", ["no object"])], "2010"),
        ([content("01"), Part("file_metadata_01", None, None, b"{")], "2010"),
        ([content("01"), metadata("01", {"Colour": "red"})], "2010"),
        ([content("01"), metadata("01", {"Category": "Film"})], "2170"),
        ([content("01"), metadata("01", {"Note": "n" * 2001})], "2050"),
        ([content("01"), metadata("01", {"AttachableRef": [{"EntityRef": {"type": "Ship", "value": "1"}}]})], "2500"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_inside_the_answer(parts: list[Part], code: str) -> None:
    (answer,) = upload(company_of("demo", largest_upload_bytes=10, refuse_empty_uploads=True), *parts)
    assert code_of(answer) == code


@pytest.mark.parametrize(("checked", "stored"), [(False, True), (True, False)])
def test_endings_of_file_names_pass_or_not(checked: bool, stored: bool) -> None:
    (answer,) = upload(company_of("demo", check_upload_types=checked), content("01", name="tool.exe"))
    assert ("Attachable" in answer) is stored
    (answer,) = upload(company_of("demo", check_upload_types=checked), content("01", name="PROOF.PDF"))
    assert "Attachable" in answer


def test_empty_file_passes_unless_switched_off() -> None:
    (answer,) = upload(company_of("demo"), content("01", b""))
    assert answer["Attachable"]["Size"] == 0


@pytest.mark.parametrize("parts", [[], [Part("file", None, None, b"x")]])
def test_form_without_files_is_refused_as_a_whole(parts: list[Part]) -> None:
    with pytest.raises(Fault):
        pair_parts(parts)


def test_attachable_changes_its_note_keeps_its_file_and_goes() -> None:
    company = company_of("demo")
    made = upload(company, content("01"))[0]["Attachable"]
    changed = company.update(ATTACHABLE, {"Id": made["Id"], "SyncToken": "0", "Note": "seen"})
    assert (changed["Note"], changed["FileName"], changed["Size"], changed["SyncToken"]) == (
        "seen",
        "proof.pdf",
        5,
        "1",
    )
    with pytest.raises(Fault) as stale:
        company.delete(ATTACHABLE, {"Id": made["Id"], "SyncToken": "0"})
    assert stale.value.code == "5010"
    since = company.clock.now().isoformat()
    company.delete(ATTACHABLE, {"Id": made["Id"], "SyncToken": "1"})
    (response,) = capture_changes(company, "Attachable", since)["CDCResponse"]
    assert [each["status"] for each in response["QueryResponse"][0]["Attachable"]] == ["Deleted"]


def test_note_needs_no_file_and_neither_is_refused() -> None:
    company = company_of("demo")
    note = company.create(ATTACHABLE, {"Note": "ring twice"})
    assert "TempDownloadUri" not in note
    with pytest.raises(Fault) as refused:
        company.create(ATTACHABLE, {"Tag": "x"})
    assert refused.value.code == "2020"


def test_address_of_a_file_opens_for_a_quarter_of_an_hour() -> None:
    company = company_of("demo")
    made = upload(company, content("01"))[0]["Attachable"]
    parameters = dict(each.split("=") for each in made["TempDownloadUri"].partition("?")[2].split("&"))
    now, files = company.clock.now(), company.files
    assert files.open(made["Id"], parameters["Expires"], parameters["Signature"], now) == b"proof"
    assert files.open(made["Id"], parameters["Expires"], "0" * 64, now) is None
    assert files.open(made["Id"], str(int(parameters["Expires"]) + 1), parameters["Signature"], now) is None
    assert files.open(made["Id"], "soon", parameters["Signature"], now) is None
    later = now.replace(year=now.year + 1)
    assert files.open(made["Id"], parameters["Expires"], parameters["Signature"], later) is None
