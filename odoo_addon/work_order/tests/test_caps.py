from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .test_time_material import TimeMaterialCase


class CapCase(TimeMaterialCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project_manager = new_test_user(cls.env, "wo_project_manager", "work_order.group_project_manager")

    def capped(self, hours=20, **values):
        """A ticket in progress with caps, and its task of time and materials."""
        ticket = self.hybrid(hours)
        ticket.with_user(self.dispatcher).write(values)
        return self.started(ticket), self.labor_of(ticket)

    def extend(self, ticket, approve=True, **values):
        base = {
            "work_order_id": ticket.id,
            "reason": "Second failure found",
            "requested_by": "T. Alvarez",
            "evidence": "Mail of J. Ortiz",
        }
        extension = self.env["work.order.nte.extension"].with_user(self.dispatcher).create({**base, **values})
        if approve:
            extension.with_user(self.project_manager).action_approve()
        return extension


@tagged("post_install", "-at_install")
class TestCaps(CapCase):
    """Not to exceed: warned near it, stopped at it, extended in writing."""

    def test_b3_order_line_is_the_cap_of_time_and_materials(self):
        _ticket, labor = self.capped(hours=4)  # 360.00
        self.post(labor, 4)
        with self.refused("more than the amount approved for task “HVAC labor” has left", UserError):
            self.post(labor, 0.25)
        with self.refused("is .*360.00; .*360.00 is used and .*22.50 more is asked. Record an extension", UserError):
            self.post(labor, 0.25, user=self.dispatcher)
        labor.time_ids.with_user(self.dispatcher).unit_amount = 3.5
        self.post(labor, 0.5)

    def test_b3_refuses_to_touch_the_files_of_a_decided_extension(self):
        ticket, labor = self.capped()
        extension = self.extend(ticket, approve=False, task_id=labor.id, amount=10)
        file = self.env["ir.attachment"].with_user(self.dispatcher).create({"name": "mail.txt", "raw": b"yes"})
        extension.evidence_ids = file
        extension.with_user(self.project_manager).action_approve()
        for change in (lambda: file.write({"raw": b"no"}), file.unlink):
            with self.refused("evidence of something approved", UserError):
                change()
        self.assertEqual(extension.evidence_ids.raw, b"yes")

    def test_b3_refuses_changes_and_extensions_of_what_only_bills_posted_work(self):
        ticket, labor = self.capped()
        self.post(labor, 4, self.evening_start)
        bucket = labor.bucket_ids
        with self.refused("no such cap", UserError):
            self.extend(ticket, approve=False, task_id=bucket.id, amount=10)
        values = {"work_order_id": ticket.id, "title": "x", "reason": "x", "requested_by": "Pat Doyle"}
        line = Command.create({"kind": "remove", "task_id": bucket.id})
        change = self.env["work.order.change"].with_user(self.dispatcher).create({**values, "line_ids": [line]})
        with self.refused("it bills what was posted on “HVAC labor”", UserError):
            change.action_submit()

    def test_b3_premium_and_parts_count_at_what_they_bill(self):
        ticket, labor = self.capped(hours=6)  # 540.00
        self.post(labor, 3, self.evening_start)  # 2 x 90 + 1 x 135
        self.assertEqual(labor.with_user(self.dispatcher).nte_amount_used, 315.0)
        with self.refused("more than", UserError):
            self.use(labor, self.motor, 1)
        self.motor.list_price = 225
        self.use(labor, self.motor, 1)  # to the cent
        self.assertEqual(labor.nte_amount_used, labor.nte_amount_limit)
        with self.refused("more than", UserError):
            self.post(labor, 0.01)
        self.finish(ticket)
        invoice = self.invoice(ticket)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 540 + 64.2)

    def test_b3_caps_of_task_and_ticket_in_money_and_hours_stop_at_the_cap(self):
        for on_task, values, hours in (
            (True, {"nte_amount": 270}, 3),
            (True, {"nte_hours": 2.5}, 2.5),
            (False, {"nte_amount": 244.2}, 2),  # the filters take 64.20
            (False, {"nte_hours": 3}, 3),
        ):
            with self.subTest(on_task=on_task, values=values):
                ticket = self.hybrid()
                labor = self.labor_of(ticket)
                (labor if on_task else ticket).with_user(self.dispatcher).write(values)
                self.started(ticket)
                self.post(labor, hours - 0.5)
                with self.refused("Ask a dispatcher|Record an extension", UserError):
                    self.post(labor, 0.75)
                self.post(labor, 0.5)
                self.assertEqual(labor.done_quantity, hours)

    def test_b3_hours_on_fixed_tasks_count(self):
        ticket, labor = self.capped(nte_hours=3)
        fixed = ticket.task_ids - labor
        self.post(fixed, 2)
        with self.refused("2.00 hours is used and 1.50 hours more is asked", UserError):
            self.post(labor, 1.5)
        self.post(labor, 1)
        self.assertEqual((ticket.nte_hours_used, ticket.nte_hours_left, ticket.nte_hours_share), (3.0, 0.0, 100.0))

    def test_b3_batch_of_entries_is_stopped_as_a_whole(self):
        _ticket, labor = self.capped(nte_hours=3)
        values = [
            {
                "work_order_id": labor.work_order_id.id,
                "work_order_task_id": labor.id,
                "unit_amount": 1.0,
                "name": str(n),
            }
            for n in range(4)
        ]
        lines = self.env["account.analytic.line"].with_user(self.technician)
        with self.refused("4.00 hours more is asked", UserError):
            lines.create([dict(row) for row in values])
        self.assertFalse(labor.time_ids)
        self.assertFalse(labor.done_quantity)
        lines.create([dict(row) for row in values[:3]])
        self.assertEqual(labor.done_quantity, 3.0)

    def test_b3_warns_the_responsible_once_and_shows_it(self):
        ticket, labor = self.capped(nte_hours=10)
        ticket.user_id = self.dispatcher
        self.post(labor, 7.9)
        self.assertFalse(ticket.activity_ids)
        self.assertFalse(ticket.nte_state)
        self.post(labor, 0.1)
        self.post(labor, 1)
        self.assertEqual(ticket.activity_ids.mapped("user_id"), self.dispatcher)
        self.assertEqual(len(ticket.activity_ids), 1)
        self.assertEqual(
            (ticket.nte_state, ticket.nte_text), ("near", "90 % of the hours approved for this work order is used.")
        )
        self.extend(ticket, hours=10)
        self.assertFalse(ticket.nte_state or ticket.nte_warned)
        self.post(labor, 8)
        self.assertEqual(len(ticket.activity_ids), 2)

    def test_b3_share_to_warn_at_is_the_companys_or_the_tickets(self):
        self.env.company.nte_warn_share = 50
        ticket, labor = self.capped(nte_hours=10)
        other, second = self.capped(nte_hours=10, nte_warn_share=60)
        for task in (labor, second):
            self.post(task, 5)
        self.assertEqual((ticket.nte_warned, other.nte_warned), (True, False))

    def test_b3_approved_extension_makes_room(self):
        ticket, labor = self.capped(hours=2, nte_amount=300)
        self.post(labor, 2)
        with self.refused("more than", UserError):
            self.post(labor, 1)
        self.extend(ticket, approve=False, amount=500, task_id=labor.id)
        with self.refused("more than", UserError):
            self.post(labor, 1)
        ticket.nte_extension_ids.with_user(self.project_manager).action_approve()
        with self.refused("more than the amount approved for this work order", UserError):
            self.post(labor, 1)
        self.extend(ticket, amount=200)
        self.post(labor, 1)
        self.assertEqual((ticket.nte_amount_limit, ticket.nte_amount_used), (500.0, 334.2))
        invoice = self.invoice(self.finish(ticket))
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 334.2)

    def test_b3_hours_of_an_extension_extend_a_cap_by_the_order_at_its_price(self):
        ticket, labor = self.capped(hours=2)
        self.extend(ticket, hours=1.5, task_id=labor.id)
        self.assertEqual(labor.nte_amount_limit, 315.0)

    def test_b3_policy_may_leave_time_and_materials_without_cap(self):
        ticket = self.hybrid(hours=1)
        ticket.type_id.time_material_uncapped = True
        labor = self.labor_of(self.started(ticket))
        self.post(labor, 5)
        self.finish(ticket)
        self.invoice(ticket).action_post()
        strict = self.hybrid(hours=1)
        self.labor_of(strict).is_not_to_exceed = True
        self.started(strict)
        with self.refused("more than", UserError):
            self.post(self.labor_of(strict), 5)

    def test_b3_two_tasks_of_one_order_line_share_its_cap(self):
        ticket, labor = self.capped(hours=4)
        second = labor.with_user(self.dispatcher).copy({"work_order_id": ticket.id})
        second.with_user(self.dispatcher).sale_line_id = labor.sale_line_id
        self.post(labor, 3)
        with self.refused("more than", UserError):
            self.post(second, 2)
        self.post(second, 1)

    def test_b3_refuses_dispatch_of_more_than_is_approved(self):
        ticket = self.hybrid()
        ticket.nte_amount = 70
        ticket.sale_order_id.order_line[1].price_unit = 30  # raised before dispatch: 90.00
        with self.refused("Not to Exceed: the amount approved for this work order is .*70.00, but it comes", UserError):
            self.dispatch(ticket)
        ticket.sale_order_id.order_line[1].price_unit = 21.4
        self.dispatch(ticket)

    def test_b3_refuses_completion_of_more_than_is_approved(self):
        ticket, labor = self.capped(nte_amount=100)
        fixed = ticket.task_ids - labor
        fixed.sale_line_id._write_authorised({"product_uom_qty": 50})
        labor.with_user(self.dispatcher).action_cancel()
        fixed.with_user(self.technician).write({"state": "done", "done_quantity": 40})
        ticket.signed_by = "Pat"
        with self.refused("Not to Exceed: more than the amount approved.*Ask a dispatcher", UserError):
            ticket.with_user(self.technician).action_complete()
        with self.refused("but it comes to .*856.00. Record an extension", UserError):
            ticket.with_user(self.dispatcher).action_complete()
        self.extend(ticket, amount=756)
        ticket.with_user(self.technician).action_complete()

    def test_b3_refuses_posting_an_invoice_of_more_than_is_approved(self):
        ticket, labor = self.capped(nte_amount=500)
        self.post(labor, 1)
        invoice = self.invoice(self.finish(ticket))
        self.env.flush_all()  # a cap lowered behind the back of the model
        self.env.cr.execute("UPDATE work_order SET nte_amount = 100 WHERE id = %s", [ticket.id])
        ticket.invalidate_recordset()
        for n, way in enumerate((invoice.action_post, lambda: invoice.write({"state": "posted"}))):
            with self.subTest(n=n), self.refused("Not to Exceed: the amount approved", UserError):
                way()
        self.env.cr.execute("UPDATE work_order SET nte_amount = 500 WHERE id = %s", [ticket.id])
        ticket.invalidate_recordset()
        invoice.action_post()

    def test_b3_refuses_another_base_cap_once_dispatched(self):
        ticket, labor = self.capped(nte_amount=500, nte_hours=9)
        kind = ticket.type_id.copy({"name": "Free", "time_material_uncapped": True})
        for record, values in (
            (ticket, {"nte_amount": 600}),
            (ticket, {"nte_hours": 0}),
            (ticket, {"type_id": kind.id}),
            (labor, {"nte_amount": 1e6}),
            (labor, {"nte_hours": 1}),
            (labor, {"is_not_to_exceed": True}),
        ):
            for user in (self.dispatcher, self.project_manager, self.env.user):
                with self.subTest(values=values, user=user.login), self.refused("Record an extension", UserError):
                    record.with_user(user).write(values)
        with self.refused("Record an extension", UserError):
            self.env["work.order.task"].with_user(self.dispatcher).with_context(default_nte_amount=1e6).create(
                {"work_order_id": ticket.id, "name": "More", "billing_type": "time_material"}
            )
        self.post(labor, 1)
        ticket.with_user(self.dispatcher).action_hold()
        ticket.with_user(self.dispatcher).write({"nte_amount": 500, "title": "Same cap, other title"})

    def test_b3_refuses_another_base_cap_after_going_back_to_ready(self):
        ticket = self.hybrid()
        ticket.nte_hours = 3
        self.dispatch(ticket)
        self.post(self.labor_of(ticket), 1)
        ticket.with_user(self.dispatcher).write({"state": "ready"})
        with self.refused("Record an extension", UserError):
            ticket.with_user(self.dispatcher).nte_hours = 30

    def test_b3_refuses_extensions_without_evidence_authority_or_cap(self):
        ticket, labor = self.capped(nte_amount=500)
        extension = self.extend(ticket, approve=False, amount=10, evidence=False)
        with self.refused("Evidence is missing", UserError):
            extension.with_user(self.project_manager).action_approve()
        extension.evidence = "Signed form 12"
        for user in (self.dispatcher, self.salesman, self.technician):
            with self.subTest(user=user.login), self.refused("", AccessError):
                extension.with_user(user).action_approve()
        for values in ({"approved_by_id": self.dispatcher.id}, {"approved_on": "2026-01-01"}):
            with self.subTest(values=values), self.refused("is kept by approving", UserError):
                extension.with_user(self.dispatcher).write(values)
        with self.refused("requested first", UserError):
            self.extend(ticket, approve=False, amount=10, state="approved")
        context = {"default_state": "approved", "default_approved_by_id": self.project_manager.id}
        sly = self.env["work.order.nte.extension"].with_user(self.dispatcher).with_context(**context)
        sly = sly.create({"work_order_id": ticket.id, "amount": 10, "reason": "x", "requested_by": "x"})
        self.assertEqual((sly.state, sly.approved_by_id.id), ("draft", False))
        for values in ({"hours": 5}, {"task_id": (ticket.task_ids - labor).id, "amount": 5}):
            with self.subTest(values=values), self.refused("no such cap", UserError):
                self.extend(ticket, approve=False, **values)
        with self.refused("is not one of", UserError):
            self.extend(ticket, approve=False, amount=5, task_id=self.hybrid().task_ids[0].id)

    def test_b3_refuses_to_change_an_approved_extension(self):
        ticket, _labor = self.capped(nte_amount=500)
        extension = self.extend(ticket, amount=10)
        self.assertEqual(extension.approved_by_id, self.project_manager)
        for values in ({"amount": 900}, {"state": "draft"}, {"reason": "x"}, {"work_order_id": self.hybrid().id}):
            with self.subTest(values=values), self.refused("stays as it is", UserError):
                extension.with_user(self.project_manager).write(values)
        with self.refused("stays on record", UserError):
            extension.with_user(self.project_manager).unlink()
        refused = self.extend(ticket, approve=False, amount=10)
        refused.with_user(self.billing).action_refuse()
        self.assertEqual(ticket.nte_amount_limit, 510.0)

    def test_b3_refuses_extensions_of_finished_work(self):
        ticket, labor = self.capped(nte_amount=500)
        self.post(labor, 1)
        self.finish(ticket)
        with self.refused("the work is done", UserError):
            self.extend(ticket, amount=5)

    def test_b3_buyers_po_limit_stops_posting(self):
        self.env["buyer.purchase.order"].create(
            {"number": "4500-1", "partner_id": self.buyer.id, "amount_limit": 600.0, "kind": "blanket"}
        )
        ticket, labor = self.capped(hours=5)  # 450 + 64.20 of 600
        labor.with_user(self.dispatcher)
        self.post(labor, 2, self.evening_start)
        self.assertEqual(ticket.buyer_purchase_order_id.remaining_amount, 85.8)
        self.post(labor, 1, self.evening_start.replace(hour=23))  # at a premium, within what was planned
        self.assertEqual(ticket.buyer_purchase_order_id.remaining_amount, 85.8)
        self.extend(ticket, amount=500, task_id=labor.id)
        with self.refused("more than the buyer's PO has left. Ask a dispatcher", UserError):
            self.use(labor, self.motor, 1)
        with self.refused("Buyer PO 4500-1: .* of its limit is left, but", UserError):
            self.use(labor, self.motor, 1, self.dispatcher)

    def test_b3_technician_sees_hours_left_but_no_money(self):
        ticket, labor = self.capped(nte_amount=500, nte_hours=4)
        self.post(labor, 1)
        mine = ticket.with_user(self.technician)
        self.assertEqual((mine.nte_hours_left, mine.nte_hours_used), (3.0, 1.0))
        self.assertFalse(mine.nte_text)
        for record, names in (
            (mine, ("nte_amount", "nte_amount_limit", "nte_amount_used", "nte_amount_share", "nte_extension_ids")),
            (labor.with_user(self.technician), ("nte_amount", "nte_amount_limit", "nte_amount_used")),
        ):
            for name in names:
                with self.subTest(name=name), self.assertRaises(AccessError):
                    record.read([name])
        with self.assertRaises(AccessError):
            self.env["work.order.nte.extension"].with_user(self.technician).search([])
        with self.assertRaises(UserError):
            mine.write({"nte_hours": 100})
        with Form(mine) as form:
            self.assertEqual(form.nte_hours_left, 3.0)

    def test_b3_extension_of_another_company_is_invisible(self):
        company = self.env["res.company"].create({"name": "Sister"})
        ids = [Command.set(company.ids)]
        outsider = new_test_user(
            self.env, "wo_cap_outsider", "work_order.group_manager", company_id=company.id, company_ids=ids
        )
        ticket, _labor = self.capped(nte_amount=500)
        extension = self.extend(ticket, amount=5)
        self.assertFalse(extension.with_user(outsider).search([("id", "=", extension.id)]))

    def test_b3_many_tickets_are_judged_in_one_call(self):
        tickets = self.env["work.order"].concat(*[self.capped(hours=2)[0] for _n in range(3)])
        labor = self.labor_of(tickets)
        rows = [
            {"work_order_id": task.work_order_id.id, "work_order_task_id": task.id, "unit_amount": hours, "name": "x"}
            for task, hours in zip(labor, (1, 3, 4), strict=True)
        ]
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            self.env["account.analytic.line"].with_user(self.dispatcher).create(rows)
        for ticket, refused in zip(tickets, (False, True, True), strict=True):
            self.assertEqual(ticket.name in str(refusal.exception), refused)

    def test_b3_work_without_caps_costs_no_query(self):
        ticket = self.standard_order().work_order_ids
        ticket.task_ids.mapped("amount")
        ticket.type_id.mapped("name")
        with self.assertQueryCount(0):
            self.assertFalse(ticket._reasons_over_caps())
