"""Roles, clients and tokens: never wider than who gives them, and stopped at their next use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from concordat.kernel import refusals
from concordat.kernel.access import SYSTEM
from concordat.kernel.access.models import Grant
from concordat.kernel.access.queries import actor_for
from concordat.kernel.administration import actions
from concordat.kernel.administration.oauth import DEVICE_GRANT
from concordat.kernel.audit.models import Entry
from concordat.kernel.people.models import Token
from concordat.kernel.people.tokens import actor_for_token

DAY = timedelta(days=1)


def test_a_bodys_administrator_gives_roles_there_and_nowhere_else(cast):
    actions.give_role(cast.ada, cast.bodies["treasury"], cast.people["noor"], "analyst")
    with pytest.raises(refusals.NotAllowed):
        actions.give_role(cast.ada, cast.bodies["pensions"], cast.people["noor"], "analyst")


def test_nobody_lifts_themselves_to_the_platform(cast):
    with pytest.raises(refusals.NotAllowed):
        actions.give_role(
            cast.ada, cast.bodies["treasury"], cast.people["ada"], "platform_administrator"
        )
    actions.give_role(
        cast.pat, cast.bodies["cabinet"], cast.people["noor"], "platform_administrator"
    )


def test_a_colleague_without_a_role_sees_no_people(cast):
    from concordat.kernel.people.models import Person

    seen = Person.objects.visible_to(cast.noor)
    assert [p.name for p in seen] == ["Noor"]


def test_a_revoked_role_stops_at_the_next_request(cast):
    grant = Grant.objects.get(person=cast.people["asha"], role="analyst")
    actions.revoke_role(SYSTEM, grant)
    assert not cast.asha.grants


def test_a_token_is_kept_as_a_digest_and_never_logged(cast):
    secret, token = actions.issue_token(cast.asha, "t", ["read"], timezone.now() + DAY)
    row = Token.objects.get(pk=token.pk)
    assert secret not in str(row.__dict__)
    assert secret not in str([(e.body, e.private) for e in Entry.objects.all()])
    assert actor_for_token(secret).scopes == {"read"}


def test_when_a_token_was_last_used_is_kept_to_the_hour(cast, monkeypatch):
    secret, token = actions.issue_token(cast.asha, "t", ["read"], timezone.now() + DAY)
    now, told = timezone.now(), []
    for minutes in (0, 59, 60, 61):
        moment = now + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert actor_for_token(secret) is not None
        told.append((Token.objects.get(pk=token.pk).used_at - now) / timedelta(minutes=1))
    assert told == [0, 0, 60, 60]


def test_a_token_does_not_make_a_wider_one(cast):
    narrow = actor_for(cast.people["asha"], ["read", "admin"])
    with pytest.raises(refusals.NotAllowed):
        actions.issue_token(narrow, "t", ["write"], timezone.now() + DAY)


def test_an_expired_or_revoked_token_or_a_closed_holders_opens_nothing(cast):
    secret, token = actions.issue_token(cast.asha, "t", ["read"], timezone.now() + DAY)
    actions.revoke_token(cast.asha, token)
    assert actor_for_token(secret) is None
    late, row = actions.issue_token(cast.asha, "t", ["read"], timezone.now() + DAY)
    Token.objects.filter(pk=row.pk).update(expires_at=timezone.now() - DAY)
    assert actor_for_token(late) is None
    fresh, _ = actions.issue_token(cast.asha, "t", ["read"], timezone.now() + DAY)
    actions.close_person(SYSTEM, cast.people["asha"])
    assert actor_for_token(fresh) is None
    assert actor_for_token("cnc_nonsense") is None


def ask(client, secret, **more):
    return Browser().post(
        "/oauth/token",
        {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": secret,
            **more,
        },
    )


def test_a_client_gets_a_token_for_its_credentials_and_no_wider_scope(cast):
    secret, client = actions.draft_client(cast.ada, cast.bodies["treasury"], "nightly", ["read"])
    granted = ask(client, secret)
    assert granted.status_code == 200
    actor = actor_for_token(granted.json()["access_token"])
    assert (actor.kind, actor.scopes) == ("client", {"read"})
    assert ask(client, "wrong").json()["error"] == "invalid_client"
    assert ask(client, secret, scope="write").json()["error"] == "invalid_scope"
    assert secret not in str(client.__dict__)


def test_a_renewed_or_closed_client_is_refused_and_its_tokens_with_it(cast):
    secret, client = actions.draft_client(cast.ada, cast.bodies["treasury"], "nightly", ["read"])
    bearer = ask(client, secret).json()["access_token"]
    newer, _ = actions.renew_client(cast.ada, client)
    assert ask(client, secret).status_code == 401
    assert ask(client, newer).status_code == 200
    actions.close_client(cast.ada, client)
    assert ask(client, newer).status_code == 401
    assert actor_for_token(bearer) is None


def test_a_token_renews_no_client_that_reaches_further_than_itself(cast):
    scopes = ["deliver", "read", "write"]
    secret, client = actions.draft_client(cast.ada, cast.bodies["treasury"], "nightly", scopes)
    for held in ({"admin", "read"}, {"admin", "read", "write"}):
        with pytest.raises(refusals.NotAllowed, match="reaches further"):
            actions.renew_client(replace(cast.ada, scopes=frozenset(held)), client)
    assert ask(client, secret).status_code == 200
    newer, _ = actions.renew_client(replace(cast.ada, scopes=frozenset({"admin", *scopes})), client)
    assert ask(client, newer).status_code == 200


def test_the_command_line_signs_in_by_a_code_that_works_once(cast):
    cache.clear()
    begun = Browser().post("/oauth/device", {"scope": "read"}).json()
    poll = {"grant_type": DEVICE_GRANT, "device_code": begun["device_code"]}
    assert Browser().post("/oauth/token", poll).json()["error"] == "authorization_pending"
    browser = Browser()
    browser.force_login(cast.people["asha"])
    shown = browser.post("/inside/account/device", {"code": begun["user_code"].lower()})
    assert "See what you can see" in shown.content.decode()
    assert Browser().post("/oauth/token", poll).json()["error"] == "authorization_pending"
    browser.post("/inside/account/device", {"code": begun["user_code"].lower(), "allow": "on"})
    granted = Browser().post("/oauth/token", poll).json()
    assert actor_for_token(granted["access_token"]).id == cast.people["asha"].pk
    assert Browser().post("/oauth/token", poll).json()["error"] == "expired_token"
