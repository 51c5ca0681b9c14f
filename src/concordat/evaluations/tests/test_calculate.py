"""The calculators as anyone uses them: by page without JavaScript, and by the API, with one answer."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = "/evaluations/calculators"
MEANS = {
    "mean_treated": 105,
    "sd_treated": 15,
    "n_treated": 50,
    "mean_control": 100,
    "sd_control": 15,
    "n_control": 50,
}


def page(name, **given):
    answer = Client().get(f"{PAGES}/{name}", given)
    return answer.status_code, answer.content.decode()


def told(name, **given):
    answer = Client().get(f"/api/v1/calculators/{name}", given)
    return answer.status_code, answer.json()


def test_the_list_leads_to_each(client):
    text = client.get(PAGES).content.decode()
    for name in ("power", "mdes", "pooling", "effect-of-means", "effect-of-counts"):
        assert f'href="{PAGES}/{name}"' in text
        assert page(name)[0] == 200


def test_a_page_answers_with_the_formula_its_source_and_every_number():
    status, text = page("mdes", units=50, size=30, icc=0.15)
    assert status == 200
    for words in ("0.342", "MDES = M × SE", "Bloom 1995", "Intra-cluster correlation", "0.15"):
        assert words in text


def test_page_and_api_say_the_same():
    for name, given in (
        ("power", {"effect": 0.2}),
        ("power", {"effect": 0.2, "units": 500, "sides": 1}),
        ("mdes", {"units": 50, "size": 30, "icc": 0.15}),
        ("effect-of-means", MEANS),
    ):
        status, answer = told(name, **given)
        assert status == 200, answer
        assert answer["says"] in page(name, **given)[1]


def test_counts_are_cells_to_a_script_and_groups_to_a_reader():
    groups = {"events_treated": 56, "n_treated": 70, "events_control": 48, "n_control": 80}
    cells = {
        "events_treated": 56,
        "without_treated": 14,
        "events_control": 48,
        "without_control": 32,
    }
    assert told("effect-of-counts", **cells)[1]["says"] in page("effect-of-counts", **groups)[1]
    nobody = told("effect-of-counts", **cells | {"events_treated": 0, "without_treated": 1})
    assert nobody[1]["figures"] == []
    assert page("effect-of-counts", **groups | {"n_treated": 5})[0] == 422


def test_the_number_needed_is_found_where_none_is_given():
    _, answer = told("power", effect=0.2)
    assert {f["code"]: f["value"] for f in answer["figures"]}["units"] == 788


def test_studies_are_pooled_as_they_are_pasted():
    studies = "Leeds; 0.21; 0.08\nYork\t0.10\t0.05\n\n0.30,0.1\n"
    status, text = page("pooling", studies=studies, method="dersimonian_laird")
    assert status == 200
    given = {"study": ["0.21,0.08", "0.1,0.05", "0.30,0.1"], "method": "dersimonian_laird"}
    assert told("pooling", **given)[1]["says"] in text


def test_what_cannot_be_is_told_at_its_place_with_the_mend():
    status, text = page("mdes", units="many", icc=2)
    assert status == 422
    assert "There is a problem" in text
    assert 'href="#id_units"' in text
    assert "Enter a number for the number assigned" in text
    status, text = page("mdes", units=2)
    assert "Enter a number from 3 to 1,000,000,000 for the number assigned" in text
    status, text = page("pooling", studies="Leeds; 0.21\nYork; 0.1; 0")
    assert "Line 1: enter a name, an estimate and a standard error" in text
    status, answer = told("mdes", units=2)
    assert status == 422
    assert answer["errors"][0]["field"] == "units"
    assert told("pooling", study=["1,0", "2,1"])[0] == 422
    assert told("mdes", units=50, luck=1)[0] == 422


def test_there_is_no_other_calculator(client):
    assert client.get(f"{PAGES}/luck").status_code == 404
