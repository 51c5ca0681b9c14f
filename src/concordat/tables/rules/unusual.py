"""When a read through a share is unlike those before it, so that the supplier is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
OPENS, CLOSES = 7, 20  # the hours of a working day: from 7am until 8pm
SATURDAY: Final = 5
ENOUGH: Final = 10  # earlier reads, before which nothing can be said of what is usual
LONG: Final = timedelta(days=90)
SMALL, LARGE = 0.01, 0.5  # of the rows of a table
TIMES: Final = 10  # the largest before
HANDED_OUT: Final = "delta-sharing file"  # the door of files that a read there was given
FLOOR: Final = 10_000  # rows in one read that are never many


@dataclass(frozen=True)
class Read:
    """One read: when, by whom (`person:12`), through which door, how many rows and bytes.

    Rows of None with bytes are those of a part of a file: how many they were is not known. Rows of
    None without bytes are totals, which hold no row.
    """

    at: datetime
    who: str
    door: str
    rows: int | None = None
    bytes: int | None = None

    @property
    def out_of_hours(self) -> bool:
        """Before 7am or from 8pm in London, or on a Saturday or Sunday."""
        local = self.at.astimezone(LONDON)
        return not OPENS <= local.hour < CLOSES or local.weekday() >= SATURDAY

    @property
    def way(self) -> str:
        """The way in: “csv file”, a file prepared, is the same way as “csv”."""
        return self.door.partition(" ")[0]


def unusual(read: Read, earlier: Sequence[Read], table_rows: int) -> list[str]:
    """Why a read is unlike the `earlier` ones of its share, in words; none for the first.

    `table_rows`: of the version that it reads.
    """
    if not earlier:
        return []
    told = (
        _hours(read, earlier),
        _whole(read, earlier, table_rows),
        _more(read, earlier),
        _way(read, earlier),
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


def _sizes(earlier: Sequence[Read]) -> list[int]:
    """The rows of each read of which they are known."""
    return [before.rows or 0 for before in earlier if before.rows is not None or not before.bytes]
