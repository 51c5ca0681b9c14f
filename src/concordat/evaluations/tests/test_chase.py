"""Reminders, the steps of the chase, and what a body says of being late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Escalation
from concordat.evaluations.rules.chase import STEPS
from concordat.evaluations.tests.test_exempt import asking, promised
from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.notices import tell
from concordat.kernel.notices.models import Notice
from concordat.kernel.refusals import Invalid, NotAllowed, WrongState
from tests.cast import make_body, make_person

pytestmark = pytest.mark.django_db
WHY = {"ground": "contractor", "reason": "The survey came in late."}


def on(days):
    return timezone.localdate() + timedelta(days=days)


def told(name):
    """Who was told of the entries of a name, and in which words."""
    tell.handle(list(Entry.objects.filter(name=name)))
    rows = Notice.objects.filter(name=name).select_related("person")
    return {(row.person.name, row.text.rpartition(": ")[2]) for row in rows}


def test_whoever_is_responsible_is_reminded_before_results_are_due_and_once_each_time(cast):
    promised(cast, days=56)
    assert [actions.send_reminders(SYSTEM, on(day)) for day in (-1, 0, 0, 1)] == [0, 1, 0, 0]
    assert [actions.send_reminders(SYSTEM, on(day)) for day in (28, 49, 56, 60)] == [1, 1, 1, 0]
    assert {name for name, _ in told("evaluation:remind")} == {"Eve", "Lea"}


def test_each_step_tells_those_whose_step_it_is(cast):
    found = promised(cast, days=-1)
    regulator = make_body("osr", "Office for Statistics Regulation")
    make_person("olga", regulator, ("statistics_regulator",))
    make_person("tom", cast.bodies["treasury"], ("spending_team",))
    make_person("hope", cast.bodies["treasury"], ("head_of_profession",))
    for day in range(150):
        actions.send_reminders(SYSTEM, on(day))
    sent = list(Escalation.objects.order_by("id"))
    assert [each.step for each in sent] == [step.code for step in STEPS]
    assert [(each.sent_on - each.due_on).days for each in sent] == [s.after for s in STEPS]
    assert {n for n, _ in told("evaluation:alert")} >= {"Hope"}
    assert {n for n, _ in told("evaluation:refer")} >= {"Olga"}
    assert {n for n, _ in told("evaluation:report_on")} >= {"Tom"}
    assert all(n != "Olga" for n, _ in told("evaluation:chase"))
    clock = queries.clock_of(PUBLIC, found, on(150))
    assert clock.reached.step == "spending_team"


def test_publication_exemption_and_a_lawful_reason_stop_the_chase(cast):
    exempt = promised(cast, days=-1, title="Exempt")
    actions.grant_exemption(cast.lea, actions.ask_exemption(cast.eve, exempt, asking()))
    held = promised(cast, days=-31, title="Held")
    actions.say_why_late(
        cast.eve, held, {"ground": "election", "reason": "Polling day.", "holds_until": on(40)}
    )
    assert [actions.send_reminders(SYSTEM, on(day)) for day in (0, 20, 40)] == [0, 0, 0]
    assert actions.send_reminders(SYSTEM, on(41)) == 1
    assert Escalation.objects.get(step="owner").evaluation == held


def test_saying_why_answers_every_step_that_waits(cast):
    found = promised(cast, days=-31)
    actions.send_reminders(SYSTEM)
    actions.say_why_late(cast.eve, found, WHY)
    (step,) = Escalation.objects.all()
    assert (step.status, step.step, step.reason) == ("answered", "owner", WHY["reason"])
    assert queries.clock_of(PUBLIC, found, on(0)).said.reason == WHY["reason"]


def test_only_what_the_rules_allow_holds_the_chase(cast):
    found = promised(cast)
    with pytest.raises(Invalid) as refused:
        actions.say_why_late(cast.eve, found, {**WHY, "holds_until": on(30)})
    assert set(refused.value.errors) == {"holds_until"}
    with pytest.raises(Invalid) as refused:
        actions.say_why_late(cast.eve, found, {"ground": "", "reason": ""})
    assert set(refused.value.errors) == {"ground", "reason"}


def test_nothing_is_explained_that_is_not_late_or_not_ours(cast):
    with pytest.raises(WrongState):
        actions.say_why_late(cast.eve, promised(cast, days=40), WHY)
    with pytest.raises(NotAllowed):
        actions.say_why_late(cast.erin, promised(cast), WHY)


def test_clocks_of_a_hundred_evaluations_take_as_many_queries_as_of_one(
    cast, django_assert_num_queries
):
    promised(cast)
    with django_assert_num_queries(4):
        assert len(queries.clocks(PUBLIC, on(0))) == 1
    for n in range(3):
        promised(cast, days=-300, title=f"Evaluation {n}")
    with django_assert_num_queries(4):
        assert len(queries.clocks(PUBLIC, on(0))) == 4
