"""Making and keeping webhooks: who may, what is refused, by page and by API, the secret shown once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from concordat.kernel import refusals
from concordat.kernel.access import SYSTEM
from concordat.kernel.administration.actions import issue_token
from concordat.kernel.audit.models import Entry, Follower
from concordat.kernel.webhooks import actions
from concordat.kernel.webhooks.models import Webhook
from concordat.kernel.webhooks.signing import secret_of

from .conftest import client_of, deliver, verify

URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def machine(cast):
    return client_of(cast, "treasury", "data_steward")


@pytest.fixture
def api(cast):
    def call(who, method, path, body=None, **headers):
        ends = timezone.now() + timedelta(days=1)
        secret, _ = issue_token(getattr(cast, who), "t", ["read", "admin"], ends)
        headers = {"Authorization": f"Bearer {secret}", **headers}
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(Browser(), method)(f"/api/v1{path}", headers=headers, **sent)

    return call


def test_a_bodys_administrator_makes_them_for_its_own_clients_only(cast, machine):
    actions.draft_webhook(cast.ada, machine, URL)
    other = client_of(cast, "pensions")
    with pytest.raises(refusals.NotAllowed):
        actions.draft_webhook(cast.ada, other, URL)
    with pytest.raises(refusals.NotAllowed):
        actions.draft_webhook(cast.olive, machine, f"{URL}2")
    for who in ("olive", "asha", "erin", "noor"):
        assert not Webhook.objects.visible_to(getattr(cast, who)).exists()


def test_the_secret_is_kept_nowhere(cast, machine):
    secret, made = actions.draft_webhook(cast.ada, machine, URL)
    assert secret == secret_of(Webhook.objects.get(pk=made.pk))
    kept = str([made.__dict__, [(e.body, e.private) for e in Entry.objects.all()]])
    assert secret.removeprefix("whsec_") not in kept


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "http://8.8.8.8/"}, "url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, "url"),
        ({"url": "https://8.8.8.8/", "names": ["nonsense:*"]}, "names"),
        ({"url": "https://8.8.8.8/", "names": ["dataset"]}, "names"),
        ({"url": "https://8.8.8.8/", "names": ["*:*"] * 51}, "names"),
    ],
)
def test_a_wrong_address_or_name_is_refused_with_its_field(cast, machine, settings, fields, wrong):
    settings.WEBHOOK_PRIVATE_NETWORKS = False
    with pytest.raises(refusals.Invalid) as refused:
        actions.draft_webhook(cast.ada, machine, **fields)
    assert list(refused.value.errors) == [wrong]
    assert not Follower.objects.filter(name__startswith="webhook:").exists()


def test_one_address_once_for_a_client_until_it_is_closed(cast, machine, settings):
    _, first = actions.draft_webhook(cast.ada, machine, URL)
    with pytest.raises(refusals.Invalid):
        actions.draft_webhook(cast.ada, machine, URL)
    settings.WEBHOOK_PRIVATE_NETWORKS = False  # a rule that came later does not keep it open
    actions.close_webhook(cast.ada, first)
    settings.WEBHOOK_PRIVATE_NETWORKS = True
    actions.draft_webhook(cast.ada, machine, URL)


def test_the_api_makes_tests_renews_and_closes_one(cast, machine, receiver, api):
    body = {"client_id": machine.pk, "url": receiver.url, "names": ["dataset:*"]}
    made = api("ada", "post", "/webhooks", body)
    assert made.status_code == 201, made.content
    assert "no-store" in made["Cache-Control"]
    path = made["Location"].removeprefix("/api/v1")
    secret = made.json()["secret"]
    assert api("ada", "post", f"{path}/ping").status_code == 200
    deliver()
    [(headers, sent)] = receiver.taken
    assert verify(secret, headers, sent)
    read = api("ada", "get", path)
    assert "secret" not in read.json()
    assert read.json()["delivery"]["succeeded_at"]
    assert read.json()["delivery"]["waiting"] == 0
    assert "secret" not in api("ada", "get", "/webhooks").json()["items"][0]
    renewed = api("ada", "post", f"{path}/renew")
    assert renewed.json()["secret"] != secret
    assert "no-store" in renewed["Cache-Control"]
    stale = api("ada", "patch", path, {"names": []}, **{"If-Match": made["ETag"]})
    assert stale.status_code == 412
    assert api("ada", "patch", path, {"names": []}).json()["names"] == []
    assert api("ada", "post", f"{path}/pause", {"note": "Holiday"}).json()["status"] == "paused"
    assert api("ada", "post", f"{path}/ping").status_code == 409
    assert api("ada", "post", f"{path}/resume").json()["status"] == "active"
    closed = api("ada", "post", f"{path}/close", {}).json()
    assert (closed["status"], closed["delivery"], closed["can"]) == ("closed", None, [])


def test_the_api_tells_others_nothing(cast, machine, api):
    _, made = actions.draft_webhook(SYSTEM, machine, URL)
    for who in ("olive", "asha", "erin"):
        assert api(who, "get", f"/webhooks/{made.pk}").status_code == 404
        assert api(who, "post", f"/webhooks/{made.pk}/renew").status_code == 404
        assert api(who, "get", "/webhooks").json()["items"] == []
        body = {"client_id": machine.pk, "url": f"{URL}2"}
        assert api(who, "post", "/webhooks", body).status_code == 404
    assert Browser().get("/api/v1/webhooks").status_code == 401


def test_a_repeated_making_does_not_show_the_secret_again(cast, machine, api):
    ends = timezone.now() + timedelta(days=1)
    token, _ = issue_token(cast.ada, "t", ["admin"], ends)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once-and-once-only"}
    body = {"client_id": machine.pk, "url": URL}
    sent = {"headers": headers, "data": body, "content_type": "application/json"}
    assert Browser().post("/api/v1/webhooks", **sent).status_code == 201
    assert Browser().post("/api/v1/webhooks", **sent).status_code == 409
    assert Webhook.objects.count() == 1


def test_the_pages_make_one_show_how_it_fares_and_end_it(cast, machine, receiver):
    browser = Browser()
    browser.force_login(cast.people["ada"])
    place = "/inside/admin/webhooks"
    assert "Make a webhook" in browser.get(place).content.decode()
    wrong = browser.post(f"{place}/new", {"client": machine.pk, "url": URL, "names": "what:*"})
    assert wrong.status_code == 422
    assert "Nothing is called" in wrong.content.decode()
    fields = {"client": machine.pk, "url": receiver.url, "names": "dataset:*\nagreement:*, *:sign"}
    made = browser.post(f"{place}/new", fields)
    assert "whsec_" in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    found = Webhook.objects.get()
    assert found.names == ["dataset:*", "agreement:*", "*:sign"]
    receiver.answers = [500]
    browser.post(f"{place}/{found.pk}/ping")
    deliver()
    shown = browser.get(f"{place}/{found.pk}").content.decode()
    assert "It answered 500." in shown
    assert "whsec_" not in shown
    assert "It answered 500." in browser.get(place).content.decode()
    for verb in ("edit", "ping", "pause", "renew", "close"):
        assert browser.get(f"{place}/{found.pk}/{verb}").status_code == 200, verb
    renewed = browser.post(f"{place}/{found.pk}/renew")
    assert "whsec_" in renewed.content.decode()
    assert renewed["Cache-Control"] == "no-store"
    browser.post(f"{place}/{found.pk}/edit", {"url": receiver.url, "names": ""})
    browser.post(f"{place}/{found.pk}/pause", {"note": ""})
    found.refresh_from_db()
    assert (found.status, found.names) == ("paused", [])
    browser.post(f"{place}/{found.pk}/resume")
    browser.post(f"{place}/{found.pk}/close")
    found.refresh_from_db()
    assert found.status == "closed"


def test_a_webhook_is_not_there_for_whoever_does_not_administer_its_body(cast, machine):
    _, made = actions.draft_webhook(cast.ada, machine, URL)
    browser = Browser()
    browser.force_login(cast.people["erin"])
    for end in ("", "/renew", "/close"):
        assert browser.get(f"/inside/admin/webhooks/{made.pk}{end}").status_code == 404
        assert browser.post(f"/inside/admin/webhooks/{made.pk}{end}").status_code == 404
    assert "hook" not in browser.get("/inside/admin/webhooks?download=json").getvalue().decode()


def test_the_figures_show_how_far_each_is_behind_and_forget_the_closed(cast, machine):
    _, made = actions.draft_webhook(cast.ada, machine, URL)
    gauge = f'concordat_follower_behind{{follower="webhook:{made.pk}"}}'
    assert gauge in Browser().get("/metrics").content.decode()
    actions.close_webhook(cast.ada, made)
    assert gauge not in Browser().get("/metrics").content.decode()
