"""Atom (RFC 4287): a feed as XML. Nothing that XML cannot hold comes through."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Item:
    """One entry. `id` never changes; `category` is (code, label)."""

    id: str
    title: str
    link: str
    updated: datetime
    author: str
    summary: str
    category: tuple[str, str]


def feed(
    *, name: str, title: str, link: str, page: str, updated: datetime, items: Sequence[Item]
) -> bytes:
    """The feed: `name` is its identifier, `link` its own address, `page` that of the page it belongs to."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">',
        _text("id", name),
        _text("title", title),
        f'<link rel="self" type="application/atom+xml" href={_quoted(link)}/>',
        f'<link rel="alternate" type="text/html" href={_quoted(page)}/>',
        _text("updated", updated.isoformat()),
        *map(_entry, items),
        "</feed>\n",
    ]
    return "\n".join(parts).encode()


def _entry(item: Item) -> str:
    code, label = item.category
    return "\n".join(
        [
            "<entry>",
            _text("id", item.id),
            _text("title", item.title),
            f'<link rel="alternate" type="text/html" href={_quoted(item.link)}/>',
            _text("updated", item.updated.isoformat()),
            f"<author>{_text('name', item.author)}</author>",
            f"<category term={_quoted(code)} label={_quoted(label)}/>",
            _text("summary", item.summary),
            "</entry>",
        ]
    )


def _text(name: str, text: str) -> str:
    return f"<{name}>{escape(_UNWRITABLE.sub('', text))}</{name}>"


def _quoted(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("", text))
