"""What a buyer demands, in the very fields that pre-flight judges by (`preflight.case.Profile`), strict unless told."""

from odoo import fields, models

from ..preflight.case import Profile

#: What holds where nobody says otherwise: the defaults of pre-flight itself.
STRICT = Profile()


class BuyerProfile(models.Model):
    _inherit = "buyer.profile"

    # route
    channel = fields.Selection(
        [
            ("email", "E-mail"),
            ("portal", "The buyer's portal, by hand"),
            ("csv", "File drop or portal upload"),
            ("cxml", "cXML (Ariba, Coupa)"),
            ("peppol", "Peppol"),
            ("x12", "X12 EDI"),
            ("platform", "Work-order platform"),
            ("post", "Letter post"),
        ],
        tracking=True,
        help="How invoices reach this buyer.",
    )
    channel_address = fields.Char(
        string="Address", tracking=True, help="Where invoices go: mail address, web address, Peppol ID or mailbox."
    )
    submission_email = fields.Char(help="The buyer's mailbox for invoices, also where another channel is used.")
    invoice_format = fields.Selection(
        [
            ("pdf", "PDF"),
            ("ubl", "UBL (Peppol BIS Billing)"),
            ("cii", "CII / Factur-X"),
            ("cxml", "cXML InvoiceDetailRequest"),
            ("x12_810", "X12 810"),
            ("csv", "CSV"),
            ("json", "JSON of the platform"),
        ],
        tracking=True,
    )
    dialect = fields.Char(help="The buyer's variant of the format, such as “coupa” or “4010”.")
    route_test_required = fields.Boolean(
        string="Test First", help="No invoice is sent before a test invoice went through."
    )
    route_tested_on = fields.Date(string="Tested On", tracking=True)
    remit_to_required = fields.Boolean(string="Remit-to Address Required")
    ship_to_required = fields.Boolean(string="Site Address Required")
    buyer_reference_required = fields.Boolean(help="The invoice must repeat the reference the buyer gave us.")

    # numbers and duplicates
    number_pattern = fields.Char(
        string="Invoice Number Pattern", tracking=True, help="A regular expression that our number must match whole."
    )
    number_max_length = fields.Integer(string="Longest Invoice Number", help="In characters; 0: no limit.")
    rejected_number_reusable = fields.Boolean(
        string="Rejected Number May Return", help="The buyer takes an invoice again under the number it rejected."
    )
    reissue_rule = fields.Selection(
        [("new_number", "A new number"), ("suffix", "The old number with a suffix")],
        string="Corrected Invoice Gets",
        required=True,
        default="new_number",
        tracking=True,
        help="Under which number a corrected invoice is issued.",
    )
    duplicate_window_days = fields.Integer(
        default=STRICT.duplicate_window_days,
        string="Look-alikes Within",
        help="Days in which two invoices of the same work and amount count as duplicates.",
    )
    one_invoice_per_work_order = fields.Boolean(tracking=True)
    grouping = fields.Selection(
        [
            ("work_order", "Work order"),
            ("po", "Buyer PO"),
            ("site", "Site"),
            ("week", "Week"),
            ("month", "Month"),
        ],
        string="One Invoice Per",
        required=True,
        default="work_order",
        tracking=True,
        help="What finished work is put together on one invoice.",
    )

    # references
    po_pattern = fields.Char(
        string="PO Pattern", tracking=True, help="A regular expression that the buyer's PO numbers match whole."
    )
    po_line_by_item = fields.Boolean(
        string="PO Line by Item Code", help="The buyer finds the PO line by item code and unit where the line is empty."
    )
    one_po_per_invoice = fields.Boolean(default=STRICT.one_po_per_invoice, string="One PO per Invoice", tracking=True)
    item_code_required = fields.Boolean(
        tracking=True, help="Every line carries the buyer's own code of the product or service."
    )
    contract_required = fields.Boolean(tracking=True)
    cost_center_required = fields.Boolean(string="Cost Centre Required", tracking=True)
    work_order_required = fields.Boolean(string="Work Order Number Required", tracking=True)

    # quantity, price, amount
    receipts_required = fields.Boolean(tracking=True, help="They pay what they received, not what they ordered.")
    price_tolerance_percent = fields.Float(string="Price Tolerance (%)", digits=(9, 4), tracking=True)
    price_tolerance_amount = fields.Float(string="Price Tolerance (Money)", digits=(16, 6), tracking=True)
    price_tolerance_in_money = fields.Boolean(
        string="Price Also in Money", help="Off: only the percentage limits. On with zero: not a cent more."
    )
    tolerance_either = fields.Boolean(
        string="Either Is Enough", help="Within the percentage or within the amount. Off: within both."
    )
    quantity_tolerance_percent = fields.Float(string="Quantity Tolerance (%)", digits=(9, 4), tracking=True)
    line_tolerance_percent = fields.Float(string="Line Tolerance (%)", digits=(9, 4), tracking=True)
    line_tolerance_amount = fields.Float(string="Line Tolerance (Money)", digits=(16, 6), tracking=True)
    line_tolerance_in_money = fields.Boolean(
        string="Line Also in Money", help="Off: only the percentage limits. On with zero: not a cent more."
    )
    header_tolerance_percent = fields.Float(string="Total Tolerance (%)", digits=(9, 4), tracking=True)
    header_tolerance_amount = fields.Float(string="Total Tolerance (Money)", digits=(16, 6), tracking=True)
    header_tolerance_in_money = fields.Boolean(
        string="Total Also in Money", help="Off: only the percentage limits. On with zero: not a cent more."
    )
    not_to_exceed_includes_tax = fields.Boolean(string="Cap Includes Tax")
    zero_lines_allowed = fields.Boolean(string="Lines at Zero Allowed")
    quantity_decimals = fields.Integer(default=STRICT.quantity_decimals, help="Most decimals a quantity may have.")
    price_decimals = fields.Integer(default=STRICT.price_decimals, help="Most decimals a unit price may have.")

    # charges
    tax_rule = fields.Selection(
        [
            ("any", "As the invoice says"),
            ("exempt", "Exempt: no tax is owed"),
            ("required", "Must be charged"),
            ("barred", "Never on our invoice"),
        ],
        default=STRICT.tax_rule,
        required=True,
        tracking=True,
    )
    tax_rate_tolerance = fields.Float(digits=(9, 4), help="In percentage points, against the rate of the PO.")
    freight_rule = fields.Selection(
        [("any", "Allowed"), ("not_allowed", "Not allowed"), ("po", "As the PO says")],
        default=STRICT.freight_rule,
        required=True,
        tracking=True,
    )
    freight_on = fields.Selection(
        [("either", "Line or total"), ("line", "On a line of its own"), ("header", "With the total")],
        default=STRICT.freight_on,
        required=True,
    )
    other_charges_allowed = fields.Boolean(tracking=True)
    retention_shown = fields.Selection(
        [
            ("any", "As it comes"),
            ("line", "On a line of its own"),
            ("total", "With the total"),
            ("barred", "Never"),
        ],
        default=STRICT.retention_shown,
        required=True,
    )

    # terms and dates
    terms_must_match = fields.Boolean(default=STRICT.terms_must_match, string="Terms as on the PO", tracking=True)
    backdating_days = fields.Integer(
        string="Backdating", help="How many days before today an invoice may be dated; 0: as many as you like."
    )
    submission_days = fields.Integer(
        string="Submit Within", tracking=True, help="Days after completion in which the buyer takes an invoice; 0: any."
    )

    # evidence
    attachments_required = fields.Char(
        string="Required Attachments",
        tracking=True,
        help="Separated by commas: sign_off, photo, timesheet, invoice_pdf, other.",
    )
    attachment_types = fields.Char(
        string="File Types", help="What the buyer takes, separated by commas, such as pdf, jpg. Empty: anything."
    )
    attachment_max_count = fields.Integer(string="Most Attachments", help="0: no limit.")
    attachment_max_bytes = fields.Integer(string="Largest in All (Bytes)", help="0: no limit.")
    sign_off_required = fields.Boolean(string="Sign-off Required", tracking=True)
    stale_after_days = fields.Integer(
        string="Believe Their POs For", help="Days after which what we know of a PO is too old to rely on; 0: for ever."
    )
