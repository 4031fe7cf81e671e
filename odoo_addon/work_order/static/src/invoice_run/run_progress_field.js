/** Progress of an invoice run: looks again every two seconds for as long as the run goes on. */
import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { ProgressBarField, progressBarField } from "@web/views/fields/progress_bar/progress_bar_field";

const EVERY = 2000;

export class RunProgressField extends ProgressBarField {
    setup() {
        super.setup();
        let timer;
        onMounted(() => {
            timer = browser.setInterval(() => this.lookAgain(), EVERY);
        });
        onWillUnmount(() => browser.clearInterval(timer));
    }

    async lookAgain() {
        const { record } = this.props;
        if (record.data.state !== "running" || this.looking || (await record.isDirty())) {
            return;
        }
        this.looking = true;
        try {
            await record.load();
        } finally {
            this.looking = false;
        }
    }
}

registry.category("fields").add("work_order_run_progress", { ...progressBarField, component: RunProgressField });
