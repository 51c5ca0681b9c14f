"""When a read through a share is unlike those before it, so that the supplier is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from concordat.tables.rules.holidays import SATURDAY, bank_holidays

LONDON: Final = ZoneInfo("Europe/London")
OPENS, CLOSES = 7, 20  # the hours of a working day: from 7am until 8pm
ENOUGH: Final = 10  # earlier reads, before which nothing can be said of what is usual
LONG: Final = timedelta(days=90)
SMALL, LARGE = 0.01, 0.5  # of the rows of a table
TIMES: Final = 10  # the largest before
HANDED_OUT: Final = "delta-sharing file"  # the door of files that a read there was given
FLOOR: Final = 10_000  # rows in one read that are never many
DAYS: Final = 5  # earlier days of a reader, before which nothing can be said of a usual day
DAY_FLOORS: Final = {"rows": 100_000, "bytes": 100_000_000}  # in one day, that are never many
CUTS: Final = 3  # reads cut off within `NEAR` of one another that are again and again
NEAR: Final = timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """One read: when, by whom (`person:12`), through which door, how many rows and bytes.

    Rows of None with bytes are those of a part of a file: how many they were is not known. Rows of
    None without bytes are totals, which hold no row. `cut`: it broke off before its end.
    """

    at: datetime
    who: str
    door: str
    rows: int | None = None
    bytes: int | None = None
    cut: bool = False

    @property
    def day(self) -> date:
        """The day in London."""
        return self.at.astimezone(LONDON).date()

    @property
    def out_of_hours(self) -> bool:
        """Before 7am or from 8pm in London, on a Saturday or Sunday, or on a bank holiday there."""
        local = self.at.astimezone(LONDON)
        if not OPENS <= local.hour < CLOSES or local.weekday() >= SATURDAY:
            return True
        return self.day in bank_holidays(local.year)

    @property
    def way(self) -> str:
        """The way in: “csv file”, a file prepared, is the same way as “csv”."""
        return self.door.partition(" ")[0]


@dataclass(frozen=True)
class Day:
    """How much one reader read in a day."""

    rows: int = 0
    bytes: int = 0


def unusual(
    read: Read, earlier: Sequence[Read], table_rows: int, days: Mapping[date, Day] | None = None
) -> list[str]:
    """Why a read is unlike the `earlier` ones of its share, in words; none for the first.

    `table_rows`: of the version that it reads. `days`: what the same reader read through the share
    on each day, this read left out.
    """
    if not earlier:
        return []
    told = (
        _hours(read, earlier),
        _whole(read, earlier, table_rows),
        _more(read, earlier),
        _way(read, earlier),
        _day(read, days or {}),
        _cuts(read, earlier),
    )
    return [why for why in told if why]


def _hours(read: Read, earlier: Sequence[Read]) -> str:
    theirs = [before for before in earlier if before.who == read.who]
    if not read.out_of_hours or not theirs or any(before.out_of_hours for before in theirs):
        return ""
    return "out of hours, when they had not read before"


def _whole(read: Read, earlier: Sequence[Read], table_rows: int) -> str:
    sizes = _sizes(earlier)
    if not read.rows or not sizes or read.rows < LARGE * table_rows:
        return ""
    most = SMALL * table_rows
    many = len(sizes) >= ENOUGH and median(sizes) <= most
    long = read.at - min(before.at for before in earlier) >= LONG and max(sizes) <= most
    return "at least half of the table, after small reads" if many or long else ""


def _more(read: Read, earlier: Sequence[Read]) -> str:
    sizes = _sizes(earlier)
    if not sizes or (read.rows or 0) <= max(FLOOR, TIMES * max(sizes)):
        return ""
    return f"more than {TIMES} times the rows of any read before"


def _way(read: Read, earlier: Sequence[Read]) -> str:
    if len(earlier) < ENOUGH or read.way in {before.way for before in earlier}:
        return ""
    return "a way in that nobody had used before"


def _day(read: Read, days: Mapping[date, Day]) -> str:
    """Told of the one read that crosses the line, not of each that follows it on that day."""
    before = [day for when, day in days.items() if when < read.day]
    if len(before) < DAYS:
        return ""
    today = days.get(read.day, Day())
    for name, floor in DAY_FLOORS.items():
        line = max(floor, TIMES * median(getattr(day, name) for day in before))
        so_far = getattr(today, name)
        if so_far <= line < so_far + (getattr(read, name) or 0):
            return f"more than {TIMES} times the {name} of their usual day"
    return ""


def _cuts(read: Read, earlier: Sequence[Read]) -> str:
    """Told of the third, the sixth and so on within a day."""
    if not read.cut:
        return ""
    since = read.at - NEAR
    near = [b for b in earlier if b.cut and b.who == read.who and since <= b.at <= read.at]
    return "cut off again and again" if len(near) % CUTS == CUTS - 1 else ""


def _sizes(earlier: Sequence[Read]) -> list[int]:
    """The rows of each read of which they are known."""
    return [before.rows or 0 for before in earlier if before.rows is not None or not before.bytes]
