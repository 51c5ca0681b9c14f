"""Followers that speak to others outside: leased, so that nothing is locked while those answer.

A lease is a time until which one process has the follower. Each step forward is one update that
holds only while the lease is still one's own: a process that was thought dead cannot move the place
of the one that took over. Whoever crashes between telling and moving tells again: at least once.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q
from django.utils import timezone

from concordat.kernel.audit.follow import end_of_log
from concordat.kernel.audit.models import Follower

FIRST_WAIT: Final = 5.0  # seconds after the first failure; twice as long after each further one
LONGEST_WAIT: Final = 3600.0


@dataclass
class Lease:
    """A follower that this process has for now, and how far it has read."""

    name: str
    position: int
    failures: int
    failing_since: datetime | None
    until: datetime

    def move(self, position: int, *, told: bool = False) -> bool:
        """Remember the place; `told` when something went out. False when the lease is lost."""
        news: dict[str, Any] = {}
        if told:
            self.failures, self.failing_since = 0, None
            news = {"succeeded_at": timezone.now(), "failures": 0, "error": "", "due_at": None}
            news["failing_since"] = None
        self.position = position
        return self._write(position=position, at=timezone.now(), **news)

    def fail(self, error: str) -> datetime:
        """Remember the failure and when to try again; returns since when it has been failing."""
        now = timezone.now()
        self.failures += 1
        self.failing_since = self.failing_since or now
        self._write(
            failures=self.failures,
            failing_since=self.failing_since,
            error=error[:2000],
            due_at=now + timedelta(seconds=wait_after(self.failures)),
        )
        return self.failing_since

    def release(self) -> None:
        """Let others have it. The time stays, so that those waiting longest come first."""
        self._write(leased_until=timezone.now())

    def _write(self, **fields: Any) -> bool:
        mine = Follower.objects.filter(name=self.name, leased_until=self.until)
        return bool(mine.update(**fields))


def wait_after(failures: int) -> float:
    """Seconds until the next try: doubling up to an hour, less a random part of up to a half."""
    doubled = FIRST_WAIT * 2 ** min(failures - 1, 20)
    return min(LONGEST_WAIT, doubled) * random.uniform(0.5, 1)


def begin(name: str) -> Follower:
    """Start a follower at the present end of the log."""
    return Follower.objects.create(name=name, position=end_of_log())


def end(name: str) -> None:
    """Forget a follower; a process that has it learns so at its next step."""
    Follower.objects.filter(name=name).delete()


def try_now(name: str) -> None:
    """Forget the failures so far, but not their reason, and try at once."""
    Follower.objects.filter(name=name).update(due_at=None, failures=0, failing_since=None)


def behind(prefix: str) -> list[str]:
    """The names of followers that have something to read now, those waiting longest first."""
    rows = Follower.objects.filter(_free(timezone.now()), name__startswith=prefix)
    rows = rows.filter(position__lt=end_of_log())
    return list(
        rows.order_by(F("leased_until").asc(nulls_first=True), "name").values_list(
            "name", flat=True
        )
    )


def lease(name: str, seconds: float) -> Lease | None:
    """Take a follower for so many seconds; None when another process has it or it is not due."""
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    if not Follower.objects.filter(_free(now), name=name).update(leased_until=until):
        return None
    row = Follower.objects.filter(name=name, leased_until=until).first()
    if row is None:
        return None
    return Lease(name, row.position, row.failures, row.failing_since, until)


def _free(now: datetime) -> Q:
    due = Q(due_at=None) | Q(due_at__lte=now)
    return due & (Q(leased_until=None) | Q(leased_until__lte=now))
