import contextlib
import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .test_progress import ProgressCase


class RetentionCase(ProgressCase):
    """A contract of 9,999.97 with 10 % retention and an account for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["account.account"].create(
            {"name": "Retention receivable", "code": "TRETREC", "account_type": "asset_current"}
        )
        cls.env.company.work_order_retention_account_id = cls.account

    def retained(self, *lines, percent=10, **values):
        return self.under_way(*lines, retention_percent=percent, **values)

    def draft(self, ticket, *percents):
        self.approve(ticket, *percents)
        before = ticket.invoice_ids
        invoice = self.invoice(ticket) - before
        invoice.invoice_date = "2026-11-30"
        return invoice

    def held(self, invoice):
        return invoice.invoice_line_ids.filtered("retention_kind")

    def release(self, contract, amount, user=None):
        wizard = self.env["work.order.retention.release"].with_user(user or self.billing)
        values = {"amount": amount, contract._retention_wizard_field(): contract.id}
        return self.env["account.move"].browse(wizard.create(values).action_release()["res_id"])


@tagged("post_install", "-at_install")
class TestRetention(RetentionCase):
    """B6: retention withheld on each progress invoice, released by its own."""

    def test_b6_refuses_a_receipt_that_withholds_nothing(self):
        ticket = self.retained()
        self.approve(ticket, 50)
        task = ticket.task_ids
        values = {
            **{name: task[name] for name in ("name", "buyer_po")},
            "work_order_task_id": task.id,
            "product_id": self.lump.id,
            "quantity": 1,
            "price_unit": task._value_to_invoice(),
            "tax_ids": [Command.clear()],
            "sale_line_ids": [Command.set(task.sale_line_id.ids)],
            "cost_center_id": task.cost_center_id.id,
        }
        receipt = (
            self.env["account.move"]
            .with_user(self.billing)
            .create(
                {
                    "move_type": "out_receipt",
                    "partner_id": self.buyer.id,
                    "invoice_date": "2026-11-30",
                    "invoice_line_ids": [Command.create(values)],
                }
            )
        )
        with self.assertRaisesRegex(UserError, "withholds .*500.00 of this invoice"):
            receipt.action_post()

    def test_b6_refuses_to_slip_out_of_the_retention_of_a_job(self):
        job = self.env["work.order.job"].create({"title": "Wing", "partner_id": self.buyer.id, "retention_percent": 10})
        ticket = self.under_way(work_order_job_id=job.id)
        self.draft(ticket, 30).action_post()
        self.assertEqual(job.retention_withheld, 300.0)
        with self.assertRaisesRegex(AccessError, "changes its terms"):
            ticket.sale_order_id.with_user(self.salesman).retention_percent = 0.01
        with self.assertRaisesRegex(AccessError, "takes .* off it"):
            ticket.with_user(self.dispatcher).job_id = False
        ticket.with_user(self.manager).job_id = False

    def test_b6_refuses_an_early_release_that_comes_with_a_context(self):
        jobs = self.env["work.order.job"].with_user(self.dispatcher).with_context(default_retention_early=500)
        self.assertEqual(jobs.create({"title": "Wing", "partner_id": self.buyer.id}).retention_early, 0.0)

    def test_b6_crew_reads_no_amount_of_an_early_release_in_the_history_of_the_job(self):
        job = self.env["work.order.job"].create({"title": "Wing", "partner_id": self.buyer.id, "retention_percent": 10})
        ticket = self.under_way(work_order_job_id=job.id)
        self.draft(ticket, 30).action_post()
        job.with_user(self.manager).env["work.order.retention.release"].create(
            {"job_id": job.id, "amount": 123.45}
        ).action_approve()
        self.assertEqual(job.retention_early, 123.45)
        self.env.flush_all()
        told = job.with_user(self.technician).message_ids
        self.assertIn("Early release", "".join(told.mapped("body")))
        self.assertNotIn("123.45", "".join(told.mapped("body")))

    def test_b6_retention_is_withheld_and_released_by_its_own_invoice(self):
        ticket = self.retained((self.lump, 1, {"tax_ids": [Command.set(self.tax.ids)]}))
        order = ticket.sale_order_id
        invoice = self.draft(ticket, 35)
        line = self.held(invoice)
        self.assertEqual((line.price_subtotal, line.account_id, line.tax_ids.ids), (-350.0, self.account, []))
        self.assertIn("10 %", line.name)
        self.assertEqual((line.buyer_po, line.cost_center_id, invoice.buyer_po), ("4500-1", self.center, "4500-1"))
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (3149.99, 262.5))
        self.assertEqual(line.balance, 350.0, "what the customer keeps is an asset")
        invoice.action_post()
        self.assertEqual((order.retention_withheld, order.retention_open), (350.0, 350.0))
        self.draft(ticket, 100).action_post()
        self.finish(ticket)
        self.assertEqual((ticket.state, order.retention_open), ("closed", 1000.0))
        self.assertEqual(ticket.retention_to_release, 1000.0)
        first = self.release(order, 400)
        first.action_post()
        self.assertEqual((first.amount_total, order.retention_released, order.retention_open), (400, 400, 600))
        rest = self.release(order, 600)
        rest.action_post()
        self.assertEqual((order.retention_open, rest.invoice_line_ids.account_id), (0, self.account))
        self.assertEqual(rest.partner_id, order.partner_invoice_id)
        total = sum((ticket.invoice_ids | first | rest).mapped("amount_untaxed"))
        self.assertEqual(ticket.currency_id.round(total), 9999.97)

    def test_b6_odd_contract_sums_add_up_to_the_cent(self):
        steps = (7.13, 19.99, 33.33, 48.7, 61.005, 88.888, 100)
        for percent, row in ((10, (3333.33, 0.07, 6666.57)), (7.35, (9999.97,)), (3.3333, (101.01, 57.77, 1.03))):
            with self.subTest(percent=percent, prices=row):
                lines = [(self.product(f"Part {price}", price, type="service"), 1) for price in row]
                ticket = self.retained(*lines, percent=percent)
                order = ticket.sale_order_id
                invoices = self.env["account.move"]
                for step in steps:
                    own = [step if n % 2 else min(100, step * 1.1) for n in range(len(row))]
                    invoice = self.draft(ticket, *own)
                    invoice.action_post()
                    invoices |= invoice
                self.finish(ticket)
                self.assertEqual(ticket.state, "closed")
                held = order.retention_open
                self.assertEqual(
                    order.currency_id.round(sum(invoices.mapped("amount_untaxed")) + held), order.amount_untaxed
                )
                release = self.release(order, held)
                release.action_post()
                self.assertEqual(
                    order.currency_id.round(sum((invoices | release).mapped("amount_untaxed"))), order.amount_untaxed
                )
                self.assertEqual(order.retention_open, 0)

    def test_b6_limit_and_reduced_rate(self):
        ticket = self.retained(retention_reduced_from=50, retention_reduced_percent=5, retention_limit=700)
        amounts = []
        for percent in (40, 60, 80, 100):  # 10 % until half is billed, then 5 %, at most 700.00
            invoice = self.draft(ticket, percent)
            amounts.append(-sum(self.held(invoice).mapped("price_subtotal")))
            invoice.action_post()
        self.assertEqual(amounts, [400.0, 200.0, 100.0, 0.0])
        self.assertEqual(ticket.sale_order_id.retention_open, 700.0)

    def test_b6_job_keeps_the_retention_of_orders_without_their_own(self):
        job = self.env["work.order.job"].create({"title": "x", "partner_id": self.buyer.id, "retention_percent": 5})
        plain = self.under_way(work_order_job_id=job.id)
        own = self.retained(work_order_job_id=job.id)
        invoices = [self.draft(ticket, 10) for ticket in (plain, own)]
        self.assertEqual([self.held(each).price_subtotal for each in invoices], [-50.0, -100.0])
        for each in invoices:
            each.action_post()
        self.assertEqual((job.retention_open, own.sale_order_id.retention_open), (50.0, 100.0))
        self.assertIn(job, job.search([("retention_open", ">", 0)]))
        self.draft(plain, 100).action_post()
        self.finish(plain)
        release = self.release(job, 500.0)
        release.action_post()
        self.assertEqual((job.retention_open, release.invoice_line_ids.retention_job_id), (0.0, job))

    def test_b6_fixed_work_is_not_under_retention(self):
        order = self.sale_order((self.lump, 1), (self.part, 3), retention_percent=10)
        order.action_confirm()
        ticket = order.work_order_ids
        ticket.task_ids[0].billing_type = "progress"
        self.dispatch(ticket).with_user(self.technician).action_start()
        self.approve(ticket, 100)
        self.finish(ticket)
        invoice = self.invoice(ticket)
        self.assertEqual(self.held(invoice).price_subtotal, -1000.0)
        invoice.action_post()
        self.assertEqual(ticket.state, "closed")

    def test_b6_credit_notes_give_back(self):
        ticket = self.retained()
        order = ticket.sale_order_id
        invoice = self.draft(ticket, 35)
        invoice.action_post()
        refund = invoice._reverse_moves([{"invoice_date": "2026-11-30"}])
        refund.action_post()
        self.assertEqual((order.retention_withheld, refund.amount_untaxed), (0.0, 3149.99))
        invoice = self.draft(ticket, 36)
        self.assertEqual(self.held(invoice).price_subtotal, -360.0)
        invoice.action_post()
        half = invoice._reverse_moves([{"invoice_date": "2026-11-30"}])
        half.invoice_line_ids.filtered("work_order_task_id").quantity = 0.5
        with self.assertRaisesRegex(UserError, "180.00"), self.env.cr.savepoint():
            half.action_post()
        half.action_update_retention()
        half.action_post()
        self.assertEqual(order.retention_open, 180.0)

    def test_d6_credit_of_one_progress_line_gives_back_its_share_of_the_retention(self):
        ticket = self.retained((self.lump, 1), (self.lump, 1, {"price_unit": 1000.0}))
        invoice = self.draft(ticket, 50, 50)
        invoice.action_post()
        wizard = self.env["account.move.reversal"].with_user(self.billing)
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        wizard = wizard.create({"journal_id": invoice.journal_id.id, "reason": "Not done"})
        wizard.credit_line_ids[0].selected = False
        wizard.refund_moves()
        credit = wizard.new_move_ids
        self.assertEqual((credit.amount_untaxed, self.held(credit).price_subtotal), (450.0, -50.0))
        credit.action_post()
        self.assertEqual(ticket.sale_order_id.retention_withheld, 500.0)

    def test_b6_credited_release_can_be_released_again(self):
        ticket = self.retained()
        order = ticket.sale_order_id
        self.draft(ticket, 100).action_post()
        self.finish(ticket)
        release = self.release(order, 1000)
        release.action_post()
        release._reverse_moves([{"invoice_date": "2026-11-30"}]).action_post()
        self.assertEqual((order.retention_released, order.retention_open), (0.0, 1000.0))
        self.release(order, 1000).action_post()

    def test_b6_early_release_by_approval_of_a_project_manager(self):
        ticket = self.retained()
        order = ticket.sale_order_id
        self.draft(ticket, 50).action_post()
        wizard = self.env["work.order.retention.release"].with_user(self.manager)
        wizard.create({"order_id": order.id, "amount": 200}).action_approve()
        self.assertEqual(order.retention_early, 200.0)
        release = self.release(order, 200)
        release.action_post()
        self.assertEqual(order.retention_open, 300.0)

    def test_b6_account_of_the_retention_product_serves_where_no_setting_is(self):
        self.env.company.work_order_retention_account_id = False
        product = self.env.ref("work_order.product_retention")
        product.property_account_income_id = self.account
        self.assertEqual(self.held(self.draft(self.retained(), 35)).account_id, self.account)

    def test_b6_refuses_an_invoice_where_no_account_is_set(self):
        self.env.company.work_order_retention_account_id = False
        ticket = self.retained()
        self.approve(ticket, 35)
        with self.assertRaisesRegex(UserError, "Retention account is missing"):
            ticket.with_user(self.billing).action_create_invoices()

    def test_b6_refuses_missing_other_double_and_disguised_retention(self):
        ticket = self.retained()
        invoice = self.draft(ticket, 35)
        line = self.held(invoice)
        more = {name: line[name] for name in ("name", "quantity", "retention_kind")}
        more |= {"product_id": line.product_id.id, "price_unit": -350, "tax_ids": [Command.clear()]}
        link = {"retention_order_id": line.retention_order_id.id}
        for values, sentence in (
            ({"invoice_line_ids": [Command.delete(line.id)]}, "withholds .*350.00 of this invoice"),
            ({"invoice_line_ids": [Command.update(line.id, {"price_unit": -351})]}, "351.00"),
            ({"invoice_line_ids": [Command.update(line.id, {"price_unit": 350})]}, "withholds"),
            ({"invoice_line_ids": [Command.update(line.id, {"retention_kind": False})]}, "retention of no contract"),
            ({"invoice_line_ids": [Command.update(line.id, {"tax_ids": self.tax.ids})]}, "no tax"),
            ({"invoice_line_ids": [Command.update(line.id, {"retention_kind": "released"})]}, "of its own"),
            ({"invoice_line_ids": [Command.create({**more, **link})]}, "in 2"),
            ({"invoice_line_ids": [Command.create(more)]}, "names its contract"),
            ({"invoice_line_ids": [Command.create({**more, "retention_kind": False})]}, "retention of no contract"),
        ):
            with self.subTest(sentence=sentence), self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
                invoice.write(values)
                invoice.action_post()
        self.assertEqual(invoice.state, "draft")
        self.held(invoice).unlink()
        invoice.action_update_retention()
        invoice.action_post()

    def test_b6_refuses_retention_where_none_is_agreed(self):
        ticket = self.under_way()
        invoice = self.draft(ticket, 35)
        values = ticket.sale_order_id._retention_line_values("withheld", -350, "Kept")
        invoice.write({"invoice_line_ids": [Command.create(values)]})
        with self.assertRaisesRegex(UserError, "withholds"):
            invoice.action_post()

    def test_b6_refuses_change_of_posted_retention(self):
        invoice = self.draft(self.retained(), 35)
        invoice.action_post()
        line = self.held(invoice)
        for values in ({"price_unit": -1}, {"quantity": 2}, {"retention_kind": False}, {"retention_order_id": False}):
            with self.subTest(values=values), self.assertRaises(UserError), self.env.cr.savepoint():
                line.write(values)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.with_context(force_delete=True).unlink()
        values = line.sudo().retention_order_id._retention_line_values("withheld", -5, "More")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["account.move.line"].create({**values, "move_id": invoice.id})

    def test_b6_refuses_release_of_more_than_is_open(self):
        ticket = self.retained()
        order = ticket.sale_order_id
        self.draft(ticket, 100).action_post()
        with self.assertRaisesRegex(UserError, "project manager approves"), self.env.cr.savepoint():
            self.release(order, 100)
        self.finish(ticket)
        with self.assertRaisesRegex(UserError, "1,000.01"), self.env.cr.savepoint():
            self.release(order, 1000.01)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.release(order, -5)
        first = self.release(order, 700)
        with self.assertRaisesRegex(UserError, "300.00"), self.env.cr.savepoint():
            self.release(order, 301)
        first.invoice_line_ids.price_unit = 1200
        with self.assertRaisesRegex(UserError, "would be released"), self.env.cr.savepoint():
            first.action_post()
        first.invoice_line_ids.price_unit = 700
        first.invoice_line_ids = [Command.create({"name": "Surcharge", "quantity": 1, "price_unit": 40})]
        with self.assertRaisesRegex(UserError, "nothing else"), self.env.cr.savepoint():
            first.action_post()

    def test_b6_refuses_a_release_built_over_rpc_and_crediting_what_is_released(self):
        ticket = self.retained()
        order = ticket.sale_order_id
        invoice = self.draft(ticket, 50)
        invoice.action_post()
        typed = self.env["account.move"].create(order._prepare_release(500, "2026-11-30"))
        with self.assertRaisesRegex(UserError, "not complete yet"), self.env.cr.savepoint():
            typed.action_post()
        order._approve_early_release(500)
        typed.action_post()
        with self.assertRaisesRegex(UserError, "would be released"), self.env.cr.savepoint():
            invoice._reverse_moves([{"invoice_date": "2026-11-30"}]).action_post()

    def test_b6_refuses_terms_and_approvals_by_others(self):
        ticket = self.retained()
        order = ticket.sale_order_id
        order.with_user(self.salesman).retention_percent = 10
        self.draft(ticket, 35).action_post()
        with self.assertRaisesRegex(AccessError, "terms"), self.env.cr.savepoint():
            order.with_user(self.salesman).retention_percent = 1
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.with_user(self.salesman).write({"retention_early": 350})
        wizard = {"order_id": order.id, "amount": 10}
        for user in (self.dispatcher, self.salesman, self.technician):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env["work.order.retention.release"].with_user(user).create(wizard)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["work.order.retention.release"].with_user(self.billing).create(wizard).action_approve()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["work.order.retention.release"].with_user(self.manager).create(wizard).action_release()

    def test_b6_refuses_terms_that_are_no_share(self):
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"), self.env.cr.savepoint():  # noqa: B017
            self.sale_order((self.lump, 1), retention_percent=100)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.sale_order((self.lump, 1), retention_percent=5, retention_reduced_from=50, retention_reduced_percent=9)


@tagged("post_install", "-at_install")
class TestConcurrentRelease(BaseCase):
    """B6: two users on two real connections cannot release more than was withheld."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self.remove)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partner = env["res.partner"].create({"name": "Retention Race"})
            job = env["work.order.job"].create({"title": "Race", "partner_id": partner.id, "retention_percent": 10})
            job._store_retention({"retention_early": 100.0})
            account = env["account.account"].create(
                {"name": "Race retention", "code": "RACERET", "account_type": "asset_current"}
            )
            before = env.company.work_order_retention_account_id
            env.company.work_order_retention_account_id = account
            values = job._retention_line_values("withheld", -100.0, "Kept")
            move = env["account.move"].create(
                {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [(0, 0, values)]}
            )
            env.flush_all()
            # Posted by hand: what the contract withheld, without the work behind it.
            cr.execute("UPDATE account_move SET state = 'posted', name = 'RACE/RET' WHERE id = %s", [move.id])
            cr.execute("UPDATE account_move_line SET parent_state = 'posted' WHERE move_id = %s", [move.id])
            self.job_id, self.account_id, self.partner_id = job.id, account.id, partner.id
            self.company_id, self.before_id = env.company.id, before.id or None

    def remove(self):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM account_move_line WHERE partner_id = %s", [self.partner_id])
            cr.execute("DELETE FROM account_move WHERE partner_id = %s", [self.partner_id])
            cr.execute("DELETE FROM work_order_job WHERE id = %s", [self.job_id])
            cr.execute(
                "UPDATE res_company SET work_order_retention_account_id = %s WHERE id = %s",
                [self.before_id, self.company_id],
            )
            cr.execute("DELETE FROM account_account WHERE id = %s", [self.account_id])
            cr.execute("DELETE FROM res_partner WHERE id = %s", [self.partner_id])

    @mute_logger("odoo.sql_db")  # who lost the race starts again, as every call to Odoo does
    def test_b6_refuses_two_releases_at_once(self):
        released, refused, lock = [], [], threading.Lock()
        together = threading.Barrier(2)

        def release(env):
            env["work.order.job"].browse(self.job_id).retention_early  # noqa: B018  the snapshot is taken
            if not together.broken:
                with contextlib.suppress(threading.BrokenBarrierError):
                    together.wait(20)
            return env["work.order.job"].browse(self.job_id)._release_retention(80.0)

        def work():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                try:
                    move = retrying(lambda: release(env), env)
                    with lock:
                        released.append(move.id)
                except UserError as refusal:
                    with lock:
                        refused.append(str(refusal))
                finally:
                    together.abort()

        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        workers = [threading.Thread(target=work) for _turn in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        self.assertEqual((len(released), len(refused)), (1, 1))
        self.assertIn("20.00", refused[0])
