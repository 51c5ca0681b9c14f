"""The evidence gap map: what is planned, under way and known, where nothing is, and only what is public."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations import actions, queries
from concordat.evaluations.rules.evidence.gaps import LAYERS, Entry, draw, words_of
from concordat.evaluations.tests.test_assess import rated
from concordat.kernel.access import PUBLIC
from tests.cast import EVALUATION, drafted_evaluation, published_evaluation

WORDS = st.lists(st.sampled_from(["Tutoring", "tutoring", "Letters", "Grants"]), max_size=3)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.integers(1, 50),
        WORDS.map(tuple),
        WORDS.map(tuple),
        st.sampled_from([*LAYERS, "stopped"]),
        st.none() | st.floats(0, 1),
    ),
    max_size=20,
)


@pytest.mark.once
@given(ENTRIES)
def test_each_entry_is_counted_once_in_each_of_its_cells(entries):
    found = draw(entries)
    wanted = sum(
        len({w.casefold() for w in e.interventions}) * len({w.casefold() for w in e.outcomes})
        for e in entries
        if e.layer in LAYERS
    )
    assert sum(cell.total for cell in found.cells.values()) == wanted
    for cell in found.cells.values():
        assert cell.total == sum(cell.layers.values()) >= cell.rated
        assert 0 <= cell.strength <= cell.rated
    for words in (found.interventions, found.outcomes):
        assert len({word.casefold() for word in words}) == len(words)


@pytest.mark.once
def test_a_thing_without_a_kind_goes_by_its_name():
    items = [
        {"id": "a", "group": "Letters", "name": "A"},
        {"id": "b", "name": " Visits  home "},
        {"id": "c"},
    ]
    assert words_of(items) == ("Letters", "Visits home")
    assert words_of({"hidden": "sealed"}) == ()


def planned(cast, title, intervention, outcome, dates=None, **options):
    plan = {
        **EVALUATION["plan"],
        "interventions": [{"id": "i", "name": "It", "group": intervention}],
        "outcomes": [{"id": "o", "name": "So", "group": outcome}],
    }
    told = {"title": title, "plan": plan, "dates": [*EVALUATION["dates"], *(dates or [])]}
    return published_evaluation(cast, **told, **options)


@pytest.fixture
def mapped(cast):
    live = [{"event": "first_data", "on": "2026-01", "kind": "actual"}]
    one = planned(cast, "One", "Letters", "Compliance")
    planned(cast, "Two", "letters", "Compliance", live)
    planned(cast, "Three", "Visits", "Trust")
    planned(cast, "Shut", "Zebra", "Trust", opens_on=timezone.localdate() + timedelta(days=9))
    plan = {
        "interventions": [{"id": "i", "name": "Zebra"}],
        "outcomes": [{"id": "o", "name": "Trust"}],
    }
    drafted_evaluation(cast, title="Draft", plan=plan)
    gone = planned(cast, "Gone", "Zebra", "Trust")
    actions.perform(cast.lea, gone, "withdraw", note="It never began.")
    actions.perform(cast.eve, rated(cast.eve, one, attrition="no"), "publish")
    return one


@pytest.mark.django_db
def test_the_map_has_layers_and_strength_and_only_what_is_public(mapped):
    found = queries.gap_map(PUBLIC)
    assert found.interventions == ("Letters", "Visits")
    cell = found.cell("Letters", "Compliance")
    assert cell.layers == {"planned": 1, "live": 1, "complete": 0}
    assert (cell.rated, cell.strength) == (1, 0.8)
    assert found.cell("Visits", "Compliance") is None
    assert queries.gap_map(PUBLIC, "nesta").cell("Letters", "Compliance").rated == 0
    assert queries.gap_map(PUBLIC, layers=["live"]).interventions == ("letters",)


@pytest.mark.django_db
def test_the_page_links_each_cell_to_its_entries_and_gives_the_table_away(mapped, client):
    text = client.get("/evaluations/evidence-map").content.decode()
    assert "Zebra" not in text
    for words in (
        "Letters",
        "Strength 0.8, 1 rated",
        "2 pairs",
        "/evaluations/evidence-map/entries?",
    ):
        assert words in text
    pair = {"intervention": "Letters", "outcome": "Compliance"}
    listed = client.get("/evaluations/evidence-map/entries", pair).content.decode()
    assert "2 evaluations" in listed
    assert mapped.get_absolute_url() in listed
    answer = client.get("/evaluations/evidence-map", {"download": "json", "layer": "planned"})
    told = json.loads(b"".join(answer))
    assert {(row["intervention"], row["total"]) for row in told} == {("Letters", 1), ("Visits", 1)}
    none = {"intervention": "Zebra", "outcome": "Trust"}
    assert "Shut" not in client.get("/evaluations/evidence-map/entries", none).content.decode()


@pytest.mark.django_db
def test_a_script_reads_the_same_map(mapped):
    told = Client().get("/api/v1/evidence-map").json()
    assert told["interventions"] == ["Letters", "Visits"]
    cell = next(c for c in told["cells"] if c["intervention"] == "Letters")
    assert (cell["planned"], cell["live"], cell["strength"]) == (1, 1, 0.8)


@pytest.mark.django_db
def test_what_is_hidden_in_a_plan_is_not_on_the_map(cast):
    hidden = {"outcomes": "completion"}
    planned(cast, "Hidden", "Letters", "Secret", hidden=hidden)
    assert queries.gap_map(PUBLIC).cells == {}
