"""A date known to the month stands for its days; two are compared at the coarser precision."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.rules.dates import Moment

pytestmark = pytest.mark.once
DAYS = st.dates().filter(lambda day: 1900 <= day.year <= 2100)


@given(DAYS, st.integers(1, 3))
def test_a_date_reads_back_as_it_was_written(day, precision):
    moment = Moment(day.year, day.month, day.day).at(precision)
    assert Moment.read(str(moment)) == moment
    assert moment.first <= day <= moment.last
    assert moment.precision == precision


@given(DAYS, DAYS, st.integers(1, 3), st.integers(1, 3))
def test_one_is_after_another_only_when_no_day_of_the_coarser_could_hold_both(a, b, p, q):
    one, two = Moment(a.year, a.month, a.day).at(p), Moment(b.year, b.month, b.day).at(q)
    assert one.is_after(two) == (one.first > two.last)
    assert not (one.is_after(two) and two.is_after(one))


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-02-30", "1899", "2026-4", "x2026"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"write|year|month|day"):
        Moment.read(text)


@pytest.mark.parametrize(("later", "sooner"), [("2026-05", "2026-05-03"), ("2026", "2026-12-31")])
def test_a_month_is_not_after_a_day_of_its_own(later, sooner):
    assert not Moment.read(later).is_after(Moment.read(sooner))
    assert not Moment.read(sooner).is_after(Moment.read(later))
