"""What a piece of text may hold, so that nobody can be shown something other than what it says."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError

_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
# Joiners that ordinary words need: emoji sequences and some scripts break without them.
_NEEDED: Final = frozenset({"\u200c", "\u200d"})


def hidden_character(text: str, allowed: str = "") -> str | None:
    """The first control, bidirectional or invisible character of `text`, or None."""
    for character in text:
        if character in allowed or character in _NEEDED:
            continue
        if unicodedata.category(character) in _HIDDEN:
            return character
    return None


def check_line(value: str) -> None:
    """Validator: one line of text with nothing hidden in it."""
    _refuse(value, hidden_character(value))


def check_text(value: str) -> None:
    """Validator: text of several lines with nothing hidden in it."""
    _refuse(value, hidden_character(value, allowed="\n\r\t"))


def _refuse(value: str, found: str | None) -> None:
    if found is None:
        return
    place = value.index(found) + 1
    raise ValidationError(
        f"Remove the hidden character U+{ord(found):04X} at position {place}: "
        "text must show what it holds."
    )


def tidy(value: str) -> str:
    """The text in NFC with single spaces and no space at its ends."""
    return " ".join(unicodedata.normalize("NFC", value).split())
