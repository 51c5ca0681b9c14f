"""Every kind of page in a real browser: axe finds nothing, and all of it works without JavaScript."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# All of WCAG 2.2 AA and axe's best practice, but for `region`: GOV.UK's own layout puts the phase
# banner and the back link outside the landmarks.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"axe.run(document, {{runOnly: {TAGS}, rules: {{region: {{enabled: false}}}}}})"
PUBLIC = (
    "/",
    "/search",
    "/search?q=data&kind=dataset",
    "/search?q=zzzzqq",
    "/register",
    "/organisations",
    "/organisations/hm-treasury",
    "/audit",
    "/accessibility",
    "/privacy",
    "/sign-in",
    "/sign-in/login/",
    "/nowhere",
)
INSIDE = (
    "/inside",
    "/inside/datasets",
    "/inside/datasets/new",
    "/inside/data-services",
    "/inside/share-requests",
    "/inside/agreements",
    "/inside/tables",
    "/inside/notices",
    "/inside/jobs",
    "/inside/search?q=data",
    "/inside/account",
    "/inside/account/details",
    "/inside/account/tokens",
    "/inside/account/tokens/new",
    "/inside/account/notices",
    "/inside/account/device",
    "/inside/admin",
    "/inside/admin/people",
    "/inside/admin/clients",
    "/inside/admin/clients/new",
    "/inside/admin/organisations",
    "/inside/admin/organisations/hm-treasury",
    "/inside/admin/organisations/hm-treasury/edit",
    "/sign-in/sessions/",
    "/inside/admin/webhooks",
)


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


def page_of(browser, site, person="", javascript=True):
    context = browser.new_context(java_script_enabled=javascript, base_url=site.url)
    page = context.new_page()
    if person:
        page.goto("/sign-in")
        page.check(f"input[value='{site.people[person]['sign_in']}']")
        page.click("main button")
    return page


def violations(page, address):
    page.goto(address)
    page.evaluate(AXE.read_text())
    found = page.evaluate(RUN)
    return [f"{address}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


def test_axe_finds_nothing_on_the_public_pages(browser, site):
    page = page_of(browser, site)
    assert [v for address in PUBLIC for v in violations(page, address)] == []


@pytest.mark.parametrize("person", ["steward", "analyst", "administrator"])
def test_axe_finds_nothing_on_the_pages_inside(browser, site, person):
    page = page_of(browser, site, person)
    pages = list(INSIDE)
    for list_page in (
        "/inside/datasets",
        "/inside/share-requests",
        "/inside/agreements",
        "/inside/tables",
    ):
        page.goto(list_page)
        link = page.query_selector("main tbody a")
        if link:
            pages.append(link.get_attribute("href"))
    assert [v for address in pages for v in violations(page, address)] == []


def test_a_request_is_made_step_by_step_with_javascript_off(browser, site):
    page = page_of(browser, site, "analyst", javascript=False)
    page.goto("/search?q=public+spending")
    page.click("main article a >> nth=0")
    page.click("main >> text=Ask for this data")
    page.click("main >> text=Ask for this data")
    page.click("main button")
    page.select_option("main select", index=1)
    page.click("main button")
    page.fill("[name=title]", "Where the money goes")
    page.fill("[name=purpose]", "Compare suppliers.")
    page.fill("[name=benefit]", "Better buying.")
    page.click("main button")
    page.check("[name=columns] >> nth=0")
    page.check("[name=columns] >> nth=1")
    assert page.locator("[name=columns]:checked").count() == 2, "several may be chosen"
    page.fill("[name=rows]", "Nonsense = 1")
    page.click("main button")
    assert "no column “Nonsense”" in page.inner_text(".govuk-error-summary")
    page.fill("[name=rows]", "")
    page.click("main button")
    page.check("[name=data_types][value=none]")
    page.click("main button")
    page.fill("[name=legal_power]", "Common law powers")
    page.select_option("[name=legal_gateway]", "none")
    page.click("main button")
    for name, (day, month, year) in {"starts_on": (1, 1, 2027), "ends_on": (1, 6, 2027)}.items():
        page.fill(f"[name={name}_day]", str(day))
        page.fill(f"[name={name}_month]", str(month))
        page.fill(f"[name={name}_year]", str(year))
    page.fill("[name=disposal]", "Deleted.")
    page.click("main button")
    assert "check" in page.url, page.inner_text("main")
    page.click("main button")
    assert "Submitted" in page.inner_text("main")


def test_no_link_leads_nowhere(browser, site):
    page = page_of(browser, site, "steward", javascript=False)
    waiting, seen = ["/", "/inside"], set()
    while waiting and len(seen) < 120:
        address = waiting.pop(0)
        answer = page.context.request.get(address)
        assert answer.status < 400, address
        seen.add(address)
        if "html" not in answer.headers.get("content-type", ""):
            continue
        page.set_content(answer.text())
        for link in page.query_selector_all("a[href^='/']"):
            found = (link.get_attribute("href") or "").split("#")[0]
            shape = found.split("?")[0]
            if (
                found not in seen
                and found not in waiting
                and len([s for s in seen if s.startswith(shape)]) < 2
            ):
                waiting.append(found)


def test_a_page_can_be_used_by_keyboard_alone(browser, site):
    page = page_of(browser, site)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
    page.focus("#q")
    page.keyboard.type("audit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=audit*")
