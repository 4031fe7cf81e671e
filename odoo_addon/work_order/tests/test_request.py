from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import WorkOrderCase

MAIL = """Return-Path: <{sender}>
To: {to}
From: {sender}
Subject: {subject}
Message-ID: <{number}@mail.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain; charset=utf-8

The chiller is dripping.
--part
Content-Type: text/csv
Content-Disposition: attachment; filename="alarms.csv"

time,alarm
--part--
"""


@tagged("post_install", "-at_install")
class TestTemplateOrder(WorkOrderCase):
    """A3: a product opens its work orders from a template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["work.order.template"].create(
            {
                "name": "Quarterly service",
                "type_id": cls.env.ref("work_order.type_preventive").id,
                "safety_notes": "Lock out",
                "task_ids": [
                    Command.create({"name": "Change filters"}),
                    Command.create({"name": "Service as sold", "product_id": cls.labor.id}),
                ],
                "check_ids": [Command.create({"name": "Locked out"})],
            }
        )
        cls.service = cls.product(
            "Service", 400, policy="template", type="service", work_order_template_id=cls.template.id
        )
        cls.template.task_ids[1].product_id = cls.service

    def test_a3_each_line_opens_one_ticket_from_the_template_of_its_product(self):
        order = self.sale_order((self.service, 2), (self.service, 3), (self.part, 1))
        order.action_confirm()
        self.assertEqual(sorted(len(ticket.task_ids) for ticket in order.work_order_ids), [1, 2, 2])
        tickets = order.work_order_ids.filtered("template_id")
        self.assertEqual(tickets.mapped("state"), ["ready", "ready"])
        for ticket in tickets:
            self.assertEqual((ticket.type_id, ticket.safety_notes), (self.template.type_id, "Lock out"))
            self.assertEqual(ticket.check_ids.mapped("name"), ["Locked out"])
            sold = ticket.task_ids.filtered("sale_line_id")
            self.assertEqual((sold.template_task_id, sold.included), (self.template.task_ids[1], False))
            self.assertEqual(sold.quantity, sold.sale_line_id.product_uom_qty)
            self.assertTrue((ticket.task_ids - sold).included)
            self.assertFalse((ticket.task_ids - sold)._committed())

    def test_a3_ticket_from_a_template_bills_the_line_that_was_sold_and_nothing_else(self):
        order = self.sale_order((self.service, 1))
        order.action_confirm()
        ticket = order.work_order_ids
        self.dispatch(ticket)
        mine = ticket.with_user(self.technician)
        mine.action_start()
        mine.check_ids.action_pass()
        mine.task_ids.action_done()
        mine.signed_by = "Pat"
        mine.action_complete()
        invoice = self.invoice(ticket)
        self.assertEqual(invoice.amount_untaxed, 400)
        invoice.action_post()
        self.assertEqual(ticket.state, "closed")

    def test_a3_many_orders_confirmed_at_once_each_get_their_own(self):
        orders = self.env["sale.order"].union(*[self.sale_order((self.service, 1)) for _number in range(30)])
        orders.action_confirm()
        self.assertEqual(orders.mapped("work_order_count"), [1] * 30)
        self.assertEqual({len(ticket.task_ids) for ticket in orders.work_order_ids}, {2})

    def test_a3_refuses_policy_template_without_a_template(self):
        with self.assertRaisesRegex(ValidationError, "Work Order Template is missing"):
            self.product("Bare", 1, policy="template", type="service")

    def test_a3_button_of_the_template_opens_a_filled_form(self):
        action = self.template.with_user(self.dispatcher).action_new_work_order()
        orders = self.env["work.order"].with_user(self.dispatcher).with_context(**action["context"])
        ticket = orders.create({"partner_id": self.buyer.id})
        self.assertEqual((ticket.title, len(ticket.task_ids)), ("Quarterly service", 2))


@tagged("post_install", "-at_install")
class TestMailRequest(WorkOrderCase):
    """A3: an e-mail to the alias of a type opens a draft."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].search([], limit=1) or cls.env["mail.alias.domain"].create(
            {"name": "firm.example"}
        )
        cls.kind = cls.env.ref("work_order.type_emergency")
        cls.kind.write({"alias_name": "help-now", "alias_domain_id": domain.id})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Pat", "email": "pat@hospital.example", "parent_id": cls.buyer.id}
        )

    def receive(self, sender, subject="Chiller drips"):
        before = self.env["work.order"].search([], limit=1, order="id desc").id or 0
        mail = MAIL.format(to=self.kind.alias_email, sender=sender, subject=subject, number=f"{before}{len(sender)}")
        self.env["mail.thread"].sudo().message_process(None, mail)
        return self.env["work.order"].search([("id", ">", before)])

    def test_a3_mail_of_a_known_sender_opens_a_draft_for_their_company(self):
        ticket = self.receive("Pat <pat@hospital.example>")
        self.assertEqual((ticket.state, ticket.type_id, ticket.title), ("draft", self.kind, "Chiller drips"))
        self.assertEqual((ticket.partner_id, ticket.requested_by_id), (self.buyer, self.contact))
        self.assertIn("dripping", ticket.symptom)
        self.assertFalse(ticket.user_id)
        self.assertEqual(ticket.message_ids.attachment_ids.mapped("name"), ["alarms.csv"])

    def test_a3_mail_of_an_unknown_sender_opens_a_draft_for_nobody_and_nothing_else(self):
        partners = self.env["res.partner"].search_count([])
        ticket = self.receive("stranger@elsewhere.example", subject="")
        self.assertEqual((ticket.state, ticket.partner_id.id, ticket.requested_by_id.id), ("draft", False, False))
        self.assertTrue(ticket.title)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertFalse(ticket.task_ids)

    def test_a3_mail_of_one_of_us_names_no_customer(self):
        self.dispatcher.partner_id.email = "dispatch@firm.example"
        self.assertFalse(self.receive("dispatch@firm.example").partner_id)


