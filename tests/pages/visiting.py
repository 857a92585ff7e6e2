"""A browser for the tests of the page, and what its pages ask for and complain of.

Tests are skipped where there is no Chromium, and some of them without Java, Node or the checkers beside this file;
RIC_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import interop
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHECKERS = Path(__file__).parent / "checkers" / "node_modules"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# Unfolds all that a page has, and of a table's rows, which are made alike, the first ten: axe takes long for hundreds.
UNFOLD = """document.querySelectorAll("details:not(.head details), .head > tbody:nth-of-type(-n+10) details")
  .forEach((each) => { each.open = true; })"""
DESK, PHONE = (1280, 900), (375, 812)


def needed(found: object, what: str) -> None:
    """Skip a test for want of a tool, unless the tools are said to be there."""
    if not found:
        assert not os.environ.get("RIC_BROWSER"), f"{what} is missing; make browser installs it"
        pytest.skip(f"{what} is missing; make browser installs it")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    needed(path, "Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """Opens pages, and remembers what they ask for and complain of."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        address: str,
        *,
        size: tuple[int, int] = DESK,
        scheme: str = "light",
        script: bool = True,
        csp: bool = True,
    ) -> Page:
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
            bypass_csp=not csp,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.goto(address)
        return page


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    visit = Visit(browser)
    yield visit
    for context in visit.contexts:
        context.close()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with interop.served(site) as address:
        yield f"{address}/index.html"
