"""Results as a case for the clock: real trials by their own rule, several reports, and history."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.evaluations.rules.chase import REMINDERS, STEPS, next_step, reminder_on, steps_due
from concordat.evaluations.rules.clocks import Case, Event, Leave, inferred, judge
from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.happenings import Dates
from concordat.evaluations.rules.results import Paper, Results, turns, verdict_of
from concordat.evaluations.rules.slippage import compare, moved

pytestmark = pytest.mark.once
SUBMITTED, RETURNED, CANCELLED = "submitted", "returned", "cancelled"


def m(text):
    return Moment.read(text) if text else None


def paper(*events, signed="", out=""):
    told = [{"kind": kind, "on": on, "inferred": False} for kind, on in events]
    return Paper.read("published" if out else "draft", signed, out, told)


def results(*papers, stage="live", leaves=(), **dates):
    held = []
    for name, on in dates.items():
        event, _, kind = name.rpartition("_")
        held.append({"event": event, "on": on, "kind": kind})
    return Results(stage, Dates(held), papers, leaves)


def state(found, today):
    return verdict_of(found, date.fromisoformat(today)).state


# What was submitted, and how each ended: the events of the two files, from their description.
QA = {
    "overdueinqa": [
        (SUBMITTED, "2017-11-13"),
        (RETURNED, "2017-12-11"),
        (SUBMITTED, "2017-12-15"),
        (RETURNED, "2018-01-11"),
        (SUBMITTED, "2018-01-16"),
    ],
    "overdueinqa_cancelled": [(SUBMITTED, "2017-10-19"), (CANCELLED, "")],
    "overdueinqa_uncancelled": [
        (SUBMITTED, "2018-03-29"),
        (CANCELLED, ""),
        (SUBMITTED, "2018-05-10"),
    ],
    "overdueinqa_cancelled_with_dates": [
        (SUBMITTED, "2018-05-04"),
        (CANCELLED, "2018-05-15"),
        (SUBMITTED, "2018-05-15"),
        (CANCELLED, "2018-05-16"),
    ],
    "overdueinqa_manycancelled": [
        (SUBMITTED, "2017-09-25"),
        (CANCELLED, ""),
        (SUBMITTED, "2018-04-12"),
        (CANCELLED, "2018-05-14"),
        (SUBMITTED, "2018-05-14"),
    ],
    "overdueinqa_cancelled_after_returned": [
        (SUBMITTED, "2017-04-25"),
        (RETURNED, "2017-08-08"),
        (SUBMITTED, "2017-10-02"),
        (CANCELLED, "2018-05-17"),
        (SUBMITTED, "2018-05-17"),
    ],
    "overdueinqa_two_months": [(SUBMITTED, "2017-11-13"), (RETURNED, "2017-12-11")],
}
# (state, strict, generous) on 1 June 2018, reckoned by hand from a due date of 1 November 2017.
ON_1_JUNE = {
    "overdueinqa": ("submitted_late", 12, 12),
    "overdueinqa_cancelled": ("overdue_withdrawn", 212, 0),
    "overdueinqa_uncancelled": ("submitted_late", 190, 148),
    "overdueinqa_cancelled_with_dates": ("overdue_withdrawn", 212, 184),
    "overdueinqa_manycancelled": ("submitted_late", 194, 0),
    "overdueinqa_cancelled_after_returned": ("submitted_late", 197, 0),
    "overdueinqa_two_months": ("submitted_late", 12, 12),
}


def trials(folder):
    for name in ("fdaaa_sample_bq_qa", "fdaaa_two_months_qa"):
        with (folder / f"evaluations/trial-tracker/{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                done = date.fromisoformat(row["available_completion_date"])
                due = m((done + timedelta(days=365)).isoformat())
                yield row["nct_id"], due


def events_of(told):
    return tuple(Event(kind, m(on)) for kind, on in told)


def test_trials_submitted_returned_and_cancelled_stand_as_their_story_says(shared):
    found = {}
    for name, due in trials(shared):
        verdict = judge(Case(due, events_of(QA[name])), date(2018, 6, 1))
        found[name] = (verdict.state, verdict.strict, verdict.generous)
    assert found == ON_1_JUNE


def test_a_submission_that_disappears_leaves_it_overdue_again(shared):
    due = dict(trials(shared))["overdueinqa_two_months"]
    assert judge(Case(due), date(2018, 1, 1)).state == "overdue"
    assert judge(Case(due, events_of([(SUBMITTED, "2017-11-13")])), date(2018, 1, 1)).strict == 12


def test_what_left_the_source_is_no_longer_covered_and_may_return():
    due = m("2017-11-01")
    gone = judge(Case(due, covered=False), date(2018, 1, 1))
    assert (gone.state, gone.strict, gone.counts) == ("left_scope", 0, False)
    assert judge(Case(due), date(2018, 1, 1)).state == "overdue"


def test_a_day_that_nobody_knows_is_inferred_and_marked():
    told = inferred(events_of([(SUBMITTED, "2018-03-29"), (CANCELLED, ""), (SUBMITTED, "")]))
    assert [(str(e.on), e.inferred) for e in told] == [
        ("2018-03-29", False),
        ("2018-03-29", True),
        ("2018-03-29", True),
    ]
    (first, _) = inferred(events_of([(SUBMITTED, ""), (RETURNED, "2018-05-01")]))
    assert (str(first.on), first.inferred) == ("2018-05-01", True)
    assert inferred(events_of([(CANCELLED, "")]))[0].on is None


def test_taking_one_report_back_takes_nothing_from_another():
    kept = paper((SUBMITTED, "2026-01-05"))
    back = paper((SUBMITTED, "2026-01-02"), (CANCELLED, "2026-01-10"))
    found = verdict_of(results(back, kept, publication_intended="2026-01-01"), date(2026, 3, 1))
    assert (found.state, found.strict, found.generous) == ("submitted_late", 4, 1)


def test_what_was_published_before_it_was_entered_here_came_when_it_was_published():
    late_entry = paper((SUBMITTED, "2026-05-01"), out="2026-01-20")
    found = verdict_of(results(late_entry, publication_intended="2026-01-31"), date(2026, 6, 1))
    assert (found.state, found.strict) == ("published", 0)


def test_sign_off_moves_the_due_date_from_its_own_day_on():
    found = results(paper(signed="2026-02-01"), publication_intended="2026-01-15")
    assert state(found, "2026-01-20") == "in_grace"
    assert state(found, "2026-02-20") == "not_due"  # due on 26 April now


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (results(stage=""), "it has no stage"),
        (results(stage="complete", end_actual="2026-01"), "nothing says when its results are due"),
        (results(stage="live", end_actual="2026-01"), "has the date on which it ended"),
        (
            results(stage="complete", start_actual="2026-03", end_actual="2026-01"),
            "it ended before it started",
        ),
        (results(Paper(is_published=True)), "on a day that nobody knows"),
        (
            results(paper(signed="2026-03", out="2026-01-31")),
            "signed off after they were published",
        ),
    ],
)
def test_what_cannot_be_judged_says_why(found, why):
    verdict = verdict_of(found, date(2026, 6, 1))
    assert verdict.state == "inconsistent"
    assert why in verdict.reason


def history(found, since="2017-01-01", today="2018-01-01"):
    told = turns(found, date.fromisoformat(since), date.fromisoformat(today))
    return [(turn.on.isoformat(), turn.state) for turn in told]


def test_history_tells_each_day_on_which_it_came_into_a_state():
    found = results(paper((SUBMITTED, "2017-12-13")), publication_intended="2017-11-01")
    assert history(found) == [
        ("2017-01-01", "not_due"),
        ("2017-11-02", "in_grace"),
        ("2017-12-02", "overdue"),
        ("2017-12-13", "submitted_late"),
    ]


def test_what_came_before_it_was_due_was_never_overdue():
    found = results(paper((SUBMITTED, "2017-10-13")), publication_intended="2017-11-01")
    assert not any(s.startswith("overdue") for _, s in history(found))


def test_what_is_handed_in_on_the_day_it_would_be_overdue_never_was():
    found = results(paper((SUBMITTED, "2017-12-02")), publication_intended="2017-11-01")
    assert not any(s.startswith("overdue") for _, s in history(found))


DAYS = st.dates(date(2017, 1, 1), date(2018, 3, 31))
COURSES = st.lists(st.tuples(st.sampled_from([SUBMITTED, RETURNED, CANCELLED]), DAYS), max_size=4)


@settings(max_examples=40)
@given(DAYS, st.none() | DAYS, COURSES, st.none() | st.tuples(DAYS, DAYS))
def test_history_agrees_with_the_clock_of_every_day(planned, signed, course, leave):
    told = [(kind, on.isoformat()) for kind, on in sorted(course, key=lambda each: each[1])]
    leaves = (Leave(min(leave), max(leave)),) if leave else ()
    found = results(
        paper(*told, signed=signed.isoformat() if signed else ""),
        publication_intended=planned.isoformat(),
        leaves=leaves,
    )
    since, today = date(2017, 1, 1), date(2018, 3, 31)
    changes = {turn.on: turn.state for turn in turns(found, since, today)}
    day, held = since, changes[since]
    while day <= today:
        held = changes.get(day, held)
        assert verdict_of(found, day).state == held, day
        day += timedelta(days=1)


def test_reminders_come_before_and_steps_after_the_generous_due_date():
    found = results(publication_intended="2026-06-30")
    told = {}
    for offset in range(-80, 150):
        day = date(2026, 6, 30) + timedelta(days=offset)
        verdict = verdict_of(found, day)
        told.setdefault(reminder_on(verdict, day), offset)
        steps = steps_due(verdict, day)
        told.setdefault(steps[-1].code if steps else "none", offset)
    assert [told[days] for days in REMINDERS] == [-days for days in REMINDERS]
    assert [told[step.code] for step in STEPS] == [step.after for step in STEPS]


def test_nobody_is_chased_who_may_still_be_in_time():
    found = results(publication_intended="2026-06")
    verdict = verdict_of(found, date(2026, 7, 15))
    assert verdict.state == "overdue"  # by the strict reading, from 1 June
    assert steps_due(verdict, date(2026, 7, 15)) == []
    verdict = verdict_of(found, date(2026, 8, 1))
    assert steps_due(verdict, date(2026, 8, 1), held_until=date(2026, 8, 1)) == []
    assert [step.code for step in steps_due(verdict, date(2026, 8, 1))] == ["owner"]


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        ("2026-04", "2026-04-15", 0),
        ("2026-04-15", "2026", 0),
        ("2026-04", "2026-06-02", 61),
        ("2026-06-02", "2026-06-01", -1),
        ("", "2026", None),
    ],
)
def test_a_date_moves_at_the_coarser_precision(before, after, days):
    assert moved(m(before), m(after)) == days


def ends(folder, year):
    """The end date of each project of a year, by its number in capitals."""
    path = folder / f"evaluations/gmpp/uk_{year}.csv"
    with path.open(encoding="cp1252", errors="replace", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {row["project_number"].strip().upper(): _end(row["end_date"]) for row in rows}


def _end(text):
    try:
        return Moment.read(text)
    except ValueError:
        return None


def test_end_dates_of_major_projects_moved_as_was_reckoned(shared):
    before, after = ends(shared, 2021), ends(shared, 2022)
    found = compare([(before[key], after[key]) for key in before.keys() & after.keys()])
    assert (found.later, found.earlier, found.same, found.unknown) == (42, 8, 98, 11)
    assert found.median == 379


def test_however_late_it_comes_to_notice_nobody_is_passed_over():
    found, day, taken = results(publication_intended="2025-01-01"), date(2026, 1, 1), []
    for _ in range(100):
        verdict = verdict_of(found, day)
        if step := next_step(verdict, day, taken):
            taken.append((step.code, day))
        day += timedelta(days=1)
    assert [code for code, _ in taken] == [step.code for step in STEPS]
    assert [(b - a).days for (_, a), (_, b) in pairwise(taken)] == [14] * 5
