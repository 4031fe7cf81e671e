/** What open work lacks in the buyers' tables: see it, add the row, fill it in. */
import { registry } from "@web/core/registry";

const row = ".o_list_view .o_data_row:contains(Tour Labor)";

registry.category("web_tour.tours").add("work_order_mapping_coverage_adds_a_row", {
    steps: () => [
        { trigger: `${row}:contains(Tour Hospital has no item code for Tour Labor)` },
        { trigger: `${row} button[name=action_add_row]`, run: "click" },
        { trigger: ".modal .o_field_widget[name=partner_id] input:value(Tour Hospital)" },
        { trigger: ".modal .o_field_widget[name=product_tmpl_id] input:value(Tour Labor)" },
        { trigger: ".modal .o_field_widget[name=code] input", run: "edit TL-90" },
        { trigger: ".modal footer .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `${row}:contains(fill it in) button[name=action_fill_in]`, run: "click" },
        { trigger: ".o_notification:contains(1 tasks of 1 work orders filled)" },
        { trigger: `.o_action_manager:not(:has(.o_data_row:contains(Tour Labor)))` },
    ],
});
