import json

from odoo.addons.work_order.tests.common import WorkOrderCase
from odoo.tests import new_test_user


class TransmissionCase(WorkOrderCase):
    """An active destination, the bridge's user, and invoices on their way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A destination of the demo data would get rows of its own.
        cls.env["work.order.destination"].search([]).write({"state": "draft"})
        cls.bridge = new_test_user(cls.env, "wt_bridge", "work_order_transmission.group_connector")
        cls.manager = new_test_user(cls.env, "wt_manager", "work_order.group_manager")
        cls.journal = cls.env["account.journal"].create({"name": "QuickBooks Payments", "code": "TQB", "type": "bank"})
        cls.destination = cls.new_destination("books")
        cls.destination.action_activate()
        cls.offered = cls.env["work.order.destination"].with_user(cls.bridge)

    @classmethod
    def new_destination(cls, code, **values):
        return cls.env["work.order.destination"].create(
            {
                "name": f"Books of {code}",
                "code": code,
                "realm": "9341450000000009",
                "payment_journal_id": cls.journal.id,
                "responsible_id": cls.billing.id,
                "all_invoices": True,
                **values,
            }
        )

    def draft_invoice(self, order=None):
        order = order or self.standard_order()
        return self.invoice(self.complete(order.work_order_ids))

    def posted_invoice(self, order=None):
        invoice = self.draft_invoice(order)
        invoice.invoice_date = "2026-11-22"
        invoice.action_post()
        return invoice

    def row_of(self, invoice):
        """The row that is not withdrawn."""
        return invoice.sudo().transmission_ids.filtered(lambda row: row.state != "cancelled")

    def queued(self, count=1):
        """Rows of new invoices, oldest first. They bill no work order; see posted_invoice for the slower kind."""
        lines = [
            (0, 0, {"product_id": self.labor.id, "quantity": 2, "price_unit": 90.0, "tax_ids": []}),
            (0, 0, {"product_id": self.part.id, "quantity": 3, "price_unit": 21.4, "tax_ids": self.tax.ids}),
        ]
        for _command, _id, line in lines:
            line["cost_center_id"] = self.center.id
        values = {
            "move_type": "out_invoice",
            "partner_id": self.buyer.id,
            "invoice_date": "2026-11-22",
            "invoice_payment_term_id": False,
            "invoice_line_ids": lines,
        }
        invoices = self.env["account.move"].create([dict(values) for _turn in range(count)])
        invoices.action_post()
        return invoices.transmission_ids.sorted("id")

    def claim(self, code="books", **options):
        return self.offered.claim(code, **options)

    def settle(self, lease, *results, code="books", **options):
        return self.offered.settle(code, lease, list(results), **options)

    def result(self, row, state, **more):
        return {"id": row.id, "key": row.key, "state": state, **more}

    def received(self, row, external_id="101", **more):
        return self.result(
            row,
            "received",
            external_id=external_id,
            external_number=row.name,
            external_version="0",
            external_total=json.loads(row.document)["totals"]["total"],
            **more,
        )

    def arrived(self, external_id="101"):
        """The row of a new invoice that was sent and received."""
        row = self.queued()
        batch = self.claim()
        self.settle(batch["lease"], self.received(row, external_id))
        return row

    def expire(self, rows):
        """Let the leases run out, as if the worker had died and time had passed."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE work_order_transmission SET lease_until = now() AT TIME ZONE 'UTC' - interval '1 minute' "
            "WHERE id = ANY(%s)",
            [rows.ids],
        )
        rows.invalidate_recordset()
