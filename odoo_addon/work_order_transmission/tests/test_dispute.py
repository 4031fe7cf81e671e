from odoo.addons.work_order.models.work_order_dispute import REASONS
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.settlement_errors import BUYER_REASONS
from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestTransmissionDispute(TransmissionCase):
    """D7: a buyer's rejection opens a dispute; what differs in our own books does not."""

    def answer(self, row, state, **values):
        batch = self.claim()
        result = self.result(row, state, message="PO 4500-1 is closed", **values)
        self.settle(batch["lease"], result)
        return batch["lease"], result

    def test_d7_reasons_are_the_same_on_both_sides(self):
        self.assertEqual(BUYER_REASONS, tuple(code for code, _label in REASONS))

    def test_d7_a_buyers_rejection_opens_a_dispute_once(self):
        row = self.queued()
        lease, result = self.answer(row, "rejected", buyer_reason="REF")
        dispute = row.invoice_id.dispute_ids
        self.assertEqual((dispute.reason, dispute.text, dispute.raised_by), ("REF", "PO 4500-1 is closed", "buyer"))
        self.assertEqual((dispute.number_rejected, dispute.work_order_ids), (True, row.work_order_ids))
        self.settle(lease, result)
        self.assertEqual(row.invoice_id.dispute_ids, dispute)

    def test_d7_a_buyers_dispute_leaves_the_number_alone(self):
        row = self.queued()
        self.answer(row, "disputed", external_id="7", buyer_reason="PRI")
        self.assertEqual(
            (row.invoice_id.dispute_ids.reason, row.invoice_id.dispute_ids.number_rejected), ("PRI", False)
        )

    def test_d7_rejections_and_differences_in_our_own_books_open_none(self):
        rows = self.queued(2)
        batch = self.claim()
        self.settle(
            batch["lease"],
            self.result(rows[0], "rejected", message="Duplicate number."),
            self.result(rows[1], "disputed", external_id="8", message="Total differs."),
        )
        self.assertEqual(rows.mapped("state"), ["rejected", "disputed"])
        self.assertFalse(rows.invoice_id.dispute_ids)

    def test_d7_refuses_to_send_a_rejected_number_again_where_the_buyer_forbids_it(self):
        row = self.queued()
        self.answer(row, "rejected", buyer_reason="REF")
        profile = self.env["buyer.profile"].create({"partner_id": row.invoice_id.commercial_partner_id.id})
        with self.assertRaisesRegex(UserError, "takes no rejected number again"):
            row.action_try_again()
        profile.rejected_number_reusable = True
        row.action_try_again()
        self.assertEqual(row.state, "cancelled")

    def test_d7_refuses_a_reason_nobody_knows(self):
        row = self.queued()
        batch = self.claim()
        with self.assertRaisesRegex(UserError, "buyer_reason must be one of REF"):
            self.settle(batch["lease"], self.result(row, "rejected", buyer_reason="XXX"))
        self.assertFalse(row.invoice_id.dispute_ids)
        self.assertEqual(row._open_dispute("NON", " ").reason, "OTH")
