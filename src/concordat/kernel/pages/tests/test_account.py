"""One's own: who a token is, its siblings, the inbox, how e-mail comes, long work."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds import act
from concordat.kernel.jobs.models import JOB, Job
from concordat.kernel.notices.models import Notice
from concordat.kernel.people.tokens import actor_for_token
from tests.script import Script, script


def test_a_token_tells_who_it_is(cast):
    told = script(cast.olive, "read").get("/me").json()
    assert (told["name"], told["organisation"]["slug"]) == ("Olive", "treasury")
    assert [(r["role"], r["organisation"]["slug"]) for r in told["roles"]] == [
        ("data_steward", "treasury")
    ]
    assert told["scopes"] == ["read"]
    assert Script().get("/me").status_code == 401


def test_a_token_is_issued_shown_once_and_revoked(cast):
    olive = script(cast.olive)
    body = {"name": "laptop", "scopes": ["read"], "days": 30}
    made = olive.post("/tokens", body, Idempotency_Key="laptop")
    secret, pk = made.json()["secret"], made.json()["id"]
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert actor_for_token(secret).scopes == {"read"}
    assert olive.post("/tokens", body, Idempotency_Key="laptop").status_code == 409
    assert "secret" not in olive.get(f"/tokens/{pk}").json()
    assert script(cast.colin).post(f"/tokens/{pk}/revoke").status_code == 404
    assert olive.post(f"/tokens/{pk}/revoke").json()["status"] == "revoked"
    assert actor_for_token(secret) is None
    assert olive.post(f"/tokens/{pk}/revoke").status_code == 409


def test_a_token_makes_none_that_reaches_further_or_lasts_for_ever(cast):
    body = {"name": "wide", "scopes": ["write"], "days": 30}
    assert script(cast.olive, "read", "admin").post("/tokens", body).status_code == 403
    olive = script(cast.olive)
    assert olive.post("/tokens", {**body, "days": 400}).status_code == 422
    assert olive.post("/tokens", {**body, "scopes": ["fly"]}).status_code == 422
    assert olive.post("/tokens", {**body, "days": "30"}).status_code == 422


def notice(cast, name, text="Something happened"):
    entry = Entry.objects.order_by("-id").first()
    return Notice.objects.create(
        person=cast.people[name],
        status="unread",
        entry_id=entry.pk + Notice.objects.count(),
        name="dataset:publish",
        reference="DS-0000-00",
        text=text,
        url="/inside",
        at=timezone.now(),
    )


def test_notices_are_listed_and_read_one_by_one_or_all_at_once(cast):
    one, _, other = notice(cast, "olive"), notice(cast, "olive"), notice(cast, "colin")
    olive = script(cast.olive)
    assert len(olive.get("/notices", status="unread").json()["items"]) == 2
    assert olive.post(f"/notices/{other.pk}/read").status_code == 404
    assert olive.post(f"/notices/{one.pk}/read").json()["status"] == "read"
    assert olive.post("/notices/read").json() == {"read": 1}
    assert olive.get("/notices", status="unread").json()["items"] == []
    assert script(cast.olive, "read").post("/notices/read").status_code in (200, 403)


def test_how_email_comes_is_chosen_and_not_overwritten_unseen(cast):
    olive = script(cast.olive)
    before = olive.get("/preference")
    assert before.json() == {"email": "at_once", "version": 0}
    first = olive.patch("/preference", {"email": "daily"}, If_Match=before.headers["ETag"])
    assert first.json()["email"] == "daily"
    stale = olive.patch("/preference", {"email": "never"}, If_Match=before.headers["ETag"])
    assert stale.status_code in (409, 412)
    assert olive.get("/preference").json()["email"] == "daily"
    assert olive.patch("/preference", {"email": "hourly"}).status_code == 422


def job(cast, status="failed"):
    made = Job(
        owner=cast.bodies["treasury"],
        asked_by=cast.people["olive"],
        task="nothing",
        title="Count the spoons",
        run_at=timezone.now(),
        tries=1,
    )
    made = act(SYSTEM, JOB["queue"], made)
    if status == "failed":
        act(SYSTEM, JOB["start"], made)
        made = act(SYSTEM, JOB["fail"], made, {"error": "No spoons.", "ended_at": timezone.now()})
    return made


def test_a_failed_job_is_tried_again_and_a_waiting_one_cancelled(cast):
    path, olive = f"/jobs/{job(cast).pk}", script(cast.olive)
    told = olive.get(path).json()
    assert (told["error"], told["can"]) == ("No spoons.", ["retry"])
    assert script(cast.asha).get(path).status_code == 404
    assert script(cast.ada).post(f"{path}/retry").status_code == 403
    again = olive.post(f"{path}/retry").json()
    assert (again["status"], again["error"], again["most_tries"]) == ("queued", "", 2)
    assert olive.post(f"{path}/retry").status_code == 409
    assert olive.post(f"{path}/cancel").json()["status"] == "cancelled"
    assert [j["status"] for j in olive.get("/jobs", status="cancelled").json()["items"]] == [
        "cancelled"
    ]


def test_the_job_page_offers_what_may_be_done(cast):
    made = job(cast)
    browser = Client()
    browser.force_login(cast.people["olive"])
    assert "Retry" in browser.get(made.get_absolute_url()).content.decode()
    assert browser.post(f"{made.get_absolute_url()}/retry", {}).status_code == 302
    page = browser.get(made.get_absolute_url()).content.decode()
    assert "Cancel" in page and "Retry" not in page
    assert browser.get(f"{made.get_absolute_url()}/start").status_code == 404


def test_ones_account_page_leads_to_everything_about_it(cast):
    browser = Client()
    browser.force_login(cast.people["olive"])
    page = browser.get("/inside/account").content.decode()
    for href in ("/inside/account/details", "/inside/account/tokens", "/inside/account/notices"):
        assert href in page
    for href in ("/sign-in/password/change/", "/sign-in/2fa/", "/sign-in/2fa/webauthn/"):
        assert href in page
        assert browser.get(href).status_code in (200, 302), href
    assert "Olive" in page and "Data steward, HM Treasury" in page
    assert browser.get("/sign-in/sessions/").status_code == 200
    sent = {"name": "Olive Oyl", "job_title": "Head", "version": "1"}
    assert browser.post("/inside/account/details", sent).status_code == 302
    assert "Olive Oyl" in browser.get("/inside/account").content.decode()
    assert browser.post("/inside/account/details", sent).status_code == 409
