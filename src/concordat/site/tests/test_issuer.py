"""Signing in through an OpenID Connect issuer, end to end against one that runs here."""

from __future__ import annotations

import urllib.parse
import warnings

import httpx2
import pytest
from django.test import Client

from concordat.kernel.access import SYSTEM
from concordat.kernel.deeds import act
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.people.models import Person

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own dependencies warn of their own changes
    from oidc_provider_mock import User, run_server_in_thread

PEOPLE = (
    User(sub="known", claims={"email": "asha@pensions.example", "email_verified": True}),
    User(sub="colleague", claims={"email": "new@pensions.example", "email_verified": True}),
    User(sub="doubtful", claims={"email": "other@pensions.example", "email_verified": False}),
    User(sub="stranger", claims={"email": "me@elsewhere.example", "email_verified": True}),
)


@pytest.fixture
def issuer(settings):
    with run_server_in_thread(user_claims=PEOPLE) as server:
        address = f"http://localhost:{server.server_port}"
        app = {
            "provider_id": "issuer",
            "name": "Government sign-in",
            "client_id": "concordat",
            "secret": "secret",
            "settings": {"server_url": address},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        }
        yield address


@pytest.fixture
def pensions(cast):
    """The body vouches for its e-mail domain."""
    return act(
        SYSTEM, ORGANISATION["edit"], cast.bodies["pensions"], {"domains": ["pensions.example"]}
    )


def sign_in(sub):
    """A browser that went to the issuer, said there who it is, and came back."""
    client = Client()
    away = client.post("/sign-in/oidc/issuer/login/?process=login")
    assert away.status_code == 302, away.content
    assert "code_challenge=" in away["Location"], "PKCE"
    back = httpx2.post(away["Location"], data={"sub": sub}, follow_redirects=False)
    told = urllib.parse.urlsplit(back.headers["location"])
    client.get(f"{told.path}?{told.query}")
    return client


def is_in(client):
    return client.get("/inside").status_code == 200


def test_somebody_who_has_an_account_comes_in_as_themselves(cast, pensions, issuer):
    client = sign_in("known")
    assert is_in(client)
    assert "Asha" in client.get("/inside").content.decode()


def test_a_colleague_from_a_domain_that_a_body_vouches_for_gets_an_account_without_a_role(
    cast, pensions, issuer
):
    assert is_in(sign_in("colleague"))
    made = Person.objects.get_queryset().get(email="new@pensions.example")
    assert made.owner == pensions
    assert not made.grants.exists()


@pytest.mark.parametrize("sub", ["doubtful", "stranger"])
def test_nobody_comes_in_by_an_address_that_is_not_vouched_for(cast, pensions, issuer, sub):
    before = Person.objects.get_queryset().count()
    assert not is_in(sign_in(sub))
    assert Person.objects.get_queryset().count() == before
