"""The versions of a table on their pages and in the API, and who is told of a new one."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.kernel.audit.models import Entry
from concordat.kernel.files.packed import BadFile
from concordat.kernel.notices.models import Notice
from concordat.marketplace.actions import amend_dataset, draft_request
from concordat.marketplace.forms import ColumnsStep
from concordat.marketplace.models import ShareRequest
from concordat.site.worker import catch_up
from concordat.tables import actions, queries
from concordat.tables.models import Share
from tests.cast import POSTS, request_values
from tests.script import script


@pytest.fixture
def load(cast, dataset, tmp_path):
    def loaded(text):
        path = tmp_path / "posts.csv"
        path.write_text(text, encoding="utf-8")
        return actions.load_table(cast.olive, queries.table(cast.olive, _reference(dataset)), path)

    return loaded


def _reference(dataset):
    return dataset.table.reference


def browser(cast, name="olive"):
    client = Client()
    client.force_login(cast.people[name])
    return client


def widened():
    lines = POSTS.splitlines()
    return "\n".join([lines[0] + ",Region", *(f"{line},North" for line in lines[1:])])


def test_the_page_of_a_version_says_what_it_holds_and_how_it_differs(cast, dataset, load):
    actions.edit_table(cast.olive, dataset.table, needed=["Unit"], key=["Organisation"])
    load(widened() + "\ntoo,few\n")
    page = browser(cast).get(f"/inside/tables/{_reference(dataset)}/versions/1")
    text = page.content.decode()
    for said in ("adds Region", "Unit is never empty", "Not measured", "fewer than 10"):
        assert said in text
    listed = browser(cast).get(f"/inside/tables/{_reference(dataset)}/versions/1?download=csv")
    assert b"Region,text" in b"".join(listed.streaming_content)
    assert "/versions/1/rows" in text
    assert (
        "/versions/1/rows"
        not in (
            browser(cast, "colin").get(f"/inside/tables/{_reference(dataset)}/versions/1")
        ).content.decode()
    )
    assert browser(cast, "erin").get(page.request["PATH_INFO"]).status_code == 404


def test_a_script_reads_the_same_of_a_version(cast, dataset, load):
    load(widened() + "\ntoo,few\nand,few\n")
    steward, path = script(cast.olive), f"/tables/{_reference(dataset)}/versions"
    found = steward.get(f"{path}/1").json()
    assert found["changes"] == {"added": ["Region"]}
    assert [q["dimension"] for q in found["quality"]] == ["validity"]
    assert [v["status"] for v in steward.get(path).json()["items"]] == ["loaded", "loaded"]
    rows = steward.get(f"{path}/1/rows").json()
    assert (rows["columns"][-1], rows["rows"][0][-1]) == ("Region", "North")
    assert script(cast.colin).get(f"{path}/1/rows").status_code == 403
    assert Entry.objects.filter(name="table:look_into").count() == 1
    first = steward.get(f"{path}/1/rejects", limit=1).json()
    assert (first["items"][0]["text"], first["next"]) == ("too,few", 1)
    last = steward.get(f"{path}/1/rejects", limit=1, start=1).json()
    assert (last["items"][0]["text"], last["next"]) == ("and,few", None)


@pytest.mark.parametrize("door", ["page", "script"])
def test_a_steward_goes_back_to_a_version_with_a_reason(cast, dataset, load, door):
    load(widened())
    address = f"/inside/tables/{_reference(dataset)}/roll-back"
    if door == "page":
        page = browser(cast).get(f"{address}?number=0").content.decode()
        assert '<option value="0" selected' in page
        sent = browser(cast).post(address, {"number": "0", "note": "Regions were wrong."})
        assert sent.status_code == 302
        again = browser(cast).post(address, {"number": "77", "note": "No."})
        assert again.status_code == 422
    else:
        verb = f"/tables/{_reference(dataset)}/roll-back"
        body = {"number": 0, "note": "Regions were wrong."}
        assert script(cast.colin).post(verb, body).status_code == 403
        assert script(cast.olive).post(verb, body).json()["latest_version"] == 2
    made = queries.version(cast.olive, dataset.table, 2)
    assert (made.restored_from, made.changed) == (0, "removes Region")
    assert Entry.objects.of(dataset.table).last().note == "Regions were wrong."


def test_the_settings_are_edited_on_the_page_and_by_script(cast, dataset):
    address = f"/inside/tables/{_reference(dataset)}/edit"
    assert "Which columns are never empty?" in browser(cast).get(address).content.decode()
    sent = {"title": "Junior posts", "key": ["Unit", "Grade"], "keep_versions": "3"}
    assert browser(cast).post(address, sent).status_code == 302
    shown = script(cast.olive).get(f"/tables/{_reference(dataset)}").json()
    assert (shown["key"], shown["keep_versions"]) == (["Unit", "Grade"], 3)
    verb = f"/tables/{_reference(dataset)}"
    answer = script(cast.olive).patch(verb, {"needed": ["FTE"], "keep_days": 7})
    assert (answer.json()["needed"], answer.json()["key"]) == (["FTE"], ["Unit", "Grade"])
    assert script(cast.olive).patch(verb, {"needed": ["FTE", "fte"]}).status_code == 422


def test_whoever_reads_a_table_is_told_when_its_columns_change(cast, agreement, load):
    load(POSTS)
    catch_up()
    assert not Notice.objects.filter(name="share:announce").exists()
    load(widened())
    catch_up()
    told = Notice.objects.filter(name="share:announce")
    # Asha reads it; Colin accepted that she may.
    assert {notice.person for notice in told} == {cast.people["asha"], cast.people["colin"]}
    assert "version 2 of Junior posts adds Region" in told[0].text
    share = Share.objects.get(basis=agreement.agreement.reference)
    assert told[0].url == share.inside_url()


def test_a_file_that_breaks_a_promise_is_refused_with_the_agreement_it_breaks(
    cast, agreement, load
):
    with pytest.raises(BadFile, match=agreement.agreement.reference):
        load("Organisation,Unit\nHM Treasury,Tax\n")


def test_whoever_asks_for_columns_reads_what_they_are_found_to_hold(cast, dataset, load):
    rows = [f"HM Treasury,{'Tax' if n % 3 else 'Gilts'},HEO,1,2,{n},2020-01-06" for n in range(60)]
    load("\n".join([POSTS.splitlines()[0], *rows]))
    described = [{"name": "Unit", "description": "The team"}]
    amend_dataset(cast.olive, dataset.dataset, {"dictionary": described})
    draft = draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    draft = ShareRequest.objects.get(pk=draft.pk)
    choices = dict(ColumnsStep(draft=draft).fields["columns"].choices)
    assert choices["Unit"] == "Unit (text, such as Tax, Gilts): The team"
    assert choices["FTE"] == "FTE (integer, from 9 to 50)"
