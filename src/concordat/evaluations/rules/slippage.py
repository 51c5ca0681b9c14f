"""How often a promised date was moved, how far, and when.

Only an estimate that gives way to another estimate has slipped; an actual date in its place is the
delay as it was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

from concordat.evaluations.rules.dates import Moment

EVENTS: Final[dict[str, str]] = {
    "first_data": "First data collected",
    "end": "Evaluation ends",
    "publication": "Final results published",
}
FOLLOWED: Final = tuple(EVENTS)


@dataclass(frozen=True)
class Move:
    """A promised date that was moved: `days` later (below 0: earlier), on which day, and why."""

    event: str
    before: Moment
    after: Moment
    days: int
    on: date
    reason: str

    @property
    def once_past(self) -> bool:
        """Whether it was moved when it had passed already."""
        return self.before.last < self.on


def moved(before: Moment | None, after: Moment | None) -> int | None:
    """How many days later a date is than it was, below 0 for earlier; None without one of them.

    Compared at the coarser precision: saying the day of a month that was promised moves nothing.
    """
    if before is None or after is None:
        return None
    shared = min(before.precision, after.precision)
    return (after.at(shared).last - before.at(shared).last).days


def moves(versions: Sequence[tuple[date, str, list[dict[str, Any]]]]) -> list[Move]:
    """The moves between versions, each told as (day it was made, reason, its dated events)."""
    found: list[Move] = []
    held: dict[str, Moment] = {}
    for number, (on, reason, happenings) in enumerate(versions):
        now = {h["event"]: Moment.read(h["on"]) for h in happenings if h["kind"] == "intended"}
        for event in FOLLOWED if number else ():
            before, after = held.get(event), now.get(event)
            days = moved(before, after)
            if before and after and days:
                found.append(Move(event, before, after, days, on, reason))
        held = now
    return found


@dataclass(frozen=True)
class Slip:
    """One promised date since it was first made: moves, net and gross days, and moves once past."""

    event: str
    first: Moment
    now: Moment
    count: int
    net: int
    gross: int
    once_past: int


def slips(found: Sequence[Move]) -> list[Slip]:
    """The moves of each event together."""
    told = []
    for event in FOLLOWED:
        its = [move for move in found if move.event == event]
        if its:
            told.append(
                Slip(
                    event,
                    its[0].before,
                    its[-1].after,
                    len(its),
                    sum(move.days for move in its),
                    sum(abs(move.days) for move in its),
                    sum(move.once_past for move in its),
                )
            )
    return told


@dataclass(frozen=True)
class Compared:
    """Dates that two lists both promise: how many are later, earlier and the same, those that cannot
    be compared, and the median days of the later; None where none is."""

    later: int
    earlier: int
    same: int
    unknown: int
    median: float | None


def compare(pairs: Sequence[tuple[Moment | None, Moment | None]]) -> Compared:
    """What became of promised dates from one list to the next."""
    known = [days for pair in pairs if (days := moved(*pair)) is not None]
    later = [days for days in known if days > 0]
    return Compared(
        len(later),
        sum(days < 0 for days in known),
        sum(days == 0 for days in known),
        len(pairs) - len(known),
        median(later) if later else None,
    )
