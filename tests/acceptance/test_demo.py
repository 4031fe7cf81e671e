"""The demo story, run as its users run it, and its screens in a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from workorder_sandbox import Sandbox

DESKTOP, PHONE = (1280, 900), (390, 844)
PATIENCE = 60_000
FIND_INVOICE = """async po => {
    const call = {model: "account.move", method: "search", args: [[["buyer_po", "=", po]]], kwargs: {}};
    const answer = await fetch("/web/dataset/call_kw", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({jsonrpc: "2.0", method: "call", params: call}),
    });
    return (await answer.json()).result[0];
}"""


@dataclass
class DemoRun:
    """A demo that stays up, and everything it said."""

    process: subprocess.Popen[str]
    told: str

    def address(self, label: str) -> str:
        """The address printed behind a label."""
        found = re.search(rf"^  {re.escape(label)}.*?: (http\S+)$", self.told, re.MULTILINE)
        assert found, f"no address for {label!r} in:\n{self.told}"
        return found.group(1)

    @property
    def odoo_database(self) -> str:
        """The database this run works in."""
        found = re.search(r"^  Odoo database: (\S+)$", self.told, re.MULTILINE)
        assert found, self.told
        return found.group(1)

    def stop(self) -> int:
        """End it as a service manager would; gives its exit code."""
        self.process.terminate()
        self.process.communicate(timeout=120)
        return self.process.returncode


@pytest.fixture(scope="module")
def demo(sandbox: Sandbox) -> Iterator[DemoRun]:
    """`workorder demo --stay`, up to the point where it waits; it brings its own database, Odoo and company."""
    sandbox.ensure_template("demo")
    command = [sys.executable, "-u", "-m", "workorder_bridge", "demo", "--stay"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C ends it" in line:
            break
    run = DemoRun(process, "".join(lines))
    yield run
    run.stop()


def test_demo_ends_with_every_row_right(demo: DemoRun) -> None:
    rows = re.findall(r"│ (WO\d+) .*│ +([\d,.]+) │ (INV/\S+) +│ +([\d,.]+) │ +([\d.]+) │ (\w+)", demo.told)
    assert len(rows) >= 12, demo.told
    assert all(odoo == quickbooks and difference == "0.00" for _, odoo, _, quickbooks, difference, _ in rows)
    assert [row[-1] for row in rows].count("paid") == 2


def test_lost_reply_leaves_one_invoice_each(demo: DemoRun) -> None:
    assert "The reply to the batch was lost after QuickBooks had booked it." in demo.told
    assert "QuickBooks holds 14 invoices, each exactly once." in demo.told


def test_hospital_po_goes_from_a_spreadsheet_over_a_fail_to_a_match(demo: DemoRun) -> None:
    imported = "PO 4500018901 of Mercy General Hospital imported from purchase_orders.xlsx: 2 lines"
    told = [imported, "Pre-flight, before anybody is sent: FAIL.", "P13 Line 1 has item code HVAC-LAB"]
    told += ["P19 Line 1 bills 125.00 USD per Hours", "Pre-flight now: PASS.", "`workorder preflight` says PASS"]
    told += ["with PO 4500018901 in one pass."]
    places = [demo.told.find(each) for each in told]
    assert -1 not in places, demo.told
    assert places == sorted(places)


def test_mapping_gap_prints_the_exact_row_to_add(demo: DemoRun) -> None:
    assert re.search(r"is not in quickbooks_items\. Add the row \d+,Refrigerant R-410A", demo.told)
    assert "Refrigerant R-410A is QuickBooks item 11." in demo.told


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of one width; a script error anywhere fails the test."""
    width, height = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": height}, is_mobile=width < 500, has_touch=width < 500
    )
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors


def work_order(demo: DemoRun, buyer_po: str) -> str:
    """The number of the work order that the demo's table shows for a buyer's PO."""
    found = re.search(rf"│ (WO\d+) [^│]*│[^│]*│ {buyer_po} /", demo.told)
    assert found, demo.told
    return found[1]


