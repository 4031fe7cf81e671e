import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .settlement_errors import KEY, is_id, wait_errors

FILE_RESULTS = ("attached", "refused", "retry")
FILE_TEXTS = ("external_id", "message")
MOST_MEGABYTES = 100  # what QuickBooks takes


class WorkOrderDestination(models.Model):
    """Evidence: files handed out one at a time, to be attached to invoices that arrived."""

    _inherit = "work.order.destination"

    attach_evidence = fields.Boolean(
        help="Photos, sign-off and other files of the work order are attached to the invoice once it has arrived. "
        "Holds for invoices that arrive after this was switched on.",
    )
    evidence_on_send = fields.Boolean(
        string="Send Evidence Along",
        help="Whoever e-mails the invoice from the accounting system sends these files with it.",
    )
    evidence_megabytes = fields.Integer(
        string="Largest File (MB)", default=20, help="A larger file is not attached; its row says so."
    )
    evidence_since = fields.Datetime(readonly=True, copy=False)

    @api.constrains("evidence_megabytes")
    def _check_evidence_megabytes(self):
        if any(not 1 <= destination.evidence_megabytes <= MOST_MEGABYTES for destination in self):
            raise ValidationError(self.env._("Largest File must be from 1 to %s MB.", MOST_MEGABYTES))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_beginning(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_beginning(vals))

    def _with_beginning(self, vals):
        """Switching evidence on says from when: nobody means the files of years ago."""
        return {**vals, "evidence_since": fields.Datetime.now()} if vals.get("attach_evidence") else vals

    @api.model
    def claim_files(self, code, limit=10, lease_seconds=300):
        """Lease files that are to be attached; see docs/design.md. Their keys were stored before this call.

        :raises UserError: if the destination may not hand out anything
        """
        for name, value, most in (("limit", limit, 100), ("lease_seconds", lease_seconds, 86400)):
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
                raise UserError(self.env._("%(name)s must be a whole number from 1 to %(most)s.", name=name, most=most))
        destination = self._open_for_bridge(code, active=True)
        if not destination.attach_evidence:
            return {"files": []}
        files = self.env["work.order.transmission.file"].sudo()
        files._list_new(destination, limit)
        return {
            "files": [
                {
                    "id": file.id,
                    "key": file.key,
                    "name": file.name,
                    "mimetype": file.mimetype or "",
                    "size": file.size,
                    "attempt": file.attempt,
                    "invoice_external_id": file.transmission_id.external_id,
                    "invoice_number": file.transmission_id.name,
                    "on_send": destination.evidence_on_send,
                }
                for file in files._lease(destination, limit, lease_seconds)
            ]
        }

    @api.model
    def file_content(self, code, file, key):
        """One leased file: ``{"content": base64 text}``, or null when it is gone from Odoo or is another one by now.

        Only what was handed out by ``claim_files`` can be read this way, never any other file of the database.

        :raises UserError: if this file is not leased
        """
        destination = self._open_for_bridge(code, active=True)
        found = (
            self.env["work.order.transmission.file"]
            .sudo()
            .search(
                [
                    ("id", "=", file if is_id(file) else 0),
                    ("key", "=", key),
                    ("destination_id", "=", destination.id),
                    ("state", "=", "sending"),
                ]
            )
        )
        if not found:
            raise UserError(self.env._("There is no file with this id and key on its way to %s.", destination.name))
        content = found._content()
        return {"content": None if content is None else base64.b64encode(content).decode()}

    @api.model
    def settle_files(self, code, results):
        """Store what became of files. Calling it again with the same answers changes nothing.

        :raises UserError: naming every defect of a malformed answer; then nothing is stored
        """
        errors = file_result_errors(results)
        if errors:
            raise UserError(self.env._("Nothing was stored, the answer is malformed:") + "\n- " + "\n- ".join(errors))
        destination = self._open_for_bridge(code)
        files = self.env["work.order.transmission.file"].sudo()
        known = files.search(
            [("destination_id", "=", destination.id), ("id", "in", [result["id"] for result in results])]
        )
        by_identity = {(file.id, file.key): file for file in known}
        answer = {"settled": [], "unchanged": []}
        for result in results:
            file = by_identity.get((result["id"], result["key"]))
            changed = bool(file) and file._accept(result)
            answer["settled" if changed else "unchanged"].append(result["id"])
        return answer


def file_result_errors(results):
    """Every defect of a ``settle_files`` call as a sentence."""
    if not isinstance(results, list):
        return ["results must be a list."]
    errors = []
    for place, result in enumerate(results, 1):
        where = f"results, entry {place}"
        if not isinstance(result, dict):
            errors.append(f"{where}: must be an object.")
            continue
        if not is_id(result.get("id")) or not (isinstance(result.get("key"), str) and KEY.fullmatch(result["key"])):
            errors.append(f"{where}: id must be a positive whole number, key 32 hexadecimal characters.")
        if result.get("state") not in FILE_RESULTS:
            errors.append(f"{where}: state “{result.get('state')}” is none of {', '.join(FILE_RESULTS)}.")
        if result.get("state") == "attached" and not result.get("external_id"):
            errors.append(f"{where}: external_id is missing; “attached” means that the file is there.")
        errors += [
            f"{where}: {name} must be text."
            for name in FILE_TEXTS
            if result.get(name) is not None and not isinstance(result[name], str)
        ]
        errors += [f"{where}: {problem}" for problem in wait_errors(result.get("retry_after"))]
    return errors
