/** The administrator's destination: what is read per month, a rule for changes, a location. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("destination_administrator_sets_it_up", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Books of books) td[name=name]", run: "click" },
        { trigger: ".o_form_view .alert-warning:contains(450 of this month's 500 QuickBooks reads are used)" },
        { trigger: ".o_field_widget[name=read_budget] input", run: "edit 2000" },
        { trigger: ".o_field_widget[name=drift_policy_ids] a:contains(Add a line)", run: "click" },
        { trigger: ".o_selected_row [name=cause] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(Number changed)", run: "click" },
        { trigger: ".o_selected_row [name=policy] input", run: "click" },
        { trigger: ".o_select_menu_item:contains(Follow the accounting system)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))" },
        { trigger: ".o_form_view:not(:has(.alert-warning:visible:contains(QuickBooks reads)))" },
        { trigger: ".o_form_view button.o_button_more:visible", run: "click" },
        { trigger: "button[name=action_open_table]:contains(Locations)", run: "click" },
        { trigger: ".o_view_nocontent:contains(Add a QuickBooks location)" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_selected_row [name=cost_center_id] input", run: "edit CC-1" },
        { trigger: ".o-autocomplete--dropdown-item:contains(CC-1)", run: "click" },
        { trigger: ".o_selected_row [name=external_id] input", run: "edit 3" },
        { trigger: ".o_selected_row [name=external_name] input", run: "edit North yard" },
        { trigger: ".o_list_button_save", run: "click" },
        { trigger: ".o_list_view .o_data_row:not(.o_selected_row):contains(North yard)" },
    ],
});
