"""Customers dispute an invoice or finished work on its own page."""

from odoo import http
from odoo.addons.account.controllers.portal import PortalAccount
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request

from .portal import WorkOrderPortal


def _dispute_values(record, form):
    """What the page shows of disputes: those raised, if one may be raised, and what was wrong with the last try."""
    partner = request.env.user.partner_id
    own = not request.env.user._is_public() and record._may_be_disputed_by(partner)
    disputes = record.sudo().dispute_ids if own else request.env["work.order.dispute"].sudo()
    return {
        "disputes": disputes,
        "may_dispute": own,
        "dispute_reasons": disputes._reasons_for_customers(),
        "dispute_errors": (request.session.pop("dispute_errors", "") if form.get("dispute") else "").splitlines(),
        "dispute_form": request.session.pop("dispute_form", {}) if form.get("dispute") else {},
    }


def _raise_dispute(record, form):
    """Open the dispute or keep what is wrong for the page; somebody else's record is as good as none."""
    partner = request.env.user.partner_id
    if not record._may_be_disputed_by(partner):
        return False
    try:
        with request.env.cr.savepoint():
            request.env["work.order.dispute"].sudo()._open_as_customer(
                record.sudo(), form.get("reason"), form.get("text"), partner
            )
    except ValidationError as error:
        request.session["dispute_errors"] = str(error)
        request.session["dispute_form"] = {name: form.get(name, "")[:5000] for name in ("reason", "text")}
    return True


class DisputePortal(WorkOrderPortal):
    def _get_page_view_values(self, document, access_token, values, session_history, no_breadcrumbs, **kwargs):
        if document._name == "work.order" and values.get("page_name") == "work_order":
            values = {**values, **_dispute_values(document, kwargs)}
            kwargs.pop("dispute", None)
        return super()._get_page_view_values(document, access_token, values, session_history, no_breadcrumbs, **kwargs)

    @http.route("/my/work-orders/<int:work_order_id>/dispute", type="http", auth="user", website=True, methods=["POST"])
    def portal_dispute_work_order(self, work_order_id, **form):
        try:
            order = self._document_check_access("work.order", work_order_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not _raise_dispute(order, form):
            return request.redirect("/my")
        return request.redirect(f"/my/work-orders/{work_order_id}?dispute=1#disputes")


class InvoiceDisputePortal(PortalAccount):
    def _invoice_get_page_view_values(self, invoice, access_token, **kwargs):
        values = super()._invoice_get_page_view_values(invoice, access_token, **kwargs)
        return {**values, **_dispute_values(invoice, kwargs)}

    @http.route("/my/invoices/<int:invoice_id>/dispute", type="http", auth="user", website=True, methods=["POST"])
    def portal_dispute_invoice(self, invoice_id, **form):
        try:
            move = self._document_check_access("account.move", invoice_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not _raise_dispute(move, form):
            return request.redirect("/my")
        return request.redirect(f"/my/invoices/{invoice_id}?dispute=1#disputes")
