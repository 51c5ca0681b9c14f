"""Search and the audit log by the API: as much as whoever asks may know."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.kernel.audit.sealing import seal
from concordat.marketplace import actions
from concordat.site.worker import catch_up
from tests.cast import DATASET
from tests.script import Script, script


def test_search_finds_counts_and_explains_what_the_asker_may_know(cast, dataset):
    hidden = {**DATASET, "title": "Junior posts nobody may see"}
    actions.draft_dataset(cast.olive, cast.bodies["treasury"], hidden)
    catch_up()
    public = Script().get("/search", q="junior", kind="dataset").json()
    assert (public["total"], public["pages"]) == (1, 1)
    assert public["hits"][0]["reference"] == dataset.dataset.reference
    assert "title" in public["hits"][0]["why"]
    assert {"value": "HM Treasury", "count": 1} in public["facets"]["organisation"]
    inside = script(cast.olive).get("/search", q="junior").json()
    assert inside["total"] == 2
    assert {"value": "HM Treasury", "count": 2} in inside["facets"]["organisation"]
    assert script(cast.asha).get("/search", q="junior").json()["total"] == 1
    assert script(cast.olive, "deliver").get("/search", q="junior").json()["total"] == 1
    assert Script().get("/search", q="junior", colour="red").status_code == 422
    assert Script().get("/search", page="0").status_code == 422


def test_a_token_that_may_not_read_finds_what_is_public_and_no_more(cast, dataset):
    within = {**DATASET, "title": "Junior posts within government"}
    draft = actions.draft_dataset(cast.olive, cast.bodies["treasury"], within)
    actions.perform(cast.olive, draft, "submit")
    actions.perform(cast.colin, draft, "publish_to_government")
    catch_up()
    assert script(cast.asha).get("/search", q="junior").json()["total"] == 2
    assert script(cast.asha, "deliver").get("/search", q="junior").json()["total"] == 1


def test_the_log_of_a_record_shows_names_and_notes_to_its_sides_alone(cast, dataset):
    actions.amend_dataset(cast.olive, dataset.dataset, {"summary": "Better"}, note="Typo.")
    query = {"reference": dataset.dataset.reference}
    public = Script().get("/audit/entries", **query).json()["items"]
    assert [e["name"] for e in public] == ["dataset:amend", "dataset:publish"]
    assert all(e["public"] and e["proof"] for e in public)
    assert "Olive" not in str(public) and "Typo." not in str(public)
    inside = script(cast.colin).get("/audit/entries", **query).json()["items"]
    assert [e["name"] for e in inside][-1] == "dataset:draft"
    assert (inside[0]["by"], inside[0]["note"]) == ("Olive, HM Treasury", "Typo.")
    assert inside[0]["changes"][0]["after"] == "Better"
    assert "Olive" not in str(script(cast.asha).get("/audit/entries", **query).json())


def test_nothing_is_said_of_a_record_that_was_never_public(cast, dataset):
    hidden = actions.draft_dataset(cast.olive, cast.bodies["treasury"], DATASET)
    query = {"reference": hidden.reference}
    assert Script().get("/audit/entries", **query).status_code == 404
    assert script(cast.asha).get("/audit/entries", **query).status_code == 404
    assert len(script(cast.olive).get("/audit/entries", **query).json()["items"]) == 1
    assert hidden.reference not in Script().get("/audit/entries").content.decode()


def test_the_public_log_and_its_seals_turn_page_by_page(cast, dataset):
    seal()
    first = Script().get("/audit/entries", limit=1).json()
    assert len(first["items"]) == 1
    actions.amend_dataset(cast.olive, dataset.dataset, {"summary": "Better"}, note="Typo.")
    seal()
    one = Script().get("/audit/seals", limit=1).json()
    two = Script().get("/audit/seals", limit=1, cursor=one["next"]).json()
    assert (one["items"][0]["number"], two["items"][0]["number"]) == (1, 0)
    assert one["items"][0]["previous"] == two["items"][0]["hash"]
    assert two["next"] is None


@pytest.mark.parametrize(
    "day", ["2026-02-31", "0000-01-01", "2026-02-31.jsonl", "0000-01-01.jsonl"]
)
def test_a_day_that_never_was_has_no_page(db, day):
    assert Client().get(f"/audit/days/{day}").status_code == 404
