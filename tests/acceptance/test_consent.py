"""Somebody lets the bridge into a QuickBooks company: the command in a terminal, the consent in a real browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from workorder_bridge.destinations.quickbooks.tokens import TokenStore

SECONDS = 60
StartCompany = Callable[..., AbstractContextManager[dict[str, Any]]]
WIDTHS = [(1280, 900), (390, 844)]
NAME = "Harbor Facility Services"


@pytest.fixture(scope="module")
def ready(quickbooks_company: StartCompany) -> Iterator[dict[str, str]]:
    """A QuickBooks company on this machine, and what it says of itself."""
    with quickbooks_company() as told:
        yield told


@pytest.fixture(params=WIDTHS, ids=["desktop", "phone"])
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height})
    yield context.new_page()
    context.close()


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path / "tokens.json")


class Terminal:
    """A command that opens a browser and waits; the browser it opens is told to us instead."""

    def __init__(self, arguments: list[str], environment: dict[str, str], told: Path) -> None:
        opener = told.with_name("browser.sh")
        opener.write_text(f'#!/bin/sh\nprintf %s "$1" > {told}\n')
        opener.chmod(0o700)
        self._opened = told
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workorder_bridge", "quickbooks", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**environment, "BROWSER": f"{opener} %s", "DISPLAY": ":0"},
        )

    def opened(self) -> str:
        """The address the command opened, which is the one it printed."""
        assert self._process.stdout
        before = ""
        for line in self._process.stdout:
            before += line
            if line.startswith("Waiting for the answer"):
                break
        printed = re.search(r"^  (http\S+)$", before, re.MULTILINE)
        assert printed, before
        assert self._opened.read_text() == printed[1]
        return printed[1]

    def end(self) -> tuple[int, str]:
        told, _ = self._process.communicate(timeout=SECONDS)
        return self._process.returncode, told

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture
def terminal(ready: dict[str, str], store: TokenStore, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WORKORDER_")}
    settings = {
        "QUICKBOOKS_ENVIRONMENT": "simulator",
        "QUICKBOOKS_URL": ready["url"],
        "QUICKBOOKS_CLIENT_ID": ready["client_id"],
        "QUICKBOOKS_CLIENT_SECRET": ready["client_secret"],
        "QUICKBOOKS_TOKEN_FILE": str(store.path),
    }
    environment |= {f"WORKORDER_{name}": value for name, value in settings.items()}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    running: list[Terminal] = []

    def start(verb: str, *arguments: str) -> Terminal:
        running.append(Terminal([verb, "--port", port, *arguments], environment, tmp_path / "opened"))
        return running[-1]

    yield start
    for each in running:
        each.stop()


def picture(page: Page, screens: Path, name: str) -> None:
    width = (page.viewport_size or {"width": 0})["width"]
    page.screenshot(path=screens / f"{name}_{'desktop' if width > 500 else 'phone'}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def opens_the_company(store: TokenStore, realm: str, url: str) -> bool:
    token = store.read(realm, "simulator").access_token.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{url}/v3/company/{realm}/companyinfo/{realm}", headers=headers, timeout=SECONDS)
    return answer.status_code == 200


def test_pressing_connect_ends_in_stored_tokens_that_open_the_company(
    terminal: Callable[..., Terminal], page: Page, screens: Path, store: TokenStore, ready: dict[str, str]
) -> None:
    run = terminal("connect", "--realm", ready["realm"])
    page.goto(run.opened())
    expect(page.get_by_text(f"the books of {NAME}")).to_be_visible()
    picture(page, screens, "consent")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Connected", exact=True)).to_be_visible()
    expect(page.get_by_text(f"now has access to {NAME}")).to_be_visible()
    picture(page, screens, "connected")
    code, told = run.end()
    assert (code, f"Connected to {NAME}" in told) == (0, True), told
    assert opens_the_company(store, ready["realm"], ready["url"])


def test_no_thanks_is_told_in_browser_and_terminal(
    terminal: Callable[..., Terminal], page: Page, screens: Path, store: TokenStore
) -> None:
    run = terminal("connect")
    page.goto(run.opened())
    page.get_by_role("button", name="No thanks").click()
    expect(page.get_by_role("heading", name="Not connected")).to_be_visible()
    picture(page, screens, "declined")
    code, told = run.end()
    assert (code, "The consent was declined" in told) == (4, True), told
    assert store.survey() == ([], [])


def test_choosing_another_company_is_told_by_name_and_stores_nothing(
    terminal: Callable[..., Terminal], page: Page, store: TokenStore
) -> None:
    run = terminal("connect", "--realm", "123")
    page.goto(run.opened())
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text(f"You connected {NAME}")).to_be_visible()
    assert run.end()[0] == 4
    assert store.survey() == ([], [])


def test_revoked_company_is_connected_again(
    terminal: Callable[..., Terminal], page: Page, store: TokenStore, ready: dict[str, str]
) -> None:
    first = terminal("connect", "--realm", ready["realm"])
    page.goto(first.opened())
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Connected", exact=True)).to_be_visible()
    assert first.end()[0] == 0
    for control in ("expire_access_tokens", "revoke_refresh_tokens"):
        assert requests.post(f"{ready['url']}/simulator/{control}", timeout=SECONDS).ok
    assert not opens_the_company(store, ready["realm"], ready["url"])
    again = terminal("reconnect")
    page.goto(again.opened())
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", name="Connected", exact=True)).to_be_visible()
    assert again.end()[0] == 0
    assert opens_the_company(store, ready["realm"], ready["url"])
