"""Likely duplicates are suggested while somebody registers, as far as they may see them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concordat.evaluations import actions, queries
from tests.cast import drafted_evaluation, published_evaluation

pytestmark = pytest.mark.django_db
SAME = "Evaluation of whether letters raise tax returns"


def likes(actor, found):
    return [like.evaluation for like in queries.like_this(actor, found)]


def test_one_that_is_likely_the_same_is_suggested_with_its_reasons(cast):
    first = published_evaluation(cast)
    published_evaluation(cast, title="Breakfast clubs in primary schools")
    draft = drafted_evaluation(cast, title=SAME)
    (like,) = queries.like_this(cast.eve, draft)
    assert like.evaluation == first
    assert "The titles are" in like.reasons
    assert "the same body leads both" in like.reasons
    assert "the same topic: Money" in like.reasons


def test_nobody_is_told_of_one_that_they_may_not_see(cast):
    drafted_evaluation(cast)
    theirs = actions.draft_evaluation(cast.erin, cast.bodies["education"], {"title": SAME})
    assert likes(cast.erin, theirs) == []


def test_what_was_withdrawn_is_not_suggested(cast):
    gone = published_evaluation(cast)
    actions.perform(cast.lea, gone, "withdraw", note="It never began.")
    assert likes(cast.eve, drafted_evaluation(cast)) == []


def test_the_check_and_the_page_of_a_draft_list_them(cast):
    published_evaluation(cast)
    draft = drafted_evaluation(cast, title=SAME)
    eve = Client()
    eve.force_login(cast.people["eve"])
    for address in (f"{draft.inside_url()}/register/check", draft.inside_url()):
        assert "Like this one" in eve.get(address).content.decode(), address


def test_it_asks_as_often_for_many_as_for_one(cast):
    draft = drafted_evaluation(cast)
    published_evaluation(cast)
    with CaptureQueriesContext(connection) as few:
        queries.like_this(cast.eve, draft)
    for _ in range(3):
        published_evaluation(cast)
    with CaptureQueriesContext(connection) as many:
        assert len(queries.like_this(cast.eve, draft)) == 4
    assert len(few) == len(many)


def test_a_title_that_says_nothing_is_like_nothing(cast):
    assert likes(cast.eve, drafted_evaluation(cast, title="?!")) == []
