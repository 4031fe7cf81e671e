/** One job in the hands of everybody who touches it: quotation, dispatch, work, change order, invoice. */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Type into a field of the form and leave it. */
function fill(field, text) {
    return [
        { trigger: `.o_form_view .o_field_widget[name=${field}] input`, run: `edit ${text}` },
        { trigger: `.o_form_view .o_field_widget[name=${field}] input:value(${text})` },
    ];
}

/** Choose a record in a link field. */
function choose(field, name) {
    return [
        { trigger: `.o_form_view .o_field_widget[name=${field}] input`, run: `edit ${name}` },
        { trigger: `.o-autocomplete--dropdown-item:contains(${name})`, run: "click" },
    ];
}

/** Press a button of the form's header. */
function press(method) {
    return { trigger: `.o_form_view .o_statusbar_buttons button[name=${method}]:enabled`, run: "click" };
}

/** Wait until the record stands in a state. */
function isIn(state) {
    return { trigger: `.o_statusbar_status button[data-value=${state}].o_arrow_button_current` };
}

/** Read the refusal, every sentence of it, and close it. */
function refusedFor(...sentences) {
    return [
        ...sentences.map((sentence) => ({ trigger: `.modal .modal-body:contains("${sentence}")` })),
        { trigger: ".modal footer button.btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

tours.add("work_order_quote_to_dispatch", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        ...choose("partner_id", "Tour Hospital"),
        { trigger: "a:contains(Add a product)", run: "click" },
        { trigger: ".o_selected_row div[name=product_template_id] input", run: "edit Tour Labor" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Labor)", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=price_unit] input:value(90.00)" },
        { trigger: ".o_statusbar_buttons button[name=action_confirm]:enabled", run: "click" },
        { trigger: "button[name=action_view_work_orders]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=title] input:value(Tour Labor)" },
        isIn("ready"),
        press("action_dispatch"),
        ...refusedFor("Buyer PO is missing", "Technicians: nobody is assigned", "Scheduled Start is missing"),
        ...choose("technician_ids", "Tour Technician"),
        { trigger: ".o_field_widget[name=technician_ids] .o_tag" },
        { trigger: ".o_field_widget[name=scheduled_start] input", run: "edit 11/23/2026 08:00:00 && press Enter" },
        press("action_dispatch"),
        ...refusedFor("Buyer PO is missing"),
        ...fill("buyer_po", "4500-TOUR"),
        press("action_dispatch"),
        isIn("dispatched"),
    ],
});

tours.add("work_order_technician_works", {
    steps: () => [
        isIn("dispatched"),
        press("action_start"),
        isIn("in_progress"),
        { trigger: ".o_data_row:contains(Tour Labor) button[name=action_done]", run: "click" },
        { trigger: ".o_data_row:contains(Tour Labor) .o_field_widget[name=state]:contains(Done)" },
        press("action_complete"),
        ...refusedFor("Signed By is missing"),
    ],
});

tours.add("work_order_dispatcher_asks_for_a_change", {
    steps: () => [
        isIn("in_progress"),
        { trigger: "button[name=action_view_changes]", run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        ...fill("title", "Filter found clogged"),
        ...fill("requested_by", "Pat Doyle"),
        { trigger: ".o_field_widget[name=reason] textarea", run: "edit Filter was not in the quote" },
        { trigger: ".o_field_widget[name=line_ids] a:contains(Add a line)", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=product_id] input", run: "edit Tour Filter" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Tour Filter)", run: "click" },
        { trigger: ".o_selected_row .o_field_widget[name=price_unit] input:value(21.40)" },
        press("action_submit"),
        isIn("submitted"),
    ],
});

tours.add("work_order_manager_approves_the_change", {
    steps: () => [
        { trigger: ".o_data_row:contains(Filter found clogged) td[name=title]", run: "click" },
        isIn("submitted"),
        press("action_approve"),
        { trigger: ".modal:contains(Approve this change) footer button.btn-primary", run: "click" },
        ...refusedFor("Evidence is missing"),
        ...fill("customer_reference", "Mail of Nov 23"),
        press("action_approve"),
        { trigger: ".modal:contains(Approve this change) footer button.btn-primary", run: "click" },
        isIn("approved"),
    ],
});

tours.add("work_order_technician_completes", {
    steps: () => [
        isIn("in_progress"),
        { trigger: ".o_data_row:contains(Tour Filter) button[name=action_done]", run: "click" },
        { trigger: ".o_data_row:contains(Tour Filter) .o_field_widget[name=state]:contains(Done)" },
        { trigger: ".o_notebook a[name=sign_off]", run: "click" },
        ...fill("signed_by", "Pat Doyle"),
        press("action_complete"),
        isIn("done"),
    ],
});

tours.add("work_order_billing_invoices", {
    steps: () => [
        isIn("done"),
        press("action_create_invoices"),
        { trigger: ".o_form_view .o_field_widget[name=invoice_line_ids] .o_data_row:contains(Tour Labor)" },
        { trigger: ".o_form_view .o_field_widget[name=invoice_line_ids] .o_data_row:contains(Tour Filter)" },
        { trigger: ".o_statusbar_buttons button[name=action_post]:enabled", run: "click" },
        { trigger: ".o_statusbar_status button[data-value=posted].o_arrow_button_current" },
    ],
});
