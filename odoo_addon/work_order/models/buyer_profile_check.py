"""What a buyer's profile may say, and the same as pre-flight reads it."""

import dataclasses
import mimetypes
import re
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import ValidationError

from ..preflight.case import Profile
from ..preflight.pattern import problem_of

#: What a demanded attachment may be.
ATTACHMENT_KINDS = ("sign_off", "photo", "timesheet", "invoice_pdf", "other")
#: Amounts where “no amount” and zero differ: the field that says whether there is one.
OPTIONAL_AMOUNTS = {
    "price_tolerance_amount": "price_tolerance_in_money",
    "line_tolerance_amount": "line_tolerance_in_money",
    "header_tolerance_amount": "header_tolerance_in_money",
}
NUMBERS = ("duplicate_window_days", "number_max_length", "quantity_decimals", "price_decimals", "backdating_days")
NOT_NEGATIVE = (
    *NUMBERS,
    "submission_days",
    "attachment_max_count",
    "attachment_max_bytes",
    "stale_after_days",
    "tax_rate_tolerance",
    *(f"{what}_tolerance_percent" for what in ("price", "quantity", "line", "header")),
    *OPTIONAL_AMOUNTS,
)


class BuyerProfile(models.Model):
    _inherit = "buyer.profile"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._as_kept(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._as_kept(vals))

    @api.model
    def _as_kept(self, vals):
        """The values as they are kept: lists tidied, and an amount that is given is one that counts."""
        vals = dict(vals)
        for amount, flag in OPTIONAL_AMOUNTS.items():
            if amount in vals and flag not in vals:
                vals[flag] = vals[amount] is not False and vals[amount] is not None
            if vals.get(flag) is False:
                vals[amount] = 0.0
        if vals.get("attachments_required"):
            words = [re.sub(r"[\s-]+", "_", word).lower() for word in _words(vals["attachments_required"])]
            vals["attachments_required"] = ", ".join(dict.fromkeys(words))
        if vals.get("attachment_types"):
            types = [_mimetype(word) for word in _words(vals["attachment_types"])]
            vals["attachment_types"] = ", ".join(dict.fromkeys(types))
        return vals

    @api.constrains("number_pattern", "po_pattern", "attachments_required", "attachment_types", *NOT_NEGATIVE)
    def _check_demands(self):
        """Everything that is wrong with a profile at once, each in a sentence that names the field."""
        problems = [problem for profile in self for problem in profile._problems()]
        if problems:
            raise ValidationError("\n".join(problems))

    def _problems(self):
        self.ensure_one()
        found = []
        for name in ("number_pattern", "po_pattern"):
            problem = problem_of(self[name] or "")
            if problem:
                found.append(self._about(name, problem))
        for word in _words(self.attachments_required):
            if word not in ATTACHMENT_KINDS:
                known = ", ".join(ATTACHMENT_KINDS)
                text = self.env._("“%(word)s” is none of %(known)s.", word=word, known=known)
                found.append(self._about("attachments_required", text))
        for word in _words(self.attachment_types):
            if not re.fullmatch(r"[\w.+-]+/[\w.+*-]+", word):
                found.append(self._about("attachment_types", self.env._("“%s” is no known type of file.", word)))
        for name in NOT_NEGATIVE:
            if self[name] < 0:
                found.append(self._about(name, self.env._("cannot be negative.")))
        return found

    def _about(self, name, text):
        label = self._fields[name].get_description(self.env, ["string"])["string"]
        return self.env._("%(buyer)s, %(field)s: %(text)s", buyer=self.partner_id.name, field=label, text=text)

    def _as_case(self):
        """This profile as pre-flight reads it."""
        self.ensure_one()
        values = {field.name: self._case_value(field) for field in dataclasses.fields(Profile) if field.name != "name"}
        return Profile(name=self.partner_id.name or "", **values)

    def _case_value(self, field):
        name, value = field.name, self[field.name]
        if name in OPTIONAL_AMOUNTS:
            return Decimal(str(value)) if self[OPTIONAL_AMOUNTS[name]] else None
        if isinstance(field.default, Decimal):
            return Decimal(str(value))
        if isinstance(field.default, tuple):
            return tuple(_words(value))
        if isinstance(field.default, str):
            return value or ""
        return value or field.default if field.default is None else value


def _words(text):
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _mimetype(word):
    """The type of file behind an extension such as “pdf”; other texts as they are."""
    word = word.lower()
    return word if "/" in word else mimetypes.guess_type(f"file.{word.lstrip('.')}")[0] or word
