"""A version of a plan on paper."""

from __future__ import annotations

import io
import re

import html5lib
import pypdf
import pytest
from django.test import Client

from concordat.evaluations import actions
from tests.cast import EVALUATION, published_evaluation

pytestmark = pytest.mark.django_db
WORDS = "Who is “late”? £5 – 10 µg, café, Ελλάδα, Москва → more"


def read(found, number):
    answer = Client().get(f"{found.get_absolute_url()}/versions/{number}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content)), answer.content


def squeezed(text):
    """Letters without their spaces: where lines break is the paper's own business."""
    return re.sub(r"\s", "", text)


def test_a_pdf_says_what_its_page_says_with_the_digest_on_each_page(cast):
    plan = {**EVALUATION["plan"], "issue": {"description": WORDS, "why": "Because. " * 900}}
    made = published_evaluation(cast)
    actions.amend_evaluation(cast.lea, made, {"plan": plan}, note="We learned more.")
    paper, bytes_ = read(made, 2)
    pages = [page.extract_text() for page in paper.pages]
    assert len(pages) > 2
    made.refresh_from_db()
    assert all(squeezed(made.digest) in squeezed(page) for page in pages)
    text = squeezed("".join(pages))
    assert squeezed(WORDS) in text
    page = html5lib.parse(
        Client().get(f"{made.get_absolute_url()}/versions/2").content, namespaceHTMLElements=False
    )
    for cell in [*page.iter("dt"), *page.iter("dd"), *page.iter("h3")]:
        said = squeezed("".join(cell.itertext()))
        assert len(said) > 500 or said in text, said
    assert read(made, 2)[1] == bytes_, "the same version is the same bytes"
    assert paper.metadata.title == made.title


def test_what_the_typeface_does_not_hold_is_marked(cast):
    made = published_evaluation(cast, title="Letters \N{PILE OF POO} 漢字")
    paper, _ = read(made, 1)
    assert "Letters \u2610 \u2610\u2610" in paper.pages[0].extract_text()


def test_what_is_hidden_stays_so_on_paper(cast):
    hidden = {"population": "completion"}
    made = published_evaluation(cast, hidden=hidden)
    text = squeezed("".join(page.extract_text() for page in read(made, 1)[0].pages))
    assert squeezed("Not open yet") in text
    assert squeezed("Everyone who is late") not in text
