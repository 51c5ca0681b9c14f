"""The clock: worked cases, real trials with their expected table, and an oracle written otherwise."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.rules.clocks import (
    LATE,
    Case,
    Event,
    Leave,
    Span,
    due_of,
    judge,
    ranked,
    standing_of,
)
from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.registration import badge_of
from concordat.evaluations.rules.slippage import compare, moves, slips

pytestmark = pytest.mark.once


def m(text):
    return Moment.read(text)


def told(due, today, *events, leaves=(), **more):
    made = tuple(Event(kind, m(on) if on else None) for kind, on in events)
    return judge(Case(m(due) if due else None, made, leaves, **more), date.fromisoformat(today))


def figures(verdict):
    return verdict.state, verdict.strict, verdict.generous, verdict.penalised


DUE = "2016-12-31"
SUBMITTED, RETURNED, CANCELLED, PUBLISHED = "submitted", "returned", "cancelled", "published"
WORKED = [
    ((DUE, "2016-12-31"), ("not_due", 0, 0, 0)),
    ((DUE, "2017-01-01"), ("in_grace", 0, 0, 0)),
    ((DUE, "2017-01-30"), ("in_grace", 0, 0, 0)),
    ((DUE, "2017-01-31"), ("overdue", 31, 31, 1)),
    ((DUE, "2017-03-01", (PUBLISHED, "2017-01-01")), ("published_late", 1, 1, 0)),
    (("2016-01-01", "2017-03-01", (PUBLISHED, "2017-01-01")), ("published_late", 366, 366, 336)),
    ((DUE, "2017-03-01", (SUBMITTED, "2016-02-01")), ("submitted", 0, 0, 0)),
    (
        (DUE, "2017-03-01", (SUBMITTED, "2016-02-01"), (CANCELLED, "2016-02-02")),
        ("overdue_withdrawn", 60, 0, 0),
    ),
    (
        (
            DUE,
            "2017-03-01",
            (SUBMITTED, "2016-02-01"),
            (RETURNED, "2016-02-02"),
            (SUBMITTED, "2016-02-03"),
            (CANCELLED, "2016-02-04"),
            (SUBMITTED, "2017-03-01"),
        ),
        ("submitted_late", 60, 0, 0),
    ),
    (
        ("2016-01-01", "2018-03-01", (SUBMITTED, "2017-01-01"), (CANCELLED, "2018-01-01")),
        ("overdue_withdrawn", 790, 366, 336),
    ),
    # Submitted, taken back and submitted again on one day: the order decides.
    (
        (DUE, "2017-03-01", *[(k, "2016-02-01") for k in (SUBMITTED, CANCELLED, SUBMITTED)]),
        ("submitted", 0, 0, 0),
    ),
    # Taken back on a day that nobody knows.
    (
        (DUE, "2017-03-01", (SUBMITTED, "2016-02-01"), (CANCELLED, "")),
        ("overdue_withdrawn", 60, 0, 0),
    ),
    ((DUE, "2016-06-01", (PUBLISHED, "2016-05-01")), ("published_early", 0, 0, 0)),
    (("", "2016-06-01"), ("not_due", 0, 0, 0)),
]


@pytest.mark.parametrize(("case", "expected"), WORKED)
def test_worked_cases(case, expected):
    assert figures(told(*case)) == expected


def test_results_that_came_before_the_work_was_complete_are_early():
    verdict = told(DUE, "2017-03-01", (PUBLISHED, "2016-05-01"), completed=m("2016-06"))
    assert verdict.state == "published_early"


def test_a_month_is_read_both_ways():
    verdict = told("2016-12", "2017-02-05")
    assert (verdict.state, verdict.strict, verdict.generous) == ("overdue", 66, 36)
    verdict = told("2016-12", "2017-01-20")
    assert (verdict.state, verdict.strict, verdict.generous) == ("overdue", 50, 0)


def test_leave_puts_off_what_is_due_until_it_expires():
    leave = (Leave(date(2016, 12, 1), date(2017, 6, 30)),)
    assert told(DUE, "2017-03-01", leaves=leave).state == "exempt"
    assert told(DUE, "2017-08-30", leaves=leave).strict == 61
    assert told(DUE, "2017-03-01", (PUBLISHED, "2017-02-01"), leaves=leave).state == (
        "exempt_published"
    )
    assert told(DUE, "2016-12-31", leaves=leave).state == "not_due"


def test_what_cannot_be_judged_is_a_class_of_its_own():
    verdict = told("", "2017-03-01", wrong="It is complete and has no date.")
    assert (verdict.state, verdict.reason) == ("inconsistent", "It is complete and has no date.")


def test_due_is_twelve_weeks_after_the_sign_off_or_else_as_planned():
    assert due_of(m("2026-01-01"), m("2026-02")) == Span(date(2026, 3, 26), date(2026, 3, 26))
    assert due_of(m("2026-01"), None) == Span(date(2026, 3, 26), date(2026, 4, 25))
    assert due_of(None, m("2026-02")) == Span(date(2026, 2, 1), date(2026, 2, 28))
    assert due_of(None, None) is None


EXPECTED = {
    "notact": ("not_due", 0, 0),
    "ongoing": ("not_due", 0, 0),
    "overdue": ("overdue", 61, 31),
    "overdueinqa": ("submitted_late", 12, 0),
    "overdueingrace": ("in_grace", 0, 0),
    "overdue_withexemption": ("not_due", 0, 0),
    "overdue_evenwithexemption": ("overdue", 31, 1),
    "overdue_withexemption_reported": ("published", 0, 0),
    "overdue_withexemption_late": ("published_late", 31, 1),
    "reported": ("published", 0, 0),
}


def trials(folder):
    """The sample trials as cases: due a year after completion, or three with a certificate."""
    path = folder / "evaluations/trial-tracker/fdaaa_sample_bq.csv"
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            done = date.fromisoformat(row["available_completion_date"])
            certified = row["has_certificate"] == "1"
            due = done.replace(year=done.year + 3) if certified else done + timedelta(days=365)
            came = row["results_submitted_date"]
            events = [Event("published", m(came))] if came else []
            if row["nct_id"] == "overdueinqa":
                events = [Event("submitted", m("2017-11-13"))]
            is_due = m(due.isoformat()) if row["results_due"] == "1" else None
            yield row["nct_id"], row["sponsor"].casefold(), Case(is_due, tuple(events))


def test_the_sample_trials_stand_as_their_tracker_says(shared):
    found = {name: judge(case, date(2018, 1, 1)) for name, _, case in trials(shared)}
    assert {n: (v.state, v.strict, v.penalised) for n, v in found.items()} == EXPECTED
    tomorrow = {name: judge(case, date(2018, 1, 2)) for name, _, case in trials(shared)}
    assert tomorrow["overdue"].strict == 62


def test_their_league_table_is_the_trackers(shared):
    today, bodies = date(2018, 1, 1), {}
    for _, sponsor, case in trials(shared):
        bodies.setdefault(sponsor, []).append(judge(case, today))
    table = {s.name: s for s in ranked([standing_of(n, v) for n, v in bodies.items()])}
    assert len(table) == 3
    first = table["3m"]
    assert (first.strict, first.penalised, first.out, first.due) == (135, 33, 3, 5)
    assert (table["xdx"].out, table["xdx"].due, table["xdx"].rank) == (1, 1, 1)
    assert (table["tno"].share, table["tno"].rank) == (None, None)


def test_ties_share_a_rank():
    late, out = told(DUE, "2017-06-01"), told(DUE, "2017-06-01", (PUBLISHED, DUE))
    table = ranked([standing_of(n, v) for n, v in (("a", [out]), ("b", [out]), ("c", [late]))])
    assert [(s.name, s.rank) for s in table] == [("a", 1), ("b", 1), ("c", 3)]


DAYS = st.dates(date(2015, 1, 1), date(2019, 12, 31))
HISTORIES = st.lists(
    st.tuples(st.sampled_from([SUBMITTED, RETURNED, CANCELLED, PUBLISHED]), DAYS), max_size=6
)


def _oracle(due, events, today):
    """The rule again, in other words: by replaying the events day by day."""
    came, ever = None, None
    for kind, on in events:
        if on > today:
            continue
        if kind in (SUBMITTED, PUBLISHED):
            came, ever = came or on, ever or on
        if kind == CANCELLED:
            came = None

    def days(when):
        late = ((when or today) - due).days
        return late if late > (0 if when else 30) else 0

    strict = days(came)
    return strict, min(strict, days(ever))


@given(DAYS, HISTORIES, DAYS)
def test_both_numbers_are_what_the_oracle_says(due, events, today):
    events = sorted(events, key=lambda event: event[1])
    verdict = told(due.isoformat(), today.isoformat(), *[(k, d.isoformat()) for k, d in events])
    assert (verdict.strict, verdict.generous) == _oracle(due, events, today)
    assert verdict.penalised == (max(0, verdict.generous - 30) if verdict.strict else 0)


@given(DAYS, st.integers(1, 3), HISTORIES, DAYS)
def test_the_generous_reading_is_never_the_later(due, precision, events, today):
    events = sorted(events, key=lambda event: event[1])
    known = Moment(due.year, due.month, due.day).at(precision)
    case = Case(known, tuple(Event(k, m(d.isoformat())) for k, d in events))
    verdict = judge(case, today)
    assert 0 <= verdict.generous <= verdict.strict
    assert (verdict.state in LATE) == (verdict.strict > 0) or verdict.state == "published_early"


@pytest.mark.parametrize(
    ("submitted", "first_data", "access", "badge"),
    [
        ("2026-03-31", "2026-03-01", "", "before"),
        ("2026-04-01", "2026-03-31", "", "after"),
        ("2026-04-01", "2026", "", "before"),
        (None, "2026-03-01", "", "unknown"),
        ("2026-03-01", None, "", "unknown"),
        ("2026-03-01", "2020-01", "unseen", "declared"),
        ("2026-03-01", "2020-01", "obtained", "declared"),
        ("2026-03-01", "2027-01", "analysed", "after"),
        ("2026-03-01", "2020-01", "before", "after"),
    ],
)
def test_registered_before_the_data_by_the_coarser_precision(submitted, first_data, access, badge):
    day = date.fromisoformat(submitted) if submitted else None
    assert badge_of(day, m(first_data) if first_data else None, access) == badge


@given(DAYS, DAYS)
def test_the_month_rule_is_that_of_the_calendar(submitted, first):
    expected = (submitted.year, submitted.month) <= (first.year, first.month)
    known = Moment(first.year, first.month, first.day)
    assert (badge_of(submitted, known, "") == "before") == expected


def _promise(**dates):
    return [{"event": e, "on": on, "kind": "intended"} for e, on in dates.items()]


def test_a_promise_that_moves_is_followed_from_the_first():
    versions = [
        (date(2026, 1, 1), "", _promise(end="2026-06", publication="2026-09-30")),
        (date(2026, 5, 1), "Late start.", _promise(end="2026-08", publication="2026-09-30")),
        (date(2026, 9, 5), "Later still.", _promise(end="2026-07", publication="2026-09-30")),
    ]
    (slip,) = slips(moves(versions))
    assert (slip.event, str(slip.first), str(slip.now)) == ("end", "2026-06", "2026-07")
    assert (slip.count, slip.net, slip.gross, slip.once_past) == (2, 31, 93, 1)


def test_an_actual_date_is_the_delay_and_no_slip():
    actual = [{"event": "end", "on": "2026-08", "kind": "actual"}]
    versions = [(date(2026, 1, 1), "", _promise(end="2026-06")), (date(2026, 9, 1), "", actual)]
    assert moves(versions) == []


def test_dates_of_two_lists_are_compared():
    d, more = m("2026-01-01"), [m(f"2026-01-{day}") for day in ("10", "04", "02")]
    pairs = [(d, d), (d, more[0]), (d, more[1]), (more[2], d), (None, d)]
    found = compare(pairs)
    assert (found.later, found.earlier, found.same, found.unknown) == (2, 1, 1, 1)
    assert found.median == 6
