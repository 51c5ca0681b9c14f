"""Rating an evaluation: anybody with the role in any body, in their own name, several side by side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Assessment
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.kernel.access import PUBLIC
from concordat.kernel.publication.history import public_entries
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible, WrongState
from tests.cast import drafted_evaluation, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db


def best(scale, /, **changed):
    return {c.code: c.options[0].code for c in SCALES[scale].criteria} | changed


def rated(actor, evaluation, scale="maryland", **changed):
    values = {"scale": scale, "answers": best(scale, **changed), "remarks": "Page 12."}
    return actions.draft_assessment(actor, evaluation, values)


def test_a_draft_is_its_assessors_alone_and_what_is_published_is_everyones(cast):
    evaluation = published_evaluation(cast)
    made = rated(cast.erin, evaluation, attrition="no")
    assert (made.score, made.level, made.highest, made.owner.slug) == ("Level 4", 4, 5, "education")
    known = [queries.assessments(a).count() for a in (cast.erin, cast.eve, cast.lea, PUBLIC)]
    assert known == [1, 0, 0, 0]
    actions.perform(cast.erin, made, "publish")
    assert [queries.assessments(a).count() for a in (cast.erin, cast.noor, PUBLIC)] == [1, 1, 1]
    entry = public_entries().get(name="assessment:publish")
    assert entry.body["shown"] == {}  # the draft was closed; the row itself is what is open
    with pytest.raises(WrongState):
        actions.edit_assessment(cast.erin, made, {"answers": best("maryland")})


def test_several_stand_side_by_side_each_with_its_scale_and_its_assessor(cast):
    evaluation = published_evaluation(cast)
    for actor, scale, changed in (
        (cast.erin, "maryland", {"attrition": "no"}),
        (cast.eve, "maryland", {}),
        (cast.eve, "eef", {"mdes": "m3"}),
    ):
        actions.perform(actor, rated(actor, evaluation, scale, **changed), "publish")
    text = Client().get(evaluation.get_absolute_url()).content.decode()
    for words in (
        "Maryland Scientific Methods Scale: Level 4",
        "Maryland Scientific Methods Scale: Level 5",
        "EEF padlocks: 3 padlocks",
        "Erin, Department for Education",
        "Eve, HM Treasury",
        "those who left are many",
    ):
        assert words in text


def test_only_who_has_the_role_rates_and_only_the_assessor_goes_on(cast):
    evaluation = published_evaluation(cast)
    with pytest.raises(NotAllowed):
        rated(cast.lea, evaluation)
    with pytest.raises(NotAllowed):
        rated(PUBLIC, evaluation)
    made = rated(cast.erin, evaluation)
    with pytest.raises(NotVisible):
        actions.perform(cast.eve, made, "publish")
    actions.perform(cast.erin, made, "publish")
    with pytest.raises(NotAllowed):
        actions.perform(cast.eve, made, "withdraw", note="I disagree.")
    actions.perform(cast.erin, made, "withdraw", note="I misread page 12.")
    assert not queries.assessments(PUBLIC).exists()


def test_what_is_not_published_is_not_rated(cast):
    with pytest.raises(WrongState):
        rated(cast.eve, drafted_evaluation(cast))


def test_a_rating_under_embargo_or_of_what_was_withdrawn_is_unknown_outside(cast):
    opens = timezone.localdate() + timedelta(days=9)
    evaluation = published_evaluation(cast, opens_on=opens)
    made = rated(cast.eve, evaluation)
    actions.perform(cast.eve, made, "publish")
    assert not queries.assessments(PUBLIC).exists()
    assert not public_entries().filter(kind="assessment").exists()
    other = published_evaluation(cast, title="Another")
    actions.perform(cast.eve, rated(cast.eve, other), "publish")
    actions.perform(cast.lea, other, "withdraw", note="It never began.")
    assert not queries.assessments(PUBLIC).exists()


def test_a_checklist_that_is_not_answered_is_refused_at_each_criterion(cast):
    evaluation = published_evaluation(cast)
    with pytest.raises(Invalid) as told:
        actions.draft_assessment(
            cast.eve, evaluation, {"scale": "nesta", "answers": {"cause": "yes"}}
        )
    assert len(told.value.errors["answers"]) == 4
    browser = Client()
    browser.force_login(cast.people["eve"])
    address = f"{evaluation.inside_url()}/assessments/new/nesta"
    answer = browser.post(address, {"cause": "yes"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count("govuk-radios") > 4
    assert 'href="#id_account"' in text


def test_an_assessment_goes_through_the_pages(cast):
    evaluation = published_evaluation(cast)
    browser = Client()
    browser.force_login(cast.people["eve"])
    inside = evaluation.inside_url()
    assert "Rate this evaluation" in browser.get(inside).content.decode()
    assert "EEF padlocks" in browser.get(f"{inside}/assessments/new").content.decode()
    answer = browser.post(f"{inside}/assessments/new/nesta", best("nesta", scale="no"))
    made = Assessment.objects.get()
    assert answer.headers["Location"] == made.inside_url()
    text = browser.get(made.inside_url()).content.decode()
    assert "Level 4" in text
    assert f"{made.inside_url()}/publish" in text
    browser.post(f"{made.inside_url()}/edit", best("nesta"))
    browser.post(f"{made.inside_url()}/publish", {"version": 2})
    made.refresh_from_db()
    assert (made.status, made.score) == ("published", "Level 5")
    assert browser.get(f"{inside}/assessments/new/luck").status_code == 404


def test_a_script_rates_as_a_page_does(cast):
    evaluation = published_evaluation(cast)
    body = {"evaluation": evaluation.reference, "scale": "wwc", "answers": best("wwc")}
    eve = script(cast.eve)
    made = eve.post("/assessments", body).json()
    assert made["score"] == "Meets standards without reservations"
    assert set(made["can"]) == {"edit", "publish", "cancel"}
    assert eve.post(f"/assessments/{made['id']}/publish").json()["status"] == "published"
    listed = Client().get("/api/v1/assessments", {"evaluation": evaluation.reference}).json()
    assert [row["assessor"] for row in listed["items"]] == ["Eve"]


def test_a_score_stays_under_the_version_of_the_scale_that_gave_it(cast):
    made = rated(cast.eve, published_evaluation(cast))
    Assessment.objects.filter(pk=made.pk).update(scale_version="1999", score="Level 3", level=3)
    made.refresh_from_db()
    published = actions.perform(cast.eve, made, "publish")
    assert (published.score, published.scale_version) == ("Level 3", "1999")
