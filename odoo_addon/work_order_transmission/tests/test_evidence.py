import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TransmissionCase


@tagged("post_install", "-at_install")
class TestEvidence(TransmissionCase):
    """Files of the work are handed out one at a time, each once, after their invoice arrived."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.destination.attach_evidence = True

    def received_with(self, *files, external_id="101"):
        """The row of an invoice that arrived, whose work order has these files (name, type, content)."""
        invoice = self.draft_invoice()
        for name, mimetype, content in files:
            self.env["ir.attachment"].create(
                {
                    "name": name,
                    "mimetype": mimetype,
                    "raw": content,
                    "res_model": "work.order",
                    "res_id": invoice.sudo().work_order_ids.id,
                }
            )
        invoice.invoice_date = "2026-11-22"
        invoice.action_post()
        row = self.row_of(invoice)
        batch = self.claim()
        self.settle(batch["lease"], self.received(row, external_id))
        return row

    PHOTO = ("before.png", "image/png", b"a picture")

    def claim_files(self, **options):
        return self.offered.claim_files("books", **options)["files"]

    def answer(self, file, state, **more):
        return self.offered.settle_files("books", [{"id": file["id"], "key": file["key"], "state": state, **more}])

    def files_of(self, row):
        return row.sudo().file_ids

    def test_file_of_an_invoice_that_arrived_is_handed_out_with_what_it_takes(self):
        row = self.received_with(self.PHOTO)
        (file,) = [each for each in self.claim_files() if each["name"] == "before.png"]
        self.assertEqual((file["mimetype"], file["size"], file["attempt"]), ("image/png", 9, 1))
        self.assertEqual((file["invoice_external_id"], file["invoice_number"]), ("101", row.name))
        self.assertFalse(file["on_send"])
        self.assertRegex(file["key"], "^[0-9a-f]{32}$")
        content = self.offered.file_content("books", file["id"], file["key"])["content"]
        self.assertEqual(base64.b64decode(content), b"a picture")

    def test_nothing_is_handed_out_before_the_invoice_arrived_or_where_evidence_is_off(self):
        self.posted_invoice()
        self.assertEqual(self.claim_files(), [])
        self.received_with(self.PHOTO)
        self.destination.attach_evidence = False
        self.assertEqual(self.claim_files(), [])

    def test_invoices_from_before_the_switch_keep_their_evidence_to_themselves(self):
        row = self.received_with(self.PHOTO)
        row.sudo().settled_at = "2020-01-01 00:00:00"
        self.assertEqual(self.claim_files(), [])

    def test_claim_tells_whether_evidence_is_wanted(self):
        self.assertTrue(self.claim()["destination"]["attach_evidence"])

    def test_leased_file_comes_again_under_its_key_when_the_lease_runs_out(self):
        self.received_with(self.PHOTO)
        first = self.claim_files()
        self.assertEqual(self.claim_files(), [])
        self.answer(first[0], "retry", retry_after=0, message="Busy.")
        again = self.claim_files()
        self.assertEqual((again[0]["key"], again[0]["attempt"]), (first[0]["key"], 2))

    def test_attached_file_is_settled_once_and_stays(self):
        row = self.received_with(self.PHOTO)
        (file,) = self.claim_files()
        self.assertEqual(self.answer(file, "attached", external_id="900")["settled"], [file["id"]])
        self.assertEqual(self.answer(file, "attached", external_id="900")["unchanged"], [file["id"]])
        self.assertEqual(self.answer(file, "refused", message="no")["unchanged"], [file["id"]])
        self.assertEqual((self.files_of(row).state, self.files_of(row).external_id), ("attached", "900"))
        self.assertEqual(self.claim_files(), [])

    def test_refused_file_says_why_leaves_the_invoice_as_it_is_and_can_be_tried_again(self):
        row = self.received_with(self.PHOTO)
        (file,) = self.claim_files()
        self.answer(file, "refused", message="Files of this type cannot be attached.")
        self.assertEqual((row.state, self.files_of(row).state), ("received", "refused"))
        self.assertIn("cannot be attached", row.invoice_id.message_ids[0].body)
        self.files_of(row).with_user(self.billing).action_try_again()
        (again,) = self.claim_files()
        self.assertEqual((again["key"], again["attempt"]), (file["key"], 2))

    def test_file_that_is_too_large_is_not_handed_out_and_says_so(self):
        self.destination.evidence_megabytes = 1
        row = self.received_with(("scan.pdf", "application/pdf", b"x" * 1_000_001))
        self.assertEqual(self.claim_files(), [])
        self.assertEqual(self.files_of(row).state, "refused")
        self.assertIn("up to 1 MB", self.files_of(row).message)
        with self.assertRaises(ValidationError):
            self.destination.evidence_megabytes = 101

    def test_deleted_file_has_no_content(self):
        self.received_with(self.PHOTO)
        (file,) = self.claim_files()
        self.env["ir.attachment"].search([("name", "=", "before.png")]).unlink()
        self.assertIsNone(self.offered.file_content("books", file["id"], file["key"])["content"])

    def test_only_leased_files_can_be_read_and_only_by_the_bridge(self):
        self.received_with(self.PHOTO)
        (file,) = self.claim_files()
        with self.assertRaises(UserError):
            self.offered.file_content("books", file["id"], "0" * 32)
        with self.assertRaises(AccessError):
            self.offered.with_user(self.billing).file_content("books", file["id"], file["key"])
        with self.assertRaises(AccessError):
            self.offered.with_user(self.billing).claim_files("books")
        self.answer(file, "attached", external_id="900")
        with self.assertRaises(UserError):
            self.offered.file_content("books", file["id"], file["key"])

    def test_malformed_answers_are_refused_whole(self):
        with self.assertRaisesRegex(UserError, "entry 1") as caught:
            self.offered.settle_files("books", [{"id": 0, "key": "x", "state": "gone"}])
        self.assertIn("none of attached, refused, retry", str(caught.exception))
