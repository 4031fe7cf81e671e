from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import WorkOrderCase


@tagged("post_install", "-at_install")
class TestInvoiceGrouping(WorkOrderCase):
    """D4: work orders share an invoice as their buyer wants it, and only where they agree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env["buyer.profile"].create({"partner_id": cls.buyer.id, "one_po_per_invoice": False})
        cls.annex = cls.site
        cls.tower = cls.env["res.partner"].create({"name": "Tower", "type": "delivery", "parent_id": cls.buyer.id})
        cls.net_30 = cls.env["account.payment.term"].create({"name": "Net thirty"})

    def done(self, *orders):
        tickets = self.env["work.order"]
        for values in orders:
            order = self.sale_order((self.labor, 2, {"buyer_po_line": "10"}), **values)
            order.action_confirm()
            tickets |= order.work_order_ids
        return self.complete(tickets)

    def bill(self, tickets, grouping):
        self.profile.grouping = grouping
        tickets.with_user(self.billing).action_create_invoices()
        return sorted(sorted(move.work_order_ids.ids) for move in tickets.invoice_ids)

    def test_d4_one_invoice_per_work_order_by_default(self):
        tickets = self.done({}, {})
        self.assertEqual(self.bill(tickets, "work_order"), [[ticket.id] for ticket in tickets])

    def test_d4_one_invoice_per_po_however_it_is_written(self):
        one, two, other = self.done({}, {"buyer_po": " 4500-1 "}, {"buyer_po": "4500-2"})
        self.assertEqual(self.bill(one | two | other, "po"), [[one.id, two.id], [other.id]])
        move = one.invoice_ids
        self.assertEqual(move.invoice_origin, f"{one.sale_order_id.name}, {two.sale_order_id.name}")
        move.with_user(self.billing).action_post()
        self.assertEqual({one.state, two.state, other.state}, {"closed", "invoiced"})

    def test_d4_one_po_over_many_buildings_is_one_invoice_that_names_each(self):
        one, two = self.done({"partner_shipping_id": self.annex.id}, {"partner_shipping_id": self.tower.id})
        self.assertEqual(self.bill(one | two, "po"), [[one.id, two.id]])
        move = one.invoice_ids
        self.assertEqual(move.work_site_ids, self.annex | self.tower)
        self.assertEqual(move.partner_shipping_id, self.buyer)
        texts = [line._buyer_references_text() for line in move.invoice_line_ids]
        self.assertIn("Site Annex", texts[0])
        self.assertIn("Site Tower", texts[1])
        self.assertNotEqual(texts[0], texts[1])

    def test_d4_one_invoice_per_site(self):
        one, two, three = self.done(
            {"partner_shipping_id": self.annex.id},
            {"partner_shipping_id": self.annex.id, "buyer_po": "4500-2"},
            {"partner_shipping_id": self.tower.id},
        )
        self.assertEqual(self.bill(one | two | three, "site"), [[one.id, two.id], [three.id]])

    def test_d4_one_invoice_per_week_or_month_of_completion(self):
        for grouping, first, second, third in (
            ("week", "2026-11-16", "2026-11-22", "2026-11-23"),
            ("month", "2026-10-01", "2026-10-31", "2026-11-01"),
        ):
            with self.subTest(grouping=grouping):
                tickets = self.done({}, {}, {})
                for ticket, day in zip(tickets, (first, second, third), strict=True):
                    ticket._store_state({"completed_on": day})
                self.assertEqual(self.bill(tickets, grouping), [tickets[:2].ids, tickets[2].ids])

    def test_d4_two_work_orders_of_one_order_share_an_invoice_too(self):
        order = self.sale_order((self.labor, 1), (self.labor, 4, {"work_site_id": self.site.id}))
        order.partner_shipping_id = self.buyer
        order.action_confirm()
        tickets = self.complete(order.work_order_ids)
        self.assertEqual(self.bill(tickets, "po"), [sorted(tickets.ids)])

    def test_d4_a_buyer_who_wants_one_po_per_invoice_never_gets_two(self):
        self.profile.one_po_per_invoice = True
        one, two = self.done({}, {"buyer_po": "4500-2"})
        self.assertEqual(self.bill(one | two, "month"), [[one.id], [two.id]])

    def test_d4_a_buyer_who_wants_one_invoice_per_work_order_is_never_grouped(self):
        self.profile.one_invoice_per_work_order = True
        one, two = self.done({}, {})
        self.assertEqual(self.bill(one | two, "po"), [[one.id], [two.id]])

    def test_d4_refuses_two_work_orders_on_one_invoice_by_odoos_own_billing(self):
        order = self.sale_order((self.labor, 1), (self.labor, 4, {"work_site_id": self.site.id}))
        order.partner_shipping_id = self.buyer
        order.action_confirm()
        self.complete(order.work_order_ids)
        self.profile.one_invoice_per_work_order = True
        move = order._create_invoices()
        self.assertEqual(move.work_order_count, 2)
        with self.assertRaisesRegex(UserError, "wants an invoice per work order"):
            move.action_post()

    def test_d4_orders_that_differ_stay_apart_and_it_says_why(self):
        self.env["res.partner"].create({"name": "AP", "type": "invoice", "parent_id": self.buyer.id})
        for values, label in (
            ({"payment_term_id": self.net_30.id}, "Payment Terms"),
            ({"tax_rule": "exempt"}, "Tax Rule"),
            ({"partner_invoice_id": self.buyer.id}, "Invoice Address"),
        ):
            with self.subTest(label=label):
                one, two, three = self.done({}, values, {})
                self.profile.grouping = "po"
                action = (one | two | three).with_user(self.billing).action_create_invoices()
                self.assertEqual(one.invoice_ids, three.invoice_ids)
                self.assertNotEqual(one.invoice_ids, two.invoice_ids)
                message = action["params"]["message"]
                for part in (label, one.name, two.name):
                    self.assertIn(part, message)
                self.assertEqual(action["params"]["next"]["res_model"], "account.move")
                self.assertIn(label, two.invoice_ids.message_ids[0].body)

    def test_d4_refuses_orders_of_different_terms_on_one_invoice_however_it_was_made(self):
        one, two = self.done({}, {"payment_term_id": self.net_30.id})
        move = (one | two).sale_order_id._create_invoices()
        self.assertEqual(len(move), 1, "Odoo puts them together")
        with self.assertRaisesRegex(UserError, "differ in Payment Terms"):
            move.action_post()

    def test_d4_context_cannot_put_together_what_differs(self):
        one, two = self.done({}, {"payment_term_id": self.net_30.id})
        orders = (one | two).sale_order_id
        forged = orders.with_context(work_order_bundles=dict.fromkeys(orders.ids, 0))
        move = forged._create_invoices()
        with self.assertRaisesRegex(UserError, "differ in Payment Terms"):
            move.action_post()

    def test_d4_a_bulk_run_groups_the_same_way(self):
        self.profile.grouping = "po"
        one, two, other = self.done({}, {}, {"buyer_po": "4500-2"})
        bundles = (one | two | other)._invoice_bundles()
        self.assertEqual([bundle.ids for bundle in bundles], [[one.id, two.id], [other.id]])

    def test_d4_without_a_profile_nothing_is_looked_up(self):
        self.env.company.keeps_buyer_register = False
        tickets = self.done({}, {})
        tickets.mapped("task_ids.sale_line_id.order_id.name")
        with self.assertQueryCount(0):
            tickets._invoice_bundles()
