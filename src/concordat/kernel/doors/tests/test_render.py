"""The GOV.UK macros render as upstream says, hold no state between threads, and escape."""

from __future__ import annotations

import json
import lzma
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

HERE = Path(__file__).parent
STATIC = HERE.parent / "static" / "doors"
CASES: dict[str, list[dict[str, Any]]] = json.loads(
    lzma.decompress((HERE / "fixtures.json.xz").read_bytes())
)


def tree(html: str) -> str:
    """HTML as one comparable text: parsed, with runs of white space as one space."""
    parsed = html5lib.parseFragment(html, treebuilder="dom", namespaceHTMLElements=False)
    text = html5lib.serialize(
        parsed,
        tree="dom",
        alphabetical_attributes=True,
        quote_attr_values="always",
        omit_optional_tags=False,
    )
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def macro(component: str) -> Any:
    return getattr(engines["pages"].env.globals["govuk"], component.replace("-", "_"))


@pytest.mark.parametrize("component", sorted(CASES))
def test_every_upstream_example_renders_identically(component: str) -> None:
    for case in CASES[component]:
        assert tree(macro(component)(case["options"])) == tree(case["html"]), case["name"]


def test_four_threads_never_see_one_anothers_words() -> None:
    template = engines["pages"].from_string(
        "{{ govuk.button({'text': word}) }}{{ govuk.notification_banner({'text': word}) }}"
        "{{ govuk.radios({'name': word, 'items': [{'value': word, 'text': word}]}) }}"
    )

    def render(n: int) -> bool:
        html = template.render({"word": f"word-{n}-"})
        return set(re.findall(r"word-(\d+)-", html)) == {str(n)}

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(render, range(600)))


def test_hostile_text_is_escaped_in_every_component_that_takes_text() -> None:
    evil = "<script>alert(1)</script>\"'><img onerror=x>"
    for name in ("button", "tag", "inset_text", "warning_text", "panel", "phase_banner"):
        html = macro(name)(
            {"text": evil, "titleText": evil, "href": f"/{evil}", "tag": {"text": evil}}
        )
        assert "<script" not in html and "<img" not in html, name


def test_the_style_sheet_names_no_address_no_font_of_theirs_and_no_crest() -> None:
    css = (STATIC / "govuk-frontend.min.css").read_text()
    assert "url(" not in css and "@font-face" not in css and "GDS Transport" not in css


def test_a_page_is_valid_html_and_runs_no_script_of_its_own() -> None:
    request = RequestFactory().get("/")
    html = render_to_string("doors/error.html", {"title": "Not <here>", "detail": "é"}, request)
    html5lib.HTMLParser(strict=True).parse(html)
    assert "Not &lt;here&gt;" in html and "Not <here>" not in html
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert scripts and all("src=" in told and not inside for told, inside in scripts)
    assert " style=" not in html and "onclick" not in html and "nonce" not in html
    assert "crown" not in html.lower() and "GOV.UK" not in html


def test_text_templates_are_not_escaped_as_html() -> None:
    env = engines["pages"].env
    assert (
        env.autoescape("notice.html") and not env.autoescape("notice.txt") and env.autoescape(None)
    )
