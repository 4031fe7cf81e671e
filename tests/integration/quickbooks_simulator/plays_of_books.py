"""Rows of the fault table about the books: what others change, and what the company refuses or does its own way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from .conftest import invoice_body
from .fault_table import Play, Scene, code_of, error_of
from .receiver import listening

CAPTURED = 1000


def line(amount: Any, code: str = "NON", **detail: Any) -> dict[str, Any]:
    sales = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": code}, **detail}
    return {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": sales}


def changed(scene: Scene, since: str) -> Any:
    """The invoices change capture tells of."""
    body = scene.service.get("cdc", params={"entities": "Invoice", "changedSince": since}).json()
    return body["CDCResponse"][0]["QueryResponse"][0].get("Invoice", [])


def read(scene: Scene, invoice: Any) -> requests.Response:
    return scene.service.get(f"invoice/{invoice['Id']}")


def stale_token(scene: Scene) -> None:
    invoice = scene.sell()
    assert scene.change(invoice, PrivateNote="first").status_code == 200
    assert code_of(scene.change(invoice, PrivateNote="second")) == "5010"


def changed_by_somebody(scene: Scene) -> None:
    invoice = scene.sell()
    scene.produce(INVOICE=invoice["Id"])
    (told,) = changed(scene, invoice["MetaData"]["CreateTime"])
    assert (told["SyncToken"], told["PrivateNote"]) == ("1", "call first")
    assert code_of(scene.change(invoice, PrivateNote="ours")) == "5010"


def voided_by_somebody(scene: Scene) -> None:
    invoice = scene.sell()
    payment = scene.service.control("payments", {"invoice_id": invoice["Id"]})["Payment"]
    scene.produce(INVOICE=invoice["Id"])
    voided = read(scene, invoice).json()["Invoice"]
    assert (voided["TotalAmt"], voided["Balance"], voided["PrivateNote"][:6]) == (0, 0, "Voided")
    freed = scene.service.get(f"payment/{payment['Id']}").json()["Payment"]
    assert freed["UnappliedAmt"] == payment["TotalAmt"]


def deleted_by_somebody(scene: Scene) -> None:
    invoice = scene.sell()
    scene.produce(INVOICE=invoice["Id"])
    assert code_of(read(scene, invoice)) == code_of(scene.change(invoice, PrivateNote="ours")) == "610"
    assert [each["status"] for each in changed(scene, invoice["MetaData"]["CreateTime"])] == ["Deleted"]


def paid_and_changed(scene: Scene) -> None:
    invoice = scene.sell()
    scene.produce(INVOICE=invoice["Id"])
    paid = read(scene, invoice).json()["Invoice"]
    assert code_of(scene.change(paid, Line=[line(1)])) == "6000"
    paid = scene.change(paid, PrivateNote="fine").json()["Invoice"]
    token = {"Id": paid["Id"], "SyncToken": paid["SyncToken"]}
    assert scene.service.post("invoice?operation=delete", token).status_code == 200
    assert scene.service.query("select * from Payment")["Payment"][0]["UnappliedAmt"] == paid["TotalAmt"]


def deposited(scene: Scene) -> None:
    invoice = scene.sell()
    payment = scene.service.control("payments", {"invoice_id": invoice["Id"]})["Payment"]
    scene.produce(PAYMENT=payment["Id"])
    current = scene.service.get(f"payment/{payment['Id']}").json()["Payment"]
    assert code_of(scene.service.post("payment", {**current, "PrivateNote": "late"})) == "6540"


def number_twice(scene: Scene) -> None:
    invoice = scene.sell()
    detail = error_of(scene.send())["Detail"]
    assert f"TxnId={invoice['Id']}" in detail
    scene.produce()
    assert scene.send().status_code == 200


def own_numbers(scene: Scene) -> None:
    scene.produce()
    assert scene.sell("A1")["DocNumber"] == "1001"


def name_of_a_vendor(scene: Scene) -> None:
    scene.service.create("vendor", {"DisplayName": "Both"})
    assert code_of(scene.service.post("customer", {"DisplayName": "both"})) == "6240"


def inactive_item(scene: Scene) -> None:
    codes = []
    for which in (0, 1):
        scene.produce(which)
        codes.append(code_of(scene.send()))
    assert codes == ["2500", "610"]


def merged_customers(scene: Scene) -> None:
    invoice = scene.sell()
    scene.produce(CUSTOMER="1")
    assert read(scene, invoice).json()["Invoice"]["CustomerRef"]["value"] == "2"
    loser = scene.service.get("customer/1").json()["Customer"]
    assert (loser["Active"], loser["DisplayName"].endswith(" (deleted)")) == (False, True)


def closed_books(scene: Scene) -> None:
    codes = []
    for which in (0, 1):
        scene.produce(which)
        codes.append(code_of(scene.send(TxnDate="2026-01-31")))
    assert codes == ["6210", "5010"]


def unexpected_tax(scene: Scene) -> None:
    scene.produce()
    assert scene.sell()["TxnTaxDetail"]["TotalTax"] == 14.85


def line_amount(scene: Scene) -> None:
    assert code_of(scene.send(Line=[line(181, Qty=2, UnitPrice=90)])) == "6070"


def cent(scene: Scene) -> None:
    lines = [line(0.2, "TAX")] * 3
    before = scene.sell("A1", Line=lines)["TotalAmt"]
    scene.produce()
    after = scene.sell("A2", Line=lines)["TotalAmt"]
    assert round(after - before, 2) == 0.01


def zero_total(scene: Scene) -> None:
    invoice = scene.sell(Line=[line(0)])
    assert (invoice["TotalAmt"], invoice["Balance"]) == (0, 0)


def negative_total(scene: Scene) -> None:
    assert code_of(scene.send(Line=[line(5), line(-6)])) == "6000"
    assert scene.sell(Line=[line(6), line(-5)])["TotalAmt"] == 1


def other_currency(scene: Scene) -> None:
    assert code_of(scene.send(CurrencyRef={"value": "CAD"})) == "6000"


def other_alphabets(scene: Scene) -> None:
    assert scene.sell(PrivateNote="🔧 Søren’s “job”")["PrivateNote"] == "🔧 Søren’s “job”"
    broken = scene.service.call("POST", "invoice", data=b'{"PrivateNote": "\xff"}')
    assert (broken.status_code, code_of(broken)) == (400, "500")
    query = {"query": "select * from Customer where DisplayName = 'Søren’s'", "minorversion": "40"}
    assert scene.service.get("query", params=query).status_code == 200
    scene.produce()
    assert code_of(scene.service.get("query", params=query)) == "4000"


def too_long(scene: Scene) -> None:
    error = error_of(scene.send("N" * 22))
    assert (error["code"], "Max:21 supplied length:22" in error["Detail"]) == ("2050", True)


def forbidden_characters(scene: Scene) -> None:
    for character in ":\t\n":
        assert code_of(scene.service.post("customer", {"DisplayName": f"A{character}B"})) == "6000"


def bad_address(scene: Scene) -> None:
    assert code_of(scene.send(BillEmail={"Address": "nobody at home"})) == "2210"
    scene.produce(CUSTOMER="1")
    assert code_of(scene.service.get("query", params={"query": "select * from Customer"})) == "4002"


def too_many_lines(scene: Scene) -> None:
    assert code_of(scene.send(Line=[line(1, "TAX")] * 751)) == "6000"
    assert scene.send(Line=[line(1, "TAX")] * 750).status_code == 200


def field_without_definition(scene: Scene) -> None:
    invoice = scene.sell(CustomField=[{"Name": "P.O. Number", "Type": "StringType", "StringValue": "4500"}])
    assert not [each for each in invoice["CustomField"] if "StringValue" in each]


def unknown_property(scene: Scene) -> None:
    error = error_of(scene.send(WorkOrder="WO00005"))
    assert (error["code"], "PONumber" in error["Detail"]) == ("2010", True)


def sparse_lines(scene: Scene) -> None:
    invoice = scene.sell(Line=[line(1), line(2), line(3)])
    left = scene.change(invoice, Line=[line(4)]).json()["Invoice"]
    assert [each["Amount"] for each in left["Line"] if each["DetailType"] == "SalesItemLineDetail"] == [4]


def captured_too_much(scene: Scene) -> None:
    start = datetime.now(UTC)
    for first in range(0, CAPTURED + 1, 30):
        scene.batch(*[{"Invoice": invoice_body(f"A{at}")} for at in range(first, first + 30)])
    assert scene.service.count("Invoice") > CAPTURED
    assert len(changed(scene, (start - timedelta(days=1)).isoformat())) == CAPTURED
    long_ago = {"entities": "Invoice", "changedSince": (start - timedelta(days=31)).isoformat()}
    assert code_of(scene.service.get("cdc", params=long_ago)) == "2030"


def webhooks_gone_wrong(scene: Scene) -> None:
    with listening() as receiver:
        scene.service.control("webhooks", {"url": receiver.url, "verifier_token": "secret"})
        scene.produce()
        invoice = scene.sell()
        scene.service.control("webhooks/settle")
        assert receiver.told.count(("Invoice", "Create", invoice["Id"])) >= 2
        assert not any(post.is_signed_with("secret") for post in receiver.posts)
        assert len(receiver.posts[0].json["eventNotifications"]) == 2


def time_without_offset(scene: Scene) -> None:
    scene.sell()
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    # The company is eight hours behind Greenwich: nine hours ago there is an hour ago here, now there is to come.
    assert len(changed(scene, (now - timedelta(hours=9)).isoformat())) == 1
    assert len(changed(scene, now.isoformat())) == 0


PLAYS: dict[int, Play] = {
    15: stale_token,
    16: changed_by_somebody,
    17: voided_by_somebody,
    18: deleted_by_somebody,
    19: paid_and_changed,
    20: deposited,
    21: number_twice,
    22: own_numbers,
    23: name_of_a_vendor,
    24: inactive_item,
    25: merged_customers,
    26: closed_books,
    27: unexpected_tax,
    28: line_amount,
    29: cent,
    30: zero_total,
    31: negative_total,
    32: other_currency,
    33: other_alphabets,
    34: too_long,
    35: forbidden_characters,
    36: bad_address,
    37: too_many_lines,
    38: field_without_definition,
    39: unknown_property,
    40: sparse_lines,
    41: captured_too_much,
    42: webhooks_gone_wrong,
    43: time_without_offset,
}
