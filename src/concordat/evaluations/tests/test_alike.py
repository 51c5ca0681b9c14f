"""Likely duplicates: alike in what both tell, whatever the order of the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from concordat.evaluations.rules.alike import LIKELY, Told, alike, words_of

pytestmark = pytest.mark.once
WORDS = st.text("abcdefgh", min_size=1, max_size=8)
TITLES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
SETS = st.frozensets(st.sampled_from(["money", "work", "health"]))
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
TOLD = st.builds(
    Told,
    title=TITLES | st.just(""),
    lead=st.sampled_from(["", "treasury", "pensions"]),
    partners=SETS,
    projects=SETS,
    topics=SETS,
    begins=st.none() | DAYS,
    ends=st.none() | DAYS,
).filter(lambda t: not (t.begins and t.ends and t.begins > t.ends))

TUTORING = Told(
    "Small-group tutoring in mathematics for pupils aged 12",
    lead="education",
    topics=frozenset({"Education"}),
    begins=date(2026, 1, 1),
    ends=date(2026, 12, 31),
)


@given(TOLD, TOLD)
def test_it_is_the_same_whichever_comes_first(one, other):
    assert alike(one, other) == alike(other, one)


@given(TOLD)
def test_one_and_itself_are_wholly_alike(one):
    assert alike(one, one).score == 1


@given(TOLD, TOLD)
def test_it_is_never_less_than_nothing_nor_more_than_the_whole(one, other):
    assert 0 <= alike(one, other).score <= 1


@given(TITLES, st.randoms(use_true_random=False))
def test_the_order_of_the_words_does_not_matter(title, chance):
    words = title.split()
    chance.shuffle(words)
    assert alike(Told(title), Told(" ".join(words))).score == 1


@given(TITLES, st.sampled_from(["Evaluation of the ", "The impact of ", "A pilot study: "]))
def test_words_that_say_nothing_do_not_matter(title, before):
    assume(not {"a"} & set(title.split()))
    assert words_of(before + title) == words_of(title)


@given(TOLD, TOLD)
def test_saying_less_never_makes_two_of_one_name_less_alike(one, other):
    same = replace(other, title=one.title)
    assume(words_of(one.title))
    assert (
        alike(
            replace(one, lead="", topics=frozenset(), projects=frozenset(), begins=None), same
        ).score
        == 1
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(
            TUTORING, title="Evaluation of mathematics tutoring in small groups, pupils aged 12"
        ),
        replace(TUTORING, title="SMALL GROUP TUTORING: MATHEMATICS, AGED 12"),
        replace(TUTORING, lead="treasury", topics=frozenset()),
        Told("Small-group tutoring in maths for pupils of 12", lead="education"),
    ],
)
def test_what_is_likely_one_is_suggested(other):
    found = alike(TUTORING, other)
    assert found.likely
    assert found.reasons


@pytest.mark.parametrize(
    "other",
    [
        replace(TUTORING, title="Breakfast clubs in primary schools"),
        replace(TUTORING, title="Bursaries for teachers of physics"),
        Told("Mentors for people who leave prison", lead="justice"),
        Told("Evaluation of the impact of the programme"),
    ],
)
def test_what_only_shares_its_body_and_topic_is_not(other):
    assert alike(TUTORING, other).score < LIKELY


def test_the_reasons_are_told_in_words():
    assert alike(TUTORING, TUTORING).reasons == (
        "the titles are the same",
        "the same body leads both",
        "the same topic: Education",
        "both take place at the same time",
    )
    apart = replace(TUTORING, title="Breakfast", lead="health", topics=frozenset({"Health"}))
    later = replace(apart, begins=date(2026, 12, 1), ends=date(2028, 1, 1))
    assert alike(TUTORING, later).reasons == ("their times overlap",)


def test_nothing_is_unlike_nothing_without_an_error():
    assert alike(Told(""), Told("!")).score == 0
