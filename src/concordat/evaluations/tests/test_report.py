"""Handing in a report: who sees it when, and what its publication says of the evaluation."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Report
from concordat.kernel.access import PUBLIC
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible
from tests.cast import EVALUATION, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db
VALUES = {"title": "What the letters did", "kinds": ["main_final_report"]}
OUT = {"url": "https://www.gov.uk/letters", "published_on": "2026-11-20"}


def live(cast):
    dates = [*EVALUATION["dates"], {"event": "first_data", "on": "2026-03", "kind": "actual"}]
    dates[0] = {"event": "first_data", "on": "2026-02", "kind": "intended"}
    return published_evaluation(cast, dates=dates)


def handed_in(cast, of):
    made = actions.add_report(cast.eve, of, VALUES)
    return actions.submit_report(cast.eve, made)


def test_a_report_is_the_lead_bodys_alone_until_it_is_published(cast):
    found = live(cast)
    made = handed_in(cast, found)
    assert [queries.reports(a).count() for a in (cast.eve, cast.lea, cast.erin, PUBLIC)] == [
        1,
        1,
        0,
        0,
    ]
    with pytest.raises(NotVisible):
        actions.edit_report(cast.erin, made, {"title": "Mine"})
    actions.publish_report(cast.lea, made, **OUT)
    assert queries.reports(PUBLIC).count() == 1
    assert VALUES["title"] in Client().get(found.get_absolute_url()).content.decode()


def test_the_lead_publishes_what_the_evaluator_hands_in(cast):
    made = handed_in(cast, live(cast))
    with pytest.raises(NotAllowed):
        actions.publish_report(cast.eve, made, **OUT)
    with pytest.raises(Invalid) as refused:
        actions.publish_report(cast.lea, made)
    assert set(refused.value.errors) == {"url", "published_on"}


def test_what_happened_to_it_is_kept_in_order(cast):
    made = handed_in(cast, live(cast))
    actions.return_report(cast.lea, made, note="The figures do not add up.")
    actions.submit_report(cast.eve, made)
    actions.cancel_report(cast.eve, made)
    actions.submit_report(cast.eve, made)
    actions.publish_report(cast.lea, made, **OUT)
    kinds = [event["kind"] for event in Report.objects.get().events]
    said = ["submitted", "returned", "submitted", "cancelled", "submitted", "published"]
    assert kinds == said


def test_final_results_date_the_publication_of_the_evaluation(cast):
    found = live(cast)
    actions.publish_report(cast.lea, handed_in(cast, found), **OUT)
    found.refresh_from_db()
    assert str(found.happenings.actual("publication")) == "2026-11-20"
    assert found.stage == "complete"
    assert queries.versions(PUBLIC, found)[0].plan.reason == "The final results are published."


def test_a_removed_report_is_gone_from_every_list(cast):
    found = live(cast)
    made = actions.publish_report(cast.lea, handed_in(cast, found), **OUT)
    actions.remove_report(cast.lea, made, note="It names a participant.")
    assert VALUES["title"] not in Client().get(found.get_absolute_url()).content.decode()
    assert not script(cast.erin).get("/reports").json()["items"]


def test_a_script_hands_in_a_report_as_a_page_does(cast):
    found = live(cast)
    eve, lea = script(cast.eve), script(cast.lea)
    made = eve.post("/reports", {"evaluation": found.reference, **VALUES}).json()
    assert eve.post(f"/reports/{made['id']}/submit").json()["can"] == ["cancel"]
    assert lea.post(f"/reports/{made['id']}/publish", OUT).json()["status"] == "published"
    told = script(cast.erin).get("/reports", evaluation=found.reference).json()["items"]
    assert [report["title"] for report in told] == [VALUES["title"]]


def test_pages_hand_in_a_report(cast):
    found, eve = live(cast), Client()
    eve.force_login(cast.people["eve"])
    wrong = eve.post(f"{found.inside_url()}/reports/new", {"title": "What the letters did"})
    assert wrong.status_code == 422
    made = eve.post(f"{found.inside_url()}/reports/new", VALUES)
    assert eve.get(made["Location"]).status_code == 200
    assert eve.post(f"{made['Location']}/submit").status_code == 302
    assert Report.objects.get().status == "submitted"
