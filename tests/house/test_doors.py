"""Every page answers, for everyone, without a server error; the public door is closed to drafts."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from concordat.kernel.access import PUBLIC
from concordat.marketplace import actions
from concordat.site.worker import catch_up
from tests.cast import DATASET


def routes(resolver=None, prefix=""):
    """(address pattern, view) of every route, the API's own aside."""
    for pattern in (resolver or get_resolver()).url_patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if "api/v1/" not in text:
                yield from routes(pattern, text)
        elif isinstance(pattern, URLPattern):
            yield text, pattern.callback


def _filled(text, facts):
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(facts.get(m[1], "x")), text)


@pytest.fixture
def world(cast, agreement):
    catch_up()
    return {
        "datasets": agreement.dataset.reference,
        "share-requests": agreement.request.reference,
        "agreements": agreement.agreement.reference,
        "tables": agreement.table.reference,
    }


def _reference(text, world):
    return next((ref for noun, ref in world.items() if f"{noun}/<" in text), "DS-0000-00")


@pytest.mark.parametrize(
    "who", ["", "noor", "asha", "olive", "colin", "erin", "priya", "ada", "pat"]
)
def test_every_page_answers_everyone_without_an_error_of_ours(cast, world, who):
    client = Client(raise_request_exception=True)
    if who:
        client.force_login(cast.people[who])
    for text, _view in routes():
        facts = {"reference": _reference(text, world), "slug": "treasury", "pk": 1, "entry": 1}
        facts |= {
            "verb": "submit",
            "step": "purpose",
            "date": "2026-01-01",
            "first": 0,
            "second": 0,
        }
        address = _filled(text, facts)
        response = client.get(address)
        assert response.status_code < 500, address
        if not who and address.startswith("/inside"):
            assert response.status_code in (302, 404), (address, response.status_code)


def test_no_public_page_shows_counts_or_hints_at_a_draft_or_at_what_was_withdrawn(cast, dataset):
    draft = actions.draft_dataset(
        cast.olive, cast.bodies["treasury"], {**DATASET, "title": "Zebra draft"}
    )
    actions.perform(cast.colin, dataset.dataset, "withdraw", note="Zebra withdrawn.")
    catch_up()
    client = Client()
    hidden = ("Zebra", draft.reference, dataset.dataset.reference, dataset.dataset.title)
    pages = ["/", "/search", "/search?q=zebra", "/register", "/audit", "/api/v1/datasets"]
    pages += [f"/datasets/{draft.reference}", f"/datasets/{dataset.dataset.reference}"]
    pages += ["/api/v1/register", "/organisations/treasury", "/register?download=json"]
    for page in pages:
        text = client.get(page).content.decode() if "download" not in page else ""
        for word in hidden:
            assert word not in text.replace('value="zebra"', ""), page
    assert client.get(f"/datasets/{draft.reference}").status_code == 404
    assert client.get("/api/v1/datasets").json()["items"] == []


def test_a_public_page_is_the_same_whoever_looks(cast, agreement):
    signed_in = Client()
    signed_in.force_login(cast.people["olive"])
    address = agreement.agreement.get_absolute_url()
    for client in (Client(), signed_in):
        text = client.get(address).content.decode()
        assert "Workforce planning" in text
        for private in ("Sal", "Bram", "Asha"):
            assert f">{private}" not in text


def test_the_public_site_alone_has_no_door_that_writes():
    from concordat.site.urls import PUBLIC as public_routes

    assert PUBLIC.kind == "public"
    for pattern in public_routes:
        text = str(pattern.pattern)
        assert not text.startswith(("inside", "sharing", "api", "sign"))