@tagged("post_install", "-at_install")
class TestPortal(WorkOrderCase, HttpCase):
    """A3: customers ask for work on the portal and see their own, and nothing of anybody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pat = new_test_user(cls.env, "wo_portal_pat", "base.group_portal")
        cls.pat.partner_id.parent_id = cls.buyer
        cls.rival = cls.env["res.partner"].create({"name": "Rival Hospital", "is_company": True})
        cls.rob = new_test_user(cls.env, "wo_portal_rob", "base.group_portal")
        cls.rob.partner_id.parent_id = cls.rival
        cls.mine = cls.standard_order().work_order_ids
        cls.theirs = cls.env["work.order"].create({"title": "Rival secret", "partner_id": cls.rival.id})
        cls.theirs._store_state({"state": "ready"})

    def _ask(self, **form):
        token = self.url_open("/my/work-orders/new").text.split('name="csrf_token" value="')[1].split('"')[0]
        files = [("attachments", ("leak.svg", b"<svg><script>alert(1)</script></svg>", "image/svg+xml"))]
        values = {"title": "Tap drips", "description": "Since\nMonday", "site_id": self.site.id, "csrf_token": token}
        before = self.env["work.order"].search([], limit=1, order="id desc").id or 0
        page = self.url_open("/my/work-orders/new", data={**values, **form}, files=files)
        return page, self.env["work.order"].search([("id", ">", before)])

    def test_a3_customer_requests_work_and_sees_it(self):
        self.authenticate("wo_portal_pat", "wo_portal_pat")
        page, ticket = self._ask(
            state="done", type_id="1", partner_id=str(self.rival.id), sale_order_id="1", buyer_po="X"
        )
        self.assertIn(ticket.name, page.text)
        self.assertEqual((ticket.state, ticket.partner_id, ticket.site_id), ("draft", self.buyer, self.site))
        self.assertEqual(ticket.type_id, self.env.ref("work_order.type_corrective"))
        self.assertEqual((ticket.symptom, ticket.requested_by_id), ("Since\nMonday", self.pat.partner_id))
        self.assertFalse(ticket.buyer_po or ticket.sale_order_id or ticket.user_id)
        files = ticket.message_ids.attachment_ids
        self.assertEqual((files.name, files.mimetype), ("leak.svg", "text/plain"))
        self.assertEqual(ticket.photo_count, 0)
        listed = self.url_open("/my/work-orders").text
        self.assertIn(ticket.name, listed)
        self.assertIn(self.mine.name, listed)
        self.assertIn("Labor", self.url_open(f"/my/work-orders/{self.mine.id}").text)

    def test_a3_refuses_a_request_with_everything_that_is_wrong_and_opens_nothing(self):
        self.authenticate("wo_portal_pat", "wo_portal_pat")
        for site in (self.rival.id, "", "1 OR 1=1", self.env.company.partner_id.id):
            with self.subTest(site=site):
                page, ticket = self._ask(title=" ", description="", site_id=site)
                for sentence in ("Title is missing", "Description is missing", "Site is missing"):
                    self.assertIn(sentence, page.text)
                self.assertFalse(ticket)
        self.assertNotIn("Rival Hospital", self.url_open("/my/work-orders/new").text)

    def _submitted_change(self):
        self.dispatch(self.mine)
        change = self.env["work.order.change"].create(
            {
                "work_order_id": self.mine.id,
                "title": "Second belt",
                "reason": "Worn as well",
                "requested_by": "Pat",
                "line_ids": [Command.create({"kind": "change", "task_id": self.mine.task_ids[0].id, "quantity": 7})],
            }
        )
        change.with_user(self.dispatcher).action_submit()
        return change

    def _click_approve(self, change, token=None):
        page = self.url_open(f"/my/work-orders/{self.mine.id}").text
        if token is None:
            self.assertIn("Second belt", page)
            token = page.split(f"/changes/{change.id}/approve")[1].split('value="')[1].split('"')[0]
        address = f"/my/work-orders/{change.work_order_id.id}/changes/{change.id}/approve"
        return self.url_open(address, data={"csrf_token": token})

    def test_b4_customers_click_on_the_portal_is_the_evidence_of_a_change(self):
        change = self._submitted_change()
        manager = new_test_user(self.env, "wo_portal_boss", "work_order.group_project_manager")
        with self.assertRaisesRegex(UserError, "Evidence is missing"):
            change.with_user(manager).action_approve()
        self.authenticate("wo_portal_pat", "wo_portal_pat")
        page = self._click_approve(change)
        self.assertIn("Approved by", page.text)
        self.assertEqual((change.state, change.portal_approved_by_id), ("submitted", self.pat.partner_id))
        change.with_user(manager).action_approve()
        self.assertEqual((change.state, self.mine.task_ids[0].quantity), ("approved", 7))

    def test_b4_refuses_a_click_of_other_people_or_on_what_changed_since(self):
        change = self._submitted_change()
        self.authenticate("wo_portal_rob", "wo_portal_rob")
        token = self.url_open("/my/work-orders/new").text.split('name="csrf_token" value="')[1].split('"')[0]
        self._click_approve(change, token)
        self.assertFalse(change.portal_approved_by_id)
        with self.assertRaises(AccessError):
            change.with_user(self.dispatcher).write({"portal_approved_by_id": self.pat.partner_id.id})
        self.authenticate("wo_portal_pat", "wo_portal_pat")
        self._click_approve(change)
        change.with_user(self.dispatcher).action_draft()
        self.assertFalse(change.portal_approved_by_id, "what was approved may change now")
        with self.assertRaisesRegex(UserError, "does not wait"):
            change._approve_as_customer(self.pat.partner_id)

    def test_a3_refuses_other_peoples_work_orders_on_every_page(self):
        self.authenticate("wo_portal_rob", "wo_portal_rob")
        listed = self.url_open("/my/work-orders").text
        self.assertIn(self.theirs.name, listed)
        self.assertNotIn(self.mine.name, listed)
        token = self.mine._portal_ensure_token()
        for query in ("", "?access_token=", "?access_token=guess", f"?access_token={token[:-1]}"):
            with self.subTest(query=query):
                self.assertNotIn(self.mine.title, self.url_open(f"/my/work-orders/{self.mine.id}{query}").text)
        self.assertNotIn("rival", self.url_open("/my/work-orders?filterby=x&sortby=y").text)
        self.authenticate(None, None)
        self.assertNotIn(self.mine.title, self.url_open(f"/my/work-orders/{self.mine.id}").text)
        self.assertIn(self.mine.title, self.url_open(f"/my/work-orders/{self.mine.id}?access_token={token}").text)

    def test_a3_refuses_portal_users_everything_but_reading_their_own(self):
        orders = self.env["work.order"].with_user(self.pat)
        internal = self.env["work.order"].create(
            {"title": "x", "partner_id": self.buyer.id, "type_id": self.env.ref("work_order.type_internal").id}
        )
        internal._store_state({"state": "ready"})
        draft = self.env["work.order"].create({"title": "Not sent yet", "partner_id": self.buyer.id})
        self.assertEqual(orders.search([]), self.mine.with_user(self.pat))
        for ticket in (self.theirs, internal, draft):
            with self.assertRaises(AccessError):
                ticket.with_user(self.pat).read(["title"])
        mine = self.mine.with_user(self.pat)
        for change in (
            lambda: orders.create({"title": "x"}),
            lambda: mine.write({"title": "x"}),
            mine.action_complete,
            mine.action_approve,
            mine.unlink,
            lambda: mine.task_ids.read(["name"]),
            lambda: self.env["work.order.check"].with_user(self.pat).search([]),
            lambda: self.env["work.order.asset"].with_user(self.pat).search([]),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a3_refuses_to_show_prices_to_portal_users(self):
        """Whatever anybody adds to a work order in money, a customer's login cannot read it over RPC."""
        orders = self.env["work.order"].with_user(self.pat)
        money = [name for name, field in orders._fields.items() if field.type == "monetary"]
        self.assertTrue(money)
        self.assertEqual([name for name in money if orders._has_field_access(orders._fields[name], "read")], [])
        for name in ("instructions", "technician_ids", "approved_by", "task_ids", "access_token"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.mine.with_user(self.pat).read([name])
        self.assertEqual(self.mine.with_user(self.pat).title, self.mine.title)

    def test_a3_customer_writes_on_their_own_work_order_and_on_no_other(self):
        def post(ticket):
            message = {"body": "When do you come?", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
            return self.make_jsonrpc_request(
                "/mail/message/post", {"thread_model": "work.order", "thread_id": ticket.id, "post_data": message}
            )

        self.authenticate("wo_portal_pat", "wo_portal_pat")
        post(self.mine)
        self.assertIn("When do you come?", self.mine.message_ids[0].body)
        self.assertEqual(self.mine.message_ids[0].author_id, self.pat.partner_id)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            post(self.theirs)
