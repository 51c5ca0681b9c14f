"""Days with you, days with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from concordat.kernel.audit.models import Entry
from concordat.kernel.lifecycle import Lifecycle
from concordat.kernel.publication.models import Record


@dataclass(frozen=True)
class Spell:
    """A stretch of time in one state. `until` is None while it lasts."""

    status: str
    side: str
    since: datetime
    until: datetime | None

    def days(self, now: datetime) -> float:
        """Its length in days, up to `now` while it lasts."""
        return ((self.until or now) - self.since).total_seconds() / 86_400


def between(lifecycle: Lifecycle, moves: Iterable[tuple[datetime, str]]) -> list[Spell]:
    """Spells from the moments at which a record took each status, oldest first.

    A deed that kept the status starts no new spell. An end is nobody's turn and has no spell.
    """
    found: list[Spell] = []
    current: tuple[datetime, str] | None = None
    for at, status in moves:
        if current and current[1] == status:
            continue
        if current:
            found.append(_spell(lifecycle, current, at))
        current = (at, status)
    if current and not lifecycle.states[current[1]].end:
        found.append(_spell(lifecycle, current, None))
    return found


def _spell(lifecycle: Lifecycle, start: tuple[datetime, str], until: datetime | None) -> Spell:
    return Spell(start[1], lifecycle.states[start[1]].turn or "", start[0], until)


def spells(record: Record) -> list[Spell]:
    """Every spell of a record, oldest first: one query."""
    moves = [
        (at, body["status"])
        for at, body in Entry.objects.of(record).values_list("at", "body")
        if body["status"] in record.LIFECYCLE.states
    ]
    return between(record.LIFECYCLE, moves)


def days_by_side(record: Record, now: datetime | None = None) -> dict[str, float]:
    """How many days the record has spent with each side so far."""
    now = now or timezone.now()
    totals: dict[str, float] = {}
    for spell in spells(record):
        if spell.side:
            totals[spell.side] = totals.get(spell.side, 0.0) + spell.days(now)
    return totals
