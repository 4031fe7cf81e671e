from datetime import date

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import WorkOrderCase


class DisputeCase(WorkOrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "wo_manager", "work_order.group_project_manager")

    def posted(self, **values):
        """A closed ticket and its posted invoice."""
        order = self.sale_order((self.labor, 2, {"buyer_po_line": "10"}), (self.part, 3), **values)
        order.action_confirm()
        ticket = self.complete(order.work_order_ids)
        self.invoice(ticket).action_post()
        return ticket, ticket.invoice_ids

    def dispute(self, move, user=None, **values):
        facts = {"move_id": move.id, "reason": "REF", "text": "PO line 10 is closed"}
        return self.env["work.order.dispute"].with_user(user or self.billing).create({**facts, **values})

    def profile(self, **values):
        return self.env["buyer.profile"].create({"partner_id": self.buyer.id, **values})

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("work_order.cron_escalate_disputes").method_direct_trigger()
        self.env.invalidate_all()

    def told(self, dispute):
        return dispute.sudo().activity_ids.mapped("user_id")


@tagged("post_install", "-at_install")
class TestDispute(DisputeCase):
    """D7: what a buyer disputes has a reason, an owner and a due date, and ends in something."""

    def test_d7_marks_invoice_and_work_and_keeps_them_from_counting_as_settled(self):
        ticket, move = self.posted()
        tickets = self.env["work.order"].search([("id", "=", ticket.id)])
        self.assertEqual((ticket.is_disputed, ticket.is_settled, ticket.board_status), (False, True, False))
        dispute = self.dispute(move)
        self.assertEqual((dispute.state, dispute.work_order_ids, dispute.partner_id), ("open", ticket, self.buyer))
        self.assertEqual((ticket.is_disputed, ticket.is_settled, ticket.board_status), (True, False, "disputed"))
        self.assertEqual((move.is_disputed, move.dispute_count, ticket.dispute_count), (True, 1, 1))
        for domain, found in (
            ([("is_disputed", "=", True)], tickets),
            ([("is_disputed", "=", False)], tickets.browse()),
            ([("is_settled", "=", True)], tickets.browse()),
            ([("board_status", "=", "disputed")], tickets),
            ([("board_status", "=", False)], tickets.browse()),
        ):
            with self.subTest(domain):
                self.assertEqual(tickets.search([("id", "=", ticket.id), *domain]), found)
        groups = tickets._read_group([("id", "=", ticket.id)], ["board_status"], ["__count"])
        self.assertEqual(groups, [("disputed", 1)])
        self.assertEqual(move.search([("is_disputed", "=", True), ("id", "=", move.id)]), move)
        self.assertIn(f"Dispute {dispute.name}", "".join(ticket.message_ids.mapped("body")))
        dispute.write({"resolution": "explained", "resolution_text": "They found the line"})
        dispute.action_resolve()
        self.assertEqual((ticket.is_disputed, ticket.is_settled, move.is_disputed), (False, True, False))
        self.assertEqual(move.search([("is_disputed", "=", False), ("id", "=", move.id)]), move)
        self.assertEqual(tickets._read_group([("id", "=", ticket.id)], ["board_status"], ["__count"]), [(False, 1)])

    def test_d7_owner_and_due_date_come_from_buyer_then_company_then_who_records_it(self):
        _ticket, move = self.posted()
        with freeze_time("2026-11-25 10:00:00"):
            dispute = self.dispute(move)
            self.assertEqual((dispute.user_id, dispute.deadline), (self.billing, date(2026, 12, 5)))
            dispute.action_withdraw()
            self.env.company.write({"dispute_user_id": self.manager.id, "dispute_days": 3})
            dispute = self.dispute(move)
            self.assertEqual((dispute.user_id, dispute.deadline), (self.manager, date(2026, 11, 28)))
            self.assertEqual(self.told(dispute), self.manager)
            dispute.action_withdraw()
            self.assertFalse(self.told(dispute))
            self.profile(dispute_user_id=self.accountant.id, dispute_days=7)
            dispute = self.dispute(move)
            self.assertEqual((dispute.user_id, dispute.deadline), (self.accountant, date(2026, 12, 2)))
            dispute.user_id = self.manager
            self.assertEqual(self.told(dispute), self.manager)

    def test_d7_past_its_due_date_each_step_is_told_once(self):
        _ticket, move = self.posted()
        steps = self.env["work.order.dispute.step"]
        steps.create({"user_id": self.accountant.id, "days": 2})
        profile = self.profile(dispute_days=1)
        profile.dispute_step_ids = [
            Command.create({"user_id": self.manager.id, "days": 5, "sequence": 1}),
            Command.create({"user_id": self.dispatcher.id, "days": 5, "sequence": 2}),
        ]
        self.assertEqual(profile.dispute_step_ids.company_id, self.env.company)
        seen = {}
        with freeze_time("2026-11-25 10:00:00") as clock:
            dispute = self.dispute(move).sudo()
            for day in range(1, 16):
                clock.move_to(f"2026-11-{25 + day} 10:00:00" if day < 6 else f"2026-12-{day - 5:02} 10:00:00")
                self.run_cron()
                seen.setdefault(dispute.escalation_level, (day, self.told(dispute)))
        self.assertEqual(
            seen,
            {
                0: (1, self.billing),
                1: (2, self.billing | self.manager),
                2: (8, self.billing | self.manager | self.dispatcher),
                3: (14, self.billing | self.manager | self.dispatcher),
            },
        )
        self.assertEqual((len(dispute.activity_ids), dispute.escalated_to_id), (3, self.dispatcher))
        self.assertEqual("".join(dispute.message_ids.mapped("body")).count("nobody is left"), 1)
        dispute.with_user(self.manager).action_wait_for_buyer()
        dispute.with_user(self.manager).action_reopen()
        dispute.with_user(self.manager).action_withdraw()
        self.assertFalse(dispute.activity_ids)

    def test_d7_without_a_path_of_its_own_the_companys_is_taken(self):
        _ticket, move = self.posted()
        self.env["work.order.dispute.step"].create({"user_id": self.manager.id})
        self.profile()
        dispute = self.dispute(move, deadline="2020-01-01").sudo()
        self.run_cron()
        self.assertEqual(dispute.escalated_to_id, self.manager)
        self.assertEqual(dispute.deadline, fields.Date.add(fields.Date.context_today(dispute), days=5))

    def test_d7_credit_and_reissue_under_a_new_number(self):
        ticket, move = self.posted()
        dispute = self.dispute(move)
        dispute.action_credit_and_reissue()
        credit, corrected = dispute.credit_id, dispute.corrected_id
        self.assertEqual((dispute.state, dispute.resolution), ("resolved", "reissued"))
        self.assertEqual((credit.reversed_entry_id, credit.state, move.payment_state), (move, "posted", "reversed"))
        self.assertEqual((corrected.state, corrected.reissue_of_id, corrected.reissue_suffix), ("draft", move, False))
        self.assertEqual(corrected.invoice_line_ids.work_order_task_id, move.invoice_line_ids.work_order_task_id)
        corrected.action_post()
        self.assertNotEqual(corrected.name, move.name)
        self.assertEqual(corrected.amount_total, move.amount_total)
        self.assertEqual((ticket.state, ticket.is_settled), ("closed", True))
        self.assertIn(corrected.id, dispute.action_view_invoices()["domain"][0][2])

    def test_d7_credit_then_correct_the_work_then_reissue_with_its_new_references(self):
        ticket, move = self.posted()
        self.profile(reissue_rule="suffix")
        dispute = self.dispute(move)
        with self.assertRaisesRegex(UserError, "credit the invoice first"):
            dispute.action_reissue()
        dispute.action_credit()
        self.assertEqual((dispute.state, dispute.credit_id.state, ticket.state), ("open", "posted", "done"))
        self.assertEqual(move.payment_state, "reversed")
        with self.assertRaisesRegex(UserError, "nothing was credited and reissued"):
            dispute.resolution = "reissued"
            dispute.action_resolve()
        ticket.with_user(self.dispatcher).action_reopen()
        with self.assertRaisesRegex(UserError, "only finished work is invoiced"):
            dispute.action_reissue()
        ticket.task_ids.with_user(self.dispatcher).write({"buyer_po_line": "20"})
        ticket.with_user(self.technician).action_complete()
        dispute.action_reissue()
        corrected = dispute.corrected_id
        self.assertEqual(set(corrected.invoice_line_ids.mapped("buyer_po_line")), {"20"})
        corrected.action_post()
        self.assertEqual((corrected.name, ticket.state), (f"{move.name}A", "closed"))

    def test_d7_reissue_takes_the_invoice_somebody_made_after_the_credit(self):
        ticket, move = self.posted()
        dispute = self.dispute(move)
        dispute.action_credit()
        again = self.invoice(ticket) - move - dispute.credit_id
        again.action_post()
        dispute.action_reissue()
        self.assertEqual((dispute.corrected_id, again.reissue_of_id, dispute.state), (again, move, "resolved"))

    def test_d7_old_number_with_a_suffix_where_the_buyer_wants_it_and_the_sequence_goes_on(self):
        ticket, move = self.posted()
        self.profile(reissue_rule="suffix")
        first = self.dispute(move)
        first.action_credit_and_reissue()
        self.assertEqual(first.corrected_id.name, f"{move.name}A")
        first.corrected_id.action_post()
        self.assertEqual(first.corrected_id.name, f"{move.name}A")
        second = self.dispute(first.corrected_id)
        second.action_credit_and_reissue()
        second.corrected_id.action_post()
        self.assertEqual(second.corrected_id.name, f"{move.name}B")
        self.assertEqual(second.corrected_id.reissue_of_id, first.corrected_id)
        _other, following = self.posted()
        prefix, number = move.name.rsplit("/", 1)
        self.assertRegex(following.name, rf"^{prefix}/\d+$")
        self.assertEqual(int(following.name.rsplit("/", 1)[1]), int(number) + 1)
        self.assertEqual(ticket.state, "closed")

    def test_d7_suffix_is_kept_in_another_year(self):
        self.profile(reissue_rule="suffix")
        with freeze_time("2026-11-25 10:00:00"):
            _ticket, move = self.posted()
            dispute = self.dispute(move)
        with freeze_time("2027-01-10 10:00:00"):
            dispute.action_credit_and_reissue()
            dispute.corrected_id.action_post()
            self.assertEqual(dispute.corrected_id.name, f"{move.name}A")
            _other, following = self.posted()
        self.assertEqual(following.name.rsplit("/", 1)[1].lstrip("0"), "1")

    def test_d7_refuses_to_post_again_under_a_rejected_number(self):
        _ticket, move = self.posted()
        profile = self.profile()
        dispute = self.env["work.order.dispute"]._open(
            move, move.work_order_ids, "REF", "Unknown PO", raised_by="buyer", number_rejected=True
        )
        for step in (move.button_draft, lambda: move.write({"state": "draft"})):
            with self.assertRaisesRegex(UserError, "takes no rejected number again"):
                step()
        profile.rejected_number_reusable = True
        move.button_draft()
        self.assertEqual((move.state, dispute.number_rejected), ("draft", True))

    def test_d7_refuses_what_is_not_disputable_with_every_reason(self):
        ticket, move = self.posted()
        draft = self.complete(self.standard_order().work_order_ids)
        other_invoice = self.invoice(draft)
        bill = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.buyer.id})
        for wrong, said in (
            ({"move_id": other_invoice.id}, "not a posted customer invoice"),
            ({"move_id": bill.id}, "not a posted customer invoice"),
            ({"move_id": False}, "both missing"),
            ({"work_order_ids": [Command.set(draft.ids)]}, f"{draft.name} is not billed by {move.name}"),
            ({"text": "  "}, "What Is Wrong is missing"),
        ):
            with self.subTest(said), self.assertRaisesRegex(ValidationError, said), self.env.cr.savepoint():
                self.dispute(move, **wrong)
        with self.assertRaises(ValidationError) as both, self.env.cr.savepoint():
            self.dispute(move, move_id=False, text=" ")
        self.assertEqual(len(str(both.exception).splitlines()), 2)
        self.assertEqual(self.dispute(move.browse(), work_order_ids=[Command.set(draft.ids)]).work_order_ids, draft)
        self.assertFalse(ticket.dispute_count)

    def test_d7_refuses_a_second_open_dispute_about_the_same(self):
        _ticket, move = self.posted()
        self.dispute(move)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.dispute(move)

    def test_d7_refuses_to_resolve_without_saying_how(self):
        _ticket, move = self.posted()
        dispute = self.dispute(move)
        with self.assertRaises(UserError) as refused:
            dispute.action_resolve()
        self.assertIn("Resolution is missing", str(refused.exception))
        self.assertIn("How It Was Resolved is missing", str(refused.exception))
        dispute.write({"resolution": "reissued"})
        with self.assertRaisesRegex(UserError, "use “Credit and Reissue”"):
            dispute.action_resolve()
        dispute.write({"resolution": "price_corrected", "resolution_text": "One hour less"})
        with self.assertRaisesRegex(UserError, "no posted credit note"):
            dispute.action_resolve()
        move._reverse_moves(cancel=True)
        dispute.action_resolve()
        self.assertEqual(dispute.credit_id, move.reversal_move_ids)
        with self.assertRaisesRegex(UserError, "is “Open” / “Waiting for Buyer”"):
            dispute.action_withdraw()

    def test_d7_refuses_to_credit_twice(self):
        _ticket, move = self.posted()
        dispute = self.dispute(move)
        move._reverse_moves()
        with self.assertRaisesRegex(UserError, "is credited already"):
            dispute.action_credit_and_reissue()
        unbilled = self.complete(self.standard_order().work_order_ids)
        without = self.dispute(move.browse(), work_order_ids=[Command.set(unbilled.ids)])
        with self.assertRaisesRegex(UserError, "nothing to credit"):
            without.action_credit_and_reissue()

    def test_d7_refuses_hands_on_what_follows_from_its_steps(self):
        _ticket, move = self.posted()
        dispute = self.dispute(move)
        own = {"state": "resolved", "credit_id": move.id, "escalation_level": 5, "number_rejected": True}
        for name, value in own.items():
            with self.subTest(name), self.assertRaises(AccessError):
                dispute.write({name: value})
        for values in ({"reason": "PRI"}, {"move_id": False}, {"raised_by": "us"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "stays as it was recorded"):
                dispute.write(values)
        with self.assertRaisesRegex(UserError, "stays; withdraw it instead"):
            dispute.sudo().unlink()
        for name, value in {"reissue_of_id": move.id, "reissue_suffix": "A"}.items():
            with self.subTest(name), self.assertRaises(AccessError):
                move.with_user(self.billing).write({name: value})
            with self.subTest(name), self.assertRaises(AccessError):
                move.with_user(self.billing).create({"move_type": "out_invoice", name: value})
        dispute.action_withdraw()
        hidden = self.env["work.order.dispute"].with_context(default_state="resolved", default_number_rejected=True)
        other = self.posted()[1]
        new = hidden.with_user(self.billing).create({"move_id": other.id, "reason": "PRI", "text": "Too much"})
        self.assertEqual((new.state, new.number_rejected), ("open", False))

    def test_d7_who_may_record_settle_and_see(self):
        _ticket, move = self.posted()
        for user in (self.dispatcher, self.technician, self.salesman, self.accountant):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.dispute(move, user=user)
        dispute = self.dispute(move, user=self.manager)
        for user in (self.dispatcher, self.salesman, self.accountant):
            mine = dispute.with_user(user)
            self.assertEqual(mine.reason, "REF")
            for step in ("action_withdraw", "action_resolve", "action_credit_and_reissue", "action_credit"):
                with self.subTest(f"{user.login} {step}"), self.assertRaises(AccessError):
                    getattr(mine, step)()
        with self.assertRaises(AccessError):
            dispute.with_user(self.technician).read(["text"])
        with self.assertRaises(AccessError):
            dispute.with_user(self.manager).action_credit_and_reissue()
        self.assertEqual(dispute.state, "open")

    def test_d7_companies_are_kept_apart(self):
        _ticket, move = self.posted()
        dispute = self.dispute(move)
        company = self.env["res.company"].create({"name": "Other Company"})
        other = new_test_user(
            self.env,
            "wo_billing_other",
            "work_order.group_billing",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            dispute.with_user(other).read(["text"])
        self.assertFalse(self.env["work.order.dispute"].with_user(other).search([]))
        dispute.action_withdraw()
        with self.assertRaises(AccessError):
            self.dispute(move, user=other)
