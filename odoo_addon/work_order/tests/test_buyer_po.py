from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from .common import WorkOrderCase


class BuyerPoCase(WorkOrderCase):
    """A register with one blanket PO: line 10 of 10 hours, line 20 of $100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.po = cls.register("4500-1")

    @classmethod
    def register(cls, number, **values):
        lines = [
            Command.create({"number": "10", "name": "Labor", "quantity": 10, "unit_price": 90}),
            Command.create({"number": "20", "name": "Parts", "amount_limit": 100}),
        ]
        return cls.env["buyer.purchase.order"].create(
            {"number": number, "partner_id": cls.buyer.id, "kind": "blanket", "line_ids": lines, **values}
        )

    @classmethod
    def hours(cls, quantity, **values):
        """A quotation of so many hours on line 10."""
        return cls.sale_order((cls.labor, quantity, {"buyer_po_line": "10"}), **values)

    def ticket(self, quantity, **values):
        order = self.hours(quantity, **values)
        order.action_confirm()
        return order.work_order_ids

    def balance(self, number="10"):
        self.env.invalidate_all()
        line = self.po.line_ids.filtered(lambda line: line.number == number)
        return line.released_quantity, line.billed_quantity, line.remaining_quantity

    def refused(self, action, *sentences):
        """The action is refused, with all of these sentences, and changes nothing."""
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            action()
        self.env.invalidate_all()
        for sentence in sentences:
            self.assertIn(sentence, str(refusal.exception).replace("\N{NO-BREAK SPACE}", " "))


@tagged("post_install", "-at_install")
class TestBuyerPoGate(BuyerPoCase):
    """B1: where the buyer requires a PO, dispatch refuses until number and line are there."""

    def profile(self, **values):
        return self.env["buyer.profile"].create({"partner_id": self.site.id, **values})

    def planned(self, order):
        order.action_confirm()
        order.work_order_ids.write(
            {"technician_ids": [Command.link(self.technician.id)], "scheduled_start": "2026-11-20 08:00:00"}
        )
        return order.work_order_ids.with_user(self.dispatcher)

    def test_b1_profile_holds_for_every_contact_of_the_buyer(self):
        self.assertEqual(self.profile(po_required=True).partner_id, self.buyer)
        ticket = self.planned(self.sale_order((self.labor, 1), buyer_po=False, partner_id=self.buyer.id))
        self.assertTrue(ticket.buyer_profile_id.sudo().po_required)

    def test_b1_dispatch_goes_through_once_number_and_line_are_there(self):
        self.profile(po_required=True, po_line_required=True)
        ticket = self.planned(self.sale_order((self.labor, 1), buyer_po=False))
        self.refused(ticket.action_dispatch, "Buyer PO is missing; Test Hospital requires", "PO Line is missing")
        ticket.write({"buyer_po": "4711", "buyer_po_line": "1"})
        ticket.action_dispatch()
        self.assertEqual(ticket.state, "dispatched")

    def test_b1_refuses_dispatch_without_po_and_line_and_says_both(self):
        self.profile(po_required=True, po_line_required=True)
        ticket = self.planned(self.sale_order((self.labor, 1), (self.part, 1), buyer_po=False))
        self.refused(ticket.action_dispatch, "Buyer PO is missing", "Task “Labor”: PO Line", "Task “Filter”: PO Line")
        self.refused(lambda: ticket.write({"state": "dispatched"}), "Buyer PO is missing")
        self.assertEqual(ticket.state, "ready")

    def test_b1_refuses_a_task_whose_po_was_taken_away(self):
        self.profile(po_required=True)
        ticket = self.planned(self.sale_order((self.labor, 1), buyer_po="4711"))
        ticket.task_ids.buyer_po = False
        self.refused(ticket.action_dispatch, "Task “Labor”: Buyer PO is missing")

    def test_b1_type_demands_the_line_too(self):
        kind = self.env.ref("work_order.type_installation")
        kind.po_line_required = True
        ticket = self.planned(self.sale_order((self.labor, 1), buyer_po="4711"))
        ticket.sudo().type_id = kind
        self.refused(ticket.action_dispatch, "PO Line is missing; work of type “Installation”")
        ticket.task_ids.buyer_po_line = "3"
        ticket.action_dispatch()

    def test_b1_refuses_completion_when_the_po_was_taken_away_after_dispatch(self):
        self.profile(po_required=True)
        ticket = self.planned(self.sale_order((self.labor, 1), buyer_po="4711"))
        ticket.action_dispatch()
        ticket.buyer_po = False
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.action_done()
        self.refused(mine.action_complete, "Buyer PO is missing")

    def test_b1_work_that_is_not_billed_needs_no_po(self):
        self.profile(po_required=True)
        ticket = self.planned(self.sale_order((self.labor, 1), buyer_po=False))
        ticket.sudo().type_id = self.env.ref("work_order.type_internal")
        ticket.action_dispatch()

    def test_b1_refuses_a_po_that_is_closed_or_not_valid_or_has_no_such_line(self):
        ticket = self.planned(self.hours(2))
        self.po.write({"state": "closed", "valid_from": "2026-01-01", "valid_to": "2026-06-30"})
        self.refused(ticket.action_dispatch, "Buyer PO 4500-1 is closed", "Scheduled Start is outside the validity")
        self.po.write({"state": "open", "valid_to": "2026-12-31"})
        ticket.task_ids.buyer_po_line = "99"
        self.refused(ticket.action_dispatch, "has no line “99” in the register")
        ticket.task_ids.buyer_po_line = False
        self.refused(ticket.action_dispatch, "PO Line is missing; name one of buyer PO 4500-1")
        ticket.task_ids.buyer_po_line = "10"
        self.po.line_ids[0].state = "closed"
        self.refused(ticket.action_dispatch, "line 10 of buyer PO 4500-1 is closed")
        self.po.line_ids[0].state = "open"
        ticket.action_dispatch()

    def test_b1_other_buyers_po_of_the_same_number_does_not_count(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        self.register("4711", partner_id=stranger.id, state="closed")
        ticket = self.planned(self.sale_order((self.labor, 1), buyer_po="4711"))
        ticket.action_dispatch()
        self.assertFalse(ticket.buyer_purchase_order_id)

    @mute_logger("odoo.sql_db")
    def test_b1_register_keeps_a_number_once_whatever_its_case_and_blanks(self):
        self.register("ab-1")
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.register(" AB-1 ")
        with self.assertRaises(UniqueViolation), self.cr.savepoint():
            self.po.line_ids = [Command.create({"number": " 10"})]

    def test_b1_links_follow_the_texts_and_a_chosen_link_writes_them(self):
        other = self.register("ab-2")
        ticket = self.ticket(1)
        self.assertEqual(
            (ticket.buyer_purchase_order_id, ticket.task_ids.buyer_po_line_id), (self.po, self.po.line_ids[0])
        )
        ticket.buyer_po = " AB-2"
        self.assertEqual((ticket.buyer_purchase_order_id, ticket.task_ids.buyer_po_line_id), (other, other.line_ids[0]))
        ticket.buyer_purchase_order_id = self.po
        self.assertEqual((ticket.buyer_po, ticket.task_ids.buyer_po), ("4500-1", "4500-1"))
        ticket.task_ids.buyer_po_line_id = self.po.line_ids[1]
        self.assertEqual((ticket.task_ids.buyer_po_line, ticket.task_ids.buyer_po_line_id), ("20", self.po.line_ids[1]))
        ticket.task_ids.write({"buyer_po_line": "99"})
        self.assertFalse(ticket.task_ids.buyer_po_line_id)

    def test_b1_refuses_to_point_at_one_po_and_name_another(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        theirs = self.register("9", partner_id=stranger.id)
        ticket = self.ticket(1)
        ticket.task_ids.write({"buyer_po_line_id": theirs.line_ids[0].id, "buyer_po": "4500-1", "buyer_po_line": "10"})
        self.assertEqual(ticket.task_ids.buyer_po_line_id, self.po.line_ids[0])
        ticket.write({"buyer_purchase_order_id": theirs.id})
        self.assertFalse(ticket.buyer_purchase_order_id)
        context = {"default_buyer_purchase_order_id": theirs.id, "default_buyer_po_line_id": theirs.line_ids[0].id}
        sneaky = self.env["work.order"].with_context(**context)
        sneaky = sneaky.create({"title": "x", "task_ids": [Command.create({"name": "x"})]})
        self.assertFalse(sneaky.buyer_purchase_order_id or sneaky.task_ids.buyer_po_line_id)

    def test_b1_po_registered_later_links_the_tickets_that_name_it(self):
        ticket = self.ticket(2, buyer_po="late-7")
        self.assertFalse(ticket.buyer_purchase_order_id)
        po = self.register("LATE-7")
        self.assertEqual((ticket.buyer_purchase_order_id, ticket.task_ids.buyer_po_line_id), (po, po.line_ids[0]))
        self.assertEqual(po.line_ids[0].released_quantity, 2)

    def test_b1_po_named_by_work_stays_in_the_register(self):
        self.ticket(1)
        self.refused(self.po.unlink, "4500-1")
        self.refused(self.po.line_ids[0].unlink, "4500-1 / 10")

    def test_b1_company_without_register_asks_nothing(self):
        company = self.env["res.company"].create({"name": "Plain"})
        self.assertFalse(company.keeps_buyer_register)
        ticket = self.env["work.order"].create({"title": "x", "company_id": company.id, "buyer_po": "4500-1"})
        with self.assertQueryCount(0):
            ticket._link_buyer_pos()

    def test_b1_many_tickets_are_linked_by_one_search(self):
        tickets = self.env["work.order"].union(*[self.ticket(0.1) for _n in range(8)])
        tickets.task_ids.mapped("buyer_po")
        tickets.partner_id.commercial_partner_id.mapped("name")
        tickets.company_id.mapped("keeps_buyer_register")
        self.env.flush_all()
        with self.assertQueryCount(1):
            tickets._link_buyer_pos()

    def test_b1_who_may_keep_the_register(self):
        register = self.env["buyer.purchase.order"]
        self.assertTrue(register.with_user(self.billing).create({"number": "b", "partner_id": self.buyer.id}))
        for user in (self.dispatcher, self.salesman, self.accountant):
            self.assertTrue(self.po.with_user(user).read(["number", "remaining_amount"]))
            with self.assertRaises(AccessError):
                self.po.with_user(user).write({"amount_limit": 1})
        with self.assertRaises(AccessError):
            self.po.with_user(self.technician).read(["number"])
        with self.assertRaises(AccessError):
            self.ticket(1).with_user(self.technician).read(["buyer_po_balance"])


@tagged("post_install", "-at_install")
class TestBlanketPo(BuyerPoCase):
    """B9: what is released, billed and left per line; over-release refused."""

    def test_b2_crew_and_subcontractors_read_no_money_in_a_refusal_or_the_history(self):
        self.po.amount_limit = 500
        firm = self.env["res.partner"].create({"name": "Sparks Inc", "is_company": True})
        sub = new_test_user(self.env, "wo_sub", "work_order.group_subcontractor")
        sub.partner_id.parent_id = firm
        ticket = self.ticket(2)
        ticket.task_ids.subcontractor_id = firm
        self.dispatch(ticket).with_user(self.technician).action_start()
        for user in (self.technician, sub):
            with self.assertRaises(UserError) as refusal:
                ticket.task_ids.with_user(user).write({"done_quantity": 1000})
            self.assertIn("its limit has too little left", str(refusal.exception))
            self.assertNotIn("90,000", str(refusal.exception))
        with self.assertRaisesRegex(UserError, "90,000"):
            ticket.task_ids.with_user(self.dispatcher).write({"done_quantity": 1000})
        draft = self.ticket(9)
        self.assertEqual(draft.state, "draft")
        told = "".join(draft.message_ids.mapped("body"))
        self.assertIn("its limit has too little left", told)
        self.assertNotIn("810", told)

    def test_b2_refuses_to_move_a_line_that_is_drawn_on_to_another_po(self):
        self.ticket(2)
        other = self.env["buyer.purchase.order"].create({"number": "4500-9", "partner_id": self.buyer.id})
        line = self.po.line_ids[0].with_user(self.billing)
        self.refused(lambda: line.write({"purchase_order_id": other.id}), "stay in the register")
        self.po.line_ids[1].with_user(self.billing).write({"purchase_order_id": other.id})

    def test_b3_limit_of_a_po_warns_once_when_it_is_nearly_used(self):
        self.po.amount_limit = 1000
        first = self.ticket(7)  # 630.00 of 1,000.00
        self.assertFalse(self.po.is_near_limit or first.activity_ids)
        second = self.ticket(2)  # 810.00
        self.assertTrue(self.po.with_user(self.dispatcher).is_near_limit)
        self.assertEqual(second.activity_ids.mapped("summary"), ["Buyer's PO nearly used"])
        self.assertIn("81 % of the limit of PO 4500-1", second.activity_ids.note)
        third = self.ticket(1)
        self.assertFalse(first.activity_ids or third.activity_ids, "told once")
        self.po.with_user(self.billing).amount_limit = 1050
        self.dispatch(third)
        self.assertEqual(len(third.activity_ids), 1, "and again once it was raised and is nearly used again")

    def post(self, ticket, hours):
        return (
            self.env["account.analytic.line"]
            .with_user(self.technician)
            .create(
                {
                    "work_order_id": ticket.id,
                    "work_order_task_id": ticket.task_ids.id,
                    "name": "Work",
                    "unit_amount": hours,
                }
            )
        )

    def test_b3_hours_of_a_po_warn_once_and_stop_time_on_all_its_work_orders(self):
        self.po.hours_limit = 10
        tickets = self.ticket(3) | self.ticket(3)
        first, second = self.dispatch(tickets)
        self.post(first, 6)
        self.assertFalse(self.po.is_near_limit)
        entry = self.post(second, 3)
        self.assertEqual(self.po.hours_used, 9)
        self.assertTrue(self.po.is_near_limit)
        self.assertEqual(second.activity_ids.mapped("summary"), ["Buyer's PO nearly used"])
        self.assertIn("90 % of the limit of PO 4500-1", second.activity_ids.note)
        self.assertIn("1.00 of 10.00 hours left", first.buyer_po_balance)
        words = "Buyer PO 4500-1: 1.00 of 10.00 hours are left, but 1.50 are asked for"
        self.refused(lambda: self.post(first, 1.5), words)
        self.refused(lambda: entry.write({"unit_amount": 4.5}), "hours are left, but 4.50 are asked for")
        self.post(first, 1)
        self.assertFalse(first.activity_ids, "told once")
        entry.unlink()
        self.assertEqual(self.po.hours_used, 7)

    def test_b3_hours_of_a_po_are_raised_by_a_change_order(self):
        self.po.hours_limit = 4
        ticket = self.dispatch(self.ticket(3))
        self.post(ticket, 4)
        values = {
            "work_order_id": ticket.id,
            "title": "More hours",
            "reason": "Rusty bolts",
            "requested_by": "Lena Fox",
            "customer_reference": "PO revision 2",
            "po_revision": "2",
        }
        change = self.env["work.order.change"].create({**values, "po_hours_delta": 2})
        change.action_submit()
        self.refused(lambda: self.post(ticket, 1), "0.00 of 4.00 hours are left")
        change.action_approve()
        self.post(ticket, 1)
        self.assertEqual((self.po.hours_limit, self.po.hours_used, self.po.revision), (6, 5, "2"))

    def test_b3_refuses_to_change_hours_of_a_po_that_limits_none(self):
        ticket = self.dispatch(self.ticket(3))
        values = {"work_order_id": ticket.id, "title": "x", "reason": "x", "requested_by": "x", "po_hours_delta": 2}
        change = self.env["work.order.change"].create(values)
        self.refused(change.action_submit, "PO Hours +/-: this work order is on no buyer's PO whose hours are limited")
        self.po.hours_limit = 4
        change.po_hours_delta = -4
        self.refused(change.action_submit, "nothing of the hours of buyer PO 4500-1 would be left")

    def test_b9_refuses_to_renumber_what_work_orders_draw_on(self):
        self.ticket(8)
        register = self.po.with_user(self.billing)
        self.refused(lambda: register.write({"number": "4500-OLD"}), "stay in the register", "4500-1")
        self.refused(lambda: register.line_ids[0].write({"number": "11"}), "stay in the register")
        self.refused(lambda: register.write({"partner_id": self.env.company.partner_id.id}), "stay in the register")
        register.write({"number": " 4500-1 ", "note": "Same number"})
        register.line_ids[1].write({"number": "21"})
        self.assertEqual(self.balance()[0], 8)

    def test_b2_refuses_to_slip_off_the_po_by_naming_another_customer(self):
        ticket = self.ticket(2)
        other = self.env["res.partner"].create({"name": "Other Hospital", "is_company": True})
        values = {"partner_id": other.id, "site_id": other.id}
        self.refused(lambda: ticket.with_user(self.dispatcher).write(values), "was sold to Test Hospital")
        self.assertEqual(ticket.buyer_purchase_order_id, self.po)

    def test_b2_refuses_completion_of_work_that_was_taken_off_its_po_line(self):
        ticket = self.ticket(10)
        self.dispatch(ticket).with_user(self.technician).action_start()
        for number in (False, "77"):
            ticket.task_ids.with_user(self.dispatcher).buyer_po_line = number
            ticket.task_ids.with_user(self.technician).action_done()
            ticket.with_user(self.technician).signed_by = "Pat Doyle"
            self.refused(ticket.with_user(self.technician).action_complete, "PO Line is missing; name one of buyer PO")

    def test_b9_balances_follow_release_work_and_invoice(self):
        ticket = self.ticket(4)
        self.assertEqual(self.balance(), (4, 0, 6))
        self.complete(ticket)
        invoice = self.invoice(ticket)
        self.assertEqual(self.balance(), (4, 0, 6))
        invoice.action_post()
        self.assertEqual(self.balance(), (4, 4, 6))
        self.assertEqual((self.po.released_amount, self.po.billed_amount), (360, 360))
        self.assertEqual((self.po.ordered_amount, self.po.remaining_amount), (1000, 640))
        self.assertEqual((self.po.ticket_count, self.po.invoice_count), (1, 1))
        invoice._reverse_moves(cancel=True)
        self.assertEqual(self.balance()[1], 0)

    def test_b9_draft_and_cancelled_tickets_release_nothing(self):
        ticket = self.ticket(4)
        ticket.action_draft()
        self.assertEqual(self.balance(), (0, 0, 10))
        ticket.action_ready()
        ticket.action_cancel()
        self.assertEqual(self.balance(), (0, 0, 10))

    def test_b9_work_that_is_not_billed_releases_nothing(self):
        self.ticket(4).type_id = self.env.ref("work_order.type_internal")
        self.assertEqual(self.balance(), (0, 0, 10))

    def test_b9_less_done_than_planned_gives_the_rest_back(self):
        ticket = self.dispatch(self.ticket(4)).with_user(self.technician)
        ticket.action_start()
        ticket.task_ids.write({"state": "done", "done_quantity": 3})
        self.assertEqual(self.balance(), (3, 0, 7))

    def test_b9_balance_is_shown_on_ticket_and_task(self):
        ticket = self.ticket(4).with_user(self.dispatcher)
        self.env.invalidate_all()
        self.assertEqual(ticket.buyer_po_balance, "4500-1, line 10: 6 of 10 units left")
        self.assertEqual(ticket.task_ids.po_remaining_quantity, 6)

    def test_b9_units_are_converted(self):
        self.po.line_ids[0].product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.ticket(24)
        self.assertEqual(self.balance(), (2, 0, 8))

    def test_b9_refuses_to_release_more_than_the_line_has_left(self):
        self.ticket(8)
        second = self.ticket(3)
        self.assertEqual(second.state, "draft", "the sale is confirmed; its ticket waits")
        self.assertIn("line 10: 2 units left, but 3 asked for", str(second.message_ids.mapped("body")))
        self.assertEqual(
            second.with_user(self.dispatcher).po_shortage, "Buyer PO 4500-1, line 10: 2 units left, but 3 asked for."
        )
        self.refused(
            second.with_user(self.dispatcher).action_ready, "Buyer PO 4500-1, line 10: 2 units left, but 3 asked"
        )
        self.po.line_ids[0].quantity = 11
        second.action_ready()
        self.assertEqual(self.balance(), (11, 0, 0))

    def test_b9_refuses_tickets_that_fit_alone_but_not_together(self):
        first, second = self.ticket(6), self.ticket(6)
        first.action_draft()
        self.refused((first | second).action_ready, "10 units left, but 12 asked for")
        self.assertEqual((first | second).mapped("state"), ["draft", "draft"])

    def test_b9_orders_confirmed_at_once_fill_the_po_one_after_the_other(self):
        orders = self.hours(6) | self.hours(6) | self.hours(4)
        orders.action_confirm()
        self.assertEqual(orders.work_order_ids.sorted("id").mapped("state"), ["ready", "draft", "ready"])

    def test_b9_refuses_to_raise_a_task_or_add_one_beyond_the_line(self):
        ticket = self.ticket(8)
        task = ticket.task_ids
        self.ticket(1)
        self.refused(lambda: task.write({"quantity": 10}), "line 10: 9 units left, but 10 asked for")
        more = {"name": "More", "quantity": 2, "buyer_po_line": "10"}
        self.refused(lambda: ticket.write({"task_ids": [Command.create(more)]}), "9 units left, but 10 asked for")
        self.refused(lambda: ticket.sale_order_id.order_line.write({"product_uom_qty": 12}), "12 asked for")
        task.quantity = 9
        self.assertEqual(self.balance(), (10, 0, 0))

    def test_b9_refuses_to_move_a_released_task_to_a_line_without_room(self):
        task = self.ticket(8).task_ids
        self.refused(
            lambda: task.write({"buyer_po_line": "20"}), "line 20: $ 100.00 of its limit is left, but $ 720.00"
        )
        self.assertEqual(task.buyer_po_line_id, self.po.line_ids[0])

    def test_b9_refuses_more_than_the_amount_of_a_line_or_of_the_po(self):
        parts = self.sale_order((self.part, 5, {"buyer_po_line": "20"}))
        parts.action_confirm()
        self.refused(parts.work_order_ids.action_ready, "line 20: $ 100.00 of its limit is left, but $ 107.00 is asked")
        self.po.amount_limit = 500
        hours = self.ticket(6)
        self.refused(hours.action_ready, "Buyer PO 4500-1: $ 500.00 of its limit is left, but $ 540.00 is asked for")

    def test_b9_refuses_completion_of_more_than_was_released(self):
        ticket = self.dispatch(self.ticket(10)).with_user(self.technician)
        ticket.action_start()
        self.refused(
            lambda: ticket.task_ids.write({"state": "done", "done_quantity": 11}), "10 units left, but 11 asked for"
        )

    def test_b9_refuses_work_done_outside_the_validity(self):
        ticket = self.dispatch(self.ticket(2)).with_user(self.technician)
        ticket.action_start()
        ticket.task_ids.write({"state": "done", "service_date": "2026-11-21"})
        self.po.valid_to = "2026-11-20"
        self.refused(ticket.action_complete, "is outside the validity of buyer PO 4500-1")
        ticket.task_ids.write({"service_date": "2026-11-20"})
        ticket.action_complete()

    def test_b9_price_raised_before_dispatch_is_seen_at_dispatch(self):
        parts = self.sale_order((self.part, 4, {"buyer_po_line": "20"}))
        parts.action_confirm()
        ticket = parts.work_order_ids
        parts.order_line.price_unit = 30
        self.refused(lambda: self.dispatch(ticket), "$ 100.00 of its limit is left, but $ 120.00 is asked for")

    def test_b9_late_registration_hinders_no_reduction(self):
        ticket = self.ticket(12, buyer_po="late")
        po = self.register("late")
        self.assertEqual(po.line_ids[0].remaining_quantity, -2)
        ticket.task_ids.quantity = 11
        self.refused(lambda: ticket.task_ids.write({"quantity": 11.5}), "10 units left, but 11.5 asked for")

    def test_b9_withdrawn_invoice_is_no_new_release(self):
        ticket = self.complete(self.ticket(10))
        invoice = self.invoice(ticket)
        self.po.line_ids[0].quantity = 5
        self.po.state = "closed"
        invoice.unlink()
        self.assertEqual(ticket.state, "done")

    def test_b9_balances_are_read_under_a_lock(self):
        before = self.po.balance_revision
        ticket = self.ticket(2)
        locked = self.po.balance_revision
        self.assertGreater(locked, before)
        ticket.task_ids.quantity = 3
        self.assertGreater(self.po.balance_revision, locked)

    def test_b9_change_of_a_line_is_told_on_the_po(self):
        self.po.line_ids[0].with_user(self.billing).quantity = 12
        self.assertIn("Ordered: 10.0 → 12.0", str(self.po.message_ids.mapped("body")))

    def test_b9_dates_must_be_in_order(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.po.write({"valid_from": "2026-02-01", "valid_to": "2026-01-01"})
