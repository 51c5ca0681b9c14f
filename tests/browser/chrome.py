"""A real browser for the tests that need one, and what axe says of a page in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.browser.crawl import Visitor

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# All of WCAG 2.2 AA and axe's best practice, but for `region`: GOV.UK's own layout puts the phase
# banner and the back link outside the landmarks.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = (
    f"axe.run(document, {{runOnly: {TAGS}, rules: {{region: {{enabled: false}}}},"
    " preload: false, resultTypes: ['violations']})"
)
WIDE = {"width": 1280, "height": 720}
NARROW = {"width": 320, "height": 700}


def chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    program = chromium()
    with playwright.sync_playwright() as started:
        if program is None and not Path(started.chromium.executable_path).exists():
            pytest.skip("this machine has no Chromium")
        made = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield made
        made.close()


def page_of(browser, site, person="", *, javascript=True, visitor=None):
    """A page in a browser of their own, where the person (or a visitor already made) is signed in."""
    context = browser.new_context(java_script_enabled=javascript, base_url=site.url, viewport=WIDE)
    if visitor or person:
        context.add_cookies((visitor or Visitor(site, person)).cookies())
    return context.new_page()


def violations(page):
    """What axe finds on the page that is open."""
    page.evaluate(AXE)
    found = page.evaluate(RUN)["violations"]
    return [f"{v['id']} {node['html'][:160]}" for v in found for node in v["nodes"][:3]]


def sideways(page):
    """Whether a narrow screen has to move the open page sideways."""
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(WIDE)
    return [f"{width} px wide on a screen of {NARROW['width']}"] if width > NARROW["width"] else []
