/** The accountant's inbox: one change settled with a click, one accepted and taken back, one settled by a rule. */
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

function press(method) {
    return { trigger: `.o_form_view .o_statusbar_buttons button[name=${method}]:enabled`, run: "click" };
}

function isIn(state) {
    return { trigger: `.o_statusbar_status button[data-value=${state}].o_arrow_button_current` };
}

tours.add("drift_accountant_settles_changes", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Test Hospital):contains(Amount changed) td[name=name]", run: "click" },
        isIn("open"),
        { trigger: ".o_form_view .alert-warning:contains(Odoo cannot follow this by itself)" },
        { trigger: ".o_field_widget[name=difference_page] tr:contains(Total):contains(1,234.50)" },
        { trigger: ".o_form_view:not(:has(.o_statusbar_buttons button[name=action_follow]))" },
        press("action_accept"),
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Agreed with the buyer" },
        { trigger: ".modal footer button[name=action_accept]", run: "click" },
        isIn("accepted"),
        press("action_reopen"),
        isIn("open"),
        press("action_accept"),
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Agreed in writing" },
        { trigger: ".modal footer button[name=action_accept]", run: "click" },
        isIn("accepted"),
        { trigger: ".o_form_view .o_field_widget[name=resolution]:contains(Agreed in writing)" },
        { trigger: ".o_back_button, .breadcrumb-item a", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Test Hospital):contains(Amount changed)))" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Test Hospital):contains(Number changed)))" },
        { trigger: ".o_list_view .o_data_row:contains(Test Hospital):contains(Payment undone) td[name=name]", run: "click" },
        { trigger: ".o_form_view .alert-warning:contains(cancels the payment in Odoo)" },
        press("action_follow"),
        isIn("fixed"),
        { trigger: ".o_form_view .o_field_widget[name=resolution]:contains(The payment was cancelled in Odoo)" },
    ],
});

tours.add("drift_accountant_settles_a_change_by_phone", {
    steps: () => [
        { trigger: ".o_kanban_record:contains(Test Hospital):contains(Payment undone)", run: "click" },
        { trigger: ".o_form_view .alert-warning:contains(cancels the payment in Odoo)" },
        press("action_follow"),
        { trigger: ".o_statusbar_status:contains(Fixed in Odoo)" },
    ],
});
