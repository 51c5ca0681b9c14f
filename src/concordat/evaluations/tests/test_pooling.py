"""Pooled estimates agree with statsmodels where it is right, and close the trap where it is not."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import array

from concordat.evaluations.rules.evidence.calculators import find_pooled
from concordat.evaluations.rules.evidence.pooling import METHODS, Study, pool
from concordat.kernel.refusals import Invalid

pytestmark = [
    pytest.mark.once,
    pytest.mark.filterwarnings("ignore::RuntimeWarning:statsmodels"),  # of theirs, at the extremes
]
STUDIES = st.lists(
    st.builds(Study, st.just(""), st.floats(-5, 5), st.floats(0.01, 2)), min_size=2, max_size=20
)
METHOD = st.sampled_from(sorted(METHODS))
AGREEING = [Study("", e, 0.07) for e in (0.10, 0.12, 0.11, 0.13)]  # closer than chance allows
DISAGREEING = [
    Study("", *pair) for pair in ((0.8, 0.2), (-0.3, 0.15), (0.4, 0.3), (0.1, 0.1), (1.2, 0.25))
]


@pytest.fixture(scope="module")
def theirs():
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    return partial(by_statsmodels, meta)


def by_statsmodels(meta, studies, method):
    effects = array([study.estimate for study in studies])
    variances = array([study.error**2 for study in studies])
    return meta.combine_effects(effects, variances, method_re=method, use_t=False, atol=1e-12)


@given(studies=STUDIES)
def test_dersimonian_laird_is_what_statsmodels_says_once_its_variance_is_floored(theirs, studies):
    said, ours = theirs(studies, "dl"), pool(studies, "dersimonian_laird")
    assert ours.tau2 == pytest.approx(max(0, said.tau2), abs=1e-9)
    assert ours.q == pytest.approx(said.q, rel=1e-7, abs=1e-9)
    if said.q > 1e-9:
        assert ours.i2 == pytest.approx(max(0, said.i2), abs=1e-6)
    if said.tau2 > 0:
        assert ours.estimate == pytest.approx(said.mean_effect_re, abs=1e-8)
        assert ours.error == pytest.approx(said.sd_eff_w_re, rel=1e-7)


@given(studies=STUDIES)
def test_a_fixed_effect_is_what_statsmodels_says(theirs, studies):
    said, ours = theirs(studies, "dl"), pool(studies, "fixed")
    assert ours.estimate == pytest.approx(said.mean_effect_fe, abs=1e-9)
    assert ours.error == pytest.approx(said.sd_eff_w_fe, rel=1e-9)
    assert (ours.tau2, ours.prediction) == (0, None)


@given(STUDIES)
def test_paule_mandel_brings_q_to_its_degrees_of_freedom_or_stops_at_zero(studies):
    ours = pool(studies, "paule_mandel")
    weights = [1 / (study.error**2 + ours.tau2) for study in studies]
    q = sum(w * (s.estimate - ours.estimate) ** 2 for w, s in zip(weights, studies, strict=True))
    if ours.tau2:
        assert q == pytest.approx(len(studies) - 1, rel=1e-6)
    else:
        assert q <= len(studies) - 1 + 1e-9


def test_paule_mandel_is_what_statsmodels_says(theirs):
    said, ours = theirs(DISAGREEING, "pm"), pool(DISAGREEING, "paule_mandel")
    assert ours.tau2 == pytest.approx(said.tau2, rel=1e-6)
    assert ours.error == pytest.approx(said.sd_eff_w_re, rel=1e-6)


@pytest.mark.parametrize("method", ["paule_mandel", "dersimonian_laird"])
def test_studies_that_agree_better_than_chance_do_not_narrow_the_interval(theirs, method):
    trap = theirs(AGREEING, "dl")
    assert trap.tau2 < 0 > trap.i2
    ours, fixed = pool(AGREEING, method), pool(AGREEING, "fixed")
    assert (ours.tau2, ours.i2) == (0, 0)
    assert ours.error == fixed.error > trap.sd_eff_w_re


@given(STUDIES, METHOD)
def test_a_pooled_estimate_lies_between_the_extremes_and_nothing_is_below_its_floor(
    studies, method
):
    found = pool(studies, method)
    estimates = [study.estimate for study in studies]
    assert min(estimates) <= found.estimate <= max(estimates)
    assert found.tau2 >= 0
    assert 0 <= found.i2 < 1
    assert 0 <= found.q_p <= 1
    assert sum(found.weights) == pytest.approx(1)
    assert found.error >= pool(studies, "fixed").error * (1 - 1e-9)
    if found.prediction:
        assert found.prediction[0] <= found.low
        assert found.prediction[1] >= found.high


@given(STUDIES, METHOD)
def test_turning_the_sign_of_every_study_turns_the_answer_and_no_more(studies, method):
    one = pool(studies, method)
    other = pool([Study("", -study.estimate, study.error) for study in studies], method)
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-9)
    assert (other.low, other.high) == pytest.approx((-one.high, -one.low), abs=1e-9)
    assert other.tau2 == pytest.approx(one.tau2, abs=1e-9)


@given(STUDIES, METHOD, st.randoms())
def test_the_order_of_the_studies_does_not_matter(studies, method, chance):
    shuffled = chance.sample(studies, len(studies))
    assert pool(shuffled, method).estimate == pytest.approx(
        pool(studies, method).estimate, abs=1e-8
    )


def test_a_prediction_interval_needs_three_studies():
    assert pool(DISAGREEING[:2]).prediction is None
    assert pool(DISAGREEING[:3]).prediction is not None


def test_what_cannot_be_pooled_is_refused_at_its_place():
    for studies, method, place in (
        (DISAGREEING[:1], "fixed", "studies"),
        ([Study("", 1, 0), *DISAGREEING], "fixed", "studies"),
        (DISAGREEING, "best", "method"),
    ):
        with pytest.raises(Invalid) as told:
            pool(studies, method)
        assert set(told.value.errors) == {place}
    with pytest.raises(Invalid) as told:
        pool([*DISAGREEING, Study("", float("nan"), 0.1)])
    assert told.value.errors["studies"][0].startswith("Study 6: enter a number")


def test_an_answer_names_the_level_and_the_method():
    found = find_pooled(DISAGREEING, "paule_mandel", 0.9)
    assert "90% interval" in found.says
    assert "Paule and Mandel" in found.source
    assert [figure.code for figure in found.figures][:4] == ["estimate", "low", "high", "error"]
