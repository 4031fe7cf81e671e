/** A buyer's PO from a spreadsheet: a mistake is told, the corrected file is shown and imported. */
import { registry } from "@web/core/registry";

const header = "Buyer,PO number,PO line,Buyer item code,Description,Qty,UoM,Price";
const row = (quantity) => `Tour Hospital,4500-SHEET,00010,0042,Filters,${quantity},EA,19.25`;

function choose(place, quantity) {
    const input = place.querySelector("input[type=file]");
    const chosen = new DataTransfer();
    chosen.items.add(new File([`${header}\n${row(quantity)}\n`], "hospital_po.csv", { type: "text/csv" }));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

const file = ".modal .o_field_widget[name=file]";

registry.category("web_tour.tours").add("work_order_import_of_a_buyer_po", {
    steps: () => [
        { trigger: ".o_control_panel button:contains(Import PO)", run: "click" },
        {
            trigger: file,
            run() {
                choose(this.anchor, "a dozen");
            },
        },
        { trigger: ".modal .alert-danger:contains(Row 2, Qty):contains(a dozen):contains(a number such as)" },
        { trigger: ".modal:not(:has(button[name=action_import]))" },
        {
            trigger: file,
            run() {
                choose(this.anchor, "12");
            },
        },
        { trigger: ".modal .o_po_import td:contains(12 EA)" },
        { trigger: ".modal button[name=action_import]", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=number] input:value(4500-SHEET)" },
        { trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(00010):contains(0042)" },
    ],
});
