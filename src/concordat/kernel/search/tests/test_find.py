"""What may not be known is not found, counted, faceted or hinted at."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.kernel.access import PUBLIC
from concordat.kernel.search.document import Document, tokens_of
from concordat.kernel.search.find import search
from concordat.kernel.search.index import Index
from concordat.kernel.search.words import marked, read, stems
from concordat.marketplace import actions
from concordat.site.worker import catch_up
from tests.cast import DATASET

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def document(number: int, title: str, audience: set[str], theme: str = "health") -> Document:
    return Document(
        kind="dataset",
        id=number,
        reference=f"DS-{number:04}-AA",
        title=title,
        summary="",
        body=title,
        keywords=(),
        facets={"theme": (theme,)},
        audience=frozenset(audience),
        modified=NOW,
    )


documents = st.lists(
    st.tuples(
        st.sampled_from(["roads and bridges", "school roads", "hospital beds", "bridge"]),
        st.sets(st.sampled_from(["public", "government", "x@1", "x@2"]), min_size=1),
        st.sampled_from(["health", "transport"]),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(documents, st.sets(st.sampled_from(["public", "government", "x@1"]), min_size=1))
def test_counts_and_facets_are_those_of_what_the_audience_may_see(tmp_path, rows, audience):
    index = Index(tmp_path / str(time.time_ns()))
    made = [document(n, *row) for n, row in enumerate(rows)]
    index.write(made, (), 5)
    found = search(index, frozenset(audience), "road", size=100)
    visible = [d for d in made if d.audience & audience and "road" in d.title]
    assert found.total == len(visible)
    assert {hit.reference for hit in found.hits} == {d.reference for d in visible}
    counts = {t: sum(d.facets["theme"] == (t,) for d in visible) for t in ("health", "transport")}
    assert dict(found.facets["theme"]) == {k: v for k, v in counts.items() if v}
    index.close()


@given(st.text(max_size=400))
def test_no_text_is_an_error(text):
    read(text)
    marked(text, frozenset({"a"}), 50)


@pytest.fixture
def index(tmp_path):
    made = Index(tmp_path / "index")
    made.write(
        [
            document(1, "Hospital admissions by <b>ward</b>", {"public"}),
            document(2, "Secret hospital closures", {"x@1"}),
            document(3, "Road traffic counts", {"public"}, "transport"),
        ],
        (),
        2,
    )
    yield made
    made.close()


def test_a_misspelt_word_is_met_only_by_what_may_be_seen(index):
    found = search(index, frozenset({"public"}), "hospitel")
    assert (found.near, [hit.reference for hit in found.hits]) == (True, ["DS-0001-AA"])
    assert search(index, frozenset({"public"}), "closurs").total == 0


def test_highlights_are_escaped_and_say_why(index):
    hit = search(index, frozenset({"public"}), "hospitals").hits[0]
    assert hit.title.startswith("<mark>Hospital</mark>")
    assert "<b>" not in hit.title
    assert hit.why == "Your words are in the title, the description."


def test_phrases_minus_words_and_references_are_understood(index):
    seen = frozenset({"public"})
    assert search(index, seen, '"traffic counts"').total == 1
    assert search(index, seen, '"counts traffic"').total == 0
    assert search(index, seen, "hospital -ward").total == 0
    assert search(index, seen, "ds-0003-aa").total == 1
    assert search(index, seen, "DS-0002-AA").total == 0


def test_a_facet_counts_what_else_could_be_chosen(index):
    found = search(index, frozenset({"public"}), chosen={"theme": ("health",)})
    assert found.total == 1
    assert dict(found.facets["theme"]) == {"health": 1, "transport": 1}


@pytest.mark.parametrize("word", ["re-use", "co-op", "on-call", "e-mail", "ds-lo-op"])
def test_words_with_a_hyphen_are_no_references(word):
    assert read(word).reference == ""
    assert read(word).words


@pytest.mark.parametrize("typed", ["DS-0003-AA", "ds-ooo3-aa", "sr-7k", "AG-7K2M-4"])
def test_a_reference_is_known_by_its_kind(typed):
    assert read(typed).reference


def test_a_match_far_down_the_description_is_said_to_be_there(tmp_path):
    far = replace(document(1, "Wards", {"public"}), body="filling " * 400 + "hydrology")
    made = Index(tmp_path)
    made.write([far], (), 0)
    found = search(made, frozenset({"public"}), "hydrology wards")
    assert found.hits[0].why == "Your words are in the title, the description."
    assert search(made, frozenset({"public"}), "hydrologi").hits[0].why
    made.close()


def test_what_was_committed_is_found_and_what_was_withdrawn_is_not(cast, dataset):
    from concordat.kernel.search.queries import find

    catch_up()
    assert find(PUBLIC, "junior posts").total == 1
    draft = actions.draft_dataset(
        cast.olive, cast.bodies["treasury"], {**DATASET, "title": "Unspoken plans"}
    )
    catch_up()
    assert find(PUBLIC, "unspoken").total == 0
    assert find(cast.asha, "unspoken").total == 0
    assert [hit.reference for hit in find(cast.colin, "unspoken").hits] == [draft.reference]
    actions.perform(cast.colin, dataset.dataset, "withdraw", note="Wrong figures.")
    catch_up()
    assert find(PUBLIC, "junior posts").total == 0


def test_every_actor_has_the_public_token(cast):
    assert "public" in tokens_of(PUBLIC)
    assert "government" not in tokens_of(cast.priya)
    assert stems("Évaluations") == stems("evaluation")
