/** Accounts receivable and their transmissions: what is missing is added, what was refused is sent again. */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function press(method) {
    return { trigger: `.o_form_view .o_statusbar_buttons button[name=${method}]:enabled`, run: "click" };
}

function isIn(state) {
    return { trigger: `.o_statusbar_status button[data-value=${state}].o_arrow_button_current` };
}

tours.add("transmission_clerk_adds_a_missing_row", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Test Hospital):contains(Mapping missing) td[name=name]", run: "click" },
        isIn("blocked"),
        { trigger: ".o_form_view .alert-warning li:contains(No QuickBooks Item for Labor.)" },
        { trigger: ".o_form_view .alert-warning:not(:contains(odoo_id))" },
        press("action_add_rows"),
        { trigger: ".modal .o_data_row:contains(QuickBooks Item):contains(Labor) td[name=external_id]", run: "click" },
        { trigger: ".modal .o_selected_row [name=external_id] input", run: "edit 7" },
        { trigger: ".modal .o_selected_row [name=external_name] input", run: "edit Labor, regular" },
        { trigger: ".modal footer button[name=action_fill]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        isIn("ready"),
        { trigger: ".o_form_view:not(:has(button[name=action_try_again]))" },
    ],
});

tours.add("transmission_clerk_sends_a_rejected_one_again", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Test Hospital):contains(Rejected) td[name=name]", run: "click" },
        isIn("rejected"),
        { trigger: ".alert-danger:contains(it is not booked there):contains(The books are closed)" },
        { trigger: ".alert-danger:contains(Ask the accountant to reopen the period)" },
        press("action_try_again"),
        isIn("cancelled"),
        { trigger: ".o_form_view .o_field_widget[name=message]:contains(Replaced by revision 2)" },
    ],
});

tours.add("transmission_clerk_reads_a_credit_note", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Test Hospital):contains(Credit note) td[name=name]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=kind]:contains(Credit note)" },
        { trigger: ".o_form_view .o_field_widget[name=original_id]:contains(INV/)" },
        { trigger: ".o_form_view .o_field_widget[name=document_page]:contains(Credit note)" },
        { trigger: ".o_form_view button[name=action_open_invoice]", run: "click" },
        { trigger: ".o_form_view button[name=action_open_transmissions]", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=kind]:contains(Credit note)" },
    ],
});

tours.add("transmission_clerk_sends_a_file_again", {
    steps: () => [
        { trigger: ".o_form_view .alert-warning:contains(Files that were not attached: 1)" },
        { trigger: ".o_notebook a[name=evidence]", run: "click" },
        { trigger: "[name=file_ids] .o_data_row:contains(before.png):contains(Not attached):contains(too large)" },
        { trigger: "[name=file_ids] .o_data_row:contains(after.png):contains(Attached)" },
        { trigger: "[name=file_ids] .o_data_row:contains(before.png) button[name=action_try_again]", run: "click" },
        { trigger: "[name=file_ids] .o_data_row:contains(before.png):contains(Waiting)" },
        { trigger: ".o_form_view:not(:has(.alert-warning:visible:contains(not attached)))" },
    ],
});

tours.add("transmission_clerk_sends_a_file_again_by_phone", {
    steps: () => [
        { trigger: ".o_notebook a[name=evidence]", run: "click" },
        {
            trigger: "[name=file_ids] .o_kanban_record:contains(before.png) button[name=action_try_again]",
            run: "click",
        },
        { trigger: "[name=file_ids] .o_kanban_record:contains(before.png):contains(Waiting)" },
    ],
});

tours.add("transmission_clerk_adds_a_missing_row_by_phone", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Test Hospital):contains(Mapping missing)", run: "click" },
        { trigger: ".o_form_view .alert-warning li:contains(No QuickBooks Item for Labor.)" },
        press("action_add_rows"),
        { trigger: ".modal .o_kanban_record:contains(Labor):contains(Tap to enter)", run: "click" },
        { trigger: ".modal .o_form_view .o_field_widget[name=external_id] input", run: "edit 7" },
        { trigger: ".modal:has(.o_form_view .o_field_widget[name=external_id]) .o_form_button_save", run: "click" },
        { trigger: ".modal .o_kanban_record:contains(Labor):contains((7))" },
        { trigger: ".modal footer button[name=action_fill]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_statusbar_status:contains(Waiting)" },
    ],
});
