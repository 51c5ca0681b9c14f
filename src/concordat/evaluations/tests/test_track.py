"""The tracker: figures by body and topic, slippage, the feed, and nothing of what is not public."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions
from concordat.evaluations.models import Evaluation
from concordat.evaluations.queries import tracker
from concordat.evaluations.rules.clocks import quarter_ends
from concordat.evaluations.tests.test_chase import WHY
from concordat.evaluations.tests.test_exempt import asking, promised
from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.organisations.models import Succession
from tests.cast import drafted_evaluation, make_body, published_evaluation

pytestmark = pytest.mark.django_db
PLACE = "/evaluations/tracker"
ATOM = "{http://www.w3.org/2005/Atom}"


def today():
    return timezone.localdate()


def page(path):
    answer = Client().get(f"{PLACE}{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(path):
    text = b"".join(Client().get(f"{PLACE}{path}?download=csv")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def published(cast, found, days):
    """A report of final results, published so many days from now."""
    on = (today() + timedelta(days=days)).isoformat()
    made = actions.add_report(cast.eve, found, {"title": "R", "kinds": ["main_final_report"]})
    actions.submit_report(cast.eve, made)
    return actions.publish_report(cast.lea, made, url="https://www.gov.uk/r", published_on=on)


@pytest.fixture
def told(cast):
    """One that is overdue, one out on time, one out late, one exempt and one not due."""
    made = {
        "overdue": promised(cast, days=-40, title="Overdue"),
        "on_time": promised(cast, days=-10, title="On time"),
        "late": promised(cast, days=-20, title="Late"),
        "exempt": promised(cast, days=-60, title="Exempt"),
        "coming": promised(cast, days=60, title="Coming"),
    }
    published(cast, made["on_time"], -12)
    published(cast, made["late"], -15)
    actions.grant_exemption(cast.lea, actions.ask_exemption(cast.eve, made["exempt"], asking()))
    return made


def test_a_bodys_figures_are_of_what_was_due(told):
    (line,) = tracker.by_body(PUBLIC, today()).lines
    own = line.standing
    assert (own.due, own.out, own.late, own.overdue, own.exempt) == (3, 2, 1, 1, 1)
    assert (own.strict, own.generous, own.penalised) == (45, 45, 10)
    assert (own.share, own.rank, line.on_time) == (66.7, 1, 1)
    assert line.live + line.complete == 5


def test_the_page_the_file_and_the_body_tell_the_same(told):
    (line,) = rows("")
    assert (line["Due"], line["On time"], line["Late"], line["Overdue"]) == ("3", "1", "1", "1")
    assert "66.7" in page("")
    states = {row["Evaluation"]: row["Results"] for row in rows("/treasury")}
    assert states == {
        "Overdue": "Overdue",
        "On time": "Published on time",
        "Late": "Published late",
        "Exempt": "Exempt",
        "Coming": "Not due yet",
    }
    assert rows("/topics")[0]["Overdue"] == "1"
    assert len(rows("/topics/money")) == 5


def test_why_and_who_was_told_stand_beside_what_is_overdue(cast, told):
    actions.send_reminders(SYSTEM)
    actions.say_why_late(cast.eve, told["overdue"], WHY)
    (row,) = [row for row in rows("/treasury") if row["Evaluation"] == "Overdue"]
    assert WHY["reason"] in row["Why"]
    assert row["Told last"] == "Whoever is responsible for it"
    assert row["Told on"] == today().isoformat()
    assert rows("")[0]["Chased"] == "1"


def test_what_is_not_public_is_in_no_figure_list_or_feed(cast):
    drafted_evaluation(cast, title="Zebra draft")
    published_evaluation(cast, opens_on=today() + timedelta(days=9), title="Zebra shut")
    gone = promised(cast, title="Zebra gone")
    actions.perform(cast.lea, gone, "withdraw", note="A mistake.")
    assert tracker.by_body(PUBLIC, today()).lines == []
    assert tracker.by_body(cast.eve, today()).whole.planned == 1
    for path in ("", "/treasury", "/treasury/feed.atom", "/topics/money", "/treasury/slippage"):
        assert "Zebra" not in page(path)


def test_a_body_with_nothing_due_has_no_share_and_no_rank(cast):
    promised(cast, days=60)
    (line,) = tracker.by_body(PUBLIC, today()).lines
    assert (line.standing.share, line.standing.rank) == (None, None)


def test_what_a_renamed_body_did_stands_under_its_successors_and_counts_once(cast, told):
    for slug in ("north", "south"):
        made = make_body(slug, f"Treasury {slug}")
        Succession.objects.create(predecessor=cast.bodies["treasury"], successor=made)
    found = tracker.by_body(PUBLIC, today())
    assert [line.standing.due for line in found.lines] == [3, 3]
    assert found.whole.standing.due == 3
    assert {row["Evaluation"] for row in rows("/north")} == {
        row["Evaluation"] for row in rows("/south")
    }


def test_what_cannot_be_judged_is_listed_with_why(cast):
    found = published_evaluation(cast)
    ended = [{"event": "end", "on": "2026-01", "kind": "actual"}]
    type(found).objects.filter(pk=found.pk).update(dates=ended, stage="complete")
    (row,) = rows("/inconsistent")
    assert "nothing says when its results are due" in row["Why it cannot be judged"]
    assert rows("")[0]["Cannot be judged"] == "1"


def test_dates_that_move_are_listed_with_the_reason(cast):
    found = promised(cast, days=20)
    later = (today() + timedelta(days=50)).isoformat()
    moved = [h for h in found.dates if h["event"] != "publication"]
    moved.append({"event": "publication", "on": later, "kind": "intended"})
    actions.amend_evaluation(cast.eve, found, {"dates": moved}, note="The survey was late.")
    (row,) = rows("/treasury/slippage")
    assert (row["Times moved"], row["Days later in all"]) == ("1", "30")
    assert row["Reasons given"] == "The survey was late."
    assert "1 of 1 evaluations (100.0 per cent)" in page("/treasury/slippage")


def test_the_feed_tells_of_what_became_overdue_and_was_published(told):
    answer = Client().get(f"{PLACE}/treasury/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    wanted = {"Overdue: Overdue", "Published on time: On time", "Published late: Late"}
    assert set(titles) == wanted
    ids = [e.findtext(f"{ATOM}id") for e in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


def test_a_body_or_topic_that_there_is_not_is_not_found():
    for path in ("/nobody", "/nobody/feed.atom", "/nobody/slippage", "/topics/nothing"):
        assert Client().get(f"{PLACE}{path}").status_code == 404


def test_counts_of_a_quarter_are_of_what_was_public_and_had_happened_by_then(cast, told):
    (now,) = tracker.by_body(PUBLIC, today()).lines
    assert (now.live, now.complete) == (3, 2)
    (last, *_) = quarter_ends(today())
    assert tracker.by_body(PUBLIC, last).lines == []
    Evaluation.objects.update(published_at=timezone.now() - timedelta(days=400))
    (then,) = tracker.by_body(PUBLIC, today() - timedelta(days=14)).lines
    assert (then.live, then.complete) == (4, 1)
    assert "Planned" in page(f"/quarters?quarter={last}")
    assert Client().get(f"{PLACE}/quarters?quarter=never").status_code == 200


@pytest.mark.once
def test_quarters_end_with_the_calendars():
    ends = quarter_ends(date(2026, 11, 25), 5)
    assert [str(end) for end in ends] == [
        "2026-09-30",
        "2026-06-30",
        "2026-03-31",
        "2025-12-31",
        "2025-09-30",
    ]
    assert quarter_ends(date(2026, 1, 1), 1) == [date(2025, 12, 31)]
