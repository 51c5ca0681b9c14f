"""Organisations: anyone reads them, their administrators say who they are, the platform opens them."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds import act
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Parentage, Succession
from tests.script import Script, script


def test_anyone_finds_a_body_by_an_old_name_its_kind_and_whether_it_is_government(cast):
    body = cast.bodies["pensions"]
    act(SYSTEM, ORGANISATION["edit"], body, {"aliases": ["Social Security"], "kind": "ministry"})
    found = lambda **by: [o["slug"] for o in Script().get("/organisations", **by).json()["items"]]  # noqa: E731
    assert found(q="social sec") == found(kind="ministry") == ["pensions"]
    assert found(government="false") == ["university"]
    assert found(status="closed") == []
    assert Script().get("/organisations", colour="red").status_code == 422
    assert Script().get("/organisations/nowhere").status_code == 404


def test_a_body_tells_what_it_is_part_of_what_it_was_and_what_it_became(cast):
    treasury, cabinet, pensions = (cast.bodies[n] for n in ("treasury", "cabinet", "pensions"))
    Parentage.objects.create(child=treasury, parent=cabinet, starts=date(1999, 4, 1))
    Succession.objects.create(predecessor=treasury, successor=pensions, on=date(2026, 1, 2))
    told = Script().get("/organisations/treasury").json()
    assert told["part_of"] == [
        {"slug": "cabinet", "name": "Cabinet Office", "since": "1999-04-01", "until": None}
    ]
    assert [(t["slug"], t["since"]) for t in told["became"]] == [("pensions", "2026-01-02")]
    assert Script().get("/organisations/pensions").json()["was"][0]["slug"] == "treasury"
    page = Client().get("/organisations/treasury").content.decode()
    assert "since 1 April 1999" in page and "Became" in page


def test_a_renamed_body_lists_what_it_published_under_its_old_name(cast, dataset):
    Succession.objects.create(predecessor=cast.bodies["treasury"], successor=cast.bodies["cabinet"])
    page = Client().get("/organisations/cabinet").content.decode()
    assert "1 dataset" in page and dataset.dataset.title in page and "by HM Treasury" in page
    assert dataset.dataset.title not in Client().get("/organisations/pensions").content.decode()


def test_an_administrator_says_who_their_body_is_and_not_that_it_is_government(cast):
    ada = script(cast.ada)
    before = ada.get("/organisations/treasury")
    assert before.json()["can"] == ["edit"]
    body = {"abbreviation": "HMT", "aliases": ["The  Treasury"]}
    after = ada.patch("/organisations/treasury", body, If_Match=before.headers["ETag"])
    assert after.json()["aliases"] == ["The Treasury"]
    claims = {"domains": ["Treasury.gov.uk"]}
    assert ada.patch("/organisations/treasury", claims).status_code == 422
    assert ada.post("/organisations/treasury/place", claims).status_code == 403
    given = script(cast.pat).post("/organisations/treasury/place", claims)
    assert given.json()["domains"] == ["treasury.gov.uk"]
    assert ada.patch("/organisations/treasury", body, If_Match='"0"').status_code in (409, 412)
    assert ada.patch("/organisations/treasury", {"is_government": False}).status_code == 422
    assert ada.patch("/organisations/pensions", body).status_code == 403
    assert script(cast.olive).patch("/organisations/treasury", body).status_code == 403


@pytest.mark.parametrize("hidden", ["HMT\u202e", "HMT\r\nBcc: a@b.example", "\u200b"])
def test_an_abbreviation_shows_what_it_holds(cast, hidden):
    answer = script(cast.ada).patch("/organisations/treasury", {"abbreviation": hidden})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "abbreviation")


@pytest.mark.parametrize("wrong", ["no dots", "gov", "a@b.example", "-x.example", "x" * 256])
def test_a_domain_that_is_none_is_refused(cast, wrong):
    answer = script(cast.pat).post("/organisations/treasury/place", {"domains": [wrong]})
    assert answer.status_code == 422 and "domains" in answer.content.decode()


def test_a_domain_belongs_to_one_body(cast):
    act(SYSTEM, ORGANISATION["edit"], cast.bodies["pensions"], {"domains": ["dwp.gov.uk"]})
    answer = script(cast.pat).post("/organisations/treasury/place", {"domains": ["DWP.gov.uk"]})
    assert answer.status_code == 422
    assert "already the e-mail domain of Department for Work" in answer.content.decode()


def test_whoever_runs_the_platform_enters_closes_and_reopens_a_body(cast):
    pat, body = script(cast.pat), {"slug": "space", "name": "Space Agency"}
    assert script(cast.ada).post("/organisations", body).status_code == 403
    made = pat.post("/organisations", body)
    assert (made.status_code, made.json()["status"]) == (201, "live")
    assert pat.post("/organisations", body).status_code == 422
    assert script(cast.ada).post("/organisations/space/close").status_code == 403
    assert pat.post("/organisations/space/close").json()["status"] == "closed"
    assert pat.post("/organisations/space/reopen").json()["status"] == "live"


def test_the_pages_do_the_same(cast):
    ada, pat = Client(), Client()
    ada.force_login(cast.people["ada"])
    pat.force_login(cast.people["pat"])
    edit = "/inside/admin/organisations/treasury/edit"
    assert "HM Treasury" in ada.get("/inside/admin/organisations").content.decode()
    sent = {"name": "HM Treasury", "aliases": "One\n\nTwo ", "domains": "", "version": "1"}
    assert ada.post(edit, sent).status_code == 302
    assert Script().get("/organisations/treasury").json()["aliases"] == ["One", "Two"]
    assert ada.post(edit, sent).status_code == 409
    assert "E-mail domains" not in ada.get(edit).content.decode()
    place = edit.removesuffix("edit") + "place"
    assert pat.post(place, {"version": "2", "domains": "x"}).status_code == 422
    assert ada.get("/inside/admin/organisations/pensions/edit").status_code == 403
    assert ada.get("/inside/admin/new-organisation").status_code == 403
    new = {"slug": "space", "name": "Space Agency", "kind": "agency"}
    assert pat.post("/inside/admin/new-organisation", new).status_code == 302
    assert pat.post("/inside/admin/organisations/space/close", {}).status_code == 302
    assert Script().get("/organisations/space").json()["status"] == "closed"


def test_the_platform_says_what_a_body_is_part_of_and_became(cast):
    pat = script(cast.pat)
    assert "place" in pat.get("/organisations/treasury").json()["can"]
    sent = {"parents": ["cabinet"], "successors": ["education", "pensions"]}
    told = pat.post("/organisations/treasury/place", sent).json()
    assert [t["slug"] for t in told["part_of"]] == ["cabinet"]
    assert [t["slug"] for t in told["became"]] == ["education", "pensions"]
    told = pat.post("/organisations/treasury/place", {"successors": []}).json()
    assert (len(told["part_of"]), told["became"]) == (1, [])
    entry = Entry.objects.filter(name="organisation:place").order_by("id").first()
    assert entry.changes["parents"] == [[], [cast.bodies["cabinet"].pk]]


def test_a_date_that_was_known_stays_when_another_parent_is_added(cast):
    treasury, cabinet = cast.bodies["treasury"], cast.bodies["cabinet"]
    Parentage.objects.create(child=treasury, parent=cabinet, starts=date(1999, 4, 1))
    body = {"parents": ["cabinet", "education"]}
    told = script(cast.pat).post("/organisations/treasury/place", body).json()
    assert [t["since"] for t in told["part_of"]] == ["1999-04-01", None]


@pytest.mark.parametrize("what", ["parents", "successors"])
def test_no_body_is_part_of_itself_or_becomes_what_it_was(cast, what):
    pat = script(cast.pat)
    put = lambda slug, *others: pat.post(f"/organisations/{slug}/place", {what: list(others)})  # noqa: E731
    assert put("treasury", "treasury").status_code == 422
    assert put("treasury", "cabinet").status_code == 200
    assert put("cabinet", "pensions").status_code == 200
    refused = put("pensions", "education", "treasury")
    assert refused.status_code == 422 and "itself" in refused.content.decode()
    told = pat.get("/organisations/pensions").json()
    assert told["part_of"] == told["became"] == [], "and nothing of it was kept"
    assert put("pensions", "nowhere").status_code == 404


def test_only_the_platform_says_where_a_body_belongs(cast):
    body = {"parents": ["cabinet"]}
    assert script(cast.ada).post("/organisations/treasury/place", body).status_code == 403
    assert Script().post("/organisations/treasury/place", body).status_code == 401


def test_the_page_takes_names_and_says_which_it_does_not_know(cast):
    browser = Client()
    browser.force_login(cast.people["pat"])
    at = "/inside/admin/organisations/treasury/place"
    assert browser.get(at).status_code == 200
    wrong = browser.post(at, {"parents": "Cabinet Office\nNowhere", "successors": ""})
    assert (
        wrong.status_code == 422 and "There is no organisation “Nowhere”" in wrong.content.decode()
    )
    assert browser.post(at, {"parents": "cabinet office", "successors": ""}).status_code == 302
    page = browser.get("/inside/admin/organisations/treasury").content.decode()
    assert "Cabinet Office" in page
