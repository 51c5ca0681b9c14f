"""What was promised beside what was reported: matched by id, proposed by likeness, never accused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.promises import Promise, Told, baseline, compare, promises

pytestmark = pytest.mark.once
MATHS = Promise("maths", "Mark in mathematics", "primary", "A year")
READING = Promise("reading", "Reading age", "secondary", "A year")


def verdicts(rows):
    return [(row.verdict, (row.promise or row.told).name) for row in rows]


def test_an_outcome_named_by_its_id_is_reported():
    rows = compare([MATHS], [Told("1", "Maths", "maths", "primary")], complete=True)
    assert verdicts(rows) == [("reported", "Mark in mathematics")]


def test_what_is_missing_is_awaited_until_the_results_are_complete():
    assert verdicts(compare([MATHS], [], complete=False))[0][0] == "awaited"
    assert verdicts(compare([MATHS], [], complete=True))[0][0] == "not_reported"


def test_a_likeness_waits_for_a_person_and_accuses_nobody():
    rows = compare([MATHS], [Told("1", "Mathematics mark")], complete=True)
    (row,) = rows
    assert (row.verdict, row.promise, row.told.key) == ("to_check", MATHS, "1")
    said = Told("1", "Mathematics mark", settled="maths")
    assert verdicts(compare([MATHS], [said], complete=True)) == [("reported", MATHS.name)]
    denied = Told("1", "Mathematics mark", settled="none")
    found = [row.verdict for row in compare([MATHS], [denied], complete=True)]
    assert found == ["not_reported", "added_undeclared"]


def test_an_outcome_that_was_added_is_declared_by_its_report_or_by_an_amendment():
    added = Promise("sleep", "Hours of sleep")
    rows = compare(
        [MATHS],
        [
            Told("1", "Maths", "maths"),
            Told("2", "Hours of sleep", "sleep"),
            Told("3", "Zest", declared=True),
            Told("4", "Bananas eaten"),
        ],
        [MATHS, added],
        complete=True,
    )
    found = [row.verdict for row in rows]
    assert found == ["reported", "added_declared", "added_declared", "added_undeclared"]
    assert rows[1].notes == ("An amendment added it.",)


def test_a_change_of_rank_or_time_is_noted():
    moved = Promise("maths", MATHS.name, "secondary", "Two years")
    (row,) = compare([MATHS], [Told("1", "", "maths", "secondary")], [moved], complete=True)
    assert row.notes == (
        "Promised as primary, reported as secondary.",
        "An amendment made it secondary.",
        "An amendment changed when it is measured.",
    )


def test_the_plan_that_counts_is_the_last_before_the_data():
    versions = [(date(2026, 1, 5), {"n": 1}), (date(2026, 2, 20), {"n": 2}), (date(2026, 5, 1), {})]
    assert baseline(versions, Moment.read("2026-03")) == {"n": 2}
    assert baseline(versions, Moment.read("2026-02")) == {"n": 1}
    assert baseline(versions, Moment.read("2025")) == {"n": 1}
    assert baseline(versions, None) == {"n": 1}
    assert baseline([], None) is None


def test_what_is_hidden_promises_nothing_yet():
    assert promises({"outcomes": {"hidden": "abc"}}) == []
    assert promises({"outcomes": [{"id": "a", "name": "B"}]}) == [Promise("a", "B")]


NAMES = st.text("abcde ", min_size=1, max_size=8)
PROMISED = st.lists(NAMES, max_size=5).map(lambda n: [Promise(str(i), x) for i, x in enumerate(n)])
REPORTED = st.lists(
    st.tuples(NAMES, st.sampled_from(["", "0", "1", "9"]), st.sampled_from(["", "2", "none"])),
    max_size=6,
).map(lambda n: [Told(f"t{i}", x, o, settled=s) for i, (x, o, s) in enumerate(n)])


@given(PROMISED, REPORTED, st.booleans())
def test_every_promise_and_every_report_stands_in_the_table_once(promised, reported, complete):
    rows = compare(promised, reported, promised, complete=complete)
    assert [row.promise for row in rows if row.promise] == promised
    told = [row.told.key for row in rows if row.told]
    assert sorted(told) == sorted(t.key for t in reported)
    for row in rows:
        if row.verdict == "to_check":
            assert not row.told.settled
            assert not row.told.outcome_id
