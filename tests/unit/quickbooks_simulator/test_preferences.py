"""Preferences that change what becomes of a transaction."""

from datetime import date, timedelta
from typing import Any

import pytest
from quickbooks_simulator.company.custom_fields import DEFINITION, define_field, without_new_fields
from quickbooks_simulator.company.kinds import KINDS
from quickbooks_simulator.faults import Fault
from quickbooks_simulator.operations.replay import Replay
from quickbooks_simulator.operations.writing import Write, carry_out

from .books import Company, company_of, line, prefer, sell

SERVICE_DAY = "2026-05-04"


def everything(company: Company) -> dict[str, Any]:
    """An invoice with all that hangs on a preference."""
    detail = {"ServiceDate": SERVICE_DAY, "ClassRef": {"value": "1"}}
    discount = {"DetailType": "DiscountLineDetail", "Amount": 10, "DiscountLineDetail": {"PercentBased": False}}
    body = {"ClassRef": {"value": "1"}, "DepartmentRef": {"value": "1"}}
    return sell(company, line(100, **detail), discount, **body)


def switch_all(company: Company, on: bool) -> None:
    tracking = {"ClassTrackingPerTxn": on, "ClassTrackingPerTxnLine": on, "TrackDepartments": on}
    prefer(company, "AccountingInfoPrefs", **tracking)
    prefer(company, "SalesFormsPrefs", AllowServiceDate=on, AllowDiscount=on)


def kept(invoice: dict[str, Any]) -> dict[str, bool]:
    detail = invoice["Line"][0]["SalesItemLineDetail"]
    return {
        "class": "ClassRef" in invoice,
        "location": "DepartmentRef" in invoice,
        "line class": "ClassRef" in detail,
        "service date": detail.get("ServiceDate") == SERVICE_DAY,
        "discount": invoice["TotalAmt"] == 90,
    }


@pytest.mark.parametrize(
    ("on", "policy", "stays"), [(True, "dropped", True), (False, "dropped", False), (False, "kept", True)]
)
def test_what_hangs_on_a_preference_stays_or_goes(on: bool, policy: str, stays: bool) -> None:
    company = company_of("sample", off_preferences=policy)
    switch_all(company, on)
    assert set(kept(everything(company)).values()) == {stays}


@pytest.mark.parametrize(
    ("section", "preference"),
    [
        ("AccountingInfoPrefs", "ClassTrackingPerTxn"),
        ("AccountingInfoPrefs", "ClassTrackingPerTxnLine"),
        ("AccountingInfoPrefs", "TrackDepartments"),
        ("SalesFormsPrefs", "AllowServiceDate"),
        ("SalesFormsPrefs", "AllowDiscount"),
    ],
)
def test_what_hangs_on_a_preference_can_be_refused(section: str, preference: str) -> None:
    company = company_of("sample", off_preferences="refused")
    switch_all(company, True)
    everything(company)
    prefer(company, section, **{preference: False})
    with pytest.raises(Fault) as refused:
        everything(company)
    assert refused.value.code == "5020"
    assert preference in refused.value.detail


@pytest.mark.parametrize(
    ("policy", "numbers"), [("kept", ["A7"]), ("replaced", ["1001"]), ("duplicated", ["A7", "A7"])]
)
def test_number_sent_while_the_company_numbers_itself(policy: str, numbers: list[str]) -> None:
    company = company_of("demo", sent_number_when_automatic=policy)
    prefer(company, "SalesFormsPrefs", CustomTxnNumbers=False)
    made = [sell(company, line(1), DocNumber="A7")["DocNumber"] for _ in numbers]
    assert made == numbers
    if policy == "kept":
        with pytest.raises(Fault) as refused:
            sell(company, line(1), DocNumber="A7")
        assert refused.value.code == "6140"


@pytest.mark.parametrize("custom", [True, False])
def test_company_counts_when_it_is_asked_to(custom: bool) -> None:
    company = company_of("demo")
    prefer(company, "SalesFormsPrefs", CustomTxnNumbers=custom)
    first = sell(company, line(1), DocNumber="AUTO_GENERATE")
    assert first["DocNumber"] == "1001"
    assert sell(company, line(1), DocNumber="AUTO_GENERATE")["DocNumber"] == "1002"
    assert company.update(KINDS["Invoice"], {**first, "DocNumber": "AUTO_GENERATE"})["DocNumber"] == "1001"


def test_replaced_number_stays_through_an_update_that_sends_another() -> None:
    company = company_of("demo", sent_number_when_automatic="replaced")
    prefer(company, "SalesFormsPrefs", CustomTxnNumbers=False)
    invoice = sell(company, line(1), DocNumber="A7")
    assert company.update(KINDS["Invoice"], {**invoice, "DocNumber": "A8"})["DocNumber"] == "1001"


