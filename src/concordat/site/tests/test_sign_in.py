"""Signing in, and being kept out."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from concordat.kernel.access import SYSTEM
from concordat.kernel.administration.actions import close_person

PASSWORD = "correct horse battery staple"


@pytest.fixture
def asha(cast):
    cache.clear()
    person = cast.people["asha"]
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def sign_in(client, person, password=PASSWORD):
    return client.post("/sign-in/login/", {"login": person.email, "password": password})


def test_a_page_inside_leads_to_the_sign_in_page_and_back(asha):
    client = Client()
    response = client.get("/inside/agreements", follow=True)
    assert response.redirect_chain[-1][0].startswith("/sign-in/login/?next=%2Finside%2Fagreements")
    assert sign_in(client, asha).status_code == 302
    assert client.get("/inside/agreements").status_code == 200


def test_a_wrong_password_says_nothing_of_who_exists(asha):
    known = sign_in(Client(), asha, "wrong").content.decode()
    asha.email = "nobody@nowhere.example"
    unknown = sign_in(Client(), asha, "wrong").content.decode()
    assert _without_address(known) == _without_address(unknown)


def _without_address(text):
    return [line for line in text.splitlines() if "@" not in line and "csrf" not in line]


def test_guessing_is_locked_out_even_with_the_right_password(asha):
    client = Client()
    for _ in range(6):
        sign_in(client, asha, "wrong")
    sign_in(client, asha)
    assert client.get("/inside").status_code == 302


def test_a_closed_account_is_out_at_its_next_request(asha, cast):
    client = Client()
    sign_in(client, asha)
    assert client.get("/inside").status_code == 200
    close_person(SYSTEM, asha)
    assert client.get("/inside").status_code == 302
    assert sign_in(Client(), asha).status_code != 302 or Client().get("/inside").status_code == 302


def test_nobody_opens_an_account_for_themselves(cast):
    response = Client().post(
        "/sign-in/signup/",
        {"email": "me@anywhere.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert b"me@anywhere.example" not in response.content
    from concordat.kernel.people.models import Person

    assert not Person.objects.visible_to(SYSTEM).filter(email="me@anywhere.example").exists()


def test_a_second_factor_is_asked_for_once_it_is_set_up(asha):
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    secret = generate_totp_secret()
    TOTP.activate(asha, secret)
    client = Client()
    response = sign_in(client, asha)
    assert response.status_code == 302
    assert client.get("/inside").status_code == 302
    counter = next(iter(yield_hotp_counters_from_time()))
    code = f"{hotp_value(secret, counter):06}"
    assert client.post(response.url, {"code": code}).status_code == 302
    assert client.get("/inside").status_code == 200


def test_where_a_second_factor_is_required_a_password_alone_goes_no_further(asha, settings):
    settings.ENV = settings.ENV.model_copy(update={"require_second_factor": True})
    client = Client()
    sign_in(client, asha)
    assert client.get("/inside").url == "/sign-in/2fa/"


def test_a_second_factor_is_required_unless_an_operator_says_otherwise():
    from concordat.site.environment import Environment

    assert Environment.model_fields["require_second_factor"].default is True


def test_nobody_takes_another_persons_address_or_changes_their_own_unseen(asha):
    """Whoever holds an address is whom the issuer knows by it: it is no setting of one's own."""
    client = Client()
    sign_in(client, asha)
    given = {"email": "permanent.secretary@treasury.example", "action_add": ""}
    assert client.post("/sign-in/email/", given).status_code == 404
    assert client.post("/sign-in/email/", {**given, "action_primary": ""}).status_code == 404
    asha.refresh_from_db()
    assert asha.email == "asha@pensions.example"


def test_wrong_passwords_are_still_counted_after_a_flood_of_device_codes(asha):
    client = Client()
    for _ in range(6):
        sign_in(client, asha, "wrong")
    for number in range(320):
        client.post("/oauth/device", REMOTE_ADDR=f"192.0.2.{number % 250}")
    sign_in(client, asha)
    assert client.get("/inside").status_code == 302


def test_a_browser_may_follow_a_sign_in_to_the_issuer():
    """The browser asks the content policy about the redirect that answers the form."""
    import os
    import subprocess
    import sys

    told = {
        "CONCORDAT_OIDC_ISSUER": "https://issuer.example/realm",
        "CONCORDAT_OIDC_CLIENT_ID": "concordat",
        "CONCORDAT_OIDC_FORM_ORIGINS": '["https://login.example"]',
    }
    code = "from django.conf import settings; print(settings.DOORS_FORM_TARGETS)"
    done = subprocess.run(
        [sys.executable, "-m", "concordat", "shell", "-c", code],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "['https://issuer.example', 'https://login.example']" in done.stdout
