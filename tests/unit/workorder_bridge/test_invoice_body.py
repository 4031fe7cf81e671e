"""From the document to the JSON of a QuickBooks invoice."""

import hashlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workorder_bridge.destinations.quickbooks.company import MANUAL, CompanyFacts
from workorder_bridge.destinations.quickbooks.invoice_body import draft_invoice, price_explains_amount
from workorder_bridge.destinations.quickbooks.wire import to_json
from workorder_bridge.document import parse_document
from workorder_bridge.document_parts import ProductLine
from workorder_bridge.errors import DocumentInvalid, MappingIncomplete
from workorder_bridge.examples import example_buyer, example_content, example_document, example_line, example_tables
from workorder_bridge.ports import Mapped, Parcel, Row, Tables

KEY = "0123456789abcdef0123456789abcdef"
FACTS = CompanyFacts(
    name="Harbor",
    country="US",
    home_currency="USD",
    multicurrency=False,
    sales_tax=True,
    own_numbers=True,
    service_dates=True,
    class_per_invoice=False,
    class_per_line=True,
    custom_fields={"p.o. number": "1", "work order": "2"},
)


def parcel(text: str | None = None) -> Parcel:
    text = text or example_document()
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = Row(id=5, index="1", key=KEY, revision=1, sha256=digest, document=text)
    return Parcel(row, parse_document(text, digest))


def body(text: str | None = None, tables: Tables | None = None, company: CompanyFacts = FACTS, **options: bool):
    options = {"may_create_customer": True, **options}
    return draft_invoice(parcel(text), tables or example_tables(), company, **options).for_customer("1")


def facts(**changes: object) -> CompanyFacts:
    return CompanyFacts(**{**FACTS.__dict__, **changes})


def one_line(**changes: object) -> str:
    line = example_line(**changes)
    subtotal, tax = line["subtotal"], line["tax_amount"]
    totals = {"untaxed": subtotal, "tax": tax, "total": str(Decimal(subtotal) + Decimal(tax))}
    return example_document(lines=[line], totals=totals)


def test_example_becomes_the_whole_invoice():
    assert body() == {
        "DocNumber": "INV/2026/00001",
        "TxnDate": "2026-11-22",
        "DueDate": "2026-12-22",
        "CurrencyRef": {"value": "USD"},
        "CustomerRef": {"value": "1"},
        "SalesTermRef": {"value": "3"},
        "BillEmail": {"Address": "ap@mercy.example"},
        "TxnTaxDetail": {"TotalTax": Decimal("13.50")},
        "CustomField": [
            {"DefinitionId": "1", "Type": "StringType", "StringValue": "4500012345"},
            {"DefinitionId": "2", "Type": "StringType", "StringValue": "WO00003"},
        ],
        "CustomerMemo": {
            "value": "PO 4500012345 | Work order WO00003 | Service 2026-11-18 to 2026-11-20 | "
            "2/10 Net 30: deduct 3.60 USD if paid by 2026-12-02"
        },
        "PrivateNote": f"Work orders: WO00003 | PO: 4500012345 | Odoo INV/2026/00001 [wb:{KEY}]",
        "Line": [
            {"DetailType": "DescriptionOnly", "Description": "North tower", "DescriptionLineDetail": {}},
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": Decimal("180.00"),
                "Description": "HVAC labor\n"
                "[WO00003 | PO 4500012345 line 10 | item MERCY-HVAC-01 | cost centre CC-HVAC]",
                "SalesItemLineDetail": {
                    "ItemRef": {"value": "2"},
                    "Qty": Decimal("2"),
                    "UnitPrice": Decimal("90.00"),
                    "TaxCodeRef": {"value": "TAX"},
                    "ServiceDate": "2026-11-20",
                    "ClassRef": {"value": "101"},
                },
            },
        ],
    }


def test_amounts_are_written_as_numbers_with_their_digits():
    assert '"Amount":180.00,' in to_json(body())
    assert json.loads(to_json(body()), parse_float=Decimal)["TxnTaxDetail"]["TotalTax"] == Decimal("13.50")


def test_float_is_never_written():
    with pytest.raises(TypeError, match="float"):
        to_json({"Amount": 1.1})


