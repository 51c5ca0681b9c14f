"""Links: known to whoever may know both ends, made and removed by those with the role."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.kernel.audit.models import Entry
from concordat.marketplace import actions
from tests.cast import DATASET
from tests.script import Script, script


@pytest.fixture
def pair(cast, dataset):
    """A public dataset, and one of the same body that only it can see."""
    hidden = actions.draft_dataset(cast.olive, cast.bodies["treasury"], {**DATASET, "title": "Z"})
    return dataset.dataset, hidden


def draft(cast, source, target, relation="uses_data_from", owner="treasury"):
    return {
        "owner": owner,
        "relation": relation,
        "source": source.reference,
        "target": target.reference,
    }


def test_a_link_is_known_to_those_who_know_both_ends_and_hinted_to_nobody_else(cast, pair):
    shown, hidden = pair
    made = script(cast.olive).post("/links", draft(cast, hidden, shown))
    assert made.status_code == 201
    path = f"/links/{made.json()['id']}"
    for who, may in (("olive", True), ("colin", True), ("asha", False), ("erin", False)):
        reader = script(getattr(cast, who))
        assert (reader.get(path).status_code == 200) == may, who
        listed = reader.get("/links", reference=shown.reference).json()["items"]
        assert bool(listed) == may, who
    assert Script().get("/links").json()["items"] == []
    assert script(cast.asha).post(f"{path}/remove").status_code == 404
    answer = script(cast.asha).post("/links", draft(cast, shown, hidden, owner="pensions"))
    assert answer.status_code == 404 and "that you can see" in answer.content.decode()


def test_a_link_is_made_and_removed_by_those_with_the_role(cast, pair):
    shown, hidden = pair
    actions.perform(cast.olive, hidden, "submit")
    actions.perform(cast.colin, hidden, "publish")
    assert script(cast.colin).post("/links", draft(cast, hidden, shown)).status_code == 403
    made = script(cast.olive).post("/links", draft(cast, hidden, shown))
    again = script(cast.olive).post("/links", draft(cast, hidden, shown))
    assert (made.status_code, again.status_code) == (201, 422)
    path = f"/links/{made.json()['id']}"
    assert Script().get(path).json()["relation"] == "uses_data_from"
    assert script(cast.asha).post(f"{path}/remove").status_code == 403
    assert script(cast.olive).post(f"{path}/remove").json()["status"] == "removed"
    assert Script().get(path).status_code == 404
    assert script(cast.olive).get(path).status_code == 200


def test_two_links_between_the_same_two_both_show_on_the_pages_of_either(cast, pair):
    shown, hidden = pair
    olive = Client()
    olive.force_login(cast.people["olive"])
    new = f"/inside/links/new?source={hidden.reference}"
    assert new in olive.get(hidden.inside_url()).content.decode()
    for relation in ("uses_data_from", "same_as"):
        sent = {"relation": relation, "target": shown.reference.lower()}
        sent["owner"] = cast.bodies["treasury"].pk
        assert olive.post(new, sent).status_code == 302
    page = olive.get(shown.inside_url()).content.decode()
    assert "Gives data to" in page and "The same thing as" in page
    asha = Client()
    asha.force_login(cast.people["asha"])
    theirs = asha.get(shown.inside_url()).content.decode()
    assert "Gives data to" not in theirs and hidden.reference not in theirs
    link = Entry.objects.filter(kind="link").first().subject_id
    assert olive.post(f"/inside/links/{link}/remove", {}).status_code == 302
    assert "Gives data to" not in olive.get(shown.inside_url()).content.decode()
    assert asha.get(f"/inside/links/{link}/remove").status_code == 404
    assert asha.get(new).status_code == 404
    assert olive.post(new, {**sent, "target": "DS-0000-00"}).status_code == 422
