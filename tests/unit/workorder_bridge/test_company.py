"""What is read out of company info and preferences."""

from workorder_bridge.destinations.quickbooks.company import facts_of

PREFERENCES = {
    "SalesFormsPrefs": {
        "CustomTxnNumbers": True,
        "AllowServiceDate": "true",
        "CustomField": [
            {
                "CustomField": [
                    {"Name": "SalesFormsPrefs.UseSalesCustom1", "BooleanValue": True, "Type": "BooleanType"},
                    {"Name": "SalesFormsPrefs.UseSalesCustom2", "BooleanValue": True, "Type": "BooleanType"},
                    {"Name": "SalesFormsPrefs.UseSalesCustom3", "BooleanValue": False, "Type": "BooleanType"},
                ]
            },
            {
                "CustomField": [
                    {"Name": "SalesFormsPrefs.SalesCustomName1", "StringValue": "P.O. Number", "Type": "StringType"},
                    {"Name": "SalesFormsPrefs.SalesCustomName2", "StringValue": "Work Order", "Type": "StringType"},
                    {"Name": "SalesFormsPrefs.SalesCustomName3", "StringValue": "Unused", "Type": "StringType"},
                ]
            },
        ],
    },
    "AccountingInfoPrefs": {"ClassTrackingPerTxnLine": True},
    "CurrencyPrefs": {"HomeCurrency": {"value": "USD"}, "MultiCurrencyEnabled": False},
    "TaxPrefs": {"UsingSalesTax": True},
}


def test_custom_fields_in_use_are_found_by_name():
    assert facts_of({}, PREFERENCES).custom_fields == {"p.o. number": "1", "work order": "2"}


def test_switches_are_read_whatever_their_type():
    facts = facts_of({"CompanyName": "Harbor", "Country": "US"}, PREFERENCES)
    assert (facts.own_numbers, facts.service_dates, facts.class_per_line, facts.sales_tax) == (True, True, True, True)
    assert (facts.multicurrency, facts.class_per_invoice) == (False, False)


def test_absent_preference_counts_as_off():
    facts = facts_of({}, {})
    assert not any((facts.own_numbers, facts.sales_tax, facts.uses_classes, facts.multicurrency))
    assert facts.home_currency == "USD"
