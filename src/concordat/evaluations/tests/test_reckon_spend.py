"""Cost cells and the interval of evaluated spend."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.rules.continuity import Named, ends_of, link, name_key, number_key
from concordat.evaluations.rules.costs import read_cost
from concordat.evaluations.rules.spend import Interval, Spend, Total, coverage

pytestmark = pytest.mark.once

D = Decimal


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("£12,743.00", "disclosed", "12743"),
        ("  £278 ", "disclosed", "278"),
        ("1,234.5", "disclosed", "1234.5"),
        ("£0", "disclosed", "0"),
        ("-£12.00", "disclosed", "-12"),
        ("£-12", "disclosed", "-12"),
        ("−£1,000", "disclosed", "-1000"),
        ("(£12.50)", "disclosed", "-12.5"),
        ("", "blank", None),
        (" \r\r\n", "blank", None),
        ("Data Not Provided", "not_provided", None),
        ("The project is not in a position to provide this information.", "not_provided", None),
        ("N/A", "not_provided", None),
        (
            "Early planning GMPP project \r\r\n(The project has not yet passed SOC)",
            "planning",
            None,
        ),
        ("£12m", "other", None),
        ("£12,34", "other", None),
        ("£1.2.3", "other", None),
        ("about £12", "other", None),
        ("£12-£14", "other", None),
        ("--£1", "other", None),
        ("£" + "9" * 30, "other", None),
        ("1e5", "other", None),
        ("NaN", "other", None),
        ("١٢", "other", None),
        ("#REF!", "other", None),
    ],
)
def test_a_cell_is_a_figure_or_says_why_not(cell, kind, value):
    cost = read_cost(cell)
    assert (cost.kind, cost.value) == (kind, D(value) if value else None)
    assert cost.cell == cell


@pytest.mark.parametrize(
    ("cell", "sections"),
    {
        "Exempt under Section 43 of the Freedom of Information Act 2000 (Commercial Interests)": (
            43,
        ),
        "Exempt under Sections 24,26 and 27 of Freedom of Information Act 2000": (24, 26, 27),
        "Exempt - Under section 43(2) & 26 of the FOI Act 2000": (26, 43),
        "EXEMPT UNDER S.43 and s22": (22, 43),
        "Exempt under Section 24 from 30 March 2022": (24,),
        "Exempt under the Freedom of Information Act 2000": (),
        "Withheld": (),
    }.items(),
)
def test_the_exempting_sections_are_read_in_many_spellings(cell, sections):
    assert (read_cost(cell).kind, read_cost(cell).sections) == ("exempt", sections)


@given(st.text(max_size=60))
def test_no_words_become_a_number(cell):
    cost = read_cost(cell)
    assert (cost.value is None) == (cost.kind != "disclosed")
    if not any(c.isdigit() for c in cell):
        assert cost.is_hidden


def told(*lines, total=None, basis="all"):
    made = [Spend(D(v) if v is not None else None, done) for v, done in lines]
    return coverage(made, Total(D(total), basis) if total is not None else None)


def test_the_interval_is_that_of_the_reference():
    found = told(("60", True), ("20", False), (None, True), (None, False), total="100")
    assert (found.hidden_cost, found.share) == (20, Interval(D("0.6"), D("0.8")))
    assert found.of_disclosed == D("0.75")
    assert found.by_count == Interval(D("0.25"), D("0.75"))
    assert (found.evaluated, found.hidden_evaluated) == (2, 1)


def test_if_no_hidden_project_is_evaluated_the_upper_end_is_the_lower():
    assert told(("60", True), (None, False), total="100").share == Interval(D("0.6"), D("0.6"))


def test_if_all_hidden_projects_are_evaluated_the_lower_end_is_the_upper():
    assert told(("60", True), ("20", False), (None, True), total="100").share == Interval(
        D("0.8"), D("0.8")
    )


@pytest.mark.parametrize("total", [{}, {"total": "80", "basis": "disclosed"}])
def test_without_a_total_of_all_there_is_no_single_figure(total):
    found = told(("60", True), ("20", False), (None, False), **total)
    assert (found.hidden_cost, found.share) == (None, None)
    assert found.of_disclosed == D("0.75")
    assert found.by_count is not None and not found.by_count.is_single


def test_a_total_below_the_disclosed_sum_is_clipped_and_flagged():
    found = told(("60", True), ("60", False), (None, True), total="100")
    assert (found.hidden_cost, found.share) == (0, Interval(D("0.5"), D("0.5")))
    assert found.flags == ("clipped",)


def test_where_nothing_is_hidden_the_figure_is_single_and_a_total_that_differs_is_flagged():
    found = told(("60", True), ("60", False), total="130")
    assert (found.share, found.flags) == (Interval(D("0.5"), D("0.5")), ("rest",))


def test_earnings_lower_the_sum_and_no_share_is_given_of_nothing():
    assert told(("60", True), ("-20", False)).share == Interval(D("1.5"), D("1.5"))
    nothing = told(("20", True), ("-20", False))
    assert (nothing.share, nothing.of_disclosed) == (None, None)
    assert nothing.flags == ("earning", "no_sum")
    assert told().by_count is None


COSTS = st.decimals(0, 10**6, places=2)


@given(
    st.lists(st.tuples(COSTS, st.booleans()), max_size=12),
    st.lists(st.tuples(COSTS, st.booleans()), max_size=12),
)
def test_the_truth_lies_within_the_interval_whatever_the_hidden_costs_are(known, hidden):
    total = sum((c for c, _ in [*known, *hidden]), D(0))
    lines = [Spend(c, done) for c, done in known] + [Spend(None, done) for _, done in hidden]
    found = coverage(lines, Total(total))
    assert (
        found.by_count is None
        or found.by_count.lower <= D(found.evaluated) / found.projects <= found.by_count.upper
    )
    if found.share is None:
        assert total == 0
        return
    truth = sum((c for c, done in [*known, *hidden] if done), D(0)) / total
    assert 0 <= found.share.lower <= found.share.upper <= 1
    assert found.share.lower - D("1e-20") <= truth <= found.share.upper + D("1e-20")
    if not any(done for _, done in hidden) or all(done for _, done in hidden):
        assert found.share.is_single


@given(
    st.lists(st.tuples(st.none() | st.decimals(-(10**5), 10**6, places=2), st.booleans())),
    st.none() | COSTS,
)
def test_the_lower_end_is_never_above_the_upper_and_a_hidden_cost_is_no_zero(lines, total):
    found = coverage([Spend(v, d) for v, d in lines], Total(total) if total is not None else None)
    assert found.share is None or found.share.lower <= found.share.upper
    assert found.disclosed + found.hidden == found.projects
    assert found.cost == sum((v for v, _ in lines if v is not None), D(0))
    if found.hidden and total is None:
        assert found.share is None


def test_a_number_is_the_same_in_either_case_and_under_the_new_prefix():
    assert number_key("MoD_0001_1617-Q1") == number_key(" mod_0001_1617-q1")
    assert number_key("DH_0006_1415-Q4") == number_key("DOH_0006_1415-Q4")
    assert number_key("DHSC_0006_1415-Q4") != number_key("DOH_0006_1415-Q4")


def test_a_name_that_two_projects_share_links_nothing():
    before = [
        Named("A_1", "The Bridge Programme"),
        Named("A_2", "Tunnel"),
        Named("A_3", "tunnel project"),
    ]
    after = [Named("B_1", "BRIDGE"), Named("B_2", "Tunnel")]
    found = link(before, after)
    assert (found.certain, found.by_name) == ([], [("A_1", "B_1")])
    assert name_key("The Crossrail–Programme") == "crossrail"


def test_a_body_is_what_its_chain_of_successors_ends_in():
    onward = {1: [2], 2: [3, 4], 5: [6], 6: [5]}
    assert ends_of(1, onward) == {3, 4}
    assert ends_of(3, onward) == {3}
    assert len(ends_of(5, onward)) == 1
