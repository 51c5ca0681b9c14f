"""Amending a published plan: each change a version with its reason, marked once data are collected."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Plan
from concordat.evaluations.rules.body import body_differences
from concordat.evaluations.rules.versions import digest_of
from concordat.kernel.access import PUBLIC
from concordat.kernel.audit.commitment import commit
from concordat.kernel.refusals import Invalid
from tests.cast import EVALUATION, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db


def begun(on="2026-01-10"):
    return [*EVALUATION["dates"], {"event": "first_data", "on": on, "kind": "actual"}]


def changed(**sections):
    return {**copy.deepcopy(EVALUATION["plan"]), **sections}


def versions(of):
    return list(Plan.objects.filter(evaluation=of))


def test_each_change_is_a_version_that_names_the_one_before(cast):
    made = published_evaluation(cast)
    actions.amend_evaluation(cast.eve, made, {"title": "Do letters work?"}, note="Shorter.")
    first, second = versions(made)
    assert (second.number, second.kind, second.reason) == (2, "update", "Shorter.")
    assert second.previous == first.digest
    assert second.digest == digest_of(first.digest, second.body)
    (found,) = body_differences(first.body, second.body)
    assert (found.label, found.after) == ("Title", "Do letters work?")


def test_a_change_needs_its_reason(cast):
    with pytest.raises(Invalid):
        actions.amend_evaluation(
            cast.eve, published_evaluation(cast), {"title": "Do letters work?"}
        )


def test_what_changes_nothing_of_the_plan_makes_no_version(cast):
    made = published_evaluation(cast)
    actions.amend_evaluation(cast.eve, made, {"contact_name": "Somebody else"}, note="Moved on.")
    assert len(versions(made)) == 1


@pytest.mark.parametrize(
    ("sections", "slip", "kind"),
    [
        ({"population": {"sample_size": 9000}}, False, "amendment"),
        ({"population": {"sample_size": 9000}}, True, "correction"),
        ({"issue": {"who": "People who are late"}}, False, "update"),
    ],
)
def test_once_data_are_collected_a_change_of_substance_is_an_amendment(cast, sections, slip, kind):
    made = published_evaluation(cast, dates=begun())
    values = {"plan": changed(**sections)}
    actions.amend_evaluation(cast.eve, made, values, note="We found fewer.", slip=slip)
    last = versions(made)[-1]
    assert (last.kind, last.after_data) == (kind, True)


def test_before_data_are_collected_a_change_carries_no_mark(cast):
    made = published_evaluation(cast)
    values = {"plan": changed(population={"sample_size": 9000})}
    actions.amend_evaluation(cast.eve, made, values, note="We found fewer.")
    last = versions(made)[-1]
    assert (last.kind, last.after_data) == ("update", False)


def test_outcomes_are_followed_by_their_id_through_renaming(cast):
    made = published_evaluation(cast)
    outcomes = [{"id": "returns", "name": "Returns on the day", "rank": "secondary"}]
    actions.amend_evaluation(cast.eve, made, {"plan": changed(outcomes=outcomes)}, note="Renamed.")
    first, second = versions(made)
    found = {d.path: (d.before, d.after) for d in body_differences(first.body, second.body)}
    assert found == {
        "outcomes[returns].name": ("Returns in time", "Returns on the day"),
        "outcomes[returns].rank": ("Primary", "Secondary"),
        "outcomes[returns].time_frame": ("A month", None),
    }


def test_what_is_hidden_stands_as_a_commitment_until_its_date(cast, monkeypatch):
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    made = published_evaluation(cast, hidden={"population.sample_size": until})
    (version,) = Plan.objects.visible_to(PUBLIC)
    kept = version.shown()["plan"]["population"]["sample_size"]
    assert set(kept) == {"hidden"}
    assert "sample_size" not in made.shown_plan()["population"]
    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr(timezone, "now", lambda: later)
    told = version.shown()["plan"]["population"]["sample_size"]
    assert told["value"] == 12000
    assert commit(told["value"], bytes.fromhex(told["salt"])).hex() == kept["hidden"]
    assert version.digest == digest_of("", version.body)


def test_what_is_hidden_until_completion_opens_with_the_actual_end(cast):
    made = published_evaluation(cast, hidden={"outcomes": "completion"})
    dates = [*EVALUATION["dates"], {"event": "end", "on": "2026-11", "kind": "actual"}]
    assert "outcomes" not in made.shown_plan()
    made = actions.amend_evaluation(cast.eve, made, {"dates": dates}, note="Done.")
    assert made.stage == "complete"
    assert made.shown_plan()["outcomes"][0]["name"] == "Returns in time"


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"plan": {"outcomes": [{"name": "x" * 300}]}}, "plan"),
        ({"plan": {"costs": [{"amount": "lots"}]}}, "plan"),
        ({"plan": {"magic": {}}}, "plan"),
        ({"plan": []}, "plan"),
        ({"dates": [{"event": "end", "on": "2026-13", "kind": "actual"}]}, "dates"),
        ({"dates": [{"event": "end", "on": "2020", "kind": "intended"}] * 2}, "dates"),
        ({"hidden": {"outcomes[returns].name": "2027"}}, "hidden"),
        ({"hidden": {"outcomes": "soon"}}, "hidden"),
    ],
)
def test_bad_documents_are_refused_with_their_place_and_nothing_is_lost(cast, values, place):
    made = published_evaluation(cast)
    with pytest.raises(Invalid) as refused:
        actions.amend_evaluation(cast.eve, made, values, note="Try.")
    assert place in refused.value.errors
    assert len(versions(made)) == 1


@pytest.mark.django_db
def test_hiding_what_was_told_is_a_version_that_says_no_more_than_that(cast):
    made = published_evaluation(cast)
    for hidden in ({"outcomes": "completion"}, {"population.studied": "completion"}, {}):
        actions.amend_evaluation(cast.lea, made, {"hidden": hidden}, note="Not yet.")
    told = [
        [(d.label, d.before, d.after) for d in version.differences]
        for version in queries.versions(PUBLIC, made)
    ]
    studied = "Who is studied: Which population, and where?"
    assert told[:3] == [
        [(studied, "Hidden", "Everyone who is late")],
        [("Outcomes", "Hidden", "Told"), (studied, "Everyone who is late", "Hidden")],
        [("Outcomes", "Told", "Hidden")],
    ]


def test_what_is_hidden_is_read_inside_by_the_lead_body_and_who_signs_off_alone(cast):
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    made = published_evaluation(cast, hidden={"population.sample_size": until})
    for who, told in (("eve", True), ("lea", True), ("erin", False), ("noor", False)):
        client = Client()
        client.force_login(cast.people[who])
        page = client.get(made.inside_url()).content.decode()
        assert ("12000" in page or "12,000" in page) is told, who
        answer = script(getattr(cast, who)).get(f"/evaluations/{made.reference}").json()
        assert ("sample_size" in answer["plan"]["population"]) is told, who
