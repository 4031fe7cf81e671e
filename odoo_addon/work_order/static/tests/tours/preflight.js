/** What the buyer would reject is seen before anybody is sent, put right, and checked again on the invoice. */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("work_order_preflight_refuses_dispatch_until_mended", {
    steps: () => [
        { trigger: "div[name=preflight_fail]:contains(our own order or invoice number)" },
        { trigger: ".o_statusbar_buttons button[name=action_dispatch]:enabled", run: "click" },
        { trigger: ".modal .modal-body:contains(our own order or invoice number)" },
        { trigger: ".modal footer button.btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_field_widget[name=buyer_po] input", run: "edit 4500-TOUR && press Tab" },
        { trigger: ".o_statusbar_buttons button[name=action_dispatch]:enabled", run: "click" },
        { trigger: ".o_statusbar_status button[data-value=dispatched].o_arrow_button_current" },
        { trigger: "body:not(:has(div[name=preflight_fail]))" },
    ],
});

tours.add("work_order_preflight_of_an_invoice", {
    steps: () => [
        { trigger: ".o_cp_action_menus .o-dropdown, .o_cp_action_menus button", run: "click" },
        { trigger: ".o-dropdown-item:contains(Pre-flight), .o_menu_item:contains(Pre-flight)", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=verdict]:contains(Matches)" },
        { trigger: "button[name=action_check_again]:enabled", run: "click" },
        { trigger: "button[name=action_open_record]:enabled", run: "click" },
        { trigger: "div[name=preflight_pass]:contains(will match this invoice)" },
    ],
});
