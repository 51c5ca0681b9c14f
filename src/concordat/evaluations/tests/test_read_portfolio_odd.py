"""Portfolios in shapes that no year had yet, and files that mean harm: invented names and numbers."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.feeds.days import read_day
from concordat.evaluations.feeds.grid import UnreadableFile
from concordat.evaluations.feeds.headers import field_of
from concordat.evaluations.feeds.portfolio import read_portfolio
from concordat.evaluations.rules.costs import read_cost

pytestmark = pytest.mark.once

HEAD = [
    "Project Number",
    "Project Name",
    "Department",
    "Category",
    "Start Date",
    "End Date",
    "Whole Life Cost (£m)",
]
ROWS = [
    ["AAA_0001_1920-Q1", "Bridge", "AAA", "Infrastructure", "2020-01-31", "2031-03-31", "£1,200.50"],
    ["BBB_0002_1920-Q1", "Tunnel, long", "BBB", "Infrastructure", "01.02.98", "31.12.30", "Exempt under Section 43 of the Freedom of Information Act 2000"],
    ["CCC_0003_1920-Q1", "Toll “bridge”", "CCC", "ICT", "1 March 2019", "", "-£12.00"],
]  # fmt: skip


def text(head=HEAD, rows=ROWS, mark=",", end="\r\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=mark, lineterminator=end).writerows([head, *rows])
    return out.getvalue()


def read(data, year=2025):
    return read_portfolio(data.encode() if isinstance(data, str) else data, year)


def facts(found):
    return [(p.number, p.name, p.body, p.category, p.start, p.end, p.cost) for p in found.lines]


PLAIN = facts(read(text()))


def test_a_plain_file_is_read_whole():
    assert [p[0] for p in PLAIN] == [row[0] for row in ROWS]
    assert PLAIN[1][4:6] == (date(1998, 2, 1), date(2030, 12, 31))
    assert [read_cost(p[6]).kind for p in PLAIN] == ["disclosed", "exempt", "disclosed"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_separators_and_encodings_change_nothing(mark, encoding):
    assert facts(read(text(mark=mark).encode(encoding))) == PLAIN


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\r\n"])
def test_line_ends_change_nothing(end):
    assert facts(read(text(end=end))) == PLAIN


def test_line_ends_of_any_make_within_a_cell_stay_in_it():
    row = [*ROWS[0][:-1], "Early planning project \r\r\n\r\r\r\n(not yet passed SOC)"]
    found = read(text(rows=[row, ROWS[1]]))
    assert len(found.lines) == 2
    assert found.lines[0].cost == row[-1]
    assert read_cost(found.lines[0].cost).kind == "planning"


@pytest.mark.parametrize("mark", [",", "\t"])
def test_one_project_a_column_is_the_same_as_one_a_line(mark):
    columns = [list(column) for column in zip(HEAD, *ROWS, strict=True)]
    found = read(text(columns[0], columns[1:], mark=mark))
    assert found.by_column
    assert facts(found) == PLAIN
    assert [p.place for p in found.lines] == ["column B", "column C", "column D"]


def test_a_header_may_stand_below_titles_and_in_any_order():
    order = [6, 2, 0, 1, 5, 4, 3]
    turned = [[row[n] for n in order] for row in [HEAD, *ROWS]]
    found = read("Portfolio of 2025,,\n\nPublished in July,\n" + text(turned[0], turned[1:]))
    assert facts(found) == PLAIN


def test_a_file_without_numbers_knows_its_projects_by_name_and_leaves_sums_out():
    rows = [[*row[1:]] for row in ROWS] + [["Total", "", "", "", "", "£1,188.50"]]
    found = read(text(HEAD[1:], rows))
    assert [p.name for p in found.lines] == [row[1] for row in ROWS]
    assert "a sum of projects" in found.refused[0].message


def test_a_header_that_occurs_twice_is_read_where_its_cells_agree():
    head = [*HEAD, HEAD[-1]]
    rows = [[*ROWS[0], ""], [*ROWS[1], ROWS[1][-1]], [*ROWS[2], "£99"]]
    found = read(text(head, rows))
    assert [p.name for p in found.lines] == ["Bridge", "Tunnel, long"]
    assert found.refused[0].place == "line 4"
    assert "given twice" in found.refused[0].message


def test_of_several_whole_life_costs_the_baseline_with_all_that_is_paid_is_read():
    head = ["Whole Life Cost (£m) excluding others", *HEAD[:-1], "wlc_baseline_incl_NCG"]
    rows = [["£1", *row] for row in ROWS]
    found = read(text(head, rows))
    assert facts(found) == PLAIN
    assert "is read from “wlc_baseline_incl_NCG”" in found.remarks[0].message


def test_a_project_without_a_number_is_known_by_its_name_and_a_note_is_no_project():
    rows = [["", *ROWS[0][1:]], ROWS[1], ["", "Source: annual report", *[""] * 5]]
    found = read(text(rows=rows))
    assert [(p.number, p.name) for p in found.lines] == [("", "Bridge"), (ROWS[1][0], ROWS[1][1])]
    assert [(r.place, r.outcome) for r in found.remarks] == [
        ("line 2", "noted"),
        ("line 4", "refused"),
    ]


REFUSED = {
    "a control character": (1, "Bri\x00dge", "control character"),
    "a cell with too much": (1, "x" * 501, "longer than 500"),
    "a huge cell": (1, "x" * 40_000, "32,767"),
    "a formula for a number": (0, "=cmd|' /C calc'!A0", "not one"),
    "a path for a number": (0, "../../etc", "not one"),
    "no name": (1, " ", "no project name"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_line_that_cannot_be_read_is_refused_with_its_place_and_no_other_is(case):
    at, cell, says = REFUSED[case]
    bad = [*ROWS[0][:at], cell, *ROWS[0][at + 1 :]]
    found = read(text(rows=[ROWS[1], bad, ROWS[2]]))
    assert [p.number for p in found.lines] == [ROWS[1][0], ROWS[2][0]]
    (refused,) = found.refused
    assert refused.place == "line 3"
    assert says in refused.message


def test_a_line_of_another_year_and_a_project_told_twice_are_refused():
    head = ["year", *HEAD]
    rows = [["2025", *ROWS[0]], ["2024", *ROWS[1]], ["2025-26", *ROWS[2]]]
    again = ["2025", ROWS[0][0].lower(), *ROWS[0][1:]]
    found = read(text(head, [*rows, again]))
    assert len(found.lines) == 2
    assert [r.place for r in found.refused] == ["line 3", "line 5"]
    assert "of 2024, not of 2025" in found.refused[0].message
    assert "line 2" in found.refused[1].message


def test_cells_that_the_separator_cut_are_refused_rather_than_shifted():
    found = read(text() + "DDD_0004_1920-Q1,Dam,DDD,Water,,,£1,200\r\nEEE_0005_1920-Q1,Short\r\n")
    assert [r.place for r in found.refused] == ["line 5", "line 6"]
    assert len(found.lines) == 3


def test_a_quote_that_nothing_closes_is_told():
    found = read(
        text() + 'DDD_0004_1920-Q1,"Dam,DDD,Water,,,£1\r\nEEE_0005_1920-Q1,Pier,EEE,Water,,,£2\r\n'
    )
    assert len(found.lines) == 3
    assert "never closed" in found.refused[0].message


def test_a_formula_in_a_cost_cell_stays_words():
    found = read(text(rows=[[*ROWS[0][:-1], "=1+1"]]))
    assert (found.lines[0].cost, read_cost("=1+1").kind) == ("=1+1", "other")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"a,b\n1,2\n", "No header"),
        (b"Project Name,Budget\nBridge,1\n", "No header"),
        (b"\x00" * 5000, "No header"),
        (b"," * 9000, "larger"),
        (b"x" * (16 * 1024 * 1024 + 1), "larger"),
    ],
)
def test_what_is_no_portfolio_is_refused_with_the_mend(data, says):
    with pytest.raises(UnreadableFile, match=says):
        read(data)


@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(
        lambda t: ("name,project,wlc\n" + t).encode("utf-8", "surrogatepass")
    )
)
def test_any_bytes_are_read_or_refused(data):
    try:
        found = read(data)
    except UnreadableFile as refusal:
        assert str(refusal)
    else:
        assert all(r.place and r.message for r in found.remarks)


@pytest.mark.parametrize(
    ("header", "field"),
    {
        "wlc_baseline_incl_NCG": "cost",
        "TOTAL Baseline Whole Life Costs (£m) (including Non-Government Costs)": "cost",
        "Departmental Narrative on Budgeted Whole Life Costs": "",
        "Financial Year Baseline (£m) (including Non-Government Costs)": "",
        "Total Baseline Benefits (£m)": "",
        "Project - End Date (Latest Approved End Date)": "end",
        "start_date": "start",
        "GMPP ID Number": "number",
        "projectNumber": "number",
        "Project Title": "name",
        "Lead Department": "body",
        "Annual Report Category": "category",
        "yearly_budget": "",
        "year": "year",
        "schedule_comment": "",
        "": "",
    }.items(),
)
def test_headers_are_known_by_their_words(header, field):
    assert field_of(header) == field


@pytest.mark.parametrize(
    ("cell", "day"),
    {
        "01.11.18": date(2018, 11, 1),
        "30.06.98": date(1998, 6, 30),
        "2031-03-31": date(2031, 3, 31),
        "2031-03-31 00:00:00": date(2031, 3, 31),
        "31/03/2031": date(2031, 3, 31),
        "31-Mar-31": date(2031, 3, 31),
        "1st September 2031": date(2031, 9, 1),
        "31.02.20": None,
        "March 2031": None,
        "Exempt under Section 26": None,
    }.items(),
)
def test_days_are_read_as_the_files_write_them(cell, day):
    assert read_day(cell) == day


def test_an_end_of_two_digits_comes_after_its_start():
    assert read_day("31.12.80", after=date(2010, 1, 1)) == date(2080, 12, 31)
    assert read_day("31.12.80", after=date(1978, 1, 1)) == date(1980, 12, 31)
