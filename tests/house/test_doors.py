"""A public page is for the public, whoever looks."""

from __future__ import annotations

from django.test import Client


def test_a_public_page_is_the_same_whoever_looks(cast, agreement):
    signed_in = Client()
    signed_in.force_login(cast.people["olive"])
    address = agreement.agreement.get_absolute_url()
    for client in (Client(), signed_in):
        text = client.get(address).content.decode()
        assert "Workforce planning" in text
        for private in ("Sal", "Bram", "Asha"):
            assert f">{private}" not in text
