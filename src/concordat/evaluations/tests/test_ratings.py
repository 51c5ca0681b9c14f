"""Ratings: answers give a score and the reasons; a design label caps it and never sets it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.rules.evidence.ratings import rate
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.evaluations.rules.evidence.scales.eef import reduction
from concordat.kernel.refusals import Invalid

pytestmark = pytest.mark.once


def best(scale, **changed):
    return {c.code: c.options[0].code for c in SCALES[scale].criteria} | changed


def level(scale, **changed):
    return rate(SCALES[scale], best(scale, **changed)).level


@st.composite
def answered(draw):
    scale = draw(st.sampled_from(sorted(SCALES)))
    criteria = SCALES[scale].criteria
    return scale, {c.code: draw(st.sampled_from([o.code for o in c.options])) for c in criteria}


@given(answered(), st.data())
def test_a_weaker_answer_never_raises_the_score(case, data):
    scale, answers = case
    before = rate(SCALES[scale], answers)
    assert 0 <= before.level <= before.of
    assert before.label
    assert before.reasons
    criterion = data.draw(st.sampled_from(SCALES[scale].criteria))
    codes = [option.code for option in criterion.options]
    weaker = data.draw(st.sampled_from(codes[codes.index(answers[criterion.code]) :]))
    assert rate(SCALES[scale], {**answers, criterion.code: weaker}).level <= before.level


@pytest.mark.parametrize("scale", SCALES)
def test_the_best_answers_reach_the_top_and_the_worst_the_bottom(scale):
    found = SCALES[scale]
    top = rate(found, best(scale))
    worst = rate(found, {c.code: c.options[-1].code for c in found.criteria})
    assert top.level == top.of
    assert worst.level <= 1


@pytest.mark.parametrize("scale", SCALES)
def test_every_criterion_wants_an_answer_that_the_scale_knows(scale):
    first = SCALES[scale].criteria[0]
    answers = {**best(scale), first.code: "perhaps", "luck": "yes"}
    answers.pop(SCALES[scale].criteria[-1].code)
    with pytest.raises(Invalid) as told:
        rate(SCALES[scale], answers)
    assert set(told.value.errors) == {first.code, SCALES[scale].criteria[-1].code, "luck"}


def test_randomised_is_a_cap_on_the_maryland_scale_and_not_a_score():
    assert level("maryland") == 5
    assert level("maryland", assumption="no") == 5
    assert level("maryland", attrition="no") == 4
    assert level("maryland", attrition="no", balance="no", contamination="no") == 2
    assert level("maryland", design="comparison", contamination="no") == 3
    assert level("maryland", design="comparison", assumption="no") == 2
    assert level("maryland", design="raw") == 1


def test_nesta_counts_a_level_only_upon_those_below():
    assert level("nesta", replication="no") == 3
    found = rate(SCALES["nesta"], best("nesta", change="no"))
    assert found.level == 1
    assert "Level 3 is met, but does not count while level 2 is not." in found.reasons
    assert rate(SCALES["nesta"], best("nesta", account="no")).label == "Below level 1"


def test_padlocks_are_the_lowest_column_less_the_threats():
    assert level("eef", mdes="m3") == 3
    assert level("eef", mdes="m3", attrition="a2") == 2
    assert level("eef", design="d4", missing="high") == 3
    assert level("eef", missing="moderate", confounding="moderate") == 5
    assert level("eef", missing="moderate", confounding="moderate", direction="same") == 4
    assert level("eef", attrition="a1", missing="high", reporting="high") == 0
    assert rate(SCALES["eef"], best("eef", attrition="a1")).label == "1 padlock"


@given(st.integers(0, 7), st.integers(0, 7), st.booleans())
def test_threats_take_at_most_two_padlocks_and_more_threats_never_fewer(high, moderate, same):
    taken = reduction(high, moderate, same=same)
    assert taken in (0, 1, 2)
    assert reduction(high + 1, moderate, same=same) >= taken
    assert reduction(high, moderate + 1, same=same) >= taken


def test_grade_goes_down_for_doubts_and_up_only_where_nothing_took_it_down():
    plain = {"large": "none", "dose": "none", "confounding": "none"}
    assert level("grade", **plain) == 4
    assert level("grade", **plain, bias="serious", imprecision="very") == 1
    assert level("grade", start="observational", **plain) == 2
    assert level("grade", **{**plain, "start": "observational", "large": "large"}) == 3
    lowered = best("grade", start="observational", bias="serious")
    found = rate(SCALES["grade"], lowered)
    assert found.level == 1
    assert "Not raised: what has been lowered may not be raised again." in found.reasons


def test_a_study_that_is_not_randomised_meets_the_standards_with_reservations_at_most():
    assert level("wwc") == 2
    assert level("wwc", design="compared") == 1
    assert level("wwc", attrition="no") == 1
    assert level("wwc", attrition="no", baseline="unadjusted") == 0
    assert level("wwc", baseline="apart") == 2  # chance, kept, needs no proof of likeness
    assert level("wwc", confounded="no") == 0
