"""What a job can do, by name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DatabaseError, connection
from django.utils import timezone

from concordat.kernel.access import PUBLIC, SYSTEM, Actor
from concordat.kernel.access.queries import actor_for
from concordat.kernel.jobs.models import Job

BEAT_SECONDS: Final = 2.0
LEASE_SECONDS: Final = 60.0


class Stopped(Exception):
    """Raised inside a task when its job was cancelled or taken over; the task unwinds."""


@dataclass
class Running:
    """A job as its task sees it."""

    job: Job
    _beat: float = field(default=0.0, init=False)

    @property
    def actor(self) -> Actor:
        """Whoever asked for the work, with the roles they hold now; the system where nobody did."""
        asker = self.job.asked_by or self.job.asked_by_client
        if asker is None:
            return SYSTEM
        return actor_for(asker) if asker.status == "active" else PUBLIC

    def progress(self, done: int, total: int = 0, message: str = "") -> None:
        """Say how far the work is; at most one write every two seconds.

        Raises Stopped when somebody cancelled the job or another worker took it over.
        """
        now = time.monotonic()
        if now - self._beat < BEAT_SECONDS and (not total or done < total):
            return
        self._beat = now
        alive = Job.objects.filter(pk=self.job.pk, status="running", tries=self.job.tries)
        changed = alive.update(
            beat_at=timezone.now(), done=done, total=total, message=message[:200]
        )
        if not changed:
            raise Stopped


@contextmanager
def beating(job: Job) -> Iterator[None]:
    """Keep the lease of a job while its work goes on, however long one step of it takes."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(LEASE_SECONDS / 4):
            alive = Job.objects.filter(pk=job.pk, status="running", tries=job.tries)
            with suppress(DatabaseError):  # busy: the next beat is soon enough
                alive.update(beat_at=timezone.now())
            connection.close()

    heart = threading.Thread(target=beat, name=f"heart of job {job.pk}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


Task = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True)
class Registered:
    """A task, and how often it may be tried."""

    run: Task
    most_tries: int


_tasks: dict[str, Registered] = {}


def task(name: str, most_tries: int = 3) -> Callable[[Task], Task]:
    """Register a function as the task `name`; it is called with a Running and the arguments."""

    def add(function: Task) -> Task:
        _tasks[name] = Registered(function, most_tries)
        return function

    return add


def registered(name: str) -> Registered | None:
    """The task of that name, or None."""
    return _tasks.get(name)
