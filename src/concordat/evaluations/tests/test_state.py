"""Findings are numbers: stated by the lead body, checked, and set side by side by kind of outcome."""

from __future__ import annotations

from datetime import timedelta
from math import log

import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Finding
from concordat.evaluations.tests.test_report import OUT, handed_in, live
from concordat.kernel.access import PUBLIC
from concordat.kernel.refusals import Invalid, NotAllowed, WrongState
from tests.cast import drafted_evaluation, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db
NUMBERS = {
    "outcome_id": "returns",
    "outcome_group": "Compliance",
    "kind": "PRIMARY",
    "measure": "standardised",
    "estimate": 0.21,
    "interval_low": 0.05,
    "interval_high": 0.37,
    "interval_level": 95.0,
    "interval_type": "confidence",
    "n": 11_204,
    "p_value": 0.01,
    "interpretation": "superiority_superior",
}


def stated(cast, evaluation, **changed):
    return actions.draft_finding(cast.eve, evaluation, {**NUMBERS, **changed})


def test_a_finding_takes_its_name_from_the_outcome_that_was_promised(cast):
    made = stated(cast, published_evaluation(cast))
    assert (made.outcome, made.outcome_id) == ("Returns in time", "returns")


def test_a_finding_is_seen_with_its_evaluation(cast):
    stated(cast, drafted_evaluation(cast))
    opens = timezone.localdate() + timedelta(days=9)
    stated(cast, published_evaluation(cast, title="Embargoed", opens_on=opens))
    public = published_evaluation(cast, title="Open")
    made = stated(cast, public)
    assert [queries.findings(a).count() for a in (cast.eve, cast.erin, PUBLIC)] == [3, 1, 1]
    text = Client().get(public.get_absolute_url()).content.decode()
    for words in ("Returns in time", "0.05 to 0.37 (95%)", "Superiority: superior", "11,204"):
        assert words in text
    actions.perform(cast.eve, made, "remove", note="It was of another trial.")
    assert not queries.findings(PUBLIC).exists()


def test_the_lead_body_states_and_nobody_else(cast):
    evaluation = published_evaluation(cast)
    with pytest.raises(NotAllowed):
        actions.draft_finding(cast.erin, evaluation, NUMBERS)
    gone = actions.perform(cast.lea, evaluation, "withdraw", note="It never began.")
    with pytest.raises(WrongState):
        stated(cast, gone)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"interval_low": None}, "interval_low"),
        ({"interval_low": 0.4}, "interval_high"),
        ({"estimate": 0.5}, "estimate"),
        ({"interval_level": None}, "interval_level"),
        ({"estimate": float("nan")}, "estimate"),
        ({"p_value": 1.2}, "p_value"),
        ({"outcome_id": "luck", "outcome": "Luck"}, "outcome_id"),
        ({"measure": "relative", "interval_low": -0.1}, "interval_low"),
        ({"n": 0}, "n"),
        ({"estimate": None, "interval_low": None, "interval_high": None, "interpretation": ""},
         "estimate"),
    ],
)  # fmt: skip
def test_numbers_that_do_not_hold_together_are_refused_at_their_place(cast, changed, place):
    with pytest.raises(Invalid) as told:
        stated(cast, published_evaluation(cast), **changed)
    assert place in told.value.errors


def test_a_finding_leads_to_its_report_once_that_is_published(cast):
    evaluation, other = live(cast), published_evaluation(cast, title="Another")
    report = handed_in(cast, evaluation)
    made = stated(cast, evaluation, report=report)
    shown = f"/api/v1/findings/{made.pk}"
    assert Client().get(shown).json()["report"] is None
    actions.publish_report(cast.lea, report, **OUT)
    assert Client().get(shown).json()["report"] == report.pk
    assert OUT["url"] in Client().get(evaluation.get_absolute_url()).content.decode()
    with pytest.raises(Invalid) as told:
        stated(cast, other, report=report)
    assert set(told.value.errors) == {"report"}
    body = {"evaluation": other.reference, **NUMBERS, "report_id": report.pk}
    assert script(cast.eve).post("/findings", body).status_code == 404


