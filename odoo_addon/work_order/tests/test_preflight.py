import hashlib
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..preflight import check, parse_case
from .test_buyer_po import BuyerPoCase


class PreflightCase(BuyerPoCase):
    """A buyer who compares everything with a PO of ten hours at 90.00 and filters at 21.40."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.po.line_ids.unlink()
        cls.po.write(
            {
                "line_ids": [
                    Command.create(
                        {
                            "number": "10",
                            "buyer_item_code": "LAB-1",
                            "quantity": 10,
                            "unit_price": 90,
                            "product_uom_id": cls.labor.uom_id.id,
                        }
                    ),
                    Command.create(
                        {
                            "number": "20",
                            "buyer_item_code": "FIL-1",
                            "quantity": 10,
                            "unit_price": 21.4,
                            "product_uom_id": cls.part.uom_id.id,
                        }
                    ),
                ]
            }
        )
        cls.profile = cls.env["buyer.profile"].create(
            {
                "partner_id": cls.buyer.id,
                "po_required": True,
                "po_line_required": True,
                "channel": "email",
                "channel_address": "ap@hospital.example",
                "invoice_format": "pdf",
                "register_complete": True,
            }
        )

    def work(self, *lines, **values):
        """A confirmed order of labour on line 10 and filters on line 20, or other lines; its work order."""
        lines = lines or (
            (self.labor, 2, {"buyer_po_line": "10", "buyer_item_code": "LAB-1", "tax_ids": []}),
            (self.part, 3, {"buyer_po_line": "20", "buyer_item_code": "FIL-1", "tax_ids": []}),
        )
        order = self.sale_order(*lines, **values)
        order.action_confirm()
        return order.work_order_ids

    def plan(self, tickets):
        tickets.write({"technician_ids": [Command.link(self.technician.id)], "scheduled_start": "2026-11-20 08:00:00"})

    def report(self, record):
        self.env.invalidate_all()
        return record.sudo()._preflight_reports()[record]

    def codes(self, record):
        return [finding.code for finding in self.report(record).findings]

    def posted(self, ticket):
        self.complete(self.dispatch(ticket))
        invoice = self.invoice(ticket)
        invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestPreflight(PreflightCase):
    """E7: the verdict on ticket and invoice."""

    def test_e7_work_as_authorised_matches_from_quotation_to_posted_invoice(self):
        ticket = self.work()
        self.assertEqual((self.report(ticket).verdict, self.codes(ticket)), ("PASS", []))
        self.assertEqual(ticket.with_user(self.dispatcher).preflight_verdict, "PASS")
        self.complete(self.dispatch(ticket))
        invoice = self.invoice(ticket)
        self.assertEqual((self.report(invoice).verdict, self.codes(invoice)), ("PASS", []))
        self.assertFalse(invoice.preflight_verdict, "nobody asked yet")
        invoice.action_post()
        self.assertEqual((invoice.preflight_verdict, invoice.preflight_is_stale), ("PASS", False))

    def test_e7_verdict_names_rule_field_and_both_values(self):
        ticket = self.work((self.labor, 2, {"buyer_po_line": "10", "buyer_item_code": "LABOR", "price_unit": 95}))
        found = {finding.code: finding for finding in self.report(ticket).findings}
        self.assertEqual((found["P13"].given, found["P13"].expected, found["P13"].reason), ("LABOR", "LAB-1", "ITM"))
        self.assertEqual((found["P19"].severity, found["P19"].reason, found["P19"].line), ("block", "PRI", 1))
        verdict = ticket.with_user(self.dispatcher)
        self.assertEqual(verdict.preflight_verdict, "FAIL")
        self.assertIn("P19", verdict.preflight_text)

    def test_e7_what_is_not_known_is_never_a_pass(self):
        ticket = self.work(buyer_po="4500-9")
        self.assertEqual(self.report(ticket).verdict, "FAIL", "the register claims to have every PO")
        self.profile.register_complete = False
        self.assertEqual(self.report(ticket).verdict, "UNKNOWN")
        stale = self.work()
        self.profile.stale_after_days = 30
        self.po.read_on = fields.Date.today() - timedelta(31)
        self.assertEqual(self.report(stale).verdict, "UNKNOWN")

    def test_e7_history_counts_what_was_billed_and_credits_give_back(self):
        first = self.posted(self.work((self.labor, 8, {"buyer_po_line": "10", "tax_ids": []})))
        self.assertEqual(first.preflight_verdict, "PASS")
        self.po.line_ids[0].quantity = 8.5
        ticket = self.env["work.order"].browse()
        ticket = self.work((self.labor, 1, {"buyer_po_line": "10", "tax_ids": []}))
        self.assertIn("P20", self.codes(ticket))
        credit = first._reverse_moves([{"date": fields.Date.today(), "invoice_date": fields.Date.today()}])
        self.assertEqual(self.codes(credit), [])
        credit.action_post()
        self.assertNotIn("P20", self.codes(ticket))

    def test_e7_credit_of_a_po_nobody_registered_is_held_against_its_invoice(self):
        self.profile.register_complete = False
        first = self.posted(self.work(buyer_po="4500-9"))
        credit = first._reverse_moves([{"date": fields.Date.today(), "invoice_date": fields.Date.today()}])
        self.assertNotIn("P36", self.codes(credit))
        credit.action_post()
        second = first._reverse_moves([{"date": fields.Date.today(), "invoice_date": fields.Date.today()}])
        self.assertIn("P36", self.codes(second))

    def test_e7_invoices_posted_together_count_one_after_the_other(self):
        tickets = self.work((self.labor, 4, {"buyer_po_line": "10", "tax_ids": []}))
        tickets |= self.work((self.labor, 4, {"buyer_po_line": "10", "tax_ids": []}))
        self.complete(self.dispatch(tickets))
        invoices = self.invoice(tickets)
        self.po.line_ids[0].quantity = 7
        self.env.invalidate_all()
        reports = invoices.sudo()._preflight_reports()
        verdicts = [reports[invoice].verdict for invoice in invoices.sorted("id")]
        self.assertEqual(verdicts, ["PASS", "FAIL"])

    def test_e7_cap_on_freight_holds_over_all_invoices_of_the_po(self):
        self.profile.write({"po_line_required": False, "freight_rule": "po"})
        self.po.write({"freight_rule": "allowed", "freight_limit": 50})
        freight = self.product("Freight", 30, policy="none", type="service", invoice_policy="order", is_freight=True)
        lines = (
            (self.labor, 1, {"buyer_po_line": "10", "tax_ids": []}),
            (freight, 1, {"tax_ids": []}),
        )
        first = self.posted(self.work(*lines))
        self.assertNotIn("P29", self.codes(first), "its own freight is no freight before it")
        second = self.work(*lines)
        self.assertIn("P29", self.codes(second))
        with self.assertRaisesRegex(UserError, "after 30.00 billed before"):
            self.dispatch(second)
        self.po.freight_limit = 60
        self.assertNotIn("P29", self.codes(self.posted(second)))

    def test_e7_verdict_is_bound_to_the_content(self):
        ticket = self.work()
        self.complete(self.dispatch(ticket))
        invoice = self.invoice(ticket)
        invoice.with_user(self.billing).action_preflight()
        stored = self.env["work.order.preflight"].search([("move_id", "=", invoice.id)])
        self.assertEqual((stored.verdict, stored.is_stale), ("PASS", False))
        self.assertEqual(len(stored.sha256), len(hashlib.sha256().hexdigest()))
        invoice.invoice_payment_term_id = self.env.ref("account.account_payment_term_30days")
        self.env.invalidate_all()
        self.assertTrue(stored.is_stale)
        stored.with_user(self.billing).action_check_again()
        self.env.invalidate_all()
        self.assertFalse(stored.is_stale)
        self.assertIn("P42", stored.finding_ids.mapped("code"))

    def test_e7_duplicate_numbers_are_found_whatever_case_and_zeros(self):
        first, second = self.posted(self.work()), self.work()
        self.complete(self.dispatch(second))
        invoice = self.invoice(second)
        prefix, _slash, number = first.name.rpartition("/")
        invoice.name = f"{prefix.lower()}-000{int(number)}"
        self.assertIn("P05", self.codes(invoice))

    def test_e7_number_the_buyer_rejected_is_found_on_the_invoice_taken_back(self):
        invoice = self.posted(self.work())
        self.env["work.order.dispute"]._open(
            invoice, invoice.work_order_ids, "PRI", "Price", raised_by="buyer", number_rejected=True
        )
        self.assertIn("P03", self.codes(invoice))
        self.profile.rejected_number_reusable = True
        self.assertNotIn("P03", self.codes(invoice))

    def test_e7_similar_work_is_a_warning(self):
        self.posted(self.work())
        again = self.work()
        self.complete(self.dispatch(again))
        report = self.report(self.invoice(again))
        self.assertEqual((report.verdict, {each.code for each in report.findings}), ("PASS_WITH_WARNINGS", {"P06"}))

    def test_e7_units_are_converted(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.po.line_ids[1].write({"product_uom_id": dozen.id, "quantity": 1, "unit_price": 256.8})
        ticket = self.work((self.part, 12, {"buyer_po_line": "20", "buyer_item_code": "FIL-1", "tax_ids": []}))
        self.assertEqual(self.codes(ticket), [])
        self.po.line_ids[1].quantity = 0.5
        self.assertIn("P20", self.codes(ticket))

    def test_e7_case_that_leaves_odoo_gives_the_same_verdict_outside(self):
        tickets = self.work() | self.work((self.labor, 2, {"buyer_po_line": "10", "price_unit": 95}))
        handed_over = tickets.with_user(self.billing).preflight_cases()
        self.assertEqual([each["id"] for each in handed_over], tickets.ids)
        outside = [check(parse_case(json.dumps(each["case"]))) for each in handed_over]
        reports = tickets._preflight_reports()
        self.assertEqual(outside, [reports[ticket] for ticket in tickets])
        asked = self.env["work.order.preflight"].with_user(self.billing).cases_of([tickets[0].name, "WO-NONE"])
        self.assertEqual(asked, {"cases": handed_over[:1], "missing": ["WO-NONE"]})
        with self.assertRaises(AccessError):
            self.dispatch(tickets[0]).with_user(self.technician).preflight_cases()

    def test_e7_refuses_verdicts_to_those_who_see_no_prices(self):
        ticket = self.dispatch(self.work())
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).read(["preflight_text"])
        self.env["work.order.preflight"]._store({ticket: self.report(ticket)})
        with self.assertRaises(AccessError):
            ticket.with_user(self.technician).action_preflight()
        with self.assertRaises(AccessError):
            self.env["work.order.preflight"].with_user(self.technician).search([])
        with self.assertRaises(AccessError):
            self.env["work.order.preflight"].with_user(self.billing).search([]).write({"verdict": "PASS"})

    def test_e7_a_company_without_profile_pays_no_query(self):
        self.profile.unlink()
        ticket = self.work()
        self.complete(self.dispatch(ticket))
        invoice = self.invoice(ticket)
        self.env.company.keeps_buyer_register = False
        invoice.action_post()
        self.assertFalse(self.env["work.order.preflight"].search([("move_id", "=", invoice.id)]))


@tagged("post_install", "-at_install")
class TestPreflightGate(PreflightCase):
    """E8: the same rules gate dispatch, completion and billing."""

    def test_e8_refuses_dispatch_of_what_the_buyer_would_reject_with_every_reason(self):
        ticket = self.work((self.labor, 2, {"buyer_po_line": "10", "buyer_item_code": "LABOR", "price_unit": 95}))
        self.refused(lambda: self.dispatch(ticket), "has item code LABOR", "LAB-1", "95")
        ticket.task_ids.buyer_item_code = "LAB-1"
        ticket.sale_order_id.order_line.price_unit = 90
        self.dispatch(ticket)
        self.assertEqual(ticket.state, "dispatched")

    def test_e8_many_work_orders_are_judged_together(self):
        def statements(count):
            tickets = self.env["work.order"].union(
                *(self.work((self.labor, 0.5, {"buyer_po_line": "10", "tax_ids": []})) for _each in range(count))
            )
            self.plan(tickets)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets.with_user(self.dispatcher).action_dispatch()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        statements(1)  # what is read once for ever
        few, many = statements(2), statements(10)
        self.assertLess(many - few, 8 * 4, "no group of queries per work order")

    def test_e8_refuses_completion_and_tells_a_technician_the_rule_without_prices(self):
        ticket = self.dispatch(self.work())
        self.po.line_ids[0].unit_price = 88.25
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.task_ids.action_done()
        mine.signed_by = "Pat Doyle"
        self.refused(mine.action_complete, "Price: the buyer would refuse it. Ask a dispatcher.")
        with self.assertRaises(Exception) as told:
            mine.action_complete()
        self.assertNotRegex(str(told.exception), r"\b88\b")  # a number may hold it
        self.po.line_ids[0].unit_price = 90
        mine.action_complete()
        self.assertEqual(ticket.state, "done")

    def test_e8_refuses_to_post_what_the_buyer_would_reject_and_takes_everything_back(self):
        ticket = self.work()
        self.complete(self.dispatch(ticket))
        invoice = self.invoice(ticket)
        self.po.line_ids[0].unit_price = 88
        self.po.line_ids[1].buyer_item_code = "OTHER"
        self.refused(invoice.action_post, "P19", "P13", "cannot be posted as it is")
        self.assertEqual((invoice.state, ticket.state), ("draft", "invoiced"))
        self.profile.preflight_gate = "tell"
        invoice.action_post()
        self.assertEqual((invoice.state, invoice.preflight_verdict), ("posted", "FAIL"))
        found = self.env["account.move"].search([("preflight_verdict", "=", "FAIL")])
        self.assertIn(invoice, found)

    def test_e8_what_cannot_be_known_is_told_and_not_refused(self):
        self.profile.register_complete = False
        ticket = self.work(buyer_po="4500-77")
        invoice = self.posted(ticket)
        self.assertEqual((invoice.state, invoice.preflight_verdict), ("posted", "UNKNOWN"))

    def test_e8_refuses_our_own_number_as_the_buyers_po(self):
        ticket = self.work()
        ticket.with_user(self.dispatcher).write({"buyer_po": ticket.sale_order_id.name})
        ticket.task_ids.with_user(self.dispatcher).write({"buyer_po": ticket.sale_order_id.name})
        self.refused(lambda: self.dispatch(ticket), "is our own order or invoice number")