def test_discounted_line_goes_without_price_and_names_it():
    line = body(one_line(discount_percent="10", subtotal="162.00", tax_amount="12.15"))["Line"][0]
    assert line["Amount"] == Decimal("162.00")
    assert not {"Qty", "UnitPrice"} & line["SalesItemLineDetail"].keys()
    assert "2 Hours at 90.00 less 10%" in line["Description"]


@given(
    quantity=st.decimals("-999", "9999", places=3),
    price=st.decimals("-9999", "9999", places=8),
    subtotal=st.decimals("-99999", "99999", places=2),
)
def test_price_is_sent_only_when_it_gives_the_amount(quantity, price, subtotal):
    line = ProductLine.model_validate(
        example_line(quantity=f"{quantity:f}", unit_price=f"{price:f}", subtotal=f"{subtotal:f}")
    )
    if price_explains_amount(line):
        assert abs(quantity * price - subtotal) <= Decimal("0.005")
        assert (price * 10**7) % 1 == 0


def test_lines_add_up_to_the_untaxed_total_under_global_rounding():
    lines = [
        example_line(id=1, quantity="1.5", discount_percent="12.5", subtotal="118.13", taxes=[], tax_amount="0"),
        example_line(id=2, quantity="7", unit_price="21.455", subtotal="150.19", tax_amount="11.26"),
        example_line(id=3, quantity="0.1", unit_price="0.30", subtotal="0.03", taxes=[], tax_amount="0"),
    ]
    totals = {"untaxed": "268.34", "tax": "11.26", "total": "279.60"}
    sent = body(example_document(lines=lines, totals=totals))["Line"]
    assert [line["Amount"] for line in sent] == [Decimal("118.12"), Decimal("150.19"), Decimal("0.03")]
    assert "Qty" in sent[1]["SalesItemLineDetail"]


def test_untaxed_line_needs_no_mapping():
    detail = body(one_line(taxes=[], tax_amount="0.00"), example_tables(taxes={}))["Line"][0]["SalesItemLineDetail"]
    assert detail["TaxCodeRef"] == {"value": "NON"}


def test_every_gap_is_told_at_once():
    with pytest.raises(MappingIncomplete) as caught:
        body(tables=Tables(), may_create_customer=False)
    assert {gap.table for gap in caught.value.gaps} == {
        "quickbooks_customers",
        "quickbooks_items",
        "quickbooks_taxes",
        "quickbooks_terms",
        "quickbooks_classes",
    }


def test_customer_that_may_be_created_is_no_gap():
    draft = draft_invoice(parcel(), example_tables(customers={}), FACTS, may_create_customer=True)
    assert draft.customer_id == ""


def test_cost_center_is_a_gap_only_where_classes_are_used():
    company = facts(class_per_line=False)
    assert "ClassRef" not in body(tables=example_tables(classes={}), company=company)["Line"][1]["SalesItemLineDetail"]


def test_class_goes_on_the_invoice_where_quickbooks_keeps_it_there():
    sent = body(company=facts(class_per_line=False, class_per_invoice=True))
    assert sent["ClassRef"] == {"value": "101"}
    assert "ClassRef" not in sent["Line"][1]["SalesItemLineDetail"]


def test_parts_with_nothing_to_say_are_left_out():
    content = example_content(
        buyer=example_buyer(email=""), terms=None, service_start=None, buyer_po="", work_orders=[]
    )
    content["lines"][1].update(buyer_po="", buyer_po_line="", buyer_item_code="", work_order="", cost_center=None)
    sent = body(json.dumps(content))
    assert not {"BillEmail", "SalesTermRef", "CustomField", "CustomerMemo"} & sent.keys()
    assert sent["Line"][1]["Description"] == "HVAC labor"


