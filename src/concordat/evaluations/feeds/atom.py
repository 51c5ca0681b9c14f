"""Atom (RFC 4287): what is new, amended, published and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from concordat.evaluations.feeds.markup import element, text


@dataclass(frozen=True)
class Item:
    """One thing that happened to an evaluation; `id` never changes, `kind` is its category."""

    id: str
    title: str
    address: str
    at: datetime
    kind: str
    body: str
    author: str


def feed(title: str, address: str, page: str, items: Iterable[Item], now: datetime) -> str:
    """A whole feed, newest first; `now` dates one that has nothing in it."""
    listed = list(items)
    parts = [
        text("id", address),
        text("title", title),
        text("updated", _moment(max((item.at for item in listed), default=now))),
        element("link", rel="self", type="application/atom+xml", href=address),
        element("link", rel="alternate", type="text/html", href=page),
        *map(_entry, listed),
    ]
    told = element("feed", *parts, xmlns="http://www.w3.org/2005/Atom", **{"xml:lang": "en"})
    return f'<?xml version="1.0" encoding="utf-8"?>\n{told}\n'


def _entry(item: Item) -> str:
    return element(
        "entry",
        text("id", item.id),
        text("title", item.title),
        text("updated", _moment(item.at)),
        element("author", text("name", item.author)),
        element("category", term=item.kind),
        element("link", rel="alternate", type="text/html", href=item.address),
        text("summary", item.body),
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
