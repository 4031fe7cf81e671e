"""Name lists: what each record needs, what the company adds, which names collide."""

from typing import Any

import pytest

from .conftest import Books, Record, code_of, form

INCOME, COGS, STOCK = {"value": "79"}, {"value": "80"}, {"value": "81"}
IN_STOCK: Record = {
    "Name": "Hose",
    "Type": "Inventory",
    "QtyOnHand": 10,
    "InvStartDate": "2015-01-01",
    "IncomeAccountRef": INCOME,
    "ExpenseAccountRef": COGS,
    "AssetAccountRef": STOCK,
}


def inactive(books: Books, kind: str, **body: Any) -> Record:
    return books.change(kind, books.create(kind, **body), Active=False)


def test_account_type_follows_from_its_sub_type(books: Books) -> None:
    account = books.create("Account", Name="Till", AccountSubType="CashOnHand", AcctNum="271030")
    assert (account["AccountType"], account["Classification"], account["AcctNum"]) == ("Bank", "Asset", "271030")
    assert books.create("Account", Name="Card", AccountType="Credit Card")["AccountSubType"] == "CreditCard"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "2020"),
        ({"AccountSubType": "Treasure"}, "2170"),
        ({"AccountType": "Treasure"}, "2170"),
        ({"AccountType": "Income", "AccountSubType": "Checking"}, "6430"),
        ({"AccountType": "Bank", "AcctNum": "1" * 21}, "2050"),
        ({"AccountType": "Bank", "Name": "Checking"}, "6240"),
    ],
)
def test_account_that_says_too_little_or_wrong_is_refused(books: Books, body: Record, code: str) -> None:
    assert code_of(lambda: books.create("Account", **{"Name": "New", **body})) == code


def test_item_kept_in_stock_is_stored_with_all_it_needs(books: Books) -> None:
    item = books.create("Item", **IN_STOCK)
    assert (item["TrackQtyOnHand"], item["QtyOnHand"]) == (True, 10)
    assert item["AssetAccountRef"] == {"value": "81", "name": "Inventory Asset"}


@pytest.mark.parametrize("missing", ["QtyOnHand", "InvStartDate", "ExpenseAccountRef", "AssetAccountRef"])
def test_item_kept_in_stock_names_what_is_missing(books: Books, missing: str) -> None:
    assert code_of(lambda: books.create("Item", **{**IN_STOCK, missing: None})) == "2020"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"IncomeAccountRef": {"value": "1"}}, "6430"),
        ({"Type": "Service", "IncomeAccountRef": {"value": "35"}}, "6430"),
        ({"Type": "Service", "IncomeAccountRef": None, "ExpenseAccountRef": None}, "6000"),
        ({"Type": "Gift"}, "2170"),
        ({"Name": "a:b"}, "6000"),
        ({"Name": "n" * 101}, "2050"),
        ({"Sku": "s" * 101}, "2050"),
        ({"Name": "pump"}, "6240"),
    ],
)
def test_wrong_item_is_refused(books: Books, changes: Record, code: str) -> None:
    assert code_of(lambda: books.create("Item", **{**IN_STOCK, **changes})) == code


def test_category_needs_no_account_and_holds_items(books: Books) -> None:
    category = books.create("Item", Name="Water", Type="Category")
    item = books.create("Item", **{**IN_STOCK, "ParentRef": {"value": category["Id"]}})
    assert (item["FullyQualifiedName"], item["SubItem"], item["Level"]) == ("Water:Hose", True, 1)
    sold = {"DetailType": "SalesItemLineDetail", "Amount": 1, "SalesItemLineDetail": {"ItemRef": {"value": "0"}}}
    sold["SalesItemLineDetail"] = {"ItemRef": {"value": category["Id"]}}
    assert code_of(lambda: books.create("Invoice", CustomerRef={"value": "1"}, Line=[sold])) == "2500"


def test_bundle_lists_its_items(books: Books) -> None:
    lines = {"ItemGroupLine": [{"ItemRef": {"value": "11"}, "Qty": 2}]}
    bundle = books.create("Item", Name="Pond", Type="Group", ItemGroupDetail=lines)
    assert bundle["ItemGroupDetail"]["ItemGroupLine"][0]["ItemRef"]["name"] == "Pump"
    assert code_of(lambda: books.create("Item", Name="Lake", Type="Group")) == "2020"


