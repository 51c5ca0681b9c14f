"""A file is sent from its page piece by piece, and whole where no script runs."""

from __future__ import annotations

import pytest

from tests.browser.chrome import page_of

pytestmark = pytest.mark.browser


def chosen(browser, site, file, **options):
    page = page_of(browser, site, "steward", **options)
    page.goto("/inside/tables")
    page.click("tbody a >> nth=0")
    page.click("text=Load a file")
    page.set_input_files("input[type=file]", file)
    return page


def test_a_file_goes_on_after_the_connection_was_lost(browser, site, tmp_path):
    file = tmp_path / "payments.csv"
    file.write_bytes(b"area,count\n" + b"E1,1\n" * 4_000_000)  # 20 MB: three pieces
    page, lost = chosen(browser, site, file), []

    def cut(route):
        """The second piece is lost on its way, once."""
        if route.request.headers.get("upload-offset", "0") != "0" and not lost:
            lost.append(route.request.headers["upload-offset"])
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/resumable/*", cut)
    page.click("main form button")
    page.wait_for_url("**/uploads/*")
    assert "Check payments.csv" in page.inner_text("h1")
    assert lost == [str(8 * 1024 * 1024)], "it went on from where it was"


def test_a_file_that_is_not_taken_is_told_on_the_page(browser, site, tmp_path):
    file = tmp_path / "payments.parquet"
    file.write_bytes(b"not at all")
    page = chosen(browser, site, file)
    page.click("main form button")
    page.wait_for_selector("text=holds text")


def test_a_file_is_sent_whole_with_javascript_off(browser, site, tmp_path):
    file = tmp_path / "payments.csv"
    file.write_bytes(b"area,count\nE1,1\n")
    page = chosen(browser, site, file, javascript=False)
    page.click("main form button")
    assert "Check payments.csv" in page.inner_text("h1")
