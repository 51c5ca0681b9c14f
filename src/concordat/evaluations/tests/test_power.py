"""Power, smallest effects and numbers needed agree with statsmodels and with one another."""

from __future__ import annotations

from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.evaluations.rules.evidence.calculators import find_mdes, find_number, find_power
from concordat.evaluations.rules.evidence.power import Assumed, mdes, power_of, units_needed
from concordat.kernel.refusals import Invalid

pytestmark = pytest.mark.once
ASSUMED = st.builds(
    Assumed,
    alpha=st.floats(0.01, 0.1),
    power=st.floats(0.6, 0.95),
    sides=st.sampled_from((1, 2)),
    share=st.floats(0.1, 0.9),
    icc=st.floats(0, 0.5),
    r2=st.floats(0, 0.9),
    r2_clusters=st.floats(0, 0.9),
)
UNITS, SIZES, EFFECTS = st.integers(4, 20_000), st.integers(1, 500), st.floats(0.01, 2)


@pytest.fixture(scope="module")
def statsmodels():
    return pytest.importorskip("statsmodels.stats.power").TTestIndPower()


def test_an_effect_of_a_fifth_takes_393_people_in_each_arm():
    assert units_needed(0.2, 1, Assumed()) / 2 == pytest.approx(393.4057, abs=1e-3)
    found = {figure.code: figure.value for figure in find_number(0.2, 1, Assumed()).figures}
    assert (found["treated"], found["control"], found["units"]) == (394, 394, 788)


def test_fifty_clusters_of_thirty_find_an_effect_of_a_third():
    assert mdes(50, 30, Assumed(icc=0.15)) == pytest.approx(0.342, abs=5e-4)
    assert "0.342" in find_mdes(50, 30, Assumed(icc=0.15)).says


@given(effect=st.floats(0.05, 1.5), arm=st.integers(3, 3000), assumed=ASSUMED)
def test_power_is_what_statsmodels_says(statsmodels, effect, arm, assumed):
    plain = Assumed(alpha=assumed.alpha, sides=assumed.sides)
    way = "two-sided" if assumed.sides == 2 else "larger"
    said = statsmodels.power(effect, arm, assumed.alpha, alternative=way)
    if not isnan(said):  # it cannot say so where the power is all but certain
        assert power_of(effect, 2 * arm, 1, plain) == pytest.approx(said, abs=1e-8)


@settings(max_examples=50)
@given(EFFECTS, UNITS, SIZES, ASSUMED)
def test_more_of_anything_never_means_less_power(effect, units, size, assumed):
    before = power_of(effect, units, size, assumed) - 1e-9
    assert power_of(effect, units + 10, size, assumed) >= before
    if size > 1:
        assert power_of(effect, units, size + 10, assumed) >= before
    assert power_of(effect * 1.1, units, size, assumed) >= before
    assert power_of(-effect, units, size, assumed) == pytest.approx(before + 1e-9)


@given(UNITS, SIZES, ASSUMED)
def test_more_units_find_smaller_effects(units, size, assumed):
    assert mdes(units + 1, size, assumed) < mdes(units, size, assumed)


@given(st.integers(20, 20_000), SIZES, ASSUMED)
def test_the_smallest_detectable_effect_has_the_power_wanted(units, size, assumed):
    least = mdes(units, size, assumed)
    if 0.001 <= least <= 10:
        assert power_of(least, units, size, assumed) == pytest.approx(assumed.power, abs=0.015)


@given(st.floats(0.05, 1), SIZES, ASSUMED)
def test_the_number_needed_is_the_least_that_will_do(effect, size, assumed):
    needed = units_needed(effect, size, assumed)
    assert power_of(effect, needed, size, assumed) >= assumed.power - 1e-9
    if needed > 4:
        assert power_of(effect, needed * 0.99, size, assumed) < assumed.power


@given(UNITS, EFFECTS, ASSUMED)
def test_people_assigned_one_by_one_share_no_cluster(units, effect, assumed):
    plain = Assumed(**{**vars(assumed), "icc": 0.0, "r2_clusters": 0.0})
    assert power_of(effect, units, 1, assumed) == power_of(effect, units, 1, plain)


@pytest.mark.parametrize(
    ("field", "value"),
    [("alpha", 0), ("power", 1), ("share", 0), ("share", 1), ("icc", 1.1), ("r2", 1), ("sides", 3)],
)
def test_what_cannot_be_assumed_is_refused_at_its_place(field, value):
    with pytest.raises(Invalid) as told:
        Assumed(**{field: value})
    assert set(told.value.errors) == {field}


def test_too_few_and_too_small_are_refused():
    with pytest.raises(Invalid, match="not valid") as told:
        mdes(2, 1, Assumed())
    assert "from 3 to" in told.value.errors["units"][0]
    with pytest.raises(Invalid):
        power_of(0, 100, 1, Assumed())
    hopeless = Assumed(alpha=0.0001, power=0.9999, share=0.001)
    assert units_needed(0.001, 1, hopeless) is None
    assert find_number(0.001, 1, hopeless).figures[0].value is None


def test_an_answer_gives_its_formula_its_source_and_every_number():
    found = find_power(0.3, 100, 20, Assumed(icc=0.1, sides=1))
    codes = [figure.code for figure in found.figures]
    assert codes[0] == "power"
    assert {"df", "error", "icc", "size", "share", "r2", "r2_clusters", "alpha", "sides"} <= set(
        codes
    )
    assert "noncentral t" in found.formula
    assert "Dong and Maynard" in found.source
