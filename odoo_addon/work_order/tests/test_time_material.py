from datetime import timedelta

import pytz
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_premium import PremiumCase


class TimeMaterialCase(PremiumCase):
    """A hybrid order: twenty hours of time and materials at 90.00 and three filters at a fixed price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.motor = cls.product("Motor", 400.0, policy="none", type="consu", standard_price=250.0)
        # a Wednesday long past, 09:00 and 16:00 in New York
        cls.day = fields.Date.today() - timedelta(days=28)
        cls.day -= timedelta(days=(cls.day.weekday() - 2) % 7)
        midnight = pytz.timezone("America/New_York").localize(fields.Datetime.to_datetime(cls.day))
        cls.morning, cls.evening_start = (
            (midnight + timedelta(hours=hour)).astimezone(pytz.utc).replace(tzinfo=None) for hour in (9, 16)
        )

    def hybrid(self, hours=20, **values):
        order = self.sale_order(
            (self.hvac, hours, {"buyer_po_line": "10", "buyer_item_code": "M-1", **self.by_time()}),
            (self.part, 3, {"buyer_po_line": "20"}),
            **values,
        )
        order.action_confirm()
        return order.work_order_ids

    def by_time(self):
        return {"work_order_billing_type": "time_material"}

    def started(self, tickets):
        self.dispatch(tickets)
        tickets.with_user(self.technician).action_start()
        return tickets

    def post(self, task, hours, start=None, user=None, **values):
        user = user or self.technician
        start = start or self.morning
        base = {
            "work_order_id": task.work_order_id.id,
            "work_order_task_id": task.id,
            "unit_amount": hours,
            "user_id": user.id,
            "date": fields.Date.to_date(start),
            "work_order_start": start,
        }
        return self.env["account.analytic.line"].with_user(user).create({**base, **values})

    def use(self, task, product, quantity, user=None, **values):
        user = user or self.technician
        return (
            self.env["work.order.part"]
            .with_user(user)
            .create(
                {
                    "work_order_id": task.work_order_id.id,
                    "work_order_task_id": task.id,
                    "product_id": product.id,
                    "quantity": quantity,
                    "date": self.day,
                    "user_id": user.id,
                    **values,
                }
            )
        )

    def finish(self, tickets):
        mine = tickets.with_user(self.technician)
        mine.task_ids.action_done()
        mine.write({"signed_by": "Pat Doyle"})
        mine.action_complete()
        return tickets

    def labor_of(self, tickets):
        return tickets.task_ids.filtered(lambda task: task.billing_type == "time_material" and not task.bucket_of_id)

    def rows(self, lines, price="price_unit"):
        return sorted((line.product_id.name, line.quantity, line[price]) for line in lines)


@tagged("post_install", "-at_install")
class TestTimeMaterial(TimeMaterialCase):
    """Fixed tasks bill what was agreed, time and materials what was posted, both on one invoice."""

    def test_b5_product_says_the_billing_type_and_the_order_line_may_differ(self):
        self.hvac.work_order_billing_type = "time_material"
        order = self.sale_order((self.hvac, 1), (self.hvac, 2, {"work_order_billing_type": "fixed"}), (self.part, 1))
        order.action_confirm()
        tasks = order.work_order_ids.task_ids
        self.assertEqual(tasks.mapped("billing_type"), ["time_material", "fixed", "fixed"])
        order.order_line[2].work_order_billing_type = "time_material"
        self.assertEqual(tasks[2].billing_type, "time_material", "the plan follows the order until dispatch")

    def test_b5_hybrid_invoice_is_fixed_lines_and_posted_time_and_parts(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.post(labor, 1.5)
        self.post(labor, 4, self.evening_start)  # two hours regular, two in the evening
        self.use(labor, self.motor, 1)
        self.post(ticket.task_ids - labor - labor.bucket_ids, 3)  # cost of the fixed price only
        self.assertEqual(labor.done_quantity, 3.5)
        self.finish(ticket)
        invoice = self.invoice(ticket)
        self.assertEqual(
            self.rows(invoice.invoice_line_ids),
            [
                ("Filter", 3.0, 21.4),
                ("HVAC labor", 3.5, 90.0),
                ("HVAC labor after hours", 2.0, 135.0),
                ("Motor", 1.0, 400.0),
            ],
        )
        billed = invoice.invoice_line_ids.filtered(lambda line: line.product_id == self.after_hours)
        self.assertEqual(
            (billed.buyer_po, billed.buyer_po_line, billed.buyer_item_code, billed.cost_center_id, billed.service_date),
            ("4500-1", "10", "M-1", self.center, self.day),
        )
        self.assertEqual(invoice.invoice_line_ids.mapped("authority"), ["task"] * 4)
        self.assertEqual(invoice.invoice_line_ids.work_order_id, ticket, "posted time and parts lead back to it too")
        invoice.action_post()
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(invoice.amount_untaxed, 64.2 + 315 + 270 + 400)
        self.assertFalse(ticket.sale_order_id.order_line.filtered("qty_to_invoice"))

    def test_b5_fixed_price_is_not_billed_by_time(self):
        ticket = self.started(self.standard_order().work_order_ids)
        self.post(ticket.task_ids[0], 7)
        self.use(ticket.task_ids[0], self.motor, 2)
        invoice = self.invoice(self.finish(ticket))
        self.assertEqual(self.rows(invoice.invoice_line_ids), [("Filter", 3.0, 21.4), ("Labor", 2.0, 90.0)])

    def test_b5_changed_and_deleted_entries_change_what_is_billed(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        entry, motor = self.post(labor, 2), self.use(labor, self.motor, 2)
        night = self.post(labor, 1, self.evening_start + timedelta(hours=4))
        bucket = labor.bucket_ids.filtered(lambda task: task.product_id == self.motor)
        entry.unit_amount = 3
        motor.quantity = 1
        self.assertEqual((labor.done_quantity, bucket.done_quantity), (3.0, 1.0))
        motor.unlink()
        night.unlink()
        self.assertEqual(
            set(labor.bucket_ids.mapped(lambda task: (task.done_quantity, task.state))), {(0, "cancelled")}
        )
        self.use(labor, self.motor, 2)
        self.assertEqual((len(labor.bucket_ids), bucket.done_quantity, bucket.state), (2, 2.0, "todo"))
        invoice = self.invoice(self.finish(ticket))
        self.assertEqual(
            self.rows(invoice.invoice_line_ids),
            [("Filter", 3.0, 21.4), ("HVAC labor", 3.0, 90.0), ("Motor", 2.0, 400.0)],
        )

    def test_b5_moved_entry_leaves_nothing_behind(self):
        ticket, other = self.started(self.hybrid()), self.started(self.hybrid())
        first, second = self.labor_of(ticket), self.labor_of(other)
        entry, part = self.post(first, 2), self.use(first, self.motor, 1)
        for record in (entry, part):
            record.with_user(self.dispatcher).write({"work_order_id": other.id, "work_order_task_id": second.id})
        self.assertEqual((first.done_quantity, second.done_quantity), (0.0, 2.0))
        self.assertEqual(
            (first.bucket_ids.done_quantity, first.bucket_ids.state, second.bucket_ids.done_quantity),
            (0.0, "cancelled", 1.0),
        )

    def test_b5_parts_at_cost_plus_are_billed_by_their_cost_to_the_cent(self):
        ticket = self.hybrid()
        labor = self.labor_of(ticket)
        labor.parts_markup = 15.5
        self.started(ticket)
        self.use(labor, self.motor, 1)
        self.use(labor, self.motor, 3, self.dispatcher, unit_cost=33.33)
        self.use(labor, self.motor, 1)
        self.finish(ticket)
        self.assertEqual(
            self.rows(self.invoice(ticket).invoice_line_ids.filtered(lambda line: line.product_id == self.motor)),
            [("Motor", 2.0, 288.75), ("Motor", 3.0, 38.5)],
        )

    def test_b5_parts_follow_the_policy_of_the_type(self):
        ticket = self.hybrid()
        ticket.type_id.write({"parts_pricing": "cost_plus", "parts_markup": 10})
        self.use(self.labor_of(self.started(ticket)), self.motor, 1)
        self.assertEqual(self.labor_of(ticket).bucket_ids.price_unit, 275.0)

    def test_b5_price_of_a_part_stays_once_posted(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.use(labor, self.motor, 1)
        self.motor.list_price = 500
        self.use(labor, self.motor, 1)
        self.assertEqual((labor.bucket_ids.done_quantity, labor.bucket_ids.price_unit), (2.0, 400.0))

    def test_b5_parts_of_the_tasks_own_product_are_billed_at_the_agreed_price(self):
        order = self.sale_order((self.part, 5, {**self.by_time(), "price_unit": 19.0}))
        order.action_confirm()
        ticket = self.started(order.work_order_ids)
        self.use(ticket.task_ids, self.part, 4)
        self.assertEqual((ticket.task_ids.done_quantity, len(ticket.task_ids)), (4.0, 1))
        with self.refused("billed in Units, not by time", UserError):
            self.post(ticket.task_ids, 1)

    def test_b5_minimum_hours_are_billed_once_a_shift(self):
        self.saturday.minimum_hours = 4
        ticket = self.started(self.hybrid())
        labor, saturday = self.labor_of(ticket), self.morning + timedelta(days=3)
        self.post(labor, 1, saturday)
        self.post(labor, 1.5, saturday + timedelta(hours=5), self.dispatcher)
        self.assertEqual(labor.bucket_ids.mapped("done_quantity"), [4.0])

    def test_b8_time_without_start_takes_the_rate_of_its_day(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.post(labor, 2, date=self.day + timedelta(days=3), work_order_start=False)
        self.post(labor, 3, date=self.day, work_order_start=False)
        self.assertEqual((labor.bucket_ids.done_quantity, labor.done_quantity), (2.0, 3.0))
        self.assertEqual(labor.bucket_ids.price_unit, 135.0)

    def test_b8_refuses_hours_at_a_premium_that_the_customer_has_not_approved(self):
        self.buyer.after_hours_approval = True
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.post(labor, 1)
        with self.refused("Premium Approved By", UserError):
            self.post(labor, 1, self.evening_start + timedelta(hours=3))
        ticket.premium_approved_by = "J. Ortiz"
        self.post(labor, 1, self.evening_start + timedelta(hours=3))

    def test_b8_refuses_to_change_a_rate_that_work_was_billed_by(self):
        ticket = self.started(self.hybrid())
        self.post(self.labor_of(ticket), 1, self.evening_start + timedelta(hours=3))
        for values in ({"price": 200}, {"hour_from": 20}, {"active": False}, {"date_to": "2020-01-01"}):
            with self.subTest(values=values), self.refused(f"is in use: {ticket.name}", UserError):
                self.evening.write(values)
        self.evening.name = "Late"
        self.finish(ticket)
        self.evening.date_to = fields.Date.today()
        with self.refused("is in use", UserError):
            self.evening.price = 200

    def test_b5_buckets_follow_references_and_state_of_their_task(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.use(labor, self.motor, 1)
        bucket = labor.bucket_ids
        ticket.buyer_po = "4500-2"
        labor.buyer_item_code = "M-77"
        self.assertEqual((bucket.buyer_po, bucket.buyer_item_code, bucket.buyer_po_line), ("4500-2", "M-77", "10"))
        labor.with_user(self.technician).action_done()
        self.assertEqual((bucket.state, bucket.service_date), ("done", self.day))
        labor.with_user(self.technician).action_todo()
        self.assertEqual(bucket.state, "todo")
        self.assertEqual(ticket.version, 2, "posting is no change of scope")

    def test_b5_refuses_quantities_by_hand(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.post(labor, 2)
        self.use(labor, self.motor, 1)
        for user in (self.technician, self.dispatcher, self.env.user):
            with self.subTest(user=user.login), self.refused("follows the time and parts posted", UserError):
                labor.with_user(user).write({"state": "done", "done_quantity": 5})
        with self.refused("follows the time and parts posted", UserError):
            self.env["work.order.task"].with_context(default_done_quantity=4).create(
                {"work_order_id": ticket.id, "name": "x", "billing_type": "time_material"}
            )
        for values in ({"done_quantity": 9}, {"sale_line_id": False}, {"product_id": 1}):
            with self.subTest(values=values), self.refused("follows it", UserError):
                labor.bucket_ids.with_user(self.dispatcher).write(values)
        tasks = self.env["work.order.task"].with_user(self.dispatcher)
        with self.refused("not by hand", UserError):
            tasks.create({"work_order_id": ticket.id, "name": "x", "bucket_of_id": labor.id})
        task = tasks.with_context(default_bucket_of_id=labor.id).create({"work_order_id": ticket.id, "name": "x"})
        self.assertFalse(task.bucket_of_id)

    def test_b5_refuses_to_touch_what_bills_posted_work(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        fixed = ticket.task_ids - labor
        self.use(labor, self.motor, 1)
        bucket, line = labor.bucket_ids, labor.bucket_ids.sale_line_id
        ticket.with_user(self.dispatcher).action_hold()
        for record, values in (
            (fixed, {"bucket_of_id": labor.id}),
            (labor, {"bucket_ids": [Command.link(fixed.id)]}),
            (labor, {"bucket_ids": [Command.delete(bucket.id)]}),
            (ticket, {"task_ids": [Command.update(bucket.id, {"done_quantity": 5})]}),
            (ticket, {"task_ids": [Command.delete(bucket.id)]}),
            (ticket, {"task_ids": [Command.delete(labor.id)]}),
        ):
            with self.subTest(values=values), self.refused("posted", UserError):
                record.with_user(self.dispatcher).write(values)
        self.env.cr.execute("UPDATE work_order SET state = 'ready' WHERE id = %s", [ticket.id])
        ticket.invalidate_recordset()
        for record, values in (
            (line, {"price_unit": 4000}),
            (line, {"product_uom_qty": 5}),
            (line, {"is_posted_work": False}),
            (fixed.sale_line_id, {"is_posted_work": True}),
        ):
            with self.subTest(values=values), self.refused("bills time or parts that were posted", UserError):
                record.with_user(self.salesman).write(values)

    def test_b5_refuses_another_billing_type_once_the_crew_is_sent(self):
        ticket = self.dispatch(self.hybrid())
        labor = self.labor_of(ticket)
        with self.refused("was agreed before the crew", UserError):
            labor.with_user(self.dispatcher).billing_type = "fixed"
        with self.refused("cannot change any more", UserError):
            labor.sale_line_id.work_order_billing_type = "fixed"
        with self.refused("was agreed before the crew", UserError):
            labor.with_user(self.dispatcher).parts_markup = 50
        self.post(labor, 1)
        ticket.with_user(self.dispatcher).write({"state": "ready"})
        with self.refused("was agreed before the crew", UserError):
            labor.with_user(self.dispatcher).billing_type = "fixed"

    def test_b5_refuses_completion_without_anything_posted(self):
        ticket = self.started(self.hybrid())
        ticket.signed_by = "Pat"
        ticket.task_ids.with_user(self.technician).action_done()
        with self.refused("no time or parts are posted", UserError):
            ticket.with_user(self.technician).action_complete()
        self.use(self.labor_of(ticket), self.motor, 1)
        ticket.with_user(self.technician).action_complete()
        self.assertEqual(ticket.state, "done")

    def test_b5_refuses_posting_an_invoice_that_bills_more_than_was_posted(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.post(labor, 2)
        self.use(labor, self.motor, 1)
        invoice = self.invoice(self.finish(ticket))
        motor = invoice.invoice_line_ids.filtered(lambda line: line.product_id == self.motor)
        with self.refused("2 would be invoiced, but 1 was done", UserError):
            motor.quantity = 2
            invoice.action_post()
        with self.refused("was authorised", UserError):
            motor.price_unit = 500
            invoice.action_post()
        invoice.action_post()

    def test_b5_reopened_work_takes_more_time_and_bills_the_rest(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.post(labor, 2)
        self.finish(ticket)
        with self.refused("accepts no time or cost", UserError):
            self.post(labor, 1)
        ticket.with_user(self.dispatcher).action_reopen()
        self.post(labor, 1)
        self.use(labor, self.motor, 1)
        self.assertEqual((labor.done_quantity, labor.bucket_ids.state), (3.0, "done"))
        ticket.with_user(self.technician).action_complete()
        self.assertEqual(len(self.invoice(ticket).invoice_line_ids), 3)

    def test_b5_many_tickets_bill_each_their_own(self):
        order = self.sale_order(
            *[(self.hvac, 4, {**self.by_time(), "work_site_id": site.id}) for site in (self.site, self.buyer)]
        )
        order.action_confirm()
        tickets = self.started(order.work_order_ids | self.hybrid())
        labor = self.labor_of(tickets)
        values = [
            {
                "work_order_id": task.work_order_id.id,
                "work_order_task_id": task.id,
                "unit_amount": n + 1,
                "user_id": self.dispatcher.id,
                "date": self.day,
                "work_order_start": self.evening_start,
            }
            for n, task in enumerate(labor)
        ]
        self.env["account.analytic.line"].with_user(self.dispatcher).create(values)
        self.assertEqual(labor.mapped("done_quantity"), [1.0, 2.0, 2.0])
        self.assertEqual(labor.bucket_ids.mapped("done_quantity"), [1.0])
        self.finish(tickets)
        self.invoice(tickets).action_post()
        for task in labor | labor.bucket_ids:
            self.assertEqual(task.invoice_line_ids.mapped("quantity"), [task.done_quantity])
            self.assertEqual(task.invoice_line_ids.work_order_id, task.work_order_id)

    def test_b5_copies_start_without_what_was_posted(self):
        ticket = self.started(self.hybrid())
        self.use(self.labor_of(ticket), self.motor, 1)
        self.assertEqual(len(ticket.copy().task_ids), 2)
        self.assertEqual(len(ticket.sale_order_id.copy().order_line), 2)

    def test_b5_order_confirmed_again_issues_no_task_for_posted_work(self):
        ticket = self.started(self.hybrid())
        labor = self.labor_of(ticket)
        self.use(labor, self.motor, 1)
        order = ticket.sale_order_id
        ticket.with_user(self.dispatcher).action_cancel()
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        again = order.work_order_ids - ticket
        self.assertEqual(again.task_ids.product_id, self.hvac | self.part)

    def test_b5_technician_posts_and_sees_no_price(self):
        ticket = self.started(self.hybrid())
        self.use(self.labor_of(ticket), self.motor, 1)
        mine = ticket.with_user(self.technician)
        with Form(mine) as form:
            self.assertEqual(len(form.task_ids), 3)
        for name in ("price_unit", "amount", "rate_id", "parts_markup"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                mine.task_ids.read([name])

    def test_b5_ticket_without_technicians_right_is_not_touched(self):
        ticket = self.started(self.hybrid())
        ticket.technician_ids = [Command.clear()]
        with self.assertRaises(AccessError):
            self.post(self.labor_of(ticket), 1)
