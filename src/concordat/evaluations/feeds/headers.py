"""What a column of a portfolio holds, told by the words of its header, in any year's wording."""

from __future__ import annotations

import re
from typing import Final

# What is read of a project; the other columns are let be.
FIELDS: Final = ("number", "name", "body", "category", "year", "cost", "start", "end")
LABELS: Final = {
    "number": "project number",
    "name": "project name",
    "body": "department",
    "category": "category",
    "year": "year",
    "cost": "whole-life cost",
    "start": "start date",
    "end": "end date",
}
_LONGEST: Final = 300  # no header is longer; what is longer is a cell of prose
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD: Final = re.compile(r"[a-z]+|[0-9]+")
# A column of words about a figure is not the figure.
_ABOUT: Final = frozenset(
    "narrative comment comments commentary variance explanation reason reasons notes benefit benefits "
    "schedule forecast rating".split()
)
_WIDEST: Final = frozenset({"baseline", "incl", "including", "ncg", "ngc"})
_PROJECT: Final = frozenset({"project", "programme", "program", "gmpp"})
_NUMBER: Final = frozenset({"number", "no", "id", "identifier", "reference", "ref", "code"})
_BODY: Final = frozenset({"department", "dept", "organisation", "body"})
_DATED: Final = {
    "start": frozenset({"start", "begin", "commencement"}),
    "end": frozenset({"end", "finish", "completion"}),
}
_ALONE: Final = {"id": "number", "name": "name", "title": "name", "project": "name", "wlc": "cost"}


def field_of(header: str) -> str:
    """Which of FIELDS a header names; "" for none."""
    if len(header) > _LONGEST:
        return ""
    said = _WORD.findall(_CAMEL.sub(" ", header).casefold())
    words = frozenset(said)
    if len(said) == 1 and said[0] in _ALONE:
        return _ALONE[said[0]]
    if not words or words & _ABOUT:
        return ""
    return _money_or_time(words) or _who_or_which(words, len(said))


def same_header(one: str, other: str) -> bool:
    """Whether two headers say the same words."""
    return _WORD.findall(one.casefold()) == _WORD.findall(other.casefold())


def preferred(name: str, headers: list[str]) -> str:
    """Which of several headers of one field is read: for costs the baseline, what others than
    government pay included; else the first."""
    if name != "cost":
        return headers[0]
    return max(headers, key=lambda h: len(_WIDEST & set(_WORD.findall(h.casefold()))))


def _money_or_time(words: frozenset[str]) -> str:
    life = {"whole", "life"} <= words or "wholelife" in words
    if "wlc" in words or (life and words & {"cost", "costs"}):
        return "cost"
    if "date" in words:
        named = [name for name, starts in _DATED.items() if words & starts]
        return named[0] if len(named) == 1 else ""
    return ""


def _who_or_which(words: frozenset[str], length: int) -> str:
    if length > 6 or words & {"budget", "baseline", "total", "m"}:
        return ""
    if "category" in words:
        return "category"
    if "year" in words and not words & {"financial", "in"}:
        return "year"
    if words & _PROJECT and words & _NUMBER:
        return "number"
    if words & _PROJECT and words & {"name", "title"}:
        return "name"
    return "body" if words & _BODY and length <= 3 else ""
