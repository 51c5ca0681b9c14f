"""The clock on an evaluation's pages and on the API, and the pages that answer it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions
from concordat.evaluations.models import Escalation, Exemption
from concordat.evaluations.tests.test_chase import WHY
from concordat.evaluations.tests.test_exempt import asking, promised
from concordat.kernel.access import SYSTEM
from tests.cast import drafted_evaluation
from tests.script import Script, script

pytestmark = pytest.mark.django_db


def as_(cast, who):
    browser = Client()
    browser.force_login(cast.people[who])
    return browser


def text(answer):
    return " ".join(answer.content.decode().split())


def day_parts(name, on):
    return {f"{name}_day": on.day, f"{name}_month": on.month, f"{name}_year": on.year}


def test_the_public_page_shows_both_numbers_and_when_it_was_registered(cast):
    found = promised(cast, days=-40)
    actions.send_reminders(SYSTEM)
    page = text(Client().get(found.get_absolute_url()))
    for words in (
        "Overdue",
        "Days late, strict reading",
        "Days late, generous reading",
        "40 days",
        "when",
        "Registered after data collection began",
        "Whoever is responsible for it",
        "/evaluations/tracker/treasury",
    ):
        assert words in page, words
    assert "Say why it is late" not in page


def test_a_page_asks_for_an_exemption_and_another_person_grants_it(cast):
    found = promised(cast)
    eve, lea = as_(cast, "eve"), as_(cast, "lea")
    place = f"{found.inside_url()}/exemptions"
    assert "Ask for an exemption" in text(eve.get(found.inside_url()))
    assert eve.post(f"{place}/new", {"ground": ""}).status_code == 422
    until = timezone.localdate() + timedelta(days=60)
    told = {"ground": "journal", "reason": "A journal has it.", **day_parts("expires_on", until)}
    assert eve.post(f"{place}/new", told).status_code == 302
    made = Exemption.objects.get()
    assert "Grant" not in text(eve.get(f"{place}/{made.pk}"))
    assert eve.get(f"{place}/{made.pk}/accept").status_code == 403
    assert "Grant" in text(lea.get(f"{place}/{made.pk}"))
    assert lea.post(f"{place}/{made.pk}/accept").status_code == 302
    assert "A journal has it." in text(Client().get(found.get_absolute_url()))


def test_a_page_says_why_it_is_late(cast):
    found, eve = promised(cast), as_(cast, "eve")
    place = f"{found.inside_url()}/lateness"
    assert eve.post(place, {"ground": "", "reason": ""}).status_code == 422
    assert eve.post(place, WHY).status_code == 302
    assert Escalation.objects.get().reason == WHY["reason"]
    assert as_(cast, "erin").get(place).status_code == 403


def test_a_page_that_is_not_late_asks_nothing(cast):
    found, eve = promised(cast, days=90), as_(cast, "eve")
    assert eve.get(f"{found.inside_url()}/lateness").status_code == 403
    assert "Say why it is late" not in text(eve.get(found.inside_url()))


def test_the_api_tells_what_the_page_tells(cast):
    found = promised(cast, days=-40)
    told = Script().get(f"/evaluations/{found.reference}/clock").json()
    assert (told["state"], told["strict"], told["generous"], told["penalised"]) == (
        "overdue",
        40,
        40,
        10,
    )
    assert (told["due_by"], told["registered"]) == ("planned", "after")
    (body,) = Script().get("/tracker").json()["bodies"]
    assert (body["body"], body["due"], body["overdue"]) == ("treasury", 1, 1)


def test_a_draft_has_no_clock(cast):
    made = drafted_evaluation(cast)
    place = f"/evaluations/{made.reference}/clock"
    assert [Script().get(place).status_code, script(cast.eve).get(place).status_code] == [404, 404]


def test_a_script_asks_grants_and_explains_as_a_page_does(cast):
    found, eve, lea = promised(cast), script(cast.eve), script(cast.lea)
    said = {"evaluation": found.reference, **WHY}
    assert eve.post("/escalations", said).json()["status"] == "answered"
    wanted = {**asking(), "evaluation": found.reference}
    wanted["expires_on"] = wanted["expires_on"].isoformat()
    made = eve.post("/exemptions", wanted).json()
    assert eve.post(f"/exemptions/{made['id']}/accept").status_code == 403
    assert lea.post(f"/exemptions/{made['id']}/accept").json()["status"] == "granted"
    assert [e["id"] for e in Script().get("/exemptions").json()["items"]] == [made["id"]]
