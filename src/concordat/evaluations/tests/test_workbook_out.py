"""What goes out as a workbook comes in again as it was."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.evaluations.feeds import open_sheet, read_evaluations
from concordat.evaluations.feeds.columns import FULLER
from concordat.evaluations.rules.brought import brought, in_order
from concordat.evaluations.rules.outward import HEADERS, Outward, rows_of
from concordat.evaluations.tests.workbooks import as_csv, drawn, rows, table
from concordat.kernel.doors.exports import csv_pieces

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 25)
CELLS = st.sampled_from(
    (
        "N/A|not applicabe|Y|No|Text; more|=1+1|- a list\n- of two|1,000|£2m|Primary|Direct outcome|"
        "Confidence|Likert score|Case studies|RCT|March|2014|Sept|" + "x" * 300
    ).split("|")
)


def outward(found):
    """What an evaluation becomes, written again."""
    made = brought(found, TODAY)
    names = ("title", "summary", "types", "designs", "dates", "plan", "foreign")
    told = {name: made.values[name] for name in names}
    return made, rows_of(Outward(id=found.source_id, bodies=list(found.bodies), **told))


def again(found, tmp_path):
    """(the digest before, after, what was read after)."""
    made, written = outward(found)
    text = b"".join(csv_pieces(HEADERS, written)).decode()
    path = as_csv(list(csv.reader(StringIO(text, newline=""))), tmp_path / "out.csv")
    [back] = read_evaluations(open_sheet(path))
    return made, brought(back, TODAY), back


@given(drawn(most=1))
@settings(max_examples=15, deadline=None)
def test_reports_outcomes_and_interventions_come_back(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("out")
    [found] = read_evaluations(open_sheet(as_csv(table(rows(made[0])), folder / "in.csv")))
    before, after, back = again(found, folder)
    assert after.digest == before.digest
    assert len(back.reports) == len(made[0].reports)
    assert len(back.items.get("outcomes", [])) == len(made[0].outcomes)
    assert len(back.items.get("interventions", [])) == len(made[0].interventions)


@st.composite
def anything(draw):
    """Rows of one evaluation with anything in any cell."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        headers = draw(st.lists(st.sampled_from(FULLER[3:]), max_size=25, unique=True))
        row = {header: draw(CELLS) for header in headers}
        row |= {"Evaluation ID": "7", "Report ID": draw(st.sampled_from(["", "7.1", "7.2"]))}
        made.append(row | ({"Evaluation title": "A title"} if number == 0 else {}))
    return made


@given(anything())
@settings(max_examples=60, deadline=None)
def test_anything_in_any_cell_comes_back(tmp_path_factory, made):
    folder = tmp_path_factory.mktemp("out")
    [found] = read_evaluations(open_sheet(as_csv(table(made, fuller=True), folder / "in.csv")))
    before, after, _ = again(found, folder)
    assert told(after) == told(before)


def told(made):
    """What must come back whatever stands where no date or number can be read."""
    foreign = made.values["foreign"]
    kept = ["plan", "title", "summary", "types", "designs"]
    return in_order(
        [made.values[name] for name in kept]
        + [foreign.get(name, []) for name in ("reports", "findings", "rest", "unread", "events")]
    )
