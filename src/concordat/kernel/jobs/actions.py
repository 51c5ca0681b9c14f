"""What people do to a job: stop it, or have it tried again."""

from __future__ import annotations

from django.utils import timezone

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.jobs.models import JOB, Job
from concordat.kernel.jobs.tasks import registered


def cancel_job(actor: Actor, job: Job, expected: int | None = None) -> Job:
    """Stop a job; one that runs notices at its next word of progress."""
    return act(actor, JOB["cancel"], job, {"ended_at": timezone.now()}, expected=expected)


def retry_job(actor: Actor, job: Job, expected: int | None = None) -> Job:
    """Let a failed job be tried again, as often as it could be at first."""

    def again(row: Job) -> None:
        # The count of tries goes on: it tells a worker that was thought dead from the next one.
        found = registered(row.task)
        row.most_tries = row.tries + (found.most_tries if found else 1)
        row.run_at, row.ended_at, row.error = timezone.now(), None, ""

    return act(actor, JOB["retry"], job, again, expected=expected)
