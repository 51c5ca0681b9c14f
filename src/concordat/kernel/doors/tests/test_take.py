"""A record's page and its verbs: what may be done, what happened, who may know."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.access.queries import actor_for
from concordat.kernel.doors.records import record_page, timeline
from concordat.kernel.doors.tests import paper
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person

pytestmark = pytest.mark.urls("concordat.kernel.doors.tests.paper")


@pytest.fixture
def one(actor: Actor, bodies: list[Organisation]) -> paper.Paper:
    return paper.draft(actor, bodies[0], title="On <Paper>", pages=3)


def test_a_record_page_says_status_turn_and_what_may_be_done(web: Client, one: paper.Paper) -> None:
    html = web.get(one.inside_url()).content.decode()
    html5lib.HTMLParser(strict=True).parse(html)
    assert "On &lt;Paper&gt;" in html and "govuk-tag--yellow" in html
    assert "With Ministry of Paper since" in html and ": 0 days, due" in html
    assert f'href="{one.inside_url()}/publish"' in html and "Alice Ames" in html
    assert "/withdraw" not in html


def test_a_verb_is_confirmed_then_done_and_told(web: Client, one: paper.Paper) -> None:
    url = f"{one.inside_url()}/publish"
    page = web.get(url).content.decode()
    assert "who can see it: everyone" in page and "Why? (optional)" in page
    after = web.post(url, {"version": one.version, "note": "Ready"}, follow=True)
    assert "Published." in after.content.decode() and "Ready" in after.content.decode()


def test_a_required_note_is_asked_for(web: Client, actor: Actor, one: paper.Paper) -> None:
    paper.do("publish")(actor, one)
    response = web.post(f"{one.inside_url()}/withdraw", {"note": ""})
    assert response.status_code == 422 and b"There is a problem" in response.content
    assert Paper_status(one) == "published"


@pytest.mark.parametrize("note", ["why\u202e", "\u200b", "\u200d", "\u3164"])
def test_a_note_shows_what_it_holds_or_is_refused(
    web: Client, actor: Actor, one: paper.Paper, note: str
) -> None:
    paper.do("publish")(actor, one)
    response = web.post(f"{one.inside_url()}/withdraw", {"note": note})
    assert response.status_code == 422 and b'href="#id_note"' in response.content
    assert Paper_status(one) == "published"


def Paper_status(one: paper.Paper) -> str:
    return paper.Paper.objects.get(pk=one.pk).status


def test_what_the_model_refuses_is_shown_beside_its_field(web: Client, one: paper.Paper) -> None:
    response = web.post(f"{one.inside_url()}/edit", {"title": "x", "pages": "-1", "version": "1"})
    assert response.status_code == 422 and b'href="#id_pages">Pages must be 0' in response.content


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(
    web: Client, one: paper.Paper
) -> None:
    url = f"{one.inside_url()}/edit"
    assert web.post(url, {"title": "First", "pages": 1, "version": one.version}).status_code == 302
    late = web.post(url, {"title": "Second", "pages": 2, "version": one.version})
    assert late.status_code == 409 and b"Somebody changed this" in late.content
    assert paper.Paper.objects.get(pk=one.pk).title == "First"


def test_a_verb_out_of_turn_is_refused_and_a_closed_record_is_not_there(
    web: Client, bob: Person, one: paper.Paper
) -> None:
    assert web.get(f"{one.inside_url()}/withdraw").status_code == 409
    other = Client()
    other.force_login(bob)
    assert other.get(one.inside_url()).status_code == 404
    assert other.post(f"{one.inside_url()}/publish").status_code == 404


def test_the_timeline_shows_names_and_notes_to_those_on_a_side_only(
    actor: Actor, bob: Person, one: paper.Paper
) -> None:
    published = paper.do("publish")(actor, one, note="between us")
    inside = timeline(actor, published)
    assert [e.title for e in inside] == ["Published", "Drafted"] and inside[0].note == "between us"
    for outsider in (PUBLIC, actor_for(bob)):
        seen = timeline(outsider, published)
        assert [e.title for e in seen] == ["Published"]
        assert "Alice" not in seen[0].by and seen[0].note == "" and seen[0].changes == ()


def test_a_record_that_waited_too_long_says_so(actor: Actor, one: paper.Paper) -> None:
    one.turn_since = timezone.now() - timedelta(days=21)
    one.due_at = timezone.now() - timedelta(days=11)
    it = record_page(actor, one)
    assert it.late and ": 21 days, was due" in it.turn
