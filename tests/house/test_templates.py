"""Every template compiles, and leaves nothing for the content security policy to refuse."""

from __future__ import annotations

import re

import pytest
from django.template import engines

from tests.house.tree import ROOT, tracked

pytestmark = pytest.mark.once

TEMPLATES = [p for p in tracked() if "templates" in p.parts and p.suffix in {".html", ".txt"}]
REFUSED = {
    # A block of data (JSON-LD) is no script: nothing runs it, and no policy refuses it.
    "a script of its own": re.compile(
        r"<script(?! type=\"application/ld\+json\">)(?![^>]*\bsrc=)", re.I
    ),
    "a style of its own": re.compile(r"<style|\sstyle\s*=\s*[\"']", re.I),
    "a handler in an attribute": re.compile(r"\son\w+\s*=\s*[\"']", re.I),
    "an address that runs": re.compile(r"javascript:", re.I),
    "text that is not escaped": re.compile(
        r"(?<!hit\.title )(?<!hit\.text )\|\s*safe\b|autoescape\s+false"
    ),
}


def _text(path):
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_compiles(path):
    engines["pages"].env.compile(_text(path), filename=str(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_template_holds_nothing_that_the_browser_would_refuse(path):
    found = [what for what, pattern in REFUSED.items() if pattern.search(_text(path))]
    assert not found


@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.suffix == ".html"], ids=str)
def test_a_form_that_posts_carries_its_token(path):
    forms = re.findall(r"<form[^>]*method=[\"']?post.*?</form>", _text(path), re.I | re.S)
    assert all("csrf" in form for form in forms)