def test_findings_of_one_kind_are_pooled_and_those_without_interval_are_told(cast):
    for n, (estimate, half) in enumerate(((0.2, 0.16), (0.1, 0.1), (0.4, 0.2))):
        evaluation = published_evaluation(cast, title=f"Trial {n}")
        ends = {"interval_low": estimate - half, "interval_high": estimate + half}
        stated(cast, evaluation, estimate=estimate, **ends)
    bare = {"interval_low": None, "interval_high": None}
    stated(cast, published_evaluation(cast, title="Bare"), outcome_group="COMPLIANCE", **bare)
    found = queries.together(PUBLIC, "compliance", "standardised", "paule_mandel")
    assert len(found.shown) == 3
    assert [row.evaluation.title for row in found.left_out] == ["Bare"]
    assert found.shown[0][1].error == pytest.approx(0.16 / 1.959964, rel=1e-6)
    assert 0.1 < found.pooled.estimate < 0.4
    page = Client().get("/evaluations/pooled-findings", {"outcome": "compliance"})
    text = page.content.decode()
    for words in ("<svg", "Trial 1: Returns in time", "Together", "Paule and Mandel", "Bare"):
        assert words in text
    told = Client().get("/api/v1/pooled-findings", {"outcome_group": "compliance"}).json()
    assert told["answer"]["says"] in text
    assert len(told["pooled"]) == 3


def test_one_finding_speaks_for_each_evaluation_that_of_the_highest_rank(cast):
    one, two = (published_evaluation(cast, title=title) for title in ("One", "Two"))
    second = stated(cast, one, kind="SECONDARY", estimate=0.3)
    first, other = stated(cast, one), stated(cast, two)
    found = queries.together(PUBLIC, "compliance", "standardised", "fixed")
    assert {row.pk for row, _ in found.shown} == {first.pk, other.pk}
    assert [row.pk for row in found.further] == [second.pk]
    assert found.pooled.k == 2


def test_ratios_are_pooled_by_their_logarithms(cast):
    for n, (estimate, low, high) in enumerate(((2.0, 1.0, 4.0), (0.5, 0.25, 1.0))):
        evaluation = published_evaluation(cast, title=f"Trial {n}")
        ends = {"interval_low": low, "interval_high": high}
        stated(cast, evaluation, measure="relative", estimate=estimate, **ends)
    found = queries.together(PUBLIC, "compliance", "relative", "fixed")
    assert found.pooled.estimate == pytest.approx(1.0)
    assert log(found.pooled.high) == pytest.approx(-log(found.pooled.low))
    assert queries.measures_of(PUBLIC, "compliance") == ["relative"]


def test_a_finding_goes_through_the_pages(cast):
    evaluation = published_evaluation(cast)
    browser = Client()
    browser.force_login(cast.people["eve"])
    inside = evaluation.inside_url()
    assert "Add a finding" in browser.get(inside).content.decode()
    answer = browser.post(f"{inside}/findings/new", {**NUMBERS, "estimate": "much"})
    assert answer.status_code == 422
    assert "Enter a number, such as 0.21" in answer.content.decode()
    assert browser.post(f"{inside}/findings/new", NUMBERS).status_code == 302
    made = Finding.objects.get()
    changed = {**NUMBERS, "outcome": "In time", "n": 11_200, "note": "Four were counted twice."}
    browser.post(made.inside_url(), changed)
    made.refresh_from_db()
    assert (made.n, made.outcome) == (11_200, "In time")
    browser.post(f"{made.inside_url()}/remove", {"note": "Of another trial.", "version": 2})
    made.refresh_from_db()
    assert made.status == "removed"
    assert browser.get(made.inside_url()).status_code == 404


def test_a_script_states_and_everyone_reads(cast):
    evaluation = published_evaluation(cast)
    eve = script(cast.eve)
    made = eve.post("/findings", {"evaluation": evaluation.reference, **NUMBERS}).json()
    assert made["outcome"] == "Returns in time"
    eve.patch(f"/findings/{made['id']}", {"n": 9, "note": "Mended."})
    listed = Client().get("/api/v1/findings", {"outcome_group": "compliance"}).json()["items"]
    assert [row["n"] for row in listed] == [9]
    table = Client().get("/evaluations/findings", {"outcome": "Compliance"}).content.decode()
    assert "1 finding" in table
