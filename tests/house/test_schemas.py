"""Two schemas of one name would replace each other, silently, in the description of the API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

import concordat.site.api  # noqa: F401 - every schema is there once this is
from concordat.kernel.doors import resources
from concordat.kernel.doors.schemas import In, Out

pytestmark = pytest.mark.once


def _under(base: type[Any]) -> Iterator[type[Any]]:
    for found in base.__subclasses__():
        yield found
        yield from _under(found)


def test_each_schema_of_the_api_has_a_name_of_its_own():
    named = defaultdict(set)
    for base in (In, Out):
        for found in _under(base):
            if found.__module__ == resources.__name__ or ".tests." in found.__module__:
                continue  # made for one verb each, or for a test
            if found.__module__.startswith("concordat."):
                named[found.__name__].add(found.__module__)
    assert not {name: places for name, places in named.items() if len(places) > 1}
