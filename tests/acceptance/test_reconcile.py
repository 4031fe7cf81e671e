"""The tie-out with a real Odoo and a QuickBooks company in which an accountant was at work."""

import csv
import json

import pytest
import requests

WAIT = 120
PERIOD = ("--from", "2026-01-01", "--to", "2027-12-31")


class Ledger:
    """What people do in the company's own screens and forms."""

    def __init__(self, company):
        self._company = company

    def call(self, method, path, **options):
        ready = self._company.ready
        headers = {"Authorization": f"Bearer {ready['access_token']}", "Accept": "application/json"}
        address = f"{ready['url']}/v3/company/{ready['realm']}/{path}"
        answer = requests.request(method, address, headers=headers, timeout=WAIT, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def raise_first_line(self, id_):
        lines = self.call("GET", f"invoice/{id_}")["Invoice"]["Line"]
        line = next(each for each in lines if "Amount" in each and "Id" in each)
        amounts = {line["Id"]: line["Amount"] + 5}
        self._company.control("accountant/edit_invoice", {"id": id_, "amounts": amounts})

    def copy(self, id_, **changes):
        original = self.call("GET", f"invoice/{id_}")["Invoice"]
        line = {"DetailType": "SalesItemLineDetail", "Amount": 9, "SalesItemLineDetail": {"ItemRef": {"value": "2"}}}
        body = {
            "TxnDate": original["TxnDate"],
            "PrivateNote": original["PrivateNote"],
            "CustomerRef": {"value": original["CustomerRef"]["value"]},
            "Line": [line],
            **changes,
        }
        return self.call("POST", "invoice", json=body)["Invoice"]["Id"]


def run(bridge, *arguments):
    process = bridge.start("quickbooks", "reconcile", *arguments)
    out, told = process.communicate(timeout=WAIT)
    assert "Traceback" not in told, told
    return process.returncode, out, told


def document(bridge, *arguments):
    code, out, _ = run(bridge, *PERIOD, "--json", *arguments)
    content = json.loads(out)
    assert content["exit_code"] == code
    return content


def told(content):
    return {line["number"]: line["state"] for line in content["lines"] if line["state"] != "agrees"}


@pytest.fixture
def settled(office, bridge):
    """Everything that earlier tests left is sent; what the tie-out says of it is not this test's affair."""
    bridge.sync()
    return told(document(bridge))


def test_reconcile_names_what_the_accountant_did_and_nothing_else(office, company, bridge, settled, tmp_path):
    numbers = office.post_tickets(8)
    assert set(told(document(bridge)).items()) - set(settled.items()) == {(number, "not_sent") for number in numbers}
    bridge.sync()
    assert told(document(bridge)) == settled
    ids = {number: found[0] for number, found in company.invoices().items()}
    edited, voided, deleted, copied, paid, renoted, undated, _left = numbers
    ledger = Ledger(company)
    ledger.raise_first_line(ids[edited])
    company.control("accountant/void", {"kind": "Invoice", "id": ids[voided]})
    company.control("accountant/delete", {"kind": "Invoice", "id": ids[deleted]})
    copy = ledger.copy(ids[copied], DocNumber=f"{copied[-5:]}-COPY")
    company.control("payments", {"invoice_id": ids[paid], "amount": 50})
    company.control("accountant/edit_invoice", {"id": ids[renoted], "memo": "note without a mark"})
    token = ledger.call("GET", f"invoice/{ids[undated]}")["Invoice"]["SyncToken"]
    moved = {"Id": ids[undated], "SyncToken": token, "sparse": True, "TxnDate": "2028-01-05"}
    ledger.call("POST", "invoice", json=moved)
    typed = f"{numbers[0][:-5]}99999"
    ledger.copy(ids[edited], DocNumber=typed, PrivateNote="typed in")
    ledger.copy(ids[edited], DocNumber="1007", PrivateNote="no business of ours")
    expected = {
        edited: "differs",
        voided: "voided",
        deleted: "deleted",
        copied: "twice",
        paid: "differs",
        undated: "differs",
        typed: "only_there",
    }
    company.control("statistics", method="DELETE")
    content = document(bridge, "--csv", str(tmp_path / "tie-out.csv"))
    assert content["exit_code"] == 1
    assert told(content) == {**settled, **expected}
    counted = company.statistics
    assert (counted["queries"], counted["reads"], counted["writes"], counted["batches"]) == (5, 0, 0, 0)
    lines = {line["number"]: line for line in content["lines"]}
    assert {each["id"] for each in lines[copied]["quickbooks"]} == {copy, ids[copied]}
    assert lines[paid]["quickbooks"][0]["paid"] == "50.00"
    assert lines[paid]["odoo"]["paid"] == "0.00"
    assert lines[edited]["odoo"]["work_orders"][0].startswith("WO")
    assert lines[edited]["odoo"]["purchase_orders"][0].startswith("45")
    assert "2028-01-05" in " ".join(lines[undated]["notes"])
    with (tmp_path / "tie-out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["odoo_number"] or row["quickbooks_number"] for row in rows} == set(lines)
    code, out, _ = run(bridge, *PERIOD)
    assert code == 1
    for number in expected:
        assert number in out
    code, out, _ = run(bridge, "--duplicates-only", "--from", "2026-01-01", "--to", "2027-12-31")
    assert code == 1
    assert f"{copied} twice" in out or f"{copied[-5:]}-COPY twice" in out
    company.control("accountant/void", {"kind": "Invoice", "id": copy})
    code, _, _ = run(bridge, "--duplicates-only", "--from", "2026-01-01", "--to", "2027-12-31")
    assert code == 0
    company.control("accountant/delete", {"kind": "Invoice", "id": ids[undated]})


def test_reconcile_asks_odoo_with_the_key_of_the_connectors_own_user(office, company, keyed):
    number = office.post_tickets(1)[0]
    keyed.sync()
    lines = {line["number"]: line["state"] for line in document(keyed)["lines"]}
    assert lines[number] == "agrees"
