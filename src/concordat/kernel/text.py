"""What a piece of text may hold, so that nobody can be shown something other than what it says."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError

# Control, bidirectional and invisible characters (Unicode's Cc, Cf, Zl and Zp), as ranges that both
# Python and JSON Schema read; line ends and tabs apart. The two joiners that emoji and some scripts
# break without, U+200C and U+200D, are not among them.
_CONTROL: Final = (
    r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f"
    r"\u0890-\u0891\u08e2\u180e\u200b\u200e-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    r"\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f"
)
_BREAKS: Final = r"\t\n\r"
# Letters and marks that show nothing alone: joiners, fillers, the blank braille cell, selectors of
# a variant. Some stand rightly within a word or behind an emoji, so they are only never all of it.
_UNSEEN: Final = (
    r"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f"
    r"\uffa0"
    "\U000e0100-\U000e01ef"
)
_SEEN: Final = re.compile(rf"[^{_UNSEEN}\s]")
# A half character is never text, but Python can hold one and JSON can spell one.
_IN_TEXT: Final = re.compile(f"[{_CONTROL}\ud800-\udfff]")
_IN_LINE: Final = re.compile(f"[{_CONTROL}{_BREAKS}\ud800-\udfff]")


def _pattern(hidden: str) -> str:
    return f"^([^{hidden}]*[^{hidden}{_UNSEEN}\\s][^{hidden}]*)?$"


# What `check_line` and `check_text` take, as JSON Schema says it.
LINE_PATTERN: Final = _pattern(_CONTROL + _BREAKS)
TEXT_PATTERN: Final = _pattern(_CONTROL)


def hidden_character(text: str, *, lines: bool = False) -> str | None:
    """The first control, bidirectional or invisible character of `text`, or None; `lines` lets tabs
    and line ends be."""
    found = (_IN_TEXT if lines else _IN_LINE).search(text)
    return found[0] if found else None


def can_be_seen(text: str) -> bool:
    """Whether any character of `text` shows."""
    return _SEEN.search(text) is not None


def check_line(value: str) -> None:
    """Validator: one line of text with nothing hidden in it."""
    _refuse(value, hidden_character(value))


def check_text(value: str) -> None:
    """Validator: text of several lines with nothing hidden in it."""
    _refuse(value, hidden_character(value, lines=True))


def _refuse(value: str, found: str | None) -> None:
    if found is None:
        if value and not can_be_seen(value):
            raise ValidationError("Write something that can be seen, or nothing at all.")
        return
    place = value.index(found) + 1
    raise ValidationError(
        f"Remove the hidden character U+{ord(found):04X} at position {place}: "
        "text must show what it holds."
    )


def tidy(value: str) -> str:
    """The text in NFC with single spaces and no space at its ends."""
    return " ".join(unicodedata.normalize("NFC", value).split())
