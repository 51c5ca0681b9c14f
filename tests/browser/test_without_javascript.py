"""The main jobs with JavaScript off: asking for data, narrowing, sorting, paging, downloading."""

from __future__ import annotations

import pytest

from tests.browser.chrome import page_of

pytestmark = pytest.mark.browser


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
    _say_which_and_how_exact(page)
    _say_under_which_law_and_for_whom(page)
    for name, (day, month, year) in {"starts_on": (1, 1, 2027), "ends_on": (1, 6, 2027)}.items():
        page.fill(f"[name={name}_day]", str(day))
        page.fill(f"[name={name}_month]", str(month))
        page.fill(f"[name={name}_year]", str(year))
    page.fill("[name=disposal]", "Deleted.")
    page.click("main button")
    assert "check" in page.url, page.inner_text("main")
    assert "is left empty." in page.inner_text("main"), "the sentence of the policy"
    page.click("main button")
    assert "Submitted" in page.inner_text("main")


def _say_which_and_how_exact(page):
    page.check("[name=columns] >> nth=0")
    page.check("[name=columns] >> nth=1")
    assert page.locator("[name=columns]:checked").count() == 2, "several may be chosen"
    page.fill("[name=rows]", "Nonsense = 1")
    page.click("main button")
    assert "no column “Nonsense”" in page.inner_text(".govuk-error-summary")
    page.fill("[name=rows]", "")
    page.click("main button")
    assert "How exact must it be?" in page.inner_text("h1")
    page.select_option("main select >> nth=0", "hide")
    page.check("[name=gives][value=rows]")
    page.click("main button")


def _say_under_which_law_and_for_whom(page):
    page.check("[name=data_types][value=none]")
    page.click("main button")
    page.fill("[name=legal_power]", "Common law powers")
    page.select_option("[name=legal_gateway]", "none")
    page.click("main button")
    page.check("[name=versions][value=latest]")
    page.fill("[name=networks]", "here")
    page.click("main button")
    assert "is not a network" in page.inner_text(".govuk-error-summary")
    page.fill("[name=networks]", "192.0.2.0/24")
    page.click("main button")


def told(page):
    return page.inner_text("main [role=status]")


def test_a_search_is_narrowed_put_in_order_paged_and_downloaded_with_javascript_off(browser, site):
    page = page_of(browser, site, javascript=False)
    page.goto("/")
    page.fill("#q", "figures")
    page.click("main button")
    everything = told(page)
    page.click(".govuk-pagination__next a")
    assert "page=2" in page.url
    page.check("main form input[type=checkbox] >> nth=0")
    page.select_option("#sort", "newest")
    page.click("text=Narrow the results")
    assert told(page) != everything
    assert page.is_checked("main form input[type=checkbox] >> nth=0")
    assert page.input_value("#sort") == "newest"
    assert "page=" not in page.url, "a narrower search begins at its first page"
    with page.expect_download() as download:
        page.click("main a[href*='download=csv']")
    assert download.value.path().read_text(encoding="utf-8-sig").count("\n") > 1


def test_a_list_is_sorted_paged_and_downloaded_with_javascript_off(browser, site):
    page = page_of(browser, site, "steward", javascript=False)
    page.goto("/inside/datasets")
    page.click("thead >> text=Title")
    upwards = page.inner_text("tbody tr >> nth=0")
    assert page.get_attribute("th:has-text('Title')", "aria-sort") == "ascending"
    page.click("thead >> text=Title")
    assert page.get_attribute("th:has-text('Title')", "aria-sort") == "descending"
    assert page.inner_text("tbody tr >> nth=0") != upwards
    before = page.inner_text("tbody")
    page.click(".govuk-pagination__next a")
    assert page.inner_text("tbody") != before
    assert page.get_attribute("th:has-text('Title')", "aria-sort") == "descending"
    with page.expect_download() as download:
        page.click("main a[href*='download=csv']")
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > page.locator("tbody tr").count() + 1, "the whole list, not this page of it"
