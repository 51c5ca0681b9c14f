"""XML as text: whatever was written by people is escaped, and what XML cannot hold is replaced."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
# What XML 1.0 cannot hold.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, *inside: str, **attributes: str) -> str:
    """An XML element; what is inside is XML already."""
    told = "".join(f" {key}={quoted(value)}" for key, value in attributes.items())
    return f"<{name}{told}>{''.join(inside)}</{name}>" if inside else f"<{name}{told}/>"


def text(name: str, value: object, **attributes: str) -> str:
    """An XML element that holds text."""
    return element(name, plain(str(value)), **attributes)


def plain(value: str) -> str:
    """Text between tags."""
    return escape(_UNWRITABLE.sub("\ufffd", value))


def quoted(value: str) -> str:
    """The value of an attribute, with its quotes."""
    return quoteattr(_UNWRITABLE.sub("\ufffd", value))
