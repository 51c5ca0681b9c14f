"""With the keyboard alone: everything is reached in order, is seen to be, and a job can be done."""

from __future__ import annotations

import pytest

from tests.browser.chrome import page_of
from tests.browser.crawl import Visitor
from tests.browser.furnish import first

pytestmark = pytest.mark.browser
# What can be worked with, in the order of the document; of radios with one name, the one that Tab
# stops at. A focus that is seen changes how a thing looks, or what is drawn around it.
STOPS = """() => {
    const seen = new Set(), all = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
    return [...document.querySelectorAll(all)].filter(node => {
        if (node.disabled || node.type === 'hidden' || !node.checkVisibility()) return false
        if (node.type !== 'radio') return true
        const group = [...document.getElementsByName(node.name)]
        const stop = group.find(other => other.checked) || group[0]
        return node === stop
    })
}"""
LOOK = """node => {
    const drawn = [node, ...(node.labels || []), ...(node.labels || []).length ? [node.parentElement] : []]
    return drawn.flatMap(one => [null, '::before', '::after'].map(part => {
        const style = getComputedStyle(one, part)
        return [style.outline, style.boxShadow, style.backgroundColor, style.border].join()
    })).join()
}"""


def unseen(page):
    """Tab through the page from its top: what is met out of order, and what shows no focus."""
    stops = page.evaluate_handle(STOPS)
    looks = page.evaluate(f"all => all.map({LOOK})", stops)
    wrong = []
    for number, before in enumerate(looks):
        page.keyboard.press("Tab")
        facts = page.evaluate(
            f"""([all, number]) => {{
                const node = document.activeElement, look = {LOOK}
                return [all.indexOf(node) === number, look(node), node.outerHTML.slice(0, 120)]
            }}""",
            [stops, number],
        )
        if not facts[0]:
            wrong.append(f"stop {number} is {facts[2]}")
            break
        if facts[1] == before:
            wrong.append(f"no focus is seen on {facts[2]}")
    return len(looks), wrong


def test_the_skip_link_comes_first_and_leads_to_the_content(browser, site):
    page = page_of(browser, site)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q", "the first thing in the content"


def test_tab_reaches_everything_in_order_and_shows_where_it_is(browser, site):
    visitor = Visitor(site, "steward")
    record = first(visitor, "/inside/agreements", "/inside/agreements/")
    page = page_of(browser, site, visitor=visitor)
    wrong = []
    for address in ("/", "/search?q=data&kind=dataset", record, "/inside/datasets?sort=title"):
        page.goto(address)
        count, faults = unseen(page)
        assert count > 5, address
        wrong += [f"{address}: {fault}" for fault in faults]
    page.goto("/inside/links/new?source=" + record.rsplit("/", 1)[1])
    page.click("main button")
    # The page's script gives the summary its focus, some moments after the page has come.
    page.wait_for_selector(".govuk-error-summary:focus")
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")  # back to the top
    wrong += [f"a form with errors: {fault}" for fault in unseen(page)[1]]
    assert wrong == []


def tab_to(page, selector):
    """Press Tab until what the selector finds has the focus."""
    target = page.locator(selector).first
    target.wait_for()
    for _ in range(150):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def press(page, selector, key="Enter"):
    """Go to what the selector finds, and press a key that leads to another page."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_request_is_begun_with_the_keyboard_alone(browser, site):
    page = page_of(browser, site)
    page.goto("/")
    press(page, "text=Sign in")
    tab_to(page, "[name=person]")
    for _ in range(20):
        if page.is_checked(f"[value='{site.people['analyst']['sign_in']}']"):
            break
        page.keyboard.press("ArrowDown")
    press(page, "main button")
    press(page, "nav >> text=Find data")
    tab_to(page, "#q")
    page.keyboard.type("public spending")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "main article a")
    press(page, "main >> text=Ask for this data")
    press(page, "main button")
    press(page, "main button")
    summary = page.locator(".govuk-error-summary")
    assert summary.evaluate("node => node === document.activeElement"), "an error is met at once"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "SELECT", "its link leads to the mend"
    page.keyboard.press("ArrowDown")
    press(page, "main button")
    assert page.url.rstrip("/").rsplit("/", 1)[1] != "table", page.inner_text("main")


def test_a_focus_that_is_not_seen_and_an_order_that_jumps_are_caught(browser, site):
    page = page_of(browser, site)
    page.set_content('<style>a { outline: none !important }</style><a href="/">One</a>')
    assert unseen(page) == (1, ['no focus is seen on <a href="/">One</a>'])
    page = page.context.new_page()
    page.set_content('<a href="/">One</a><a href="/" tabindex="2">Two</a>')
    assert unseen(page)[1][0].startswith("stop 0 is ")