@pytest.mark.parametrize("policy", ["replaced", "duplicated"])
def test_custom_numbers_are_kept_whatever_the_switch_says(policy: str) -> None:
    company = company_of("demo", sent_number_when_automatic=policy)
    assert sell(company, line(1), DocNumber="A7")["DocNumber"] == "A7"
    with pytest.raises(Fault):
        sell(company, line(1), DocNumber="A7")


@pytest.mark.parametrize(("apply", "term", "days"), [(False, None, 30), (True, "4", 45)])
def test_default_term_applies_or_not(apply: bool, term: str | None, days: int) -> None:
    company = company_of("demo", default_terms_apply=apply)
    prefer(company, "SalesFormsPrefs", DefaultTerms={"value": "4"})
    customer = company.create(KINDS["Customer"], {"DisplayName": "No term"})
    invoice = sell(company, line(1), CustomerRef={"value": customer["Id"]})
    assert invoice.get("SalesTermRef", {}).get("value") == term
    gap = date.fromisoformat(invoice["DueDate"]) - date.fromisoformat(invoice["TxnDate"])
    assert gap == timedelta(days=days)


@pytest.mark.parametrize("code", ["6210", "5010"])
def test_closed_books_refuse_with_either_fault(code: str) -> None:
    company = company_of("demo", closed_books_fault=code)
    prefer(company, "AccountingInfoPrefs", BookCloseDate="2026-01-31")
    with pytest.raises(Fault, match="period has closed") as refused:
        sell(company, line(1), TxnDate="2026-01-31")
    assert refused.value.code == code
    assert sell(company, line(1), TxnDate="2026-02-01")["TotalAmt"] == 1


def define(company: Company, name: str, field_type: str, *options: str) -> str:
    made = define_field(company.store, name, field_type, list(options))
    company.store.put(DEFINITION, made, company.clock.now())
    return str(made["Id"])


def test_new_fields_hold_text_number_date_and_choice() -> None:
    company = company_of("british")
    information = company.store.find("CompanyInfo", "1") or {}
    plan = [{"Name": "OfferingSku", "Value": "QuickBooks Online Advanced"}]
    company.store.put("CompanyInfo", {**information, "NameValue": plan}, company.clock.now())
    text, number = define(company, "Site", "StringType"), define(company, "Hours", "NumberType")
    day, choice = define(company, "Signed", "DateType"), define(company, "Trade", "ListType", "HVAC", "Roof")
    fields = [
        {"DefinitionId": "1", "StringValue": "4500"},
        {"DefinitionId": text, "StringValue": "Wharf"},
        {"DefinitionId": number, "NumberValue": "2.5"},
        {"DefinitionId": day, "DateValue": SERVICE_DAY},
        {"DefinitionId": choice, "StringValue": "Roof"},
    ]
    stored = sell(company, line(1, "2"), CustomField=fields)["CustomField"]
    assert [each["Name"] for each in stored] == ["P.O. Number", "Site", "Hours", "Signed", "Trade"]
    assert [each["Name"] for each in without_new_fields({"CustomField": stored})["CustomField"]] == ["P.O. Number"]
    for wrong, code in (
        ({"DefinitionId": number, "NumberValue": "many"}, "2030"),
        ({"DefinitionId": day, "DateValue": "soon"}, "2030"),
        ({"DefinitionId": choice, "StringValue": "Sea"}, "2170"),
        ({"DefinitionId": text, "StringValue": "x" * 32}, "2050"),
    ):
        with pytest.raises(Fault) as refused:
            sell(company, line(1, "2"), CustomField=[wrong])
        assert refused.value.code == code


def test_plan_limits_the_number_of_fields() -> None:
    company = company_of("demo")
    define(company, "Third", "StringType")
    define(company, "Fourth", "StringType")
    with pytest.raises(Fault) as refused:
        define(company, "Fifth", "StringType")
    assert refused.value.code == "5020"
    with pytest.raises(Fault) as refused:
        define_field(company_of("demo").store, "Sound", "SoundType", [])
    assert refused.value.code == "2170"


def test_call_changes_no_tax_model_and_no_currency_but_the_rest() -> None:
    company = company_of("sample")
    body = {"TaxPrefs": {"PartnerTaxEnabled": True}, "CurrencyPrefs": {"MultiCurrencyEnabled": False}}
    forms = {"SalesFormsPrefs": {"AllowShipping": True}, "AccountingInfoPrefs": {"BookCloseDate": ""}}
    write = Write("update", KINDS["Preferences"], {**body, **forms})
    answer = carry_out(company, Replay(company.settings, company.clock), write, None)
    assert "PartnerTaxEnabled" not in answer["TaxPrefs"]
    assert answer["CurrencyPrefs"]["MultiCurrencyEnabled"] is True
    assert answer["SalesFormsPrefs"]["AllowShipping"] is True
    assert "BookCloseDate" not in answer["AccountingInfoPrefs"]