def test_vendor_and_employee_share_names_with_customers(books: Books) -> None:
    vendor = books.create("Vendor", DisplayName="Stone & Co", TaxIdentifier="99-9999999")
    assert (vendor["Vendor1099"], vendor["Balance"], vendor["TaxIdentifier"]) == (False, 0, "XXXXXX9999")
    employee = books.create("Employee", GivenName="Ann", FamilyName="Lee", SSN="123-45-6789")
    assert (employee["DisplayName"], employee["SSN"]) == ("Ann Lee", "XXX-XX-XXXX")
    assert int(employee["Id"]) == int(vendor["Id"]) + 1
    assert code_of(lambda: books.create("Customer", DisplayName="stone & co")) == "6240"
    assert code_of(lambda: books.create("Vendor", DisplayName="Ann Lee")) == "6240"
    assert code_of(lambda: books.create("Employee", DisplayName="Nobody")) == "2020"
    assert code_of(lambda: books.create("Invoice", **form(customer=vendor["Id"]))) == "6250"


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("Vendor", {"DisplayName": "v" * 501}, "2050"),
        ("Vendor", {"DisplayName": "V", "PrimaryEmailAddr": {"Address": "v"}}, "2210"),
        ("Employee", {"GivenName": "E", "HiredDate": "soon"}, "2030"),
        ("Customer", {"DisplayName": "C", "PrimaryPhone": {"FreeFormNumber": "0" * 31}}, "2050"),
        ("Customer", {"DisplayName": "C", "PreferredDeliveryMethod": "Pigeon"}, "2170"),
        ("Customer", {"DisplayName": "C", "CustomerTypeRef": {"value": "9"}}, "2500"),
        ("Term", {"Name": "t" * 32, "DueDays": 1}, "2050"),
        ("Term", {"Name": "T", "DiscountPercent": 101}, "2030"),
        ("PaymentMethod", {"Name": "Barter", "Type": "GOODS"}, "2170"),
        ("Class", {"Name": ""}, "2020"),
    ],
)
def test_wrong_name_list_record_is_refused(books: Books, kind: str, body: Record, code: str) -> None:
    assert code_of(lambda: books.create(kind, **body)) == code


def test_customer_types_are_read_only(books: Books) -> None:
    customer = books.create("Customer", DisplayName="Typed", CustomerTypeRef={"value": "1"})
    assert customer["CustomerTypeRef"] == {"value": "1", "name": "Commercial"}
    assert code_of(lambda: books.create("CustomerType", Name="Public")) == "500"


def test_jobs_carry_the_names_above_them_and_follow_them(books: Books) -> None:
    job = books.create("Customer", DisplayName="Roof", ParentRef={"value": "7"})
    below = books.create("Customer", DisplayName="Gutter", ParentRef={"value": job["Id"]})
    assert (below["FullyQualifiedName"], below["Level"], below["Job"]) == (
        "Freeman Sporting Goods:Roof:Gutter",
        2,
        True,
    )
    books.change("Customer", {"Id": "7"}, DisplayName="Freeman")
    moved = books.read("Customer", below)
    assert (moved["FullyQualifiedName"], moved["SyncToken"]) == ("Freeman:Roof:Gutter", "1")


def test_balance_with_jobs_adds_up(books: Books) -> None:
    books.create("Invoice", **form(100, customer="8"))
    parent = books.read("Customer", {"Id": "7"})
    assert (parent["Balance"], parent["BalanceWithJobs"]) == (0, 100)
    assert books.read("Customer", {"Id": "8"})["BalanceWithJobs"] == 100


def test_record_cannot_stand_below_itself_nor_too_deep(books: Books) -> None:
    assert code_of(lambda: books.change("Customer", {"Id": "7"}, ParentRef={"value": "8"})) == "6000"
    parent = books.create("Class", Name="0")
    for level in range(1, 5):
        parent = books.create("Class", Name=str(level), ParentRef={"value": parent["Id"]})
        assert parent["SubClass"] is True
    assert code_of(lambda: books.create("Class", Name="5", ParentRef={"value": parent["Id"]})) == "6000"


@pytest.mark.parametrize("code", ["2500", "610"])
@pytest.mark.parametrize(
    ("kind", "element"), [("Customer", "CustomerRef"), ("Term", "SalesTermRef"), ("Department", "DepartmentRef")]
)
def test_reference_to_an_inactive_record_is_refused_either_way(
    books: Books, code: str, kind: str, element: str
) -> None:
    books.company.settings.inactive_reference_fault = code
    name = "DisplayName" if kind == "Customer" else "Name"
    gone = inactive(books, kind, **{name: "Gone"})
    body = {**form(), element: {"value": gone["Id"]}}
    assert code_of(lambda: books.create("Invoice", **body)) == code


@pytest.mark.parametrize("code", ["6210", "5010"])
@pytest.mark.parametrize("kind", ["Invoice", "CreditMemo", "SalesReceipt", "Estimate"])
def test_closed_books_refuse_every_kind_of_form(books: Books, code: str, kind: str) -> None:
    books.company.settings.closed_books_fault = code
    record = books.create(kind, **form(TxnDate="2026-01-31"))
    books.prefer("AccountingInfoPrefs", BookCloseDate="2026-01-31")
    assert code_of(lambda: books.create(kind, **form(TxnDate="2026-01-31"))) == code
    assert code_of(lambda: books.change(kind, record, TxnDate="2026-02-01")) == code
    assert code_of(lambda: books.delete(kind, record)) == code
    assert books.create(kind, **form(TxnDate="2026-02-01"))["TxnDate"] == "2026-02-01"
