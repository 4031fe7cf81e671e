"""The customer's pages: the work orders of their company, and a form to ask for work."""

from odoo import SUPERUSER_ID, http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import AccessError, MissingError
from odoo.http import request
from odoo.tools import plaintext2html

from ..models.work_order_request import TITLE_LENGTH

#: Most files, and bytes of each, that come with a request.
FILES, FILE_SIZE = 10, 15 * 1024 * 1024
OPEN = ("draft", "ready", "dispatched", "in_progress", "on_hold")


class WorkOrderPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "work_order_count" in counters:
            orders = request.env["work.order"]
            values["work_order_count"] = orders.search_count(self._as_customer()) if orders.has_access("read") else 0
        return values

    def _as_customer(self):
        """These pages are the customer's: a subcontractor also reads work orders of others, on pages of their own."""
        return [("partner_id", "child_of", request.env.user.commercial_partner_id.id)]

    @http.route(["/my/work-orders", "/my/work-orders/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_work_orders(self, page=1, sortby=None, filterby=None, **_kw):
        orders = request.env["work.order"]
        if not orders.has_access("read"):
            return request.redirect("/my")
        sortings = {
            "date": {"label": request.env._("Newest"), "order": "id desc"},
            "title": {"label": request.env._("Title"), "order": "title, id"},
        }
        filters = {
            "all": {"label": request.env._("All"), "domain": []},
            "open": {"label": request.env._("Open"), "domain": [("state", "in", OPEN)]},
        }
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = filters[filterby]["domain"] + self._as_customer()
        pager = portal_pager(
            url="/my/work-orders",
            url_args={"sortby": sortby, "filterby": filterby},
            total=orders.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = orders.search(
            domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=pager["offset"]
        )
        request.session["my_work_orders_history"] = found.ids[:100]
        values = {
            **self._prepare_portal_layout_values(),
            "work_orders": found.sudo(),
            "page_name": "work_order",
            "pager": pager,
            "default_url": "/my/work-orders",
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
        }
        return request.render("work_order.portal_my_work_orders", values)

    @http.route("/my/work-orders/<int:work_order_id>", type="http", auth="public", website=True)
    def portal_my_work_order(self, work_order_id, access_token=None, **kw):
        try:
            order = self._document_check_access("work.order", work_order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = {
            "work_order": order,
            "changes": self._changes_to_approve(order),
            "page_name": "work_order",
            "requested": kw.pop("requested", None),
        }
        values = self._get_page_view_values(order, access_token, values, "my_work_orders_history", False, **kw)
        return request.render("work_order.portal_my_work_order", values)

    @http.route(
        "/my/work-orders/<int:work_order_id>/changes/<int:change_id>/approve",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_approve_change(self, work_order_id, change_id, **_kw):
        """The customer's click; one that comes too late, or from somebody else, changes nothing."""
        try:
            order = self._document_check_access("work.order", work_order_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        change = self._changes_to_approve(order).filtered(lambda each: each.id == change_id)
        if change:
            change._approve_as_customer(request.env.user.partner_id)
        return request.redirect(f"/my/work-orders/{work_order_id}#changes")

    def _changes_to_approve(self, order):
        """Submitted changes, for people of the customer who are logged in; a link that was passed on shows none."""
        customer = request.env.user.commercial_partner_id
        changes = order.env["work.order.change"].sudo()
        if request.env.user._is_public() or order.partner_id.commercial_partner_id != customer:
            return changes
        return changes.search([("work_order_id", "=", order.id), ("state", "=", "submitted")])

    @http.route("/my/work-orders/new", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_request_work(self, **form):
        if not request.env["work.order"].has_access("read"):
            return request.redirect("/my")
        errors = {}
        if request.httprequest.method == "POST":
            values, files, errors = self._read_request(form)
            if not errors:
                order = self._open_request(values, files)
                return request.redirect(f"/my/work-orders/{order.id}?requested=1")
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "work_order_request",
            "sites": self._own_addresses(),
            "form": form,
            "errors": errors,
        }
        return request.render("work_order.portal_request_work", values)

    def _own_addresses(self):
        customer = request.env.user.partner_id.commercial_partner_id
        return request.env["res.partner"].sudo().search([("id", "child_of", customer.id)], order="type, name, id")

    def _read_request(self, form):
        """The form as values and files, and what is wrong with it as {field: sentence}."""
        translate, errors = request.env._, {}
        title, text = (form.get("title") or "").strip(), (form.get("description") or "").strip()
        if not title:
            errors["title"] = translate("Title is missing: what is to be done, in a few words?")
        elif len(title) > TITLE_LENGTH:
            errors["title"] = translate("Title is too long; at most %d characters.", TITLE_LENGTH)
        if not text:
            errors["description"] = translate("Description is missing: what fails, where, and since when?")
        chosen = form.get("site_id") or ""
        site = self._own_addresses().filtered(lambda address: str(address.id) == chosen)
        if not site:
            errors["site_id"] = translate("Site is missing: choose one of your addresses.")
        files = [file for file in request.httprequest.files.getlist("attachments") if file.filename]
        contents = [(file.filename, file.read(FILE_SIZE + 1)) for file in files[: FILES + 1]]
        if len(files) > FILES or any(len(content) > FILE_SIZE for _name, content in contents):
            errors["attachments"] = translate(
                "Attachments: at most %(files)d files of %(size)d MB each.", files=FILES, size=FILE_SIZE // 1024**2
            )
        return {"title": title, "text": text, "site_id": site.id}, contents, errors

    def _open_request(self, values, files):
        """A draft for the customer whose portal user asks; nothing of it comes from the form unchecked."""
        contact = request.env.user.partner_id
        orders = request.env["work.order"].with_user(SUPERUSER_ID).with_context(attachments_mime_plainxml=True)
        kind = request.env.ref("work_order.type_corrective", raise_if_not_found=False)
        order = orders.create(
            orders._request_values(
                values["title"],
                values["text"],
                contact,
                site_id=values["site_id"],
                company_id=request.env.company.id,
                type_id=(kind or orders._default_type()).id,
            )
        )
        order.message_post(
            body=plaintext2html(values["text"]),
            author_id=contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=files,
        )
        order.message_subscribe(contact.ids)
        return order
