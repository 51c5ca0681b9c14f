"""Effect sizes agree with statsmodels, with published findings, and with themselves."""

from __future__ import annotations

import csv
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.rules.evidence.effects import (
    cox_d,
    hedges_g,
    log_odds_ratio,
    odds_ratio,
    risk_difference,
    small_sample,
)
from concordat.evaluations.rules.evidence.power import Assumed, mdes
from concordat.kernel.refusals import Invalid

pytestmark = pytest.mark.once
SIZES = st.integers(2, 100_000)
MEANS = st.floats(-1000, 1000)
SPREADS = st.floats(0.01, 1000)
GROUPS = st.integers(2, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.fixture(scope="module")
def findings(request):
    shared = request.getfixturevalue("shared")
    path = shared / "evaluations" / "wwc-us" / "wp_meta_v2_rows_0001-0777.csv"
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.fixture(scope="module")
def meta():
    return pytest.importorskip("statsmodels.stats.meta_analysis")


@pytest.fixture(scope="module")
def proportion():
    return pytest.importorskip("statsmodels.stats.proportion")


@pytest.fixture(scope="module")
def tables():
    return pytest.importorskip("statsmodels.stats.contingency_tables")


def numbers(row, *names):
    return [float(row[name]) if row[name] not in ("", "NA") else None for name in names]


def of_counts(one, two):
    return {
        "events_treated": one[0],
        "n_treated": one[1],
        "events_control": two[0],
        "n_control": two[1],
    }


def test_published_findings_come_out_as_they_were_published(findings):
    given = []
    for row in findings:
        m1, s1, n1, m2, s2, n2, published = numbers(
            row, "f_t_mean", "f_t_sd", "f_t_ss", "f_c_mean", "f_c_sd", "f_c_ss", "f_effect_size_wwc"
        )
        if None in (m1, s1, n1, m2, s2, n2, published) or s1 <= 0 or s2 <= 0:
            continue
        found = hedges_g(
            mean_treated=m1,
            mean_control=m2,
            sd_treated=s1,
            sd_control=s2,
            n_treated=int(n1),
            n_control=int(n2),
        )
        given.append((found.estimate, published))
    assert len(findings) == 777
    assert len(given) == 581
    assert sum(abs(g - e) <= 0.011 for g, e in given) == 508
    assert sum(abs(g - e) <= 0.005 for g, e in given) == 506
    assert sum(abs(abs(g) - abs(e)) <= 0.011 for g, e in given) == 549


def test_most_published_effects_are_smaller_than_their_trial_could_detect(findings):
    asked = []
    for row in findings:
        clusters, people, effect, icc = numbers(
            row, "f_cluster_ss", "f_ss", "f_effect_size_wwc", "f_icc"
        )
        if None in (clusters, people, effect) or clusters <= 4 or clusters >= people:
            continue
        assumed = Assumed(icc=0.2 if icc is None else icc)
        asked.append((abs(effect), mdes(clusters, people / clusters, assumed), icc is None))
    assert len(asked) == 254
    assert sum(effect < least for effect, least, _ in asked) == 232
    assert sum(without for *_, without in asked) == 191


@given(m1=MEANS, m2=MEANS, s1=SPREADS, s2=SPREADS, n1=SIZES, n2=SIZES)
def test_hedges_g_is_what_statsmodels_says(meta, m1, m2, s1, s2, n1, n2):
    theirs, variance = meta.effectsize_smd(m1, s1, n1, m2, s2, n2)
    ours = hedges_g(
        mean_treated=m1, mean_control=m2, sd_treated=s1, sd_control=s2, n_treated=n1, n_control=n2
    )
    assert ours.estimate == pytest.approx(theirs, rel=1e-9, abs=1e-12)
    assert ours.error == pytest.approx(sqrt(variance), rel=1e-9)
    assert ours.low < ours.estimate < ours.high


@given(MEANS, MEANS, SPREADS, SIZES)
def test_changing_the_groups_about_changes_the_sign_and_nothing_else(m1, m2, spread, n):
    one = hedges_g(
        mean_treated=m1,
        mean_control=m2,
        sd_treated=spread,
        sd_control=spread,
        n_treated=n,
        n_control=n,
    )
    other = hedges_g(
        mean_treated=m2,
        mean_control=m1,
        sd_treated=spread,
        sd_control=spread,
        n_treated=n,
        n_control=n,
    )
    assert other.estimate == -one.estimate
    assert other.error == one.error


@given(one=GROUPS, two=GROUPS)
def test_a_risk_difference_is_what_statsmodels_says_and_stays_between_its_bounds(
    proportion, one, two
):
    ours = risk_difference(**of_counts(one, two))
    low, high = proportion.confint_proportions_2indep(*one, *two, method="newcomb", compare="diff")
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)
    assert -1 <= ours.low <= ours.estimate + 1e-12
    assert ours.estimate - 1e-12 <= ours.high <= 1


@given(one=GROUPS, two=GROUPS)
def test_odds_ratios_are_what_statsmodels_says(tables, one, two):
    ours = log_odds_ratio(**of_counts(one, two))
    cells = [[one[0], one[1] - one[0]], [two[0], two[1] - two[0]]]
    spare = 0 if all(map(all, cells)) else 0.5
    table = tables.Table2x2([[cell + spare for cell in row] for row in cells])
    assert ours.estimate == pytest.approx(table.log_oddsratio, abs=1e-9)
    assert ours.error == pytest.approx(table.log_oddsratio_se, rel=1e-9)
    assert odds_ratio(ours).low == pytest.approx(table.oddsratio_confint()[0], rel=1e-6)
    scaled = cox_d(**of_counts(one, two))
    assert scaled.estimate == pytest.approx(
        ours.estimate / 1.65 * small_sample(one[1] + two[1]), abs=1e-12
    )


def test_a_worked_example_of_each():
    found = hedges_g(
        mean_treated=105, mean_control=100, sd_treated=15, sd_control=15, n_treated=50, n_control=50
    )
    assert found.estimate == pytest.approx(1 / 3 * (1 - 3 / 391))
    counts = of_counts((56, 70), (48, 80))  # Newcombe 1998, table II (a)
    assert risk_difference(**counts).estimate == pytest.approx(0.2)
    assert risk_difference(**counts).low == pytest.approx(0.0524, abs=5e-5)
    assert risk_difference(**counts).high == pytest.approx(0.3339, abs=5e-5)


def test_what_cannot_be_is_refused_at_its_place():
    with pytest.raises(Invalid) as told:
        risk_difference(**of_counts((11, 10), (3, 0)))
    assert set(told.value.errors) == {"n_control"}
    with pytest.raises(Invalid) as told:
        risk_difference(**of_counts((11, 10), (3, 8)))
    assert told.value.errors == {
        "events_treated": ["Enter no more events than there are people in the group"]
    }
    with pytest.raises(Invalid) as told:
        hedges_g(
            mean_treated=float("nan"),
            mean_control=1,
            sd_treated=0,
            sd_control=1,
            n_treated=2,
            n_control=2,
        )
    assert set(told.value.errors) == {"mean_treated", "sd_treated"}
