"""What is put into the books past the API, and how the API shows it."""

from typing import Any

import pytest
import requests

from .conftest import TIMEOUT, Service, invoice_body


def field_names(answer: requests.Response) -> list[str]:
    body = answer.json()
    invoice = body["Invoice"] if "Invoice" in body else body["QueryResponse"]["Invoice"][0]
    return [each["Name"] for each in invoice["CustomField"]]


def test_new_custom_fields_are_seen_by_those_who_ask_for_them(service: Service) -> None:
    made = service.control("custom_fields", {"name": "Site", "type": "StringType"})["CustomFieldDefinition"]
    field = {"DefinitionId": made["Id"], "StringValue": "Wharf"}
    query = {"query": "select * from Invoice"}
    plain, everything = ["P.O. Number", "Work Order"], ["P.O. Number", "Work Order", "Site"]
    created = service.post("invoice", invoice_body("A1", CustomField=[field]))
    address = f"invoice/{created.json()['Invoice']['Id']}"
    asking = {"include": "enhancedAllCustomFields"}
    assert field_names(created) == field_names(service.get(address)) == plain
    assert field_names(service.get("query", params=query)) == plain
    assert field_names(service.get(address, params=asking)) == everything
    assert field_names(service.get("query", params={**query, **asking})) == everything


def test_bad_address_laid_over_a_customer_breaks_queries_and_change_capture(service: Service) -> None:
    service.control("stored", {"kind": "Customer", "id": "1", "values": {"PrimaryEmailAddr": {"Address": "none"}}})
    query = {"query": "select * from Customer"}
    captured = {"entities": "Customer", "changedSince": service.get("item/1").json()["Item"]["MetaData"]["CreateTime"]}
    for answer in (service.get("query", params=query), service.get("cdc", params=captured)):
        assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "4002")
    assert service.get("customer/1").json()["Customer"]["SyncToken"] == "1"
    service.control("settings", {"bad_email_breaks_answers": False})
    assert service.get("query", params=query).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "Customer", "id": "1"},
        {"kind": "Customer", "id": "1", "values": {}},
        {"kind": "Customer", "id": "1", "values": {"SyncToken": "9"}},
        {"kind": "Customer", "id": "1", "values": {"Balance": 5.0}},
        {"kind": "Customer", "id": "99", "values": {"Notes": "x"}},
        {"kind": "Ship", "id": "1", "values": {"Notes": "x"}},
        {"values": {"Notes": "x"}, "colour": "red"},
    ],
)
def test_what_cannot_be_laid_over_is_refused(service: Service, body: Any) -> None:
    answer = requests.post(f"{service.url}/simulator/stored", json=body, timeout=TIMEOUT)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    "body", [{}, {"name": "Site", "type": "Sound"}, {"name": "S", "type": "ListType", "options": 1}]
)
def test_field_that_makes_no_sense_is_refused(service: Service, body: Any) -> None:
    answer = requests.post(f"{service.url}/simulator/custom_fields", json=body, timeout=TIMEOUT)
    assert answer.status_code == 400
