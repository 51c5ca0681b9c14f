"""Following the registry: Atom feeds, and the data in its pages."""

from __future__ import annotations

import json
from datetime import timedelta

import extruct
import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions
from concordat.evaluations.feeds.linked import as_block
from concordat.site.worker import catch_up
from tests.cast import drafted_evaluation, published_evaluation

FEED = "/evaluations/feed.atom"


def read(**asked):
    answer = Client().get(FEED, asked)
    assert answer["Content-Type"].startswith("application/atom+xml")
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def kinds(**asked):
    return [(entry.tags[0].term, entry.title) for entry in read(**asked).entries]


@pytest.mark.django_db
def test_a_feed_tells_what_is_new_amended_published_and_withdrawn(cast):
    made = published_evaluation(cast, title="Letters & <more>")
    actions.amend_evaluation(cast.lea, made, {"topics": []}, note="Because & why.")
    report = actions.add_report(
        cast.eve, made, {"title": "Results", "kinds": ["main_interim_report"]}
    )
    actions.submit_report(cast.eve, report)
    actions.publish_report(cast.lea, report, url="https://example.org/r", published_on="2026-10")
    actions.perform(cast.lea, made, "withdraw", note="It never began.")
    found = read()
    told = [(entry.tags[0].term, entry.summary) for entry in found.entries]
    assert [kind for kind, _ in told] == ["withdrawn", "published", "amended", "new"]
    assert told[2][1] == "Update: Because & why."
    assert "Results" in told[1][1]
    assert "It never began." in told[0][1]
    assert {entry.title for entry in found.entries} == {"Letters & <more>"}
    assert len({entry.id for entry in found.entries}) == 4
    assert [e.id for e in read().entries] == [e.id for e in found.entries], "they never change"
    assert found.entries[2].link.endswith("/versions/2")


@pytest.mark.django_db
def test_there_is_a_feed_for_each_body_topic_and_search(cast):
    published_evaluation(cast, title="Letters", partners=[cast.bodies["pensions"]])
    published_evaluation(cast, title="Vouchers", topics=["work"])
    catch_up()
    letters, vouchers = ("new", "Letters"), ("new", "Vouchers")
    assert kinds() == kinds(organisation="treasury") == [vouchers, letters]
    assert kinds(organisation="pensions") == kinds(topic="money") == [letters]
    assert kinds(topic="work") == kinds(q="vouchers") == [vouchers]
    assert kinds(q="vouchers", organisation="pensions") == []
    assert kinds(q="zebra") == kinds(organisation="education") == []
    for unknown in ({"organisation": "nobody"}, {"topic": "nothing"}):
        assert Client().get(FEED, unknown).status_code == 404


@pytest.mark.django_db
def test_what_is_not_open_is_in_no_feed_and_is_new_when_it_opens(cast, monkeypatch):
    published_evaluation(cast, title="Open")
    published_evaluation(cast, timezone.localdate() + timedelta(days=9), title="Shut")
    drafted_evaluation(cast)
    assert kinds() == [("new", "Open")]
    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    entries = read().entries
    assert [entry.title for entry in entries] == ["Shut", "Open"]
    assert entries[0].updated > entries[1].updated


@pytest.mark.django_db
def test_a_page_holds_its_facts_as_linked_data(cast):
    made = published_evaluation(cast, title="Ends </script><script>alert(1)</script> & more")
    report = actions.add_report(
        cast.eve, made, {"title": "Results", "kinds": ["main_interim_report"]}
    )
    actions.submit_report(cast.eve, report)
    actions.publish_report(cast.lea, report, url="https://example.org/r", published_on="2026-10")
    place = made.get_absolute_url()
    for address, version in ((place, None), (f"{place}/versions/1", "1")):
        text = Client().get(address).content.decode()
        (found,) = extruct.extract(text, syntaxes=["json-ld"])["json-ld"]
        assert found["name"] == made.title
        assert found["creator"] == [{"@type": "Organization", "name": "HM Treasury"}]
        assert found["identifier"][0]["value"].startswith(made.reference)
        assert found.get("version") == version
        assert "alert(1)</script>" not in text
        assert 'rel="alternate" type="application/atom+xml"' in text
    (found,) = extruct.extract(Client().get(place).content.decode(), syntaxes=["json-ld"])[
        "json-ld"
    ]
    assert found["subjectOf"][0]["isBasedOn"] == {"@id": found["@id"]}
    assert found["workExample"][0]["url"].endswith("/versions/1")


@pytest.mark.once
def test_nothing_ends_a_block_of_data():
    hard = {"a": "</script><!--<script>&\u2028"}
    text = as_block(hard)
    assert not set("<>&") & set(text)
    assert json.loads(text) == hard
