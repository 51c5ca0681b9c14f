"""Dates as people know them: to the day, the month or the year.

Written `2026-04-27`, `2026-04` or `2026`. A date that is known to the month stands for all its days:
`first` and `last` are its bounds, and two dates are compared at the coarser of their precisions.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, total_ordering

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
EARLIEST, LATEST = 1900, 2100  # years that a typed date may have


@total_ordering
@dataclass(frozen=True, slots=True)
class Moment:
    """A date to the day, the month (`day` None) or the year (`month` None too).

    Raises ValueError when there is no such day.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not EARLIEST <= self.year <= LATEST:
            raise ValueError(f"the year must be from {EARLIEST} to {LATEST}")
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def read(cls, text: str) -> Moment:
        """The date that `text` writes as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

        Raises ValueError for anything else.
        """
        return _read(text.strip())

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)

    @property
    def words(self) -> str:
        """As people read it: 27 April 2026, April 2026 or 2026."""
        parts = [str(self.year)]
        if self.month:
            parts.insert(0, month_name[self.month])
        if self.day:
            parts.insert(0, str(self.day))
        return " ".join(parts)

    @property
    def precision(self) -> int:
        """1 to the year, 2 to the month, 3 to the day."""
        return 1 + (self.month is not None) + (self.day is not None)

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def at(self, precision: int) -> Moment:
        """The same date known no better than `precision`."""
        parts = (self.year, self.month, self.day)[: min(precision, self.precision)]
        return Moment(*parts)  # type: ignore[arg-type]

    def __lt__(self, other: Moment) -> bool:
        return self.first < other.first or (self.first == other.first and self.last < other.last)

    def is_after(self, other: Moment) -> bool:
        """Whether it is later at the coarser precision: May 2026 is not after 3 May 2026."""
        shared = min(self.precision, other.precision)
        return self.at(shared).first > other.at(shared).first


@lru_cache(maxsize=20_000)  # the same few thousand dates are read over and over
def _read(text: str) -> Moment:
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("write a date as 2026, 2026-04 or 2026-04-27")
    return Moment(*(int(part) if part else None for part in found.groups()))  # type: ignore[arg-type]
