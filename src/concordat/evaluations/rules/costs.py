"""What a cost cell of the portfolio says: a figure, or why there is none. A hidden cost is never zero.

Reference §5.1. A cell is disclosed when, trimmed, it is a pound sign and digits with thousands commas
and optional decimals (the pound sign may be missing where the header gives the unit), with a minus
sign or in brackets where the project earns more than it costs. Everything else is hidden.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

CostClass = Literal["disclosed", "exempt", "planning", "not_provided", "blank", "other"]
CLASSES: Final[dict[str, str]] = {
    "disclosed": "Disclosed",
    "exempt": "Exempt from disclosure",
    "planning": "Still being planned",
    "not_provided": "Not provided",
    "blank": "Left blank",
    "other": "Hidden in other words",
}
# Exemptions of the Freedom of Information Act 2000, Part II, by section.
_FIRST_SECTION, _LAST_SECTION = 21, 44
_FIGURE: Final = re.compile(r"£?\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_POUND: Final = Decimal("0.000001")  # of a million
MOST: Final = Decimal(10**8)  # £100 trillion: beyond it a figure is surely in pounds
_LONGEST: Final = 40
_SECTION: Final = re.compile(r"\b(?:sections?|ss?)[\s.:]*(?=\d)", re.I)
_NEXT: Final = re.compile(r"[\s,;/&]*(?:and\b|or\b)?\s*(\d{1,2})(?!\d)[A-Z]?(?:\s?\(\w{1,3}\))*")
_EXEMPT: Final = ("exempt", "freedom of information", "withheld", "foi")
_PLANNING: Final = ("planning", "not yet passed", "not passed soc", "no business case", "pre-soc")
_NOT_PROVIDED: Final = (
    "not provided", "not in a position", "not available", "not applicable", "no data", "not stated",
    "to be confirmed", "to be determined", "not reported", "unavailable",
)  # fmt: skip
_SHORT: Final = frozenset(
    {"n/a", "na", "tbc", "tbd", "nil return", "none", "-", "–", "—", ".", "?"}
)


@dataclass(frozen=True)
class Cost:
    """A cell as published, its class, the exempting sections it names and, where it is disclosed, its
    value in £ million."""

    cell: str
    kind: CostClass
    sections: tuple[int, ...] = ()
    value: Decimal | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether nobody outside knows it."""
        return self.value is None


def read_cost(cell: str) -> Cost:
    """What a cost cell says, in £ million (six decimals, that is to the pound)."""
    text = " ".join(cell.split())
    if not text:
        return Cost(cell, "blank")
    value = _value(text)
    if value is not None:
        return Cost(cell, "disclosed", (), value)
    words = text.casefold()
    sections = _sections(text)
    if sections or any(word in words for word in _EXEMPT):
        return Cost(cell, "exempt", sections)
    if any(word in words for word in _PLANNING):
        return Cost(cell, "planning")
    if words in _SHORT or any(word in words for word in _NOT_PROVIDED):
        return Cost(cell, "not_provided")
    return Cost(cell, "other")


def _value(text: str) -> Decimal | None:
    inner, negative = text, False
    if text.startswith("(") and text.endswith(")"):
        inner, negative = text[1:-1].strip(), True
    for sign in ("-", "−", "–"):
        if inner.startswith(sign) and not negative:
            inner, negative = inner[1:].strip(), True
        elif inner.startswith(f"£{sign}") and not negative:
            inner, negative = f"£{inner[2:].strip()}", True
    found = _FIGURE.fullmatch(inner)
    if found is None or len(inner) > _LONGEST:
        return None
    value = Decimal(found[1].replace(",", "") + (found[2] or ""))
    if value >= MOST:
        return None
    return (-value if negative else value).quantize(_POUND)


def _sections(text: str) -> tuple[int, ...]:
    """The sections that a text names after the word, each once, in order."""
    named: set[int] = set()
    for start in _SECTION.finditer(text):
        at = start.end()
        while found := _NEXT.match(text, at):
            named.add(int(found[1]))
            at = found.end()
    return tuple(sorted(n for n in named if _FIRST_SECTION <= n <= _LAST_SECTION))
