"""Answers that were cut short: they look like good ones until somebody reads them to the end."""

import pytest
from pydantic import SecretStr
from workorder_bridge.destinations.quickbooks.access import Access, Place
from workorder_bridge.destinations.quickbooks.client import CompanyClient
from workorder_bridge.errors import OutcomeUnknown, Rejected


@pytest.fixture
def client(simulator, token_store):
    ready = simulator.ready
    place = Place("simulator", ready["url"])
    access = Access(place, ready["realm"], ready["client_id"], SecretStr(ready["client_secret"]), token_store)
    return CompanyClient.open(access, 20.0)


def cut_short(answer, **_options):
    answer._content = answer.content[: len(answer.content) // 2]
    assert answer.text.startswith("{")


def test_a_write_whose_answer_was_cut_short_may_have_been_carried_out(client, simulator):
    client.session.hooks["response"].append(cut_short)
    items = [{"bId": "1", "operation": "create", "Customer": {"DisplayName": "Elm Street Dental"}}]
    with pytest.raises(OutcomeUnknown) as raised:
        client.write_batch(items, "request-1")
    assert raised.value.message == "QuickBooks gave an answer nobody can read (HTTP 200)."
    assert raised.value.reference == client.trace_number
    assert "Elm Street Dental" in {customer["DisplayName"] for customer in simulator.all("Customer")}


def test_an_upload_whose_answer_was_cut_short_may_have_been_carried_out(client):
    client.session.hooks["response"].append(cut_short)
    metadata = ("file_metadata_01", (None, '{"FileName": "a.txt"}', "application/json"))
    content = ("file_content_01", ("a.txt", b"signed", "text/plain"))
    with pytest.raises(OutcomeUnknown):
        client.upload_parts([metadata, content], "request-2")


def test_a_read_that_was_cut_short_is_refused_with_a_sentence(client):
    client.session.hooks["response"].append(cut_short)
    with pytest.raises(Rejected) as raised:
        client.ask("SELECT * FROM Customer")
    assert raised.value.message == "QuickBooks gave an answer nobody can read (HTTP 200)."
