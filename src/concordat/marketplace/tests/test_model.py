"""What the UK Exchange Model asks of what people describe and ask for here."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concordat.kernel import refusals
from concordat.marketplace import actions, forms
from concordat.marketplace.models import Dataset, ShareRequest
from tests.cast import DATASET, agreed


@pytest.mark.parametrize("given", ["csv", "text/", "https://x.example/text/csv", "chemical/x-pdb"])
def test_a_media_type_has_a_top_and_a_rest(cast, dataset, given):
    values = {"identifier": "two", "title": "Two", "media_type": given}
    with pytest.raises(refusals.Invalid) as refusal:
        actions.add_distribution(cast.olive, dataset.dataset, values)
    assert set(refusal.value.errors) == {"media_type"}


def test_a_dataset_that_nobody_created_is_not_submitted(cast):
    values = {**DATASET, "creators": []}
    draft = actions.draft_dataset(cast.olive, cast.bodies["treasury"], values)
    with pytest.raises(refusals.Invalid) as refusal:
        actions.perform(cast.olive, draft, "submit")
    assert set(refusal.value.errors) == {"creators"}
    actions.edit_dataset(cast.olive, draft, {"creators": [cast.bodies["treasury"]]})
    actions.perform(cast.olive, draft, "submit")


@pytest.mark.parametrize("name", ["contact_name", "contact_email", "modified_on"])
def test_what_people_describe_here_has_a_contact_and_a_date(cast, name):
    values = {**DATASET, name: None if name == "modified_on" else ""}
    with pytest.raises(refusals.Invalid) as refusal:
        actions.draft_dataset(cast.olive, cast.bodies["treasury"], values)
    assert set(refusal.value.errors) == {name}


def test_a_request_is_not_sent_before_its_gateway_is_answered(cast, dataset):
    with pytest.raises(refusals.Invalid) as refusal:
        agreed(cast, dataset, legal_gateway="")
    assert set(refusal.value.errors) == {"legal_gateway"}


@pytest.mark.once
def test_what_a_source_has_already_is_found_by_its_index(cast):
    """Or a harvest would take longer for each record the more there are."""
    row = Dataset(owner=cast.bodies["treasury"], source="feed", source_id="1")
    with CaptureQueriesContext(connection) as asked:
        row.validate_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
        assert "dataset_source_once" in str(cursor.fetchall())


def test_the_journey_asks_everything_that_a_request_says():
    steps = (
        f for f in vars(forms).values() if getattr(f, "Meta", None) and hasattr(f.Meta, "model")
    )
    asked = [name for f in steps if f.Meta.model is ShareRequest for name in f.Meta.fields]
    assert sorted(asked) == sorted((*ShareRequest.FIELDS, "distribution"))
