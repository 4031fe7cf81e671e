"""What each buyer demands of our work orders and invoices; the columns are the fields of Odoo's buyer profile."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from workorder_mappings.fields import Amount, Code, Day, Flag, Key, Text, Whole, choice, words
from workorder_mappings.tables.row import MappingRow

_CHANNELS = ("email", "portal", "csv", "cxml", "peppol", "x12", "platform", "post")
_FORMATS = ("pdf", "ubl", "cii", "cxml", "x12_810", "csv", "json")
_KINDS = ("sign_off", "photo", "timesheet", "invoice_pdf", "other")


class Buyer(MappingRow):
    """One buyer."""

    table = "buyers"
    key = ("buyer",)

    buyer: Key = Field(description="The customer's reference, VAT number or name in Odoo.")
    channel: Annotated[str | None, choice(*_CHANNELS)] = Field(default=None, description="How invoices reach them.")
    channel_address: Code = Field(default=None, description="Mail or web address, Peppol ID or mailbox.")
    submission_email: Code = Field(default=None, description="Their mailbox for invoices.")
    invoice_format: Annotated[str | None, choice(*_FORMATS)] = Field(default=None, description="What is sent.")
    dialect: Code = Field(default=None, description="Their variant of the format, such as coupa or 4010.")
    route_test_required: Flag = Field(default=None, description="No invoice before a test went through.")
    route_tested_on: Day = Field(default=None, description="The day a test went through.")
    remit_to_required: Flag = Field(default=None, description="Invoices name our remit-to address.")
    ship_to_required: Flag = Field(default=None, description="Invoices name the site's address.")
    buyer_reference_required: Flag = Field(default=None, description="Invoices repeat the reference they gave us.")
    number_pattern: Code = Field(default=None, description="Regular expression our invoice numbers match whole.")
    number_max_length: Whole = Field(default=None, description="Longest invoice number; 0: no limit.")
    rejected_number_reusable: Flag = Field(default=None, description="A rejected number may be used again.")
    reissue_rule: Annotated[str | None, choice("new_number", "suffix")] = Field(
        default=None, description="Under which number a corrected invoice is issued."
    )
    duplicate_window_days: Whole = Field(default=None, description="Days in which look-alikes count as duplicates.")
    one_invoice_per_work_order: Flag = Field(default=None, description="One invoice for a work order, never two.")
    grouping: Annotated[str | None, choice("work_order", "po", "site", "week", "month")] = Field(
        default=None, description="What is put together on one invoice."
    )
    po_required: Flag = Field(default=None, description="No dispatch without their PO number.")
    po_pattern: Code = Field(default=None, description="Regular expression their PO numbers match whole.")
    po_line_required: Flag = Field(default=None, description="Every task names a line of the PO.")
    po_line_by_item: Flag = Field(default=None, description="They find the line by item code and unit.")
    one_po_per_invoice: Flag = Field(default=None, description="An invoice names one PO.")
    item_code_required: Flag = Field(default=None, description="Every line has their item code.")
    contract_required: Flag = Field(default=None, description="Invoices name the contract.")
    cost_center_required: Flag = Field(default=None, description="Every line has a cost centre.")
    work_order_required: Flag = Field(default=None, description="Invoices name the work order.")
    receipts_required: Flag = Field(default=None, description="They pay what they received.")
    price_tolerance_percent: Amount = Field(default=None, description="Price above the PO they still accept, in %.")
    price_tolerance_amount: Amount = Field(default=None, description="The same in money; empty: not in money.")
    tolerance_either: Flag = Field(default=None, description="Within % or money is enough; no: within both.")
    quantity_tolerance_percent: Amount = Field(default=None, description="Quantity above the PO, in %.")
    line_tolerance_percent: Amount = Field(default=None, description="Value of a line above the PO, in %.")
    line_tolerance_amount: Amount = Field(default=None, description="The same in money; empty: not in money.")
    header_tolerance_percent: Amount = Field(default=None, description="Total above the PO, in %.")
    header_tolerance_amount: Amount = Field(default=None, description="The same in money; empty: not in money.")
    not_to_exceed_includes_tax: Flag = Field(default=None, description="Their cap counts tax.")
    zero_lines_allowed: Flag = Field(default=None, description="Lines at zero may be on an invoice.")
    quantity_decimals: Whole = Field(default=None, description="Most decimals of a quantity.")
    price_decimals: Whole = Field(default=None, description="Most decimals of a unit price.")
    tax_rule: Annotated[str | None, choice("any", "exempt", "required", "barred")] = Field(
        default=None, description="Tax on our invoices."
    )
    tax_rate_tolerance: Amount = Field(default=None, description="In percentage points.")
    freight_rule: Annotated[str | None, choice("any", "not_allowed", "po")] = Field(
        default=None, description="Freight on our invoices; po: as the PO says."
    )
    freight_on: Annotated[str | None, choice("either", "line", "header")] = Field(
        default=None, description="Where freight stands."
    )
    other_charges_allowed: Flag = Field(default=None, description="Charges beyond goods, services and freight.")
    retention_shown: Annotated[str | None, choice("any", "line", "total", "barred")] = Field(
        default=None, description="Where retention stands."
    )
    terms_must_match: Flag = Field(default=None, description="Payment terms as on the PO.")
    backdating_days: Whole = Field(default=None, description="How far back an invoice may be dated; 0: any.")
    submission_days: Whole = Field(default=None, description="Days after completion to submit in; 0: any.")
    attachments_required: Annotated[str | None, words(*_KINDS)] = Field(
        default=None, description=f"Of {', '.join(_KINDS)}, separated by commas."
    )
    attachment_types: Text = Field(default=None, description="Such as application/pdf, image/jpeg; empty: anything.")
    attachment_max_count: Whole = Field(default=None, description="Most attachments; 0: no limit.")
    attachment_max_bytes: Whole = Field(default=None, description="Most bytes in all; 0: no limit.")
    sign_off_required: Flag = Field(default=None, description="No invoice without sign-off.")
    stale_after_days: Whole = Field(default=None, description="Days their POs are believed for; 0: for ever.")
    billing_instructions: Text = Field(default=None, description="What they want to see on, or with, an invoice.")
