"""A hidden table is cleared by the supplier's approver, after a look; never by who asked."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.access.queries import actor_for
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds import act, offered
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible, WrongState
from concordat.tables import actions
from concordat.tables.models import Output
from concordat.tables.tests.totals import COUNTS, count, hidden, shared, shown, table_of
from tests.script import script

__all__ = ["shared", "table_of"]  # fixtures


@pytest.fixture
def asked(cast, shared):
    """A table released in part, for which Asha asks clearance."""
    found = actions.ask_totals(cast.asha, shared(), count("Unit", "Grade"))
    return actions.submit_output(cast.asha, found, note="We need the small ones for planning.")


def browser(cast, who):
    client = Client()
    client.force_login(cast.people[who])
    return client


def test_who_asks_says_why(cast, shared):
    found = actions.ask_totals(cast.asha, shared(), count("Unit", "Grade"))
    with pytest.raises(Invalid):
        actions.submit_output(cast.asha, found)
    waiting = actions.submit_output(cast.asha, found, note="For planning.")
    assert (waiting.status, waiting.turn) == ("in_review", "owner")
    assert shown(waiting) == shown(found)


def test_the_approver_sees_every_cell_and_clears_the_table(cast, asked):
    seen = {
        cell.labels: (cell.value, rule) for cell, rule in actions.review_output(cast.colin, asked)
    }
    assert seen["Spending", "HEO"] == (3, "threshold")
    assert "difference" in {rule for _, rule in seen.values()}
    cleared = actions.clear_output(cast.colin, asked, note="No harm.")
    assert (cleared.status, hidden(cleared)) == ("released", set())
    assert {k: v for k, v in shown(cleared).items() if len(k) == 2} == COUNTS
    doors = [e.private["facts"]["door"] for e in Entry.objects.of(asked.share).order_by("id")
             if e.name == "share:read"]  # fmt: skip
    assert doors == ["aggregate", "aggregate review", "aggregate review", "aggregate"]


def test_what_was_cleared_is_judged_beside_later(cast, asked):
    actions.clear_output(cast.colin, asked, note="No harm.")
    later = actions.ask_totals(cast.asha, asked.share, count("Grade", "Unit"))
    assert shown(later)["HEO", "Policy"] == 12


def test_what_is_not_cleared_stays_as_it_was_released(cast, asked):
    found = actions.reject_output(cast.colin, asked, note="Too few people.")
    assert (found.status, shown(found)) == ("rejected", shown(asked))


def test_a_refused_table_may_be_cleared_too(cast, shared, table_of):
    table = table_of({("Tax", "EO"): 4, ("Tax", "HEO"): 5})
    found = actions.ask_totals(cast.asha, shared(table), count("Unit"))
    assert found.status == "refused"
    found = actions.submit_output(cast.asha, found, note="Please.")
    cleared = actions.clear_output(cast.colin, found, note="Fine.")
    assert shown(cleared) == {("Tax",): 9, (): 9}  # with the category that was left out


def test_whoever_asked_neither_looks_nor_clears_though_they_approve_for_the_supplier(cast, asked):
    body, asha = cast.bodies["treasury"], cast.people["asha"]
    act(SYSTEM, GRANT["give"], Grant(owner=body, person=asha, role="approver"))
    both = actor_for(asha)
    assert not {"clear", "reject"} & {t.verb for t in offered(both, asked)}
    with pytest.raises(NotAllowed, match="somebody else"):
        actions.clear_output(both, asked, note="I may.")
    with pytest.raises(NotVisible):
        actions.review_output(both, asked)


@pytest.mark.parametrize("who", ["asha", "olive", "erin", "noor", "pat"])
def test_nobody_else_looks_or_clears(cast, asked, who):
    actor = getattr(cast, who)
    with pytest.raises((NotAllowed, NotVisible)):
        actions.clear_output(actor, asked, note="I may.")
    assert browser(cast, who).get(f"{asked.inside_url()}/review").status_code == 404
    assert script(actor).get(f"/outputs/{asked.reference}/review").status_code == 404


def test_strangers_and_the_public_learn_nothing(cast, asked):
    for actor in (cast.erin, cast.priya, cast.noor, PUBLIC):
        assert not Output.objects.visible_to(actor).exists()
    for path in ("", "/table.csv", "/review", "/submit"):
        assert browser(cast, "erin").get(f"{asked.inside_url()}{path}").status_code == 404
        assert Client().get(f"{asked.inside_url()}{path}").status_code == 302
    assert script(cast.erin).get(f"/outputs/{asked.reference}").status_code == 404
    assert script(cast.erin).get("/outputs").json()["items"] == []


@pytest.mark.parametrize("ends", ["suspend", "withdraw"])
def test_nothing_more_is_computed_once_the_share_or_its_table_has_ended(cast, asked, ends):
    if ends == "suspend":
        actions.suspend_share(cast.colin, asked.share, note="Wait.")
    else:
        actions.withdraw_table(cast.colin, asked.share.table, note="Wrong.")
    asked = Output.objects.select_related("share__table").get(pk=asked.pk)
    with pytest.raises(WrongState, match="nothing more is computed"):
        actions.clear_output(cast.colin, asked, note="No harm.")
    assert browser(cast, "colin").get(f"{asked.inside_url()}/review").status_code == 409
    for who in ("asha", "olive"):
        page = browser(cast, who).get(asked.inside_url())
        assert "61" in page.content.decode()
        assert "Ask for another table" not in page.content.decode()


def test_the_page_of_the_review_shows_why_and_the_other_never(cast, asked):
    reviewing = browser(cast, "colin").get(f"{asked.inside_url()}/review").content.decode()
    assert "3 (c)" in reviewing
    assert "Unit: Spending, Grade: HEO: fewer than 10 contributors" in reviewing
    for who in ("asha", "olive", "colin"):
        page = browser(cast, who).get(asked.inside_url()).content.decode()
        assert "3 (c)" not in page
        assert "fewer than 10 contributors" not in page
    told = script(cast.colin).get(f"/outputs/{asked.reference}/review").json()["items"]
    assert {"over": [0, 1], "labels": ["Spending", "HEO"], "value": 3.0, "hidden": True,
            "rule": "threshold"} in told  # fmt: skip