@pytest.mark.parametrize(
    ("text", "company", "said"),
    [
        (example_document(number="INV/2026/0000000000001"), FACTS, "The invoice number has 22 characters"),
        (example_document(buyer=example_buyer(email="a@" + "b" * 100)), FACTS, "e-mail address has 102 characters"),
        (example_document(buyer=example_buyer(email="ap at mercy")), FACTS, "is not one"),
        (one_line(product=None), FACTS, "has no product"),
        (one_line(description="x" * 4001), FACTS, "text of line 1 has"),
        (one_line(quantity="-2", subtotal="-180.00", tax_amount="-13.50"), FACTS, "negative"),
        (example_document(currency="EUR"), FACTS, "knows only USD"),
        (example_document(), facts(sales_tax=False), "sales tax is not set up"),
    ],
)
def test_what_quickbooks_would_refuse_is_refused_before_sending(text, company, said):
    with pytest.raises(DocumentInvalid) as caught:
        body(text, company=company)
    assert said in caught.value.message


def test_all_reasons_are_told_at_once():
    text = example_document(number="N" * 22, currency="EUR", buyer=example_buyer(email="nobody"))
    with pytest.raises(DocumentInvalid) as caught:
        body(text)
    assert len(caught.value.problems) == 3


def test_tax_mapped_to_a_rate_code_is_refused():
    with pytest.raises(MappingIncomplete, match="only TAX or NON"):
        body(tables=example_tables(taxes={"5": Mapped(id="2", name="Ohio")}))


def test_manual_tax_takes_one_rate_per_invoice():
    lines = [
        example_line(id=1, taxes=[{"id": 5, "name": "7.5%"}]),
        example_line(id=2, taxes=[{"id": 6, "name": "9%"}], tax_amount="16.20"),
    ]
    totals = {"untaxed": "360.00", "tax": "29.70", "total": "389.70"}
    tables = example_tables(taxes={"5": Mapped(id="2", name="Ohio"), "6": Mapped(id="3", name="Tucson")})
    with pytest.raises(DocumentInvalid, match="mapped to the codes 2, 3; QuickBooks takes one code per invoice"):
        body(example_document(lines=lines, totals=totals), tables, facts(tax_model=MANUAL))


def test_cost_center_becomes_the_location_of_a_company_that_tracks_locations_only():
    company = facts(class_per_line=False, departments=True)
    tables = example_tables(classes={}, locations={"7": Mapped(id="4", name="Columbus")})
    assert body(tables=tables, company=company)["DepartmentRef"] == {"value": "4"}
    with pytest.raises(MappingIncomplete) as caught:
        body(tables=example_tables(classes={}), company=company)
    assert [gap.table for gap in caught.value.gaps] == ["quickbooks_locations"]


def test_location_goes_beside_the_class_where_there_is_a_row():
    company = facts(departments=True)
    assert "DepartmentRef" not in body(company=company)
    sent = body(tables=example_tables(locations={"7": Mapped(id="4", name="Columbus")}), company=company)
    assert sent["DepartmentRef"] == {"value": "4"}
    assert sent["Line"][1]["SalesItemLineDetail"]["ClassRef"] == {"value": "101"}


def test_two_locations_on_one_invoice_are_left_to_the_lines():
    lines = [example_line(id=n, cost_center={"id": n, "code": f"C{n}", "name": f"Centre {n}"}) for n in (1, 2)]
    totals = {"untaxed": "360.00", "tax": "27.00", "total": "387.00"}
    rows = {"1": Mapped(id="4", name="Columbus"), "2": Mapped(id="5", name="Dayton")}
    sent = body(
        example_document(lines=lines, totals=totals, cost_center=None),
        example_tables(locations=rows),
        facts(class_per_line=False, departments=True),
    )
    assert "DepartmentRef" not in sent
    assert all(f"cost centre C{n}" in line["Description"] for n, line in enumerate(sent["Line"], 1))


def test_hundreds_of_work_orders_fit_and_the_marker_stays():
    orders = [{**example_content()["work_orders"][0], "number": f"WO{n:05}"} for n in range(2000)]
    sent = body(example_document(work_orders=orders))
    assert len(sent["PrivateNote"]) <= 4000
    assert sent["PrivateNote"].endswith(f"[wb:{KEY}]")
    assert "more" in sent["PrivateNote"]
    assert len(sent["CustomerMemo"]["value"]) <= 1000
    assert len(sent["CustomField"][1]["StringValue"]) <= 31
