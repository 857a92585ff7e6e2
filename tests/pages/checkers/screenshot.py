"""Take the README's picture of the page: `make screenshot`, after a look at the page itself.

It shows the made-up article of `tests/harbour/strike`, since the texts of the real ones are not part of the project.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests"))


def main() -> None:
    from harbour_site import made_up_site

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = made_up_site(Path(folder))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto((root / "site" / "index.html").as_uri())
        page.locator("#reader-file").set_input_files(root / "texts" / "art-003.txt")
        page.locator("#reading-text mark", has_text="700 at most").click()
        page.locator("#reading").evaluate("(reading) => scrollTo(0, reading.offsetTop - 20)")
        page.screenshot(path=ROOT / "docs" / "page.png")
        browser.close()


if __name__ == "__main__":
    main()
