"""Bank holidays of England and Wales, by rule and by proclamation.

The rules are those of the Banking and Financial Dealings Act 1971, Schedule 1, and of the two days
that are proclaimed each year (New Year's Day since 1974, the early May holiday since 1978), with a
substitute day where one falls on a weekend. `PROCLAIMED` holds what was moved or added for one year,
from https://www.gov.uk/bank-holidays, which also says what is to come.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

SATURDAY: Final = 5
# Year → (days that were none that year, days that were added).
PROCLAIMED: Final[dict[int, tuple[frozenset[date], frozenset[date]]]] = {
    # Victory in Europe, 75 years
    2020: (frozenset({date(2020, 5, 4)}), frozenset({date(2020, 5, 8)})),
    # The Platinum Jubilee; the funeral of Queen Elizabeth II
    2022: (
        frozenset({date(2022, 5, 30)}),
        frozenset({date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}),
    ),
    # The coronation of King Charles III
    2023: (frozenset(), frozenset({date(2023, 5, 8)})),
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm: Nature, 20 April 1876)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leaps, left = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - moved + 15) % 30
    quarter, over = divmod(rest, 4)
    week = (32 + 2 * left + 2 * quarter - epact - over) % 7
    late = (golden + 11 * epact + 22 * week) // 451
    month, day = divmod(epact + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales in a year from 2013 on."""
    sunday, one = easter(year), timedelta(days=1)
    christmas = date(year, 12, 25)
    found = {
        _working(date(year, 1, 1)),
        sunday - 2 * one,
        sunday + one,
        _monday(date(year, 5, 1)),
        _monday(date(year, 5, 25)),
        _monday(date(year, 8, 25)),
        christmas,
        christmas + one,
    }
    for day in (christmas, christmas + one):
        if day.weekday() >= SATURDAY:  # both have a substitute: Monday's is then on the Tuesday
            found.remove(day)
            found.add(day + 2 * one)
    gone, added = PROCLAIMED.get(year, (frozenset(), frozenset()))
    return frozenset(found - gone | added)


def _working(day: date) -> date:
    """The day, or the Monday after it where it is on a weekend."""
    return day if day.weekday() < SATURDAY else _monday(day)


def _monday(day: date) -> date:
    """The first Monday from a day on."""
    return day + timedelta(days=-day.weekday() % 7)
