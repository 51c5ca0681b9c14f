"""What is known of an evaluation's DOI by whoever leads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, Q, QuerySet

from concordat.evaluations.models import Evaluation
from concordat.evaluations.queries.harvest import harvest
from concordat.kernel.access import PUBLIC, SYSTEM, Actor
from concordat.kernel.jobs.models import Job

TASK: Final = "register_dois"
WAIT: Final = timedelta(hours=1)  # after a job that failed, until another is queued


def behind(actor: Actor) -> QuerySet[Evaluation]:
    """The evaluations open to the actor whose DOI, or what is told of it, is behind."""
    return harvest(actor).filter(Q(doi_at__isnull=True) | Q(doi_at__lt=F("stamp")))


def doi_jobs(actor: Actor, of: Evaluation) -> QuerySet[Job]:
    """The jobs that register the DOIs of an evaluation, newest first."""
    jobs = Job.objects.visible_to(actor).filter(task=TASK, arguments__reference=of.reference)
    return jobs.order_by("-id")


def doi_state(actor: Actor, of: Evaluation) -> str:
    """The DOI, or why there is none yet; "" where none is to be had."""
    last = doi_jobs(SYSTEM, of).first() if of.is_public and settings.ENV.doi_prefix else None
    if last is not None and last.status == "failed":
        return f"{of.doi or 'Not registered'}. {last.error} It is tried again within the hour."
    if of.doi or not (settings.ENV.doi_prefix and of.published_at):
        return of.doi
    opened = Evaluation.objects.visible_to(PUBLIC).filter(pk=of.pk).exists()
    return "Being registered" if opened else "Registered once it is open"
