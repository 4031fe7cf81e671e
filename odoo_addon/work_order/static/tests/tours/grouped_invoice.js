/** Accounts receivable: finished work of one PO on one invoice, a line typed by hand approved, one line credited. */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const lines = ".o_form_view .o_field_widget[name=invoice_line_ids]";

function press(name) {
    return { trigger: `.o_form_view .o_statusbar_buttons button[name=${name}]:enabled`, run: "click" };
}

function isIn(state) {
    return { trigger: `.o_statusbar_status button[data-value=${state}].o_arrow_button_current` };
}

tours.add("work_order_billing_invoices_a_po", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Grouped Hospital)" },
        { trigger: ".o_list_view thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name=action_create_invoices]:enabled", run: "click" },
        { trigger: `${lines} .o_data_row:contains(Labor) [name=authority]:contains(Closed task)` },
        { trigger: `${lines} .o_data_row:eq(1) [name=authority]:contains(Closed task)` },
        { trigger: ".o_form_view .o_field_widget[name=buyer_po]:contains(4500-1)" },
        { trigger: ".o_form_view .o_field_widget[name=work_site_ids]:contains(Annex)" },
        press("action_post"),
        isIn("posted"),
        press("action_reverse"),
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Twice on the PO" },
        { trigger: ".modal .o_field_widget[name=credit_line_ids] .o_data_row:eq(1) [name=selected] input", run: "click" },
        { trigger: ".modal .o_field_widget[name=credit_line_ids] .o_data_row:eq(1) [name=selected] input:not(:checked)" },
        { trigger: ".modal footer button[name=refund_moves]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=credit_reason]:contains(Twice on the PO)" },
        { trigger: `${lines} .o_data_row:contains(Labor)` },
        press("action_post"),
        isIn("posted"),
    ],
});

tours.add("work_order_billing_approves_a_line", {
    steps: () => [
        { trigger: `${lines} .o_data_row:contains(Crane hire)` },
        press("action_post"),
        { trigger: '.modal .modal-body:contains("typed by hand; nobody approved it")' },
        { trigger: ".modal footer button.btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        press("action_approve_lines"),
        { trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Crane hire)" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Roof access" },
        { trigger: ".modal .o_field_widget[name=reference] input", run: "edit Mail of Pat" },
        { trigger: ".modal footer button[name=action_approve]", run: "click" },
        { trigger: `${lines} .o_data_row:contains(Crane hire) [name=authority]:contains(Approval)` },
        press("action_post"),
        isIn("posted"),
    ],
});
