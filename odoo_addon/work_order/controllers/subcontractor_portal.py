"""The subcontractor's pages: the tasks assigned to their company, and reporting them."""

from odoo import fields, http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import request


class SubcontractorPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "assigned_task_count" in counters:
            values["assigned_task_count"] = request.env["work.order.task"].search_count(self._open_tasks())
        return values

    def _document_check_access(self, model_name, document_id, access_token=None):
        """The page of a work order is the customer's; whoever only does a task of it has a page of their own."""
        document = super()._document_check_access(model_name, document_id, access_token)
        if model_name == "work.order" and not access_token and document.with_user(request.env.uid)._is_subcontractor():
            ours = request.env.user.commercial_partner_id
            if document.partner_id.commercial_partner_id != ours:
                raise AccessError(request.env._("This work order is shown under “Assigned Work”."))
        return document

    def _open_tasks(self):
        return [("state", "=", "todo"), ("work_order_state", "in", ("ready", "dispatched", "in_progress", "on_hold"))]

    def _only_subcontractors(self):
        return request.env["work.order"]._is_subcontractor()

    @http.route(["/my/assigned-work", "/my/assigned-work/page/<int:page>"], type="http", auth="user", website=True)
    def portal_assigned_work(self, page=1, **_kw):
        if not self._only_subcontractors():
            return request.redirect("/my")
        tasks = request.env["work.order.task"]
        pager = portal_pager(
            url="/my/assigned-work", total=tasks.search_count([]), page=page, step=self._items_per_page
        )
        found = tasks.search([], order="id desc", limit=self._items_per_page, offset=pager["offset"])
        values = {
            **self._prepare_portal_layout_values(),
            "tasks": found,
            "page_name": "assigned_work",
            "pager": pager,
            "default_url": "/my/assigned-work",
        }
        return request.render("work_order.portal_assigned_work", values)

    @http.route("/my/assigned-work/<int:task_id>", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_assigned_task(self, task_id, **form):
        task = request.env["work.order.task"].browse(task_id).exists()
        if not self._only_subcontractors() or not task.has_access("read") or not task:
            return request.redirect("/my/assigned-work")
        error = None
        if request.httprequest.method == "POST":
            error = self._report(task, form)
            if not error:
                return request.redirect(f"/my/assigned-work/{task.id}?saved=1")
        values = {
            **self._prepare_portal_layout_values(),
            "assigned_task": task,
            "ticket": task.work_order_id,
            "drawings": task.sudo().drawing_ids,
            "page_name": "assigned_work",
            "error": error,
            "form": form,
            "saved": form.get("saved"),
        }
        return request.render("work_order.portal_assigned_task", values)

    def _report(self, task, form):
        """Write what the form reports, as this user; gives the sentence why not, if so."""
        try:
            values = {"note": form.get("note") or False, "service_date": form.get("service_date") or False}
            if form.get("done_quantity"):
                values["done_quantity"] = float(form["done_quantity"])
            if form.get("state") in ("todo", "done"):
                values["state"] = form["state"]
            if values.get("state") == "done":
                values["service_date"] = values["service_date"] or fields.Date.context_today(task)
            with request.env.cr.savepoint():
                task.write(values)
        except ValueError:
            return request.env._("Quantity and date: write a number and a day.")
        except (AccessError, UserError, ValidationError) as refusal:
            return str(refusal)
        return None