def picture(page: Page, screens: Path, name: str) -> None:
    kind = "desktop" if (page.viewport_size or {"width": 0})["width"] > 500 else "phone"
    page.screenshot(path=screens / f"{name}_{kind}.png")


def log_in(page: Page, demo: DemoRun, login: str) -> str:
    """Log in to Odoo; gives its address."""
    base = demo.address("Odoo").split("/odoo/")[0]
    page.goto(f"{base}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_selector(".o_web_client .o_main_navbar")
    return base


def test_ticket_list_shows_what_was_billed(demo: DemoRun, page: Page, screens: Path) -> None:
    base = log_in(page, demo, "billing")
    page.goto(f"{base}/odoo/action-work_order.work_order_action")
    expect(page.get_by_text(work_order(demo, "4500017788")).first).to_be_visible()
    expect(page.get_by_text("Closed").first).to_be_visible()
    picture(page, screens, "tickets")


def test_ticket_form_shows_references_and_what_became_of_the_invoice(demo: DemoRun, page: Page, screens: Path) -> None:
    base = log_in(page, demo, "billing")
    page.goto(f"{base}/odoo/action-work_order.work_order_action?debug=0")
    page.get_by_text(work_order(demo, "4500017788")).first.click()
    expect(page.locator(".o_form_view")).to_be_visible()
    expect(page.get_by_text("4500017788").first).to_be_visible()
    picture(page, screens, "ticket")


def test_transmissions_show_number_and_state(demo: DemoRun, page: Page, screens: Path) -> None:
    log_in(page, demo, "billing")
    page.goto(demo.address("Transmissions in Odoo"))
    expect(page.get_by_text("INV/2026/").first).to_be_visible()
    expect(page.get_by_text("Paid").first).to_be_visible()
    picture(page, screens, "transmissions")
    page.get_by_text("INV/2026/").first.click()
    expect(page.locator(".o_form_view")).to_be_visible()
    picture(page, screens, "transmission")


def test_accountant_reads_the_same_invoice_in_quickbooks(demo: DemoRun, page: Page, screens: Path) -> None:
    page.goto(demo.address("QuickBooks company, invoices"))
    expect(page.get_by_text("Mercy General Hospital").first).to_be_visible()
    picture(page, screens, "quickbooks_invoices")
    page.goto(demo.address("QuickBooks company, first invoice"))
    for text in ("4500017788", work_order(demo, "4500017788"), "M-700114"):
        expect(page.get_by_text(text).first).to_be_visible()
    picture(page, screens, "quickbooks_invoice")


def test_printed_invoice_names_everything_the_buyer_matches_by(
    demo: DemoRun, chromium: Browser, printing: None, screens: Path
) -> None:
    page = chromium.new_page()
    base = log_in(page, demo, "billing")
    invoice = page.evaluate(FIND_INVOICE, "BM-7740")
    answer = page.request.get(f"{base}/report/pdf/account.report_invoice/{invoice}")
    assert answer.ok, answer.text()
    assert answer.body().startswith(b"%PDF-")
    (screens / "invoice.pdf").write_bytes(answer.body())  # Debian's wkhtmltopdf draws letters as shapes: look at it
    page.goto(f"{base}/report/html/account.report_invoice/{invoice}")
    text = " ".join(page.inner_text("main").split())
    number = work_order(demo, "BM-7740")
    for part in (number, "BM-7740", "PO line 1", "Your item BR-POLO-WHT", "MKT-EVENTS", "Service date", "2,386.66"):
        assert part in text, text
    page.close()


def test_stopped_demo_leaves_nothing_running_and_exits_well(demo: DemoRun, sandbox: Sandbox) -> None:
    assert demo.stop() == 0
    assert demo.odoo_database not in sandbox.running_servers()
    assert demo.odoo_database not in sandbox.databases.names()
