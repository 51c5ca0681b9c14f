"""Queueing, leasing and running jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.deeds import act
from concordat.kernel.jobs.models import JOB, Job
from concordat.kernel.jobs.tasks import (
    LEASE_SECONDS,
    Registered,
    Running,
    Stopped,
    beating,
    registered,
)
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Refusal, WrongState

log = structlog.get_logger()


def queue(
    actor: Actor,
    owner: Organisation | None,
    task: str,
    arguments: Mapping[str, Any],
    *,
    title: str,
    run_at: datetime | None = None,
) -> Job:
    """Ask for long work in the name of `owner`. Raises what `act` raises."""
    found = registered(task)
    if found is None:
        raise WrongState(f"There is no task {task}.")
    job = Job(
        owner=owner,
        asked_by_id=actor.id if actor.kind == "person" else None,
        asked_by_client_id=actor.id if actor.kind == "client" else None,
        task=task,
        title=title[:200],
        arguments=dict(arguments),
        most_tries=found.most_tries,
        run_at=run_at or timezone.now(),
    )
    return act(actor, JOB["queue"], job)


def run_next() -> bool:
    """Take one job that is due, or one whose worker died, and run it. False when there is none."""
    _take_back_abandoned()
    job = _lease()
    if job is None:
        return False
    _run(job)
    return True


def run_until_idle(most: int = 1000) -> int:
    """Run what is due, one after another; returns how many ran."""
    ran = 0
    while ran < most and run_next():
        ran += 1
    return ran


def _lease() -> Job | None:
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        job = (
            Job.objects.select_for_update(skip_locked=skip, of=("self",))
            .filter(status="queued", run_at__lte=timezone.now())
            .order_by("run_at", "id")
            .first()
        )
        if job is None:
            return None
        now = timezone.now()
        change = {"tries": job.tries + 1, "started_at": now, "beat_at": now, "error": ""}
        return act(SYSTEM, JOB["start"], job, change)


def _take_back_abandoned() -> None:
    limit = timezone.now() - timedelta(seconds=LEASE_SECONDS)
    for job in Job.objects.filter(status="running", beat_at__lt=limit):
        _give_up_or_requeue(job, "The worker stopped before the work was done.")


def _run(job: Job) -> None:
    found = registered(job.task)
    if found is None:
        _end(job, "fail", {"error": "This version has no such task."})
        return
    with structlog.contextvars.bound_contextvars(job=job.pk, task=job.task):
        _try(job, found)


def _try(job: Job, found: Registered) -> None:
    try:
        with beating(job):
            result = found.run(Running(job), **job.arguments)
    except Stopped:
        log.info("job stopped")
    except Refusal as refusal:
        _end(job, "fail", {"error": f"{refusal.detail} {refusal.mend}"})
    except Exception:
        log.exception("job failed")
        _give_up_or_requeue(job, "Something went wrong on our side.")
    else:
        _end(job, "finish", {"result": result or {}})


def _end(job: Job, verb: str, change: dict[str, Any]) -> None:
    """Write how it ended, unless it was cancelled or taken over meanwhile."""
    try:
        act(SYSTEM, JOB[verb], job, _if_still_mine(job, {**change, "ended_at": timezone.now()}))
    except WrongState:
        log.info("job ended after it was cancelled or taken over")


def _if_still_mine(job: Job, change: dict[str, Any]) -> Callable[[Job], None]:
    """The change, by the try that began it alone: a worker thought dead writes over nobody."""

    def write(row: Job) -> None:
        if row.tries != job.tries:
            raise WrongState("Another worker has taken this up.")
        for name, value in change.items():
            setattr(row, name, value)

    return write


def _give_up_or_requeue(job: Job, error: str) -> None:
    if job.tries >= job.most_tries:
        _end(job, "fail", {"error": f"{error} It was tried {job.tries} times."})
        return
    wait = timedelta(seconds=5 * 4 ** (job.tries - 1))
    try:
        change = {"error": error, "run_at": timezone.now() + wait}
        act(SYSTEM, JOB["requeue"], job, _if_still_mine(job, change))
    except WrongState:
        log.info("job ended after it was cancelled")
