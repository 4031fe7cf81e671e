/** Accounts receivable: work invoiced in bulk; an invoice disputed on the portal, credited and issued again. */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function press(name) {
    return { trigger: `.o_statusbar_buttons button[name=${name}]:enabled`, run: "click" };
}

function isIn(state) {
    return { trigger: `.o_statusbar_status button[data-value=${state}].o_arrow_button_current` };
}

tours.add("work_order_billing_invoices_in_bulk", {
    steps: () => [
        { trigger: ".o_searchview_input", run: "edit Bulk Hospital" },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Customer)", run: "click" },
        { trigger: ".o_searchview_facet:contains(Bulk Hospital)" },
        { trigger: ".o_pager .o_pager_limit:contains(3)" },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_invoice_in_bulk]:enabled", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=chunk_size] input", run: "edit 2" },
        press("action_start"),
        isIn("running"),
        { trigger: ".o_form_view .o_field_widget[name=waiting_count]:contains(3)" },
        press("action_process_chunk"),
        { trigger: ".o_form_view .o_field_widget[name=invoiced_count]:contains(2)" },
        press("action_process_chunk"),
        isIn("done"),
        { trigger: ".o_form_view .o_field_widget[name=refused_line_ids] .o_data_row:contains(Bulk Hospital)" },
        { trigger: "button[name=action_view_refused]", run: "click" },
        { trigger: ".o_list_view .o_data_cell[name=reason]:contains(No work without a smile.)" },
    ],
});

tours.add("work_order_customer_disputes", {
    steps: () => [
        { trigger: "#disputes button:contains(Dispute)", run: "click" },
        { trigger: "#dispute_form.show select[name=reason]", run: "select PRI" },
        { trigger: "#dispute_form.show textarea[name=text]", run: "edit An hour costs 80, not 90" },
        { trigger: "#dispute_form.show button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "#disputes .badge:contains(We are looking into it)" },
    ],
});

tours.add("work_order_billing_resolves_a_dispute", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Bulk Hospital) .o_data_cell[name=name]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=text] textarea:value(An hour costs 80, not 90)" },
        press("action_credit_and_reissue"),
        { trigger: ".modal-footer button.btn-primary", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=reissue_of_id]:contains(INV/)" },
        press("action_post"),
        isIn("posted"),
    ],
});
