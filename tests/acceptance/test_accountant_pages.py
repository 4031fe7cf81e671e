"""An accountant works in the simulated company with a browser, without any script of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

SECONDS = 20
StartCompany = Callable[..., AbstractContextManager[dict[str, Any]]]
WIDTHS = [(1280, 900), (390, 844)]


class Books:
    """A running company, filled by a connected program."""

    def __init__(self, ready: dict[str, str]) -> None:
        self.url = ready["url"]
        self._ready = ready

    def reset(self) -> None:
        assert requests.post(f"{self.url}/simulator/reset", json={"seed": "demo"}, timeout=SECONDS).ok

    def bill(self, number: str, amount: int, kind: str = "invoice") -> None:
        """Write an invoice, or another form of this kind, untaxed, as a program does."""
        detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "NON"}}
        line = {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}
        body: dict[str, Any] = {"CustomerRef": {"value": "1"}, "DocNumber": number, "Line": [line]}
        address = f"{self.url}/v3/company/{self._ready['realm']}/{kind}"
        headers = {"Authorization": f"Bearer {self._ready['access_token']}"}
        assert requests.post(address, json=body, headers=headers, timeout=SECONDS).ok


@pytest.fixture(scope="module")
def running(quickbooks_company: StartCompany) -> Iterator[Books]:
    with quickbooks_company() as ready:
        yield Books(ready)


@pytest.fixture
def books(running: Books) -> Books:
    """The demo company with three open invoices."""
    running.reset()
    for number, amount in (("INV/1", 100), ("INV/2", 200), ("INV/3", 300)):
        running.bill(number, amount)
    return running


@pytest.fixture(params=WIDTHS, ids=["desktop", "phone"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of one width, with scripts switched off."""
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def picture(page: Page, screens: Path, name: str) -> None:
    kind = "desktop" if (page.viewport_size or {"width": 0})["width"] > 500 else "phone"
    page.screenshot(path=screens / f"company_{name}_{kind}.png", full_page=True)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_one_payment_over_two_invoices_is_received_deposited_and_protected(
    books: Books, page: Page, screens: Path
) -> None:
    page.goto(f"{books.url}/app/payments")
    page.get_by_role("link", name="Receive payment").click()
    page.get_by_label("Customer").select_option("Mercy General Hospital")
    press(page, "Next")
    page.get_by_label("Amount received").fill("260")
    page.get_by_label("Reference no.").fill("CHK 4471")
    page.get_by_label("Pay on invoice INV/1").fill("1,000")
    press(page, "Save payment")
    expect(page.get_by_role("alert")).to_have_text("Invoice INV/1 has $100.00 open. $1,000.00 cannot be paid on it.")
    picture(page, screens, "payment_refused")
    page.get_by_label("Pay on invoice INV/1").fill("100")
    page.get_by_label("Pay on invoice INV/2").fill("150")
    press(page, "Save payment")
    expect(page.get_by_role("heading", name="Payment CHK 4471")).to_be_visible()
    expect(page.get_by_text("$10.00")).to_be_visible()
    picture(page, screens, "payment")
    page.get_by_role("link", name="Deposits").click()
    page.get_by_label("Take payment CHK 4471").check()
    press(page, "Deposit")
    expect(page.get_by_text("No payment waits to be deposited.")).to_be_visible()
    page.get_by_role("link", name="CHK 4471").click()
    page.get_by_text("Delete payment").first.click()
    press(page, "Delete payment")
    expect(page.get_by_role("alert")).to_contain_text("part of a bank deposit")


def test_invoice_is_edited_then_voided_and_its_history_tells(books: Books, page: Page, screens: Path) -> None:
    page.goto(f"{books.url}/app/invoices")
    page.get_by_role("link", name="INV/3").click()
    page.get_by_role("link", name="Edit invoice").click()
    page.get_by_label("Due date").fill("2030-01-31")
    page.get_by_label("Amount of line 1").fill("250")
    page.get_by_label("Memo on statement").fill("Agreed by phone")
    picture(page, screens, "edit")
    press(page, "Save")
    expect(page.get_by_text("Line 1: $300.00 to $250.00")).to_be_visible()
    page.get_by_text("Void invoice").first.click()
    press(page, "Void invoice")
    expect(page.get_by_text("Voided - Agreed by phone").first).to_be_visible()
    picture(page, screens, "invoice_voided")


def test_closed_books_and_names_are_kept_by_the_accountant(books: Books, page: Page, screens: Path) -> None:
    page.goto(f"{books.url}/app/books")
    page.get_by_label("Last day of the period").fill("2099-12-31")
    press(page, "Close the books")
    picture(page, screens, "books")
    page.goto(f"{books.url}/app/invoices")
    page.get_by_role("link", name="INV/2").click()
    page.get_by_text("Delete invoice").first.click()
    press(page, "Delete invoice")
    expect(page.get_by_role("alert")).to_contain_text("The books are closed up to 12/31/2099")
    page.get_by_role("link", name="Mercy General Hospital").click()
    page.get_by_text("Rename customer").click()
    page.get_by_label("Name").fill("Cedar Property Management")
    press(page, "Rename")
    expect(page.get_by_role("alert")).to_contain_text("already has this name")
    page.get_by_text("Make inactive").first.click()
    press(page, "Make inactive")
    expect(page.get_by_role("heading", name="Mercy General Hospital (deleted)")).to_be_visible()
    picture(page, screens, "customer")


def test_credit_memo_is_found_read_and_deleted(books: Books, page: Page, screens: Path) -> None:
    books.bill("RINV/1", 40, "creditmemo")
    page.goto(f"{books.url}/app/invoices")
    page.get_by_role("link", name="Credit memos").click()
    expect(page.get_by_text("1 credit memo, $40.00 not used")).to_be_visible()
    page.get_by_role("link", name="RINV/1").click()
    expect(page.get_by_text("No invoice yet. The whole amount is the customer's credit.")).to_be_visible()
    picture(page, screens, "credit_memo")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
    page.get_by_text("Delete credit memo").first.click()
    press(page, "Delete credit memo")
    expect(page.get_by_text("No credit memos yet.")).to_be_visible()
