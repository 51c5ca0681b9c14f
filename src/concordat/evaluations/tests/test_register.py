"""Registering in the browser: step by step, then section by section, then in the open."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.evaluations.models import Evaluation
from tests.cast import drafted_evaluation, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db


def browser(cast, who):
    client = Client()
    client.force_login(cast.people[who])
    return client


STEPS = {
    "what": {"title": "Do letters work?", "summary": "A letter."},
    "kind": {"types": ["impact"]},
    "methods": {"designs": ["randomised_individual"]},
    "topics": {"topics": ["money"]},
    "dates": {
        "first_data_month": "3",
        "first_data_year": "2027",
        "first_data_kind": "intended",
        "ends_year": "2028",
        "publication_day": "27",
        "publication_month": "6",
        "publication_year": "2028",
    },
}


def begin(cast, eve):
    body = cast.bodies["treasury"].pk
    eve.post("/inside/evaluations/new", {"owner": body, "title": "Do letters work?"})
    return Evaluation.objects.get()


def test_an_evaluation_is_registered_step_by_step_and_can_be_left_at_any(cast):
    eve = browser(cast, "eve")
    made = begin(cast, eve)
    for step, answers in STEPS.items():
        address = f"{made.inside_url()}/register/{step}"
        assert eve.get(address).status_code == 200
        assert eve.post(address, answers).status_code == 302, step
    made.refresh_from_db()
    assert [h["on"] for h in made.dates] == ["2027-03", "2028", "2028-06-27"]
    assert "2027" in eve.get(f"{made.inside_url()}/register/dates").content.decode()
    last = f"{made.inside_url()}/register/who"
    assert eve.get(f"{made.inside_url()}/register/check")["Location"] == last
    who = {
        "contact_name": "The team",
        "contact_email": "team@hm-treasury.example",
        "approver": cast.people["lea"].pk,
    }
    assert eve.post(last, who)["Location"].endswith("/check")
    check = eve.get(f"{made.inside_url()}/register/check").content.decode()
    assert "At least one primary outcome" in check
    assert eve.post(f"{made.inside_url()}/register/check").status_code == 302
    made.refresh_from_db()
    assert made.status == "in_review"


def test_an_answer_that_will_not_do_says_what_to_do_and_is_not_lost(cast):
    eve = browser(cast, "eve")
    made = begin(cast, eve)
    for step in ("what", "kind", "methods", "topics"):
        eve.post(f"{made.inside_url()}/register/{step}", STEPS[step])
    wrong = {**STEPS["dates"], "publication_month": "13", "ends_year": "2026"}
    page = eve.post(f"{made.inside_url()}/register/dates", wrong)
    text = page.content.decode()
    assert page.status_code == 422
    assert "must be a real date" in text
    assert 'value="13"' in text
    wrong = {**STEPS["dates"], "ends_year": "2020", "publication_year": "2020"}
    page = eve.post(f"{made.inside_url()}/register/dates", wrong)
    assert page.status_code == 422
    assert "must be the same as or after" in page.content.decode()


def test_only_who_signs_off_at_the_lead_body_can_be_named(cast):
    eve = browser(cast, "eve")
    made = begin(cast, eve)
    for step, answers in STEPS.items():
        eve.post(f"{made.inside_url()}/register/{step}", answers)
    page = eve.get(f"{made.inside_url()}/register/who").content.decode()
    assert ("Lea" in page, "Erin" in page) == (True, False)


def test_a_thing_in_a_list_is_added_changed_and_removed(cast):
    made, eve = drafted_evaluation(cast), browser(cast, "eve")
    new = f"{made.inside_url()}/plan/interventions"
    assert eve.post(new, {"name": ""}).status_code == 422
    eve.post(new, {"name": "A letter", "arm": "experimental"})
    eve.post(new, {"name": "Nothing"})
    made.refresh_from_db()
    first, second = made.plan["interventions"]
    assert (first["id"], second["id"]) == ("intervention-1", "intervention-2")
    eve.post(f"{new}/intervention-1", {"name": "A shorter letter"})
    eve.post(f"{new}/intervention-2/remove")
    made.refresh_from_db()
    assert made.plan["interventions"] == [{"id": "intervention-1", "name": "A shorter letter"}]
    assert eve.get(f"{new}/intervention-2").status_code == 404


def test_a_published_plan_is_changed_with_a_reason(cast):
    made, eve = published_evaluation(cast), browser(cast, "eve")
    address = f"{made.inside_url()}/plan/population"
    changed = {"studied": "Everyone", "sample_size": "9000"}
    page = eve.post(address, changed)
    assert page.status_code == 422
    assert "Enter why it changes" in page.content.decode()
    eve.post(address, {**changed, "note": "Fewer came."})
    told = Client().get(made.get_absolute_url()).content.decode()
    assert "Version 2" in told
    assert "Fewer came." in told
    assert "<del>12,000</del> → <ins>9,000</ins>" in told


def test_somebody_elses_evaluation_is_read_and_not_changed(cast):
    made, erin = published_evaluation(cast), browser(cast, "erin")
    assert erin.get(made.inside_url()).status_code == 200
    for part in ("description", "dates", "plan/outcomes", "hiding"):
        assert erin.get(f"{made.inside_url()}/{part}").status_code == 403
        assert erin.post(f"{made.inside_url()}/{part}", {"note": "Mine."}).status_code == 403


def test_a_version_is_read_beside_another_and_as_data(cast):
    made, eve = published_evaluation(cast), browser(cast, "eve")
    for size in ("9000", "8000"):
        answers = {"sample_size": size, "note": f"Now {size}."}
        eve.post(f"{made.inside_url()}/plan/population", answers)
    page = Client().get(f"{made.get_absolute_url()}/versions/3?since=1").content.decode()
    assert "<del>12,000</del> → <ins>8,000</ins>" in page
    data = Client().get(f"{made.get_absolute_url()}/versions/3.json").json()
    assert data["body"]["plan"]["population"]["sample_size"] == 8000
    assert Client().get(f"{made.get_absolute_url()}/versions/4").status_code == 404


def test_a_tombstone_says_who_why_and_what_took_its_place(cast):
    made, after = published_evaluation(cast), published_evaluation(cast, title="Letters, again")
    lea = browser(cast, "lea")
    answers = {"note": "Begun anew.", "successor": after.reference}
    assert lea.post(f"{made.inside_url()}/withdraw", answers).status_code == 302
    page = Client().get(made.get_absolute_url()).content.decode()
    assert all(words in page for words in ("HM Treasury withdrew", "Begun anew.", "Letters, again"))
    assert made.title not in Client().get("/evaluations").content.decode()


def test_a_script_registers_an_evaluation_as_a_page_does(cast):
    eve, lea = script(cast.eve), script(cast.lea)
    body = {
        "owner": "treasury",
        "title": "Do letters work?",
        "summary": "A letter.",
        "types": ["impact"],
        "contact_name": "The team",
        "contact_email": "team@hm-treasury.example",
        "approver": "lea@treasury.example",
        "dates": [{"event": "publication", "on": "2028-03", "kind": "intended"}],
        "plan": {"outcomes": [{"name": "Returns", "rank": "primary"}]},
    }
    made = eve.post("/evaluations", body).json()
    place = f"/evaluations/{made['reference']}"
    assert made["plan"]["outcomes"] == [{"id": "outcome-1", "name": "Returns", "rank": "primary"}]
    assert eve.post(f"{place}/submit").status_code == 200
    assert lea.post(f"{place}/sign-off").json()["status"] == "signed_off"
    assert lea.post(f"{place}/publish", {}).json()["digest"]
    told = eve.post(f"{place}/amend", {"note": "A slip.", "slip": True, "title": "Do they work?"})
    assert told.status_code == 200
    versions = script(cast.noor).get(f"{place}/versions").json()["items"]
    assert [v["kind"] for v in versions] == ["first", "correction"]


def test_a_script_is_told_the_place_of_what_is_wrong(cast):
    made = drafted_evaluation(cast)
    address = f"/evaluations/{made.reference}"
    wrong = script(cast.eve).patch(address, {"plan": {"outcomes": [{"id": "a"}, {"rank": "best"}]}})
    assert wrong.status_code == 422
    assert "outcomes" in str(wrong.json())
    gone = script(cast.eve).patch(address, {"approver": "erin@education.example"})
    assert gone.status_code == 404
    assert "may sign off" in str(gone.json())
    assert Evaluation.objects.get().plan == made.plan
