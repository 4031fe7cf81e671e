"""Attachments, taxes and currencies through the unmodified python-quickbooks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from quickbooks.exceptions import ObjectNotFoundException, QuickbooksException
from quickbooks.objects.attachable import Attachable
from quickbooks.objects.base import AttachableRef
from quickbooks.objects.companycurrency import CompanyCurrency
from quickbooks.objects.exchangerate import ExchangeRate
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.taxagency import TaxAgency
from quickbooks.objects.taxcode import TaxCode
from quickbooks.objects.taxrate import TaxRate
from quickbooks.objects.taxservice import TaxRateDetails, TaxService

from .conftest import TIMEOUT, Service, invoice_body

Connect = Callable[..., Any]
PROOF = bytes(range(256)) * 9


def attach(client: Any, invoice_id: str, **source: Any) -> Any:
    link = AttachableRef()
    link.EntityRef = {"type": "Invoice", "value": invoice_id}
    attachable = Attachable()
    attachable.AttachableRef.append(link)
    attachable.FileName, attachable.ContentType = "proof.pdf", "application/pdf"
    for name, value in source.items():
        setattr(attachable, name, value)
    return attachable.save(qb=client)


@pytest.mark.parametrize("source", ["bytes", "path"])
def test_file_uploaded_by_the_client_is_fetched_unchanged(
    service: Service, connect: Connect, tmp_path: Path, source: str
) -> None:
    client = connect(service)
    invoice = service.create("invoice", invoice_body("A1"))
    path = tmp_path / "proof.pdf"
    path.write_bytes(PROOF)
    given = {"_FileBytes": PROOF} if source == "bytes" else {"_FilePath": str(path)}
    saved = attach(client, invoice["Id"], **given)
    read = Attachable.get(saved.Id, qb=client)
    assert (read.FileName, read.Size, read.AttachableRef[0].EntityRef.value) == ("proof.pdf", 2304, invoice["Id"])
    fetched = requests.get(read.TempDownloadUri, timeout=TIMEOUT)
    assert (fetched.content, fetched.headers["Content-Type"]) == (PROOF, "application/pdf")
    address = service.get(f"download/{saved.Id}").text
    assert requests.get(address, timeout=TIMEOUT).content == PROOF
    service.control("clock", {"advance_seconds": 901})
    assert requests.get(address, timeout=TIMEOUT).status_code == 403


def test_note_is_changed_and_file_deleted_by_the_client(service: Service, connect: Connect) -> None:
    client = connect(service)
    invoice = service.create("invoice", invoice_body("A1"))
    saved = attach(client, invoice["Id"], _FileBytes=PROOF)
    current = Attachable.get(saved.Id, qb=client)
    current.Note = "seen"
    assert current.save(qb=client).Note == "seen"
    current = Attachable.get(saved.Id, qb=client)
    current.delete(qb=client)
    with pytest.raises(ObjectNotFoundException):
        Attachable.get(saved.Id, qb=client)
    assert service.get(f"download/{saved.Id}").json()["Fault"]["Error"][0]["code"] == "610"
    assert service.get(f"invoice/{invoice['Id']}").json()["Invoice"]["SyncToken"] == "0"


def test_refused_file_is_a_fault_inside_a_200_and_the_invoice_stays(service: Service, connect: Connect) -> None:
    client = connect(service)
    invoice = service.create("invoice", invoice_body("A1"))
    service.control("settings", {"largest_upload_bytes": 10})
    with pytest.raises(KeyError):
        attach(client, invoice["Id"], _FileBytes=PROOF)
    files = {"file_content_01": ("proof.pdf", PROOF, "application/pdf")}
    answer = service.call("POST", "upload", files=files)
    (item,) = answer.json()["AttachableResponse"]
    assert (answer.status_code, item["Fault"]["Error"][0]["code"]) == (200, "6000")
    assert service.count("Attachable") == 0
    assert service.count("Invoice") == 1


def test_upload_under_the_same_request_id_is_stored_once(service: Service) -> None:
    body = service.call("POST", "upload?requestid=u1", files={"file_content_01": ("a.pdf", b"a")})
    headers = {"Content-Type": body.request.headers["Content-Type"]}
    again = service.call("POST", "upload?requestid=u1", data=body.request.body, headers=headers)
    first, second = (each.json()["AttachableResponse"][0]["Attachable"]["Id"] for each in (body, again))
    assert (first, service.count("Attachable")) == (second, 1)


def test_tax_agency_code_and_rate_are_made_by_the_client(service: Service, connect: Connect) -> None:
    client = connect(service)
    agency = TaxAgency()
    agency.DisplayName = "Delaware County"
    agency = agency.save(qb=client)
    detail = TaxRateDetails()
    detail.TaxRateName, detail.RateValue, detail.TaxAgencyId = "Delaware 7", 7, agency.Id
    wanted = TaxService()
    wanted.TaxCode = "Delaware"
    wanted.TaxRateDetails.append(detail)
    made = wanted.save(qb=client)
    assert made.TaxRateDetails[0].TaxRateName == "Delaware 7"
    rate = TaxRate.get(made.TaxRateDetails[0].TaxRateId, qb=client)
    assert (rate.RateValue, rate.AgencyRef.value) == (7, agency.Id)
    code = next(each for each in TaxCode.all(qb=client) if each.Name == "Delaware")
    assert code.SalesTaxRateList.TaxRateDetail[0].TaxRateRef.value == rate.Id
    assert [each.DisplayName for each in TaxAgency.all(qb=client)][-1] == "Delaware County"


def test_tax_service_answers_without_wrapper_and_time(service: Service) -> None:
    detail = {"TaxRateName": "New", "RateValue": "5", "TaxAgencyId": "1"}
    answer = service.post("taxservice/taxcode?requestid=t1", {"TaxCode": "New", "TaxRateDetails": [detail]})
    assert set(answer.json()) == {"TaxCode", "TaxCodeId", "TaxRateDetails"}
    replayed = service.post("taxservice/taxcode?requestid=t1", {"TaxCode": "New", "TaxRateDetails": [detail]})
    assert replayed.json() == answer.json()
    refused = service.post("taxservice/taxcode", {"TaxCode": "New", "TaxRateDetails": [detail]})
    assert refused.json()["Fault"]["Error"][0]["code"] == "6240"


def test_currencies_and_rates_are_read_and_set_by_the_client(sample: Service, connect: Connect) -> None:
    client = connect(sample)
    (canadian,) = CompanyCurrency.all(qb=client)
    assert (canadian.Code, canadian.Name) == ("CAD", "Canadian Dollar")
    canadian.Name = "Loonie"
    assert canadian.save(qb=client).Name == "Loonie"
    currency = CompanyCurrency()
    currency.Code, currency.Name = "EUR", "Euro"
    assert int(currency.save(qb=client).Id) > 0
    (rate,) = ExchangeRate.where("SourceCurrencyCode = 'EUR'", qb=client)
    rate.Rate = 2
    assert rate.save(qb=client).Rate == 2
    assert ExchangeRate.where("SourceCurrencyCode = 'EUR'", qb=client)[0].Rate == 2
    read = sample.get("exchangerate", params={"sourcecurrencycode": "EUR", "asofdate": rate.AsOfDate})
    assert (read.json()["ExchangeRate"]["Rate"], read.json()["ExchangeRate"]["TargetCurrencyCode"]) == (2, "USD")


def test_currency_is_refused_while_there_is_but_one(service: Service, connect: Connect) -> None:
    currency = CompanyCurrency()
    currency.Code = "EUR"
    with pytest.raises(QuickbooksException) as refused:
        currency.save(qb=connect(service))
    assert refused.value.error_code == 5020


def test_preferences_sent_back_by_the_client_change_one_thing_alone(sample: Service, connect: Connect) -> None:
    client = connect(sample)
    before = sample.control("preferences", method="GET")
    preferences = Preferences.get(qb=client)
    preferences.EmailMessagesPrefs.EstimateMessage.Subject = "Your estimate"
    preferences.save(qb=client)
    after = sample.control("preferences", method="GET")
    assert after["EmailMessagesPrefs"]["EstimateMessage"]["Subject"] == "Your estimate"
    assert (after["TaxPrefs"], after["CurrencyPrefs"]) == (before["TaxPrefs"], before["CurrencyPrefs"])
    assert sample.post("invoice", invoice_body()).status_code == 200


def test_sample_company_has_a_note_to_change(sample: Service, connect: Connect) -> None:
    note = Attachable.all(max_results=1, qb=connect(sample))[0]
    note.Note = "seen"
    assert note.save(qb=connect(sample)).Note == "seen"
