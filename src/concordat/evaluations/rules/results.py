"""What an evaluation says of its results, as a case for the clock: on any day, from dates alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from concordat.evaluations.rules.clocks import (
    GRACE,
    Case,
    Event,
    Leave,
    State,
    Verdict,
    due_of,
    inferred,
    judge,
)
from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.happenings import Dates

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Paper:
    """A report of final results: when it was signed off and published, and what happened to it."""

    signed_off: Moment | None = None
    published: Moment | None = None
    is_published: bool = False
    events: tuple[Event, ...] = ()

    @classmethod
    def read(
        cls, status: str, signed_off_on: str, published_on: str, events: Sequence[dict[str, Any]]
    ) -> Paper:
        """From a report as it is kept. The day it was published is the one it says, not the day on
        which somebody said so here."""
        return cls(
            Moment.read(signed_off_on) if signed_off_on else None,
            Moment.read(published_on) if published_on and status == "published" else None,
            status == "published",
            tuple(
                Event(e["kind"], Moment.read(e["on"]) if e["on"] else None, bool(e["inferred"]))
                for e in events
                if e["kind"] != "published"
            ),
        )

    def whole(self) -> tuple[Event, ...]:
        """What happened to it, with its publication at the end."""
        return (*self.events, Event("published", self.published)) if self.published else self.events


@dataclass(frozen=True)
class Results:
    """What is known of one evaluation's results."""

    stage: str
    dates: Dates
    papers: tuple[Paper, ...] = ()
    leaves: tuple[Leave, ...] = ()
    covered: bool = True

    @cached_property
    def published(self) -> Moment | None:
        """When results first came out: by its own date, or by that of a report."""
        told = [paper.published for paper in self.papers if paper.published]
        own = self.dates.actual("publication")
        return min([*told, own] if own else told, key=lambda m: m.last, default=None)

    @cached_property
    def signed_off(self) -> Moment | None:
        """When the results were signed off: by its own date, or by that of its first report."""
        own = self.dates.actual("report_sign_off")
        told = [paper.signed_off for paper in self.papers if paper.signed_off]
        return own or min(told, key=lambda m: m.first, default=None)

    @cached_property
    def ended(self) -> Moment | None:
        """When the work ended or was stopped."""
        return self.dates.actual("end") or self.dates.actual("stopped")

    def case(self, today: date) -> Case:
        """The case as it was known on a day."""
        signed_off = self.signed_off
        known = signed_off if signed_off and signed_off.first <= today else None
        own = self.dates.actual("publication")
        streams = [paper.whole() for paper in self.papers]
        return Case(
            due_of(known, self.dates.intended("publication")),
            together([*streams, (Event("published", own),)] if own else streams),
            self.leaves,
            self.ended,
            "; ".join(self.wrong()),
            self.covered,
        )

    def wrong(self) -> list[str]:
        """Why it cannot be judged, in words; nothing if it can."""
        out, off, ended = self.published, self.signed_off, self.ended
        undated = out is None and any(paper.is_published for paper in self.papers)
        over = self.stage in ("complete", "stopped")
        told = out or undated or off or self.dates.intended("publication")
        start = self.dates.actual("start") or self.dates.actual("first_data")
        found = (
            (not self.stage, "it has no stage"),
            (over and not told, "it is complete, and nothing says when its results are due"),
            (not over and ended, "it is not complete, and has the date on which it ended"),
            (start and ended and start.is_after(ended), "it ended before it started"),
            (undated, "its results are published, on a day that nobody knows"),
            (
                off and out and off.is_after(out),
                "its results were signed off after they were published",
            ),
        )
        return [words for holds, words in found if holds]


def together(streams: Sequence[tuple[Event, ...]]) -> tuple[Event, ...]:
    """What happened to several reports as one course of events, in order of day.

    Taking one back takes nothing from the others: what still stands then is told again after it.
    """
    if len(streams) == 1:
        return streams[0]
    placed = sorted(
        (
            (event.on.first if event.on else date.min, stream, place, event)
            for stream, events in enumerate(map(inferred, streams))
            for place, event in enumerate(events)
        ),
        key=lambda each: each[:3],
    )
    told: list[Event] = []
    standing: dict[int, list[Event]] = {}
    for _, stream, _, event in placed:
        told.append(event)
        if event.kind == "cancelled":
            standing.pop(stream, None)
            told += [each for held in standing.values() for each in held]
        elif event.kind != "returned":
            standing.setdefault(stream, []).append(event)
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which an evaluation came into a state."""

    on: date
    state: State


def turns(results: Results, since: date, today: date) -> list[Turn]:
    """Every change of state from `since` to `today`, first to last, by what is known now.

    Nothing that came in before it would have been overdue ever makes it overdue, and nothing that
    was overdue and handed in on one day was overdue the day before.
    """
    told: list[Turn] = []
    for day in sorted({since, *(d for d in _moving_days(results, today) if since < d <= today)}):
        state = judge(results.case(day), day).state
        if not told or told[-1].state != state:
            told.append(Turn(day, state))
    return told


def _moving_days(results: Results, today: date) -> set[date]:
    """The days on which the state can change: those of its events, and those of each due date."""
    signed_off = results.signed_off
    days = {event.on.first for paper in results.papers for event in paper.whole() if event.on}
    days |= {moment.first for moment in (results.published, signed_off) if moment}
    days |= {leave.granted for leave in results.leaves}
    dues: set[date] = {leave.expires for leave in results.leaves}
    for known in (None, signed_off):
        if span := due_of(known, results.dates.intended("publication")):
            dues.add(span.first)
    days |= {due + late for due in dues for late in (timedelta(), _DAY, (GRACE + 1) * _DAY)}
    return {day for day in days if day <= today}


def verdict_of(results: Results, today: date) -> Verdict:
    """How its results stand on a day."""
    return judge(results.case(today), today)
