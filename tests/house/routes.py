"""Every route of the site: its address, who answers it, by which methods, through which door."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from concordat.kernel.doors import resources
from concordat.site.api import api

NAME = re.compile(r"<(?:\w+:)?(\w+)>")
DOOR = re.compile(r"concordat\.(\w+\.)+(public|views|api)(\.\w+)*")
# What answers from elsewhere, and why it is a door all the same.
OTHER_DOORS = {
    "concordat.site.health": "for the machine that watches this one",
    "concordat.kernel.administration.oauth": "a grant for the console, made by RFC 8628",
    "concordat.kernel.pages.webhooks": "one feature of the platform, both its doors in one file",
    "allauth": "sign-in",
    "django.views.generic.base": "the old name of sign-in leads to the new",
    "ninja.openapi.views": "the description of the API",
}


@dataclass(frozen=True)
class Route:
    """An address pattern (`datasets/<str:reference>`) and what answers there."""

    text: str
    module: str
    methods: frozenset[str]
    public: bool = False

    @property
    def through_a_door(self) -> bool:
        """Whether a door answers, by the name of its module."""
        named = any(self.module == o or self.module.startswith(f"{o}.") for o in OTHER_DOORS)
        return named or DOOR.fullmatch(self.module) is not None

    def filled(self, **facts: Any) -> str:
        """The address, with each name in it replaced by a fact; raises KeyError for one not told."""
        return "/" + NAME.sub(lambda m: str(facts[m[1]]), self.text)


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None) -> list[Route]:
    """Every route, those of the JSON API by operation."""
    from concordat.site.urls import PUBLIC

    public = {text for text, _ in _walk(PUBLIC)}
    found = {}
    for text, view in _walk(patterns or get_resolver().url_patterns):
        for route in _routes(text, view, text in public):
            found[text, route.methods] = route
    return list(found.values())


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, text)
        else:
            yield text, pattern.callback


def _routes(text: str, view: Any, public: bool) -> Iterator[Route]:
    operations = _operations().get(text)
    if operations is not None and view.__module__ == "ninja.operation":
        yield from operations
        return
    while isinstance(view, partial):
        view = view.func
    yield Route(text, view.__module__, frozenset({"GET"}), public)


def _operations() -> dict[str, list[Route]]:
    """The operations of the API by address; one that `mount` made is answered by the api.py it is in."""
    found: dict[str, list[Route]] = {}
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            parts = [part for part in (prefix.strip("/"), path.strip("/")) if part]
            text = "api/v1/" + "/".join(parts).replace("{", "<").replace("}", ">")
            for operation in view.operations:
                module = operation.view_func.__module__
                if module == resources.__name__:
                    module = "concordat.mounted.api"
                route = Route(text, module, frozenset(operation.methods))
                found.setdefault(text, []).append(route)
    return found
