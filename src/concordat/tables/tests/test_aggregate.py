"""A table of totals is asked for by choices alone, and adds up as the rows do."""

from __future__ import annotations

import pytest

from concordat.tables.plane.aggregate import (
    Aggregate,
    AggregateError,
    Dimension,
    atoms_of,
    check,
    places,
)
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import connect
from concordat.tables.plane.linked import Question, Sheet

pytestmark = pytest.mark.once
COLUMNS = [
    Column("Unit", "text"),
    Column('O"dd', "text"),
    Column("Pay", "integer"),
    Column("Rate", "number"),
    Column("On", "date"),
]
ROWS = """SELECT 'unit ' || (i % 3) AS "Unit", NULL AS "O""dd", i * 10 AS "Pay",
    CASE WHEN i % 5 = 0 THEN 'nan'::DOUBLE ELSE i END AS "Rate",
    DATE '2026-01-01' + CAST(i AS INTEGER) AS "On" FROM range({rows}) t(i)"""


ONE = ((1, ROWS.format(rows=120)),)


def atoms(*dimensions, of="", versions=ONE):
    connection = connect()
    try:
        return atoms_of(connection, versions, COLUMNS, dimensions, of)
    finally:
        connection.close()


def test_groups_carry_rows_sum_and_the_two_largest():
    found = {a.labels: a.facts for a in atoms(Dimension("unit"), of="Pay")}
    assert set(found) == {("unit 0",), ("unit 1",), ("unit 2",)}
    first = found["unit 0",]
    assert (first.rows, first.n, first.first, first.second) == (40, 40, 1170, 1140)
    assert first.total == sum(range(0, 1200, 30))


def test_what_is_no_number_is_not_added_up():
    (whole,) = atoms(of="Rate")
    assert (whole.facts.rows, whole.facts.n) == (120, 96)


@pytest.mark.parametrize(
    ("by", "label"),
    [("day", "2026-01-01"), ("month", "2026-01"), ("quarter", "2026 quarter 1"), ("year", "2026")],
)
def test_dates_are_grouped_by_fixed_periods(by, label):
    assert atoms(Dimension("On", by))[0].labels == (label,)


def test_numbers_are_grouped_by_fixed_bands():
    assert ("100 to under 200",) in {a.labels for a in atoms(Dimension("Pay", "hundreds"))}


def test_a_row_of_two_versions_is_one_row_and_a_new_one_is_told_apart():
    both = ((1, ROWS.format(rows=120)), (2, ROWS.format(rows=123)))
    found = {(a.labels, a.seen): a.facts.rows for a in atoms(Dimension("Unit"), versions=both)}
    assert found[("unit 0",), 3] == 40
    assert found[("unit 0",), 2] == 1


def test_a_name_that_few_have_is_left_out_of_the_table():
    rare = f"{ROWS.format(rows=120)} UNION ALL SELECT 'Ada Lovelace', NULL, 1, 1, DATE '2026-01-01'"
    found = atoms(Dimension("Unit"), versions=((1, rare),))
    asked = Aggregate((Dimension("Unit"),))
    cells = places(asked, found, [0], 10)
    assert cells == [((), ()), *(((0,), (f"unit {n}",)) for n in range(3))]
    judged = Sheet(found, [], 10).judge(Question(1, (0,), "", tuple(cells)))
    assert len(judged.shown) == 3  # with all of them, the one who is left out could be had


@pytest.mark.parametrize(
    ("dimensions", "measure", "of"),
    [
        ([("Nobody", "")], "count", ""),
        ([('Unit"; DROP TABLE x; --', "")], "count", ""),
        ([("Pay", "")], "count", ""),
        ([("On", "second")], "count", ""),
        ([("Unit", "tens")], "count", ""),
        ([("Unit", ""), ("unit", "")], "count", ""),
        ([("Unit", "")] * 4, "count", ""),
        ([], "max", "Pay"),
        ([], "median", "Pay"),
        ([], "sum", "Unit"),
        ([], "sum", ""),
        ([], "count", "Pay"),
    ],
)
def test_what_is_no_choice_is_refused(dimensions, measure, of):
    with pytest.raises(AggregateError):
        check(Aggregate(tuple(Dimension(*d) for d in dimensions), measure, of), COLUMNS)


def test_a_name_with_a_quote_is_a_name():
    assert atoms(Dimension('O"dd'))[0].labels == (None,)


def test_too_many_groups_are_refused_before_they_are_read():
    many = ((1, ROWS.format(rows=2_000)),)
    with pytest.raises(AggregateError, match="1,000 groups"):
        atoms(Dimension("On", "day"), versions=many)


def test_an_aggregate_is_data():
    asked = Aggregate((Dimension("On", "month"),), "mean", "Pay", margins=False)
    assert Aggregate.from_data(asked.to_data()) == asked
