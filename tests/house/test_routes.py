"""Every route goes through a door, and every public route is in a `public.py`."""

from __future__ import annotations

import re

import pytest
from django.urls import path

from concordat.site.urls import PUBLIC
from tests.house.routes import OTHER_DOORS, Route, routes

PUBLIC_DOOR = re.compile(r"\.public(\.\w+)?$|\.site\.health$")
pytestmark = pytest.mark.once


def strangers(found: list[Route]) -> list[str]:
    """What answers an address without being a door; a public one must be a `public.py`."""
    return [
        f"{route.text}: {route.module}"
        for route in found
        if not route.through_a_door or (route.public and not PUBLIC_DOOR.search(route.module))
    ]


def test_every_route_goes_through_a_door_and_every_public_one_is_in_a_public_py():
    assert strangers(routes()) == []


def test_every_door_named_is_still_one():
    modules = {route.module for route in routes()}
    unused = [name for name in OTHER_DOORS if not any(m.startswith(name) for m in modules)]
    assert not unused, "take the line away"


@pytest.mark.parametrize("module", ["concordat.marketplace.queries", "concordat.site.extras"])
def test_a_route_that_a_hidden_module_answers_is_caught(module):
    def hidden(request):
        return None

    hidden.__module__ = module
    assert strangers(routes([path("hidden", hidden)]))


def test_a_public_route_that_a_view_answers_is_caught():
    def shown(request):
        return None

    shown.__module__ = "concordat.marketplace.views.catalogue"
    PUBLIC.append(path("shown", shown))
    try:
        assert strangers(routes([path("shown", shown)]))
    finally:
        PUBLIC.pop()


def test_the_public_site_alone_has_no_door_that_writes():
    for route in routes(PUBLIC):
        assert not route.text.startswith(("inside", "sharing", "api", "sign"))
