"""Promised against reported: the table anyone reads, and what the lead body settles in it."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.evaluations import actions
from concordat.evaluations.queries.promises import comparison
from concordat.kernel.access import PUBLIC
from concordat.kernel.refusals import NotAllowed, Unknown
from tests.cast import EVALUATION, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db
FINDING = {"outcome": "Returns on time", "kind": "PRIMARY", "measure": "absolute", "estimate": 1.5}


def done(cast):
    dates = [
        *EVALUATION["dates"],
        {"event": "first_data", "on": "2026-01", "kind": "actual"},
        *({"event": e, "on": "2026-11-20", "kind": "actual"} for e in ("end", "publication")),
    ]
    return published_evaluation(cast, dates=dates)


def verdicts(of):
    return [row.verdict for row in comparison(PUBLIC, of).before_data]


def test_a_finding_of_a_like_name_waits_until_its_body_says_what_it_is(cast):
    found = done(cast)
    one = actions.draft_finding(cast.eve, found, FINDING)
    assert verdicts(found) == ["to_check"]
    with pytest.raises(NotAllowed):
        actions.match_finding(cast.erin, one, "returns")
    with pytest.raises(Unknown):
        actions.match_finding(cast.eve, one, "nonsense")
    actions.match_finding(cast.eve, one, "returns")
    assert verdicts(found) == ["reported"]
    actions.match_finding(cast.eve, one, "")
    assert verdicts(found) == ["not_reported", "added_undeclared"]


def test_anyone_reads_the_table_and_the_reply(cast):
    found, eve = done(cast), Client()
    eve.force_login(cast.people["eve"])
    one = actions.draft_finding(cast.eve, found, FINDING)
    place = f"{found.inside_url()}/promises"
    assert eve.post(f"{place}/{one.pk}", {}).status_code == 422
    assert eve.post(f"{place}/{one.pk}", {"outcome_id": "none"}).status_code == 302
    eve.post(f"{found.inside_url()}/reply", {"reply": "We said so in chapter 3."})
    page = Client().get(f"{found.get_absolute_url()}/promises").content.decode()
    assert "Added, and not declared" in page
    assert "We said so in chapter 3." in page
    assert Client().get(place).status_code == 302


def test_a_script_reads_and_settles_the_same(cast):
    found = done(cast)
    one = actions.draft_finding(cast.eve, found, FINDING)
    place = f"/evaluations/{found.reference}/promises"
    (row,) = script(cast.noor).get(place).json()["before_data"]
    assert (row["verdict"], row["told"]["key"]) == ("to_check", str(one.pk))
    said = script(cast.eve).post(f"/findings/{one.pk}/match", {"outcome_id": "returns"})
    assert said.status_code == 200
    assert script(cast.noor).get(place).json()["before_data"][0]["verdict"] == "reported"


def test_an_outcome_that_an_amendment_added_is_declared_by_it(cast):
    found = done(cast)
    outcomes = [*EVALUATION["plan"]["outcomes"], {"id": "calls", "name": "Calls to the help line"}]
    plan = {**EVALUATION["plan"], "outcomes": outcomes}
    found = actions.amend_evaluation(cast.eve, found, {"plan": plan}, note="We count calls too.")
    actions.draft_finding(cast.eve, found, {**FINDING, "outcome_id": "calls", "outcome": ""})
    assert verdicts(found) == ["not_reported", "added_declared"]
