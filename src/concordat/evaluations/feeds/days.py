"""Days as the portfolio's files write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_PIVOT: Final = 70  # two digits from 70 on are of the twentieth century
_ISO: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.0+)?Z?)?", re.ASCII
)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})", re.ASCII)
_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -](\d{4}|\d{2})", re.ASCII)
_MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)


def read_day(cell: str, after: date | None = None) -> date | None:
    """The day that a cell writes as 2031-03-31, 31.03.31, 31/03/2031 or 31 March 2031; None for none.

    A year of two digits is from 1970 to 2069, or a century later where it would else come before
    `after` (a project that began in 2010 does not end in 1980).
    """
    text = cell.strip().casefold()
    if found := _ISO.fullmatch(text):
        return _day(*map(int, found.groups()))
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return _of_century(int(day), int(month), year, after)
    if found := _NAMED.fullmatch(text):
        day, name, year = found.groups()
        month = next((n for n, known in enumerate(_MONTHS, 1) if known.startswith(name)), 0)
        return _of_century(int(day), month, year, after)
    return None


def _of_century(day: int, month: int, year: str, after: date | None) -> date | None:
    if len(year) == 4:
        return _day(int(year), month, day)
    two = int(year)
    found = _day(two + (1900 if two >= _PIVOT else 2000), month, day)
    if found and after and found < after and two >= _PIVOT:
        return _day(two + 2000, month, day)
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
