"""What the company does to an invoice, and what it refuses."""

from typing import Any

import pytest

from .conftest import Service, invoice_body


def fault_of(answer: Any) -> tuple[int, str, str]:
    error = answer.json()["Fault"]["Error"][0]
    return answer.status_code, error["code"], error["Detail"]


def with_line(**detail: Any) -> list[dict[str, Any]]:
    amount = detail.pop("Amount", 180)
    merged = {**invoice_body()["Line"][0]["SalesItemLineDetail"], **detail}
    return [{"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": merged}]


def test_invoice_created_gains_what_the_company_adds(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", TxnDate="2026-03-01"))
    assert invoice["DueDate"] == "2026-03-31"
    assert invoice["SalesTermRef"] == {"value": "2", "name": "Net 30"}
    assert invoice["CurrencyRef"]["value"] == "USD"
    assert invoice["BillEmail"] == {"Address": "ap@mercy.example"}
    assert (invoice["TotalAmt"], invoice["Balance"], invoice["TxnTaxDetail"]["TotalTax"]) == (193.5, 193.5, 13.5)
    assert invoice["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["NetAmountTaxable"] == 180
    assert invoice["Line"][-1] == {"Amount": 180.0, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    assert (invoice["SyncToken"], invoice["domain"], invoice["sparse"]) == ("0", "QBO", False)


def test_tax_total_that_was_sent_is_kept_to_the_cent(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", TxnTaxDetail={"TotalTax": "13.51"}))
    assert (invoice["TxnTaxDetail"]["TotalTax"], invoice["TotalAmt"]) == (13.51, 193.51)
    service.control("settings", {"keep_explicit_tax": False})
    invoice = service.create("invoice", invoice_body("A2", TxnTaxDetail={"TotalTax": "13.51"}))
    assert invoice["TotalAmt"] == 193.5


def test_line_without_tax_code_is_not_taxed(service: Service) -> None:
    body = invoice_body("A1")
    del body["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]
    invoice = service.create("invoice", body)
    assert invoice["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert invoice["TotalAmt"] == 180


def test_line_without_item_becomes_text_and_does_not_count(service: Service) -> None:
    text = {"DetailType": "SalesItemLineDetail", "Amount": 50, "Description": "note", "SalesItemLineDetail": {}}
    invoice = service.create("invoice", invoice_body("A1", Line=[*invoice_body()["Line"], text]))
    assert invoice["Line"][1]["DetailType"] == "DescriptionOnly"
    assert invoice["TotalAmt"] == 193.5


def test_discount_lowers_the_total(service: Service) -> None:
    discount = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True, "DiscountPercent": 10}}
    body = invoice_body("A1", Line=[*invoice_body()["Line"], discount], ApplyTaxAfterDiscount=True)
    invoice = service.create("invoice", body)
    assert (invoice["TotalAmt"], invoice["TxnTaxDetail"]["TotalTax"]) == (174.15, 12.15)


def test_custom_field_without_definition_id_is_dropped_silently(service: Service) -> None:
    fields = [{"Name": "P.O. Number", "StringValue": "lost"}, {"DefinitionId": "2", "StringValue": "WO00001"}]
    invoice = service.create("invoice", invoice_body("A1", CustomField=fields))
    assert invoice["CustomField"] == [
        {"DefinitionId": "1", "Name": "P.O. Number", "Type": "StringType"},
        {"DefinitionId": "2", "Name": "Work Order", "Type": "StringType", "StringValue": "WO00001"},
    ]


def test_empty_number_stays_empty_with_custom_numbers_on(service: Service) -> None:
    assert "DocNumber" not in service.create("invoice", invoice_body())


def test_company_numbers_itself_with_custom_numbers_off(service: Service) -> None:
    service.control("preferences", {"SalesFormsPrefs": {"CustomTxnNumbers": False}})
    assert service.create("invoice", invoice_body("1041"))["DocNumber"] == "1041"
    assert service.create("invoice", invoice_body())["DocNumber"] == "1042"


def test_duplicate_number_names_its_holder_unless_the_check_is_off(service: Service) -> None:
    holder = service.create("invoice", invoice_body("A1"))
    status, code, detail = fault_of(service.post("invoice", invoice_body("A1")))
    assert (status, code) == (400, "6140")
    assert detail.endswith(f"DocNumber=A1 is assigned to TxnType=Invoice with TxnId={holder['Id']}")
    service.control("settings", {"check_duplicate_numbers": False})
    assert service.create("invoice", invoice_body("A1"))["Id"] != holder["Id"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"CustomerRef": None}, "6560"),
        ({"CustomerRef": {"value": "99"}}, "2500"),
        ({"Line": []}, "2020"),
        ({"Line": with_line(ItemRef={"value": "99"})}, "2500"),
        ({"Line": with_line(ClassRef={"value": "99"})}, "2500"),
        ({"Line": with_line(UnitPrice=91)}, "6070"),
        ({"Line": with_line(TaxCodeRef={"value": "2"})}, "6100"),
        ({"Line": with_line(Amount=-180, UnitPrice=-90)}, "6000"),
        ({"Line": with_line(Colour="red")}, "2010"),
        ({"Line": [{"DetailType": "Surprise", "Amount": 1}]}, "2170"),
        ({"Line": [{"DetailType": "DiscountLineDetail", "DiscountLineDetail": {}}]}, "6090"),
        ({"SalesTermRef": {"value": "99"}}, "2500"),
        ({"Colour": "red"}, "2010"),
        ({"DocNumber": "N" * 22}, "2050"),
        ({"PrivateNote": "N" * 4001}, "2050"),
        ({"CustomField": [{"DefinitionId": "1", "StringValue": "N" * 32}]}, "2050"),
        ({"BillEmail": {"Address": "nobody"}}, "2210"),
        ({"CurrencyRef": {"value": "CAD"}}, "6000"),
        ({"TxnDate": "tomorrow"}, "2030"),
        ({"DeliveryInfo": {"DeliveryType": ""}}, "2020"),
    ],
)
def test_wrong_invoice_is_refused_and_nothing_is_stored(service: Service, change: dict[str, Any], code: str) -> None:
    answer = service.post("invoice", {**invoice_body("A1"), **change})
    assert fault_of(answer)[:2] == (400, code)
    assert answer.json()["Fault"]["type"] == "ValidationFault"
    assert service.count("Invoice") == 0


def test_unknown_property_names_the_known_ones(service: Service) -> None:
    detail = fault_of(service.post("invoice", {**invoice_body("A1"), "Colour": "red"}))[2]
    assert "Unrecognized field Colour" in detail
    assert '"PONumber"' in detail


def test_inactive_item_is_refused_on_a_new_invoice(service: Service) -> None:
    item = service.get("item/2").json()["Item"]
    service.create("item", {**item, "Active": False})
    assert fault_of(service.post("invoice", invoice_body("A1")))[:2] == (400, "2500")


def test_closed_books_refuse_create_void_and_delete(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", TxnDate="2026-01-31"))
    service.control("preferences", {"AccountingInfoPrefs": {"BookCloseDate": "2026-01-31"}})
    token = {"Id": invoice["Id"], "SyncToken": "0"}
    for answer in (
        service.post("invoice", invoice_body("A2", TxnDate="2026-01-31")),
        service.post("invoice?operation=void", token),
        service.post("invoice?operation=delete", token),
        service.post("invoice", {**token, "sparse": True, "TxnDate": "2026-02-01"}),
    ):
        assert fault_of(answer)[:2] == (400, "6210")
    assert service.create("invoice", invoice_body("A3", TxnDate="2026-02-01"))["TxnDate"] == "2026-02-01"


def test_sparse_update_keeps_the_rest_and_replaces_the_lines_whole(service: Service) -> None:
    lines = [*invoice_body()["Line"], *invoice_body()["Line"]]
    invoice = service.create("invoice", invoice_body("A1", PrivateNote="note", Line=lines))
    token = {"Id": invoice["Id"], "SyncToken": "0", "sparse": True}
    updated = service.create("invoice", {**token, "CustomerMemo": {"value": "Hello"}})
    assert (updated["PrivateNote"], updated["TotalAmt"], updated["SyncToken"]) == ("note", 387.0, "1")
    updated = service.create("invoice", {**token, "SyncToken": "1", "Line": [invoice["Line"][1]]})
    assert [line.get("Id") for line in updated["Line"]] == ["2", None]
    assert updated["TotalAmt"] == 193.5


def test_full_update_empties_what_is_left_out_and_gives_new_line_ids(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", PrivateNote="note"))
    updated = service.create("invoice", {**invoice_body("A1"), "Id": invoice["Id"], "SyncToken": "0"})
    assert "PrivateNote" not in updated
    assert updated["Line"][0]["Id"] == "2"
    assert updated["MetaData"]["CreateTime"] == invoice["MetaData"]["CreateTime"]


def test_stale_token_changes_nothing(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    token = {"Id": invoice["Id"], "SyncToken": "7", "sparse": True, "PrivateNote": "late"}
    assert fault_of(service.post("invoice", token))[:2] == (400, "5010")
    assert service.get(f"invoice/{invoice['Id']}").json()["Invoice"] == invoice


def test_deleted_invoice_is_not_found_again_and_frees_its_number(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1"))
    token = {"Id": invoice["Id"], "SyncToken": "0"}
    deleted = service.create("invoice?operation=delete", token)
    assert deleted == {"domain": "QBO", "status": "Deleted", "Id": invoice["Id"]}
    assert fault_of(service.get(f"invoice/{invoice['Id']}"))[:2] == (400, "610")
    assert fault_of(service.post("invoice", {**invoice_body("A1"), **token}))[:2] == (400, "610")
    assert service.create("invoice", invoice_body("A1"))["Id"] != invoice["Id"]


def test_voided_invoice_keeps_its_note_after_the_word(service: Service) -> None:
    invoice = service.create("invoice", invoice_body("A1", PrivateNote="[wb:1]"))
    voided = service.create("invoice?operation=void", {"Id": invoice["Id"], "SyncToken": "0"})
    assert (voided["PrivateNote"], voided["TotalAmt"], voided["SyncToken"]) == ("Voided - [wb:1]", 0, "1")


@pytest.mark.parametrize(("path", "code"), [("invoice/abc", "2030"), ("invoice/99", "610"), ("nonsense/1", "500")])
def test_read_of_what_is_not_there_is_refused(service: Service, path: str, code: str) -> None:
    assert fault_of(service.get(path))[:2] == (400, code)


def test_customer_name_is_unique_in_any_case_and_has_no_colon(service: Service) -> None:
    assert fault_of(service.post("customer", {"DisplayName": "MERCY general hospital"}))[:2] == (400, "6240")
    assert fault_of(service.post("customer", {"DisplayName": "a:b"}))[:2] == (400, "6000")
    assert fault_of(service.post("customer", {"DisplayName": "N" * 501}))[:2] == (400, "2050")
    assert fault_of(service.post("customer", {"CompanyName": "No name"}))[:2] == (400, "2020")
    assert fault_of(service.post("customer", {"DisplayName": "x", "Id": "1"}))[:2] == (400, "2020")


def test_customer_balance_follows_invoices_and_payments(service: Service) -> None:
    service.create("invoice", invoice_body("A1"))
    service.control("payments", {"invoice_doc_number": "A1", "amount": "93.50"})
    assert service.get("customer/1").json()["Customer"]["Balance"] == 100
    assert service.query("select * from Customer where Id = '1'")["Customer"][0]["Balance"] == 100
    assert service.get("customer/1").json()["Customer"]["SyncToken"] == "0"


def test_body_that_is_no_json_or_no_text_is_refused(service: Service) -> None:
    assert fault_of(service.call("POST", "invoice", data=b"{"))[:2] == (400, "2010")
    assert fault_of(service.call("POST", "invoice", data=b"[]"))[:2] == (400, "2010")
    assert fault_of(service.call("POST", "invoice", data=b'{"DocNumber":"\xff"}'))[:2] == (400, "500")
