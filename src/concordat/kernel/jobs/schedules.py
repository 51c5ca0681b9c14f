"""What is done every so often, by one worker among all hosts, also when they start again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import connection, transaction
from django.utils import timezone

from concordat.kernel.jobs.models import ScheduleRun

LEASE: Final = timedelta(minutes=30)  # after which a worker that had it is taken for dead
RETRY: Final = timedelta(minutes=1)
log = structlog.get_logger()


@dataclass(frozen=True)
class Schedule:
    """A function that is called every so many seconds."""

    name: str
    seconds: float
    run: Callable[[], object]


def run_due(schedules: tuple[Schedule, ...], now: datetime | None = None) -> int:
    """Run those whose time has come and that nobody else is running; returns how many.

    One that fails is tried again in a minute, and does not keep the others waiting.
    """
    began = now or timezone.now()
    seen = ScheduleRun.objects.in_bulk([schedule.name for schedule in schedules])
    count = 0
    for schedule in schedules:
        row = seen.get(schedule.name)
        if (row is None or _due(row, schedule, began)) and _claimed(schedule, began):
            _run(schedule, began)
            count += 1
    return count


def _due(row: ScheduleRun, schedule: Schedule, now: datetime) -> bool:
    free = row.not_before is None or row.not_before <= now
    return free and (row.ran_at is None or row.ran_at + timedelta(seconds=schedule.seconds) <= now)


def _claimed(schedule: Schedule, now: datetime) -> bool:
    """Whether it is ours: looked at again under a lock, which is let go before it runs."""
    ScheduleRun.objects.get_or_create(name=schedule.name)
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        rows = ScheduleRun.objects.select_for_update(skip_locked=skip)
        row = rows.filter(name=schedule.name).first()
        if row is None or not _due(row, schedule, now):
            return False
        row.not_before = now + LEASE
        row.save(update_fields=["not_before"])
        return True


def _run(schedule: Schedule, began: datetime) -> None:
    mine = ScheduleRun.objects.filter(name=schedule.name)
    try:
        schedule.run()
    except Exception:
        log.exception("a schedule failed", schedule=schedule.name)
        mine.update(not_before=began + RETRY)
    else:
        mine.update(ran_at=began, not_before=None)
