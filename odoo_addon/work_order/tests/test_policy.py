import base64
from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from PIL import Image

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestPolicy(WorkOrderCase):
    """A4: what a type demands acts in the gates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "wo_pm", "work_order.group_project_manager")
        cls.kind = cls.env["work.order.type"].create({"name": "Strict"})

    def _ready(self, **policy):
        self.kind.write(policy)
        ticket = self.standard_order().work_order_ids
        ticket.type_id = self.kind
        return ticket

    def _at_work(self, ticket):
        self.dispatch(ticket)
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.action_done()
        return mine

    def _photo(self, ticket, color):
        stream = BytesIO()
        Image.new("RGB", (2, 2), color).save(stream, "PNG")
        return (
            self.env["ir.attachment"]
            .with_user(self.technician)
            .create(
                {
                    "name": f"{color}.png",
                    "datas": base64.b64encode(stream.getvalue()),
                    "res_model": "work.order",
                    "res_id": ticket.id,
                }
            )
        )

    def test_a4_refuses_to_replace_or_delete_the_proof_of_work_that_is_done(self):
        ticket = self._ready(signature_required=True, photos_required=1)
        mine = self._at_work(ticket)
        photo = self._photo(ticket, "red")
        spare = self._photo(ticket, "blue")
        spare.unlink()
        mine.write({"signed_by": "Pat Doyle", "signature": photo.datas})
        mine.action_complete()
        domain = [("res_model", "=", "work.order"), ("res_id", "=", ticket.id), ("res_field", "=", "signature")]
        signature = self.env["ir.attachment"].sudo().search(domain)
        for user in (self.technician, self.dispatcher):
            for file in (signature.with_user(user), photo.with_user(user)):
                changes = (
                    lambda file=file: file.write({"raw": b"other"}),
                    lambda file=file: file.write({"res_id": 1}),
                    file.unlink,
                )
                for change in changes:
                    with self.assertRaisesRegex(UserError, "signature and photos stay"):
                        change()
        ticket.with_user(self.dispatcher).action_reopen()
        photo.unlink()

    def test_a4_refuses_dispatch_with_everything_the_type_demands_at_once(self):
        ticket = self._ready(
            po_line_required=True, symptom_required=True, after_hours_contact_required=True, approval_required=True
        )
        ticket.task_ids[0].buyer_po_line = False
        with self.assertRaises(UserError) as refusal:
            self.dispatch(ticket)
        for sentence in (
            "“Labor”: PO Line is missing",
            "Symptom is missing",
            "After-Hours Contact is missing",
            "Approved By is missing",
        ):
            self.assertIn(sentence, str(refusal.exception))
        ticket.task_ids[0].buyer_po_line = "10"
        ticket.symptom = "Drips since Monday"
        ticket.site_id.after_hours_contact_id = self.buyer
        ticket.with_user(self.manager).action_approve()
        self.dispatch(ticket)
        self.assertEqual(ticket.state, "dispatched")

    def test_a4_refuses_to_send_anybody_to_an_emergency_nobody_answers_for_at_night(self):
        ticket = self._ready(signature_required=False)
        ticket.type_id = self.env.ref("work_order.type_emergency")
        with self.assertRaisesRegex(UserError, "After-Hours Contact is missing; enter one on the address of the site"):
            self.dispatch(ticket)
        ticket.site_id.after_hours_contact_id = self.buyer
        self.dispatch(ticket)
        self.assertEqual(ticket.state, "dispatched")

    def test_a4_refuses_completion_with_all_missing_proof_at_once(self):
        ticket = self._ready(signature_required=True, photos_required=2, readings_required=True)
        mine = self._at_work(ticket)
        with self.assertRaises(UserError) as refusal:
            mine.action_complete()
        for sentence in ("Signature is missing", "Photos: 0 of 2", "Asset is missing"):
            self.assertIn(sentence, str(refusal.exception))

    def test_a4_proof_brought_by_the_crew_opens_the_gate(self):
        ticket = self._ready(signature_required=True, photos_required=2, readings_required=True)
        asset = self.env["work.order.asset"].create({"name": "Chiller", "partner_id": self.buyer.id})
        ticket.asset_id = asset
        meter = self.env["work.order.meter"].create({"asset_id": asset.id, "name": "Hours", "unit": "h"})
        mine = self._at_work(ticket)
        mine.write({"reading_ids": [Command.create({"meter_id": meter.id, "value": 12})]})
        picture = self._photo(ticket, "red")
        picture.copy()
        self.env.invalidate_all()
        mine.write({"signed_by": "Pat", "signature": picture.datas})
        with self.assertRaisesRegex(UserError, "Photos: 1 of 2"):
            mine.action_complete()
        self._photo(ticket, "blue")
        self.env.invalidate_all()
        mine.action_complete()
        self.assertEqual(ticket.state, "done")

    def test_a4_template_adds_its_proof_to_the_type(self):
        ticket = self._ready(photos_required=1)
        template = self.env["work.order.template"].create(
            {"name": "Strict", "photos_required": 3, "signature_required": True}
        )
        template._apply_to(ticket)
        self.assertEqual((ticket.photos_required, ticket.signature_required), (3, True))

    def test_a4_refuses_approval_by_anybody_but_those_who_may(self):
        ticket = self._ready(approval_required=True)
        ticket.technician_ids = [Command.set((self.technician | self.manager).ids)]
        for user in (self.technician, self.dispatcher, self.billing, self.salesman, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                ticket.with_user(user).action_approve()
        ticket.technician_ids = [Command.set(self.technician.ids)]
        self.kind.approver_ids = self.dispatcher | self.technician
        with self.assertRaises(AccessError):
            ticket.with_user(self.manager).action_approve()
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).action_approve()
        ticket.with_user(self.dispatcher).action_approve()
        self.assertEqual(ticket.approved_by, self.dispatcher)
        with self.assertRaisesRegex(UserError, "approved already"):
            ticket.with_user(self.dispatcher).action_approve()

    def test_a4_refuses_approval_written_instead_of_given(self):
        ticket = self._ready(approval_required=True)
        values = {"approved_by": self.manager.id, "approved_on": "2026-11-20 08:00:00"}
        for user in (self.manager, self.technician):
            with self.assertRaises(AccessError):
                ticket.with_user(user).write(values)
        with self.assertRaises(AccessError):
            self.env["work.order"].with_user(self.manager).create({"title": "x", **values})
        context = {f"default_{name}": value for name, value in values.items()}
        sneaky = self.env["work.order"].with_user(self.manager).with_context(**context).create({"title": "x"})
        self.assertFalse(sneaky.approved_on)

    def test_a4_approval_ends_with_the_scope_it_was_given_for(self):
        ticket = self._ready(approval_required=True)
        ticket.with_user(self.manager).action_approve()
        ticket.scheduled_start = "2026-11-20 08:00:00"
        self.assertTrue(ticket.approved_on)
        ticket.task_ids[0].quantity = 1
        self.assertFalse(ticket.approved_on)
        ticket.with_user(self.manager).action_approve()
        self.assertFalse(ticket.copy().approved_on)
        ticket.action_draft()
        self.assertFalse(ticket.approved_on)

    def test_a4_many_tickets_are_approved_all_or_none(self):
        tickets = self._ready(approval_required=True) | self._ready(approval_required=True)
        plain = self.standard_order().work_order_ids
        with self.assertRaisesRegex(UserError, plain.name):
            (tickets | plain).with_user(self.manager).action_approve()
        self.assertFalse(any(tickets.mapped("approved_on")))
        tickets.with_user(self.manager).action_approve()
        self.assertEqual(tickets.approved_by, self.manager)

    def test_a4_inspection_and_warranty_are_types_an_admin_finds(self):
        self.assertTrue(self.env.ref("work_order.type_inspection").failed_checks_allowed)
        self.assertFalse(self.env.ref("work_order.type_warranty").billable)
