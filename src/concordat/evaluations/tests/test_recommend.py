"""Recommendations: made by an evaluation, answered by whom they are for, and finished."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.rules.recommendations import SOON, STANDINGS, standing_of
from concordat.kernel.access import PUBLIC
from concordat.kernel.refusals import Invalid, NotAllowed, WrongState
from tests.cast import published_evaluation, recommended
from tests.script import script

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("due", "response", "done", "stands"),
    [
        (None, "", None, "open"),
        (TODAY + SOON + timedelta(days=1), "", None, "open"),
        (TODAY + SOON, "", None, "due"),
        (TODAY, "", None, "due"),
        (TODAY - timedelta(days=1), "", None, "overdue"),
        (TODAY - timedelta(days=1), "partly", None, "accepted"),
        (TODAY, "rejected", None, "rejected"),
        (TODAY, "accepted", TODAY, "done"),
    ],
)
@pytest.mark.once
def test_how_a_recommendation_stands_is_reckoned_from_its_dates(due, response, done, stands):
    assert standing_of(due, response, done, TODAY) == stands


def test_the_database_says_of_each_what_the_rule_says(cast):
    today = timezone.localdate()
    made = published_evaluation(cast)
    for days in (None, -1, 0, 28, 29):
        due = None if days is None else today + timedelta(days=days)
        recommended(cast, made, response_due=due)
    for response in ("accepted", "rejected"):
        row = recommended(cast, made)
        actions.respond_recommendation(cast.lea, row, response=response, response_text="So.")
    last = recommended(cast, made)
    actions.respond_recommendation(cast.lea, last, response="partly", response_text="So.")
    actions.finish_recommendation(cast.lea, last, changed="The letter.")
    everything = list(queries.recommendations(PUBLIC))
    for standing in STANDINGS:
        found = set(queries.standing_as(PUBLIC, standing, today))
        assert found == {row for row in everything if row.stands == standing}, standing
        assert found, standing


def test_whom_it_is_for_responds_and_nobody_else(cast):
    row = recommended(cast, addressee=cast.bodies["education"])
    told = {"response": "partly", "response_text": "From next year.", "responded_by": "The Board"}
    for actor in (cast.eve, cast.lea):
        with pytest.raises(NotAllowed):
            actions.respond_recommendation(actor, row, **told)
    done = actions.respond_recommendation(cast.erin, row, **told)
    assert (done.status, done.responded_on) == ("responded", timezone.localdate())


def test_a_response_says_why(cast):
    with pytest.raises(Invalid) as refused:
        actions.respond_recommendation(cast.lea, recommended(cast), response="accepted")
    assert set(refused.value.errors) == {"response_text"}


def test_what_was_rejected_is_not_done_before_it_is_accepted_after_all(cast):
    row = recommended(cast)
    actions.respond_recommendation(cast.lea, row, response="rejected", response_text="No.")
    with pytest.raises(Invalid):
        actions.finish_recommendation(cast.lea, row, changed="The letter.")
    actions.respond_recommendation(cast.lea, row, response="accepted", response_text="Yes.")
    done = actions.finish_recommendation(cast.lea, row, changed="The letter.")
    assert (done.stands, done.done_on) == ("done", timezone.localdate())


def test_nothing_is_done_in_the_future(cast):
    row = recommended(cast)
    actions.respond_recommendation(cast.lea, row, response="accepted", response_text="Yes.")
    later = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        actions.finish_recommendation(cast.lea, row, changed="The letter.", done_on=later)
    assert set(refused.value.errors) == {"done_on"}


def test_a_recommendation_is_changed_until_somebody_has_responded(cast):
    row = recommended(cast)
    actions.edit_recommendation(cast.eve, row, {"text": "Send a plainer letter."})
    actions.respond_recommendation(cast.lea, row, response="accepted", response_text="Yes.")
    with pytest.raises(WrongState):
        actions.edit_recommendation(cast.eve, row, {"text": "Send none."})


def test_what_was_withdrawn_recommends_nothing(cast):
    made = published_evaluation(cast)
    recommended(cast, made)
    gone = actions.perform(cast.lea, made, "withdraw", note="It never began.")
    assert not queries.recommendations(PUBLIC).exists()
    with pytest.raises(WrongState):
        recommended(cast, gone)


def test_what_an_embargoed_evaluation_recommends_is_unknown_outside(cast):
    later = timezone.localdate() + timedelta(days=9)
    row = recommended(cast, published_evaluation(cast, later), text="Stop the zebras.")
    assert not queries.recommendations(PUBLIC).exists()
    assert "zebras" not in Client().get("/evaluations/recommendations").content.decode()
    assert queries.recommendation(cast.eve, row.pk) == row


def test_what_is_removed_is_gone_from_the_page(cast):
    row = recommended(cast)
    actions.perform(cast.eve, row, "remove", note="Said twice.")
    page = Client().get(row.evaluation.get_absolute_url()).content.decode()
    assert row.text not in page


def test_it_is_added_answered_and_finished_on_pages(cast):
    made = published_evaluation(cast)
    eve, lea = Client(), Client()
    eve.force_login(cast.people["eve"])
    lea.force_login(cast.people["lea"])
    new = f"{made.inside_url()}/recommendations/new"
    assert eve.post(new, {"text": ""}).status_code == 422
    assert eve.post(new, {"text": "Send it.", "addressee": "nobody"}).status_code == 422
    assert eve.post(new, {"text": "Send it.", "addressee": "treasury"}).status_code == 302
    (row,) = queries.recommendations(cast.eve)
    place = f"/inside/evaluations/recommendations/{row.pk}"
    assert lea.get(f"{place}/respond").status_code == 200
    assert lea.post(f"{place}/respond", {"response": "accepted"}).status_code == 422
    lea.post(f"{place}/respond", {"response": "accepted", "response_text": "We will."})
    lea.post(f"{place}/finish", {"changed": "It is sent."})
    page = Client().get(made.get_absolute_url()).content.decode()
    assert "We will." in page
    assert "It is sent." in page
    listed = b"".join(Client().get("/evaluations/recommendations?download=csv&standing=done"))
    assert b"It is sent." in listed
    assert "Send it." not in lea.get("/inside/evaluations/recommendations").content.decode()


def test_a_script_does_the_same(cast):
    made = published_evaluation(cast)
    eve, lea = script(cast.eve), script(cast.lea)
    told = {"evaluation": made.reference, "text": "Send it.", "response_due": "2020-01-01"}
    row = eve.post("/recommendations", told).json()
    assert (row["standing"], row["addressee"]["slug"]) == ("overdue", "treasury")
    assert len(eve.get("/recommendations?standing=overdue").json()["items"]) == 1
    path = f"/recommendations/{row['id']}"
    lea.post(f"{path}/respond", {"response": "partly", "response_text": "Some."})
    done = lea.post(f"{path}/finish", {"changed": "Half of it."}).json()
    assert (done["standing"], done["changed"]) == ("done", "Half of it.")
