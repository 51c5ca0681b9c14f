"""The portfolio's files as they were published: every number of the data's own README."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from concordat.evaluations.feeds.portfolio import read_portfolio
from concordat.evaluations.rules.continuity import Named, link, moves
from concordat.evaluations.rules.costs import read_cost
from concordat.evaluations.rules.spend import Spend, Total, coverage

pytestmark = pytest.mark.once

YEARS = (2020, 2021, 2022)
EXPECTED = {  # projects, disclosed, sum, by class, exempt by section
    2020: (125, 113, "447920.35", {"exempt": 11, "not_provided": 1}, {43: 9, 24: 1, 26: 1}),
    2021: (184, 164, "541951.37", {"exempt": 17, "planning": 2, "not_provided": 1}, {43: 14, 24: 2, 26: 1}),
    2022: (235, 191, "494181", {"exempt": 37, "planning": 4, "not_provided": 1, "blank": 2}, {43: 23, 24: 6, 26: 3, 22: 3, 27: 1, 35: 1}),
}  # fmt: skip
CATEGORIES = {
    2020: {"ICT": (27, 5, "7916.22"), "Infra": (34, 0, "213845.96"), "Trans": (34, 1, "63675.23"), "Milit": (30, 5, "162482.94")},
    2021: {"ICT": (25, 5, "14229.55"), "Infra": (66, 3, "235728.24"), "Trans": (62, 0, "125427.36"), "Milit": (31, 9, "166566.22")},
    2022: {"ICT": (31, 6, "17777"), "Infra": (70, 9, "261836"), "Trans": (89, 3, "128940"), "Milit": (45, 19, "85628")},
}  # fmt: skip


@pytest.fixture(scope="module")
def files(shared):
    folder = shared / "evaluations" / "gmpp"
    return {y: read_portfolio((folder / f"uk_{y}.csv").read_bytes(), y) for y in YEARS}


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_the_published_sums(files, year):
    projects, disclosed, total, classes, sections = EXPECTED[year]
    costs = [read_cost(line.cost) for line in files[year].lines]
    values = [cost.value for cost in costs if cost.value is not None]
    assert (len(costs), len(values), sum(values)) == (projects, disclosed, Decimal(total))
    assert Counter(c.kind for c in costs) == {"disclosed": disclosed, **classes}
    assert Counter(s for c in costs for s in c.sections) == sections
    assert not files[year].refused


@pytest.mark.parametrize("year", YEARS)
def test_each_category_has_its_projects_its_exempt_ones_and_its_sum(files, year):
    for start, (projects, exempt, total) in CATEGORIES[year].items():
        lines = [
            x for x in files[year].lines if x.category.replace("Government ", "").startswith(start)
        ]
        costs = [read_cost(line.cost) for line in lines]
        assert (len(costs), sum(c.kind == "exempt" for c in costs)) == (projects, exempt), start
        assert sum(c.value or 0 for c in costs) == Decimal(total), start


def test_the_published_totals_of_2022_leave_a_hidden_block_or_come_out_below_what_is_disclosed(
    files,
):
    def told(start, total):
        lines = [x for x in files[2022].lines if start in x.category]
        return coverage((Spend(read_cost(x.cost).value) for x in lines), Total(Decimal(total)))

    assert (told("", 678_000).hidden_cost, told("", 678_000).flags) == (183_819, ())
    assert told("ICT", 37_000).hidden_cost == 19_223
    clipped = told("Transformation", 128_000)
    assert (clipped.hidden_cost, clipped.flags) == (0, ("clipped",))


def test_the_shapes_of_the_years_are_told(files):
    assert [(f.encoding, f.separator) for f in files.values()] == [("cp1252", ","), ("cp1252", ";"), ("cp1252", ";")]  # fmt: skip
    assert [r.place.split(", ")[1] for r in files[2020].remarks] == ["byte 494,748"]
    starts = Counter(line.start.year for line in files[2020].lines if line.start)
    assert starts[1998] == 2
    assert max(line.end for line in files[2020].lines if line.end).year < 2070


def test_projects_go_on_from_year_to_year(files):
    named = {y: [Named(p.number, p.name) for p in f.lines] for y, f in files.items()}
    first = link(named[2020], named[2021])
    assert (len(first.exact), len(first.exact) + len(first.folded), len(first.renumbered)) == (
        81,
        85,
        4,
    )
    assert all(a.startswith("DH_") and b.startswith("DOH_") for a, b in first.renumbered)
    second = link(named[2021], named[2022])
    assert len(second.exact) + len(second.folded) == 159


@pytest.mark.parametrize(
    ("years", "expected", "hid", "back"),
    [((2020, 2021), (27, 5, 47, 6, 365), 3, 2), ((2021, 2022), (42, 8, 98, 11, 379), 11, 6)],
)
def test_end_dates_and_costs_move_as_published(files, years, expected, hid, back):
    before, after = ({p.number.casefold(): p for p in files[y].lines} for y in years)
    both = [(before[n], after[n]) for n in before if n in after]
    m = moves((a.end, b.end) for a, b in both)
    assert (m.later, m.earlier, m.same, m.not_comparable, m.median_later) == expected
    hidden = [(read_cost(a.cost).is_hidden, read_cost(b.cost).is_hidden) for a, b in both]
    assert (hidden.count((False, True)), hidden.count((True, False))) == (hid, back)


def test_what_only_the_name_links_is_a_proposal(files):
    for earlier, later in pairwise(YEARS):
        found = link(*([Named(p.number, p.name) for p in files[y].lines] for y in (earlier, later)))
        assert not set(found.by_name) & set(found.certain)
