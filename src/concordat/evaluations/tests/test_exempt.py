"""Exemptions: asked for by one, granted by another, and what the clock makes of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Exemption
from concordat.kernel.access import PUBLIC
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible, WrongState
from tests.cast import EVALUATION, drafted_evaluation, published_evaluation

pytestmark = pytest.mark.django_db


def promised(cast, days=-100, **values):
    """A published evaluation whose results are due so many days from now."""
    due = timezone.localdate() + timedelta(days=days)
    dates = [
        {"event": "first_data", "on": "2026-03", "kind": "actual"},
        {"event": "publication", "on": due.isoformat(), "kind": "intended"},
    ]
    if days < -200:
        dates[0]["on"] = "2025"
    return published_evaluation(cast, dates=dates, **{"title": EVALUATION["title"], **values})


def asking(**values):
    later = timezone.localdate() + timedelta(days=60)
    return {"ground": "proceedings", "reason": "A case is heard.", "expires_on": later, **values}


def state(actor, found):
    return queries.clock_of(actor, found, timezone.localdate()).verdict.state


def test_who_asks_does_not_grant(cast):
    found = promised(cast)
    made = actions.ask_exemption(cast.lea, found, asking())
    with pytest.raises(NotAllowed):
        actions.grant_exemption(cast.lea, made)
    with pytest.raises(NotAllowed):
        actions.grant_exemption(cast.eve, made)
    made = actions.ask_exemption(cast.eve, found, asking())
    assert actions.grant_exemption(cast.lea, made).approver == cast.people["lea"]


def test_an_exemption_counts_from_the_day_it_is_granted(cast):
    found = promised(cast)
    assert state(PUBLIC, found) == "overdue"
    made = actions.ask_exemption(cast.eve, found, asking())
    assert state(PUBLIC, found) == "overdue"
    actions.grant_exemption(cast.lea, made)
    assert state(PUBLIC, found) == "exempt"
    clock = queries.clock_of(PUBLIC, found, timezone.localdate())
    assert clock.verdict.due == made.expires_on
    assert not clock.verdict.counts


def test_an_exemption_that_is_ended_holds_nothing_back_any_more(cast):
    found = promised(cast)
    made = actions.grant_exemption(cast.lea, actions.ask_exemption(cast.eve, found, asking()))
    actions.end_exemption(cast.eve, made, note="The case is over.")
    tomorrow = timezone.localdate() + timedelta(days=1)
    clock = queries.clock_of(PUBLIC, found, tomorrow)
    assert clock.verdict.state == "in_grace"  # due when it ended
    assert clock.exemption is None


def test_what_is_only_asked_for_is_the_lead_bodys_alone(cast):
    made = actions.ask_exemption(cast.eve, promised(cast), asking())
    seen = [queries.exemptions(a).count() for a in (cast.eve, cast.lea, cast.erin, PUBLIC)]
    assert seen == [1, 1, 0, 0]
    with pytest.raises(NotVisible):
        actions.grant_exemption(cast.erin, made)
    actions.perform(cast.lea, made, "reject", note="It is not ours to keep.")
    assert queries.exemptions(PUBLIC).count() == 0
    made = actions.ask_exemption(cast.eve, made.evaluation, asking())
    actions.grant_exemption(cast.lea, made)
    assert queries.exemptions(PUBLIC).count() == 1


def test_an_exemption_ends_on_a_day_that_is_to_come_and_near(cast):
    found = promised(cast)
    for wrong in (timezone.localdate(), date(2090, 1, 1)):
        with pytest.raises(Invalid) as refused:
            actions.ask_exemption(cast.eve, found, asking(expires_on=wrong))
        assert set(refused.value.errors) == {"expires_on"}
    assert not Exemption.objects.exists()


def test_nobody_asks_for_a_draft_or_for_another_body(cast):
    with pytest.raises(WrongState):
        actions.ask_exemption(cast.eve, drafted_evaluation(cast), asking())
    with pytest.raises(NotAllowed):
        actions.ask_exemption(cast.erin, promised(cast), asking())
