"""The job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models

from concordat.kernel.jobs.policy import Can
from concordat.kernel.lifecycle import NEW, Lifecycle, State, Transition, states
from concordat.kernel.subject import Subject, SubjectQuerySet

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

JOB = Lifecycle(
    noun="job",
    states={
        "queued": State("Waiting", colour="blue"),
        "running": State("Running", colour="blue"),
        "done": State("Done", end=True, colour="green"),
        "failed": State("Failed", colour="red"),
        "cancelled": State("Cancelled", end=True),
    },
    transitions=(
        Transition("queue", NEW, needs=Can.JOB_QUEUE, target="queued", hidden=True),
        Transition("start", states("queued"), needs=Can.JOB_QUEUE, target="running", hidden=True),
        Transition("finish", states("running"), needs=Can.JOB_QUEUE, target="done", hidden=True),
        Transition("fail", states("running"), needs=Can.JOB_QUEUE, target="failed", hidden=True),
        Transition("requeue", states("running"), needs=Can.JOB_QUEUE, target="queued", hidden=True),
        Transition("retry", states("failed"), needs=Can.JOB_QUEUE, target="queued"),
        Transition("cancel", states("queued", "running"), needs=Can.JOB_CANCEL, target="cancelled"),
    ),
)


class JobQuerySet(SubjectQuerySet):
    """Jobs are seen by whoever asked for them and by their body."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own jobs and those of the bodies whose jobs one may see."""
        if actor.is_system:
            return self
        mine = models.Q(pk__in=[])
        if actor.kind == "person":
            mine = models.Q(asked_by_id=actor.id)
        elif actor.kind == "client":
            mine = models.Q(asked_by_client_id=actor.id)
        return self.filter(mine | models.Q(owner_id__in=actor.bodies(Can.JOB_SEE)))


class Job(Subject):
    """One piece of long work."""

    KIND = "job"
    LIFECYCLE = JOB

    owner = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by_client = models.ForeignKey(
        "kernel.Client", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    task = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    most_tries = models.PositiveSmallIntegerField(default=1)
    run_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Written while it runs, outside `act`: a heartbeat is not a deed.
    beat_at = models.DateTimeField(null=True, editable=False)
    done = models.PositiveBigIntegerField(default=0, editable=False)
    total = models.PositiveBigIntegerField(default=0, editable=False)
    message = models.CharField(max_length=200, blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "run_at"], name="job_waiting")]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None when that is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def found(self) -> list[tuple[str, Any]]:
        """The result as label and value; where to look (`url`) is a link of its own."""
        return [(k.replace("_", " ").capitalize(), v) for k, v in self.result.items() if k != "url"]

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/inside/jobs/{self.pk}"


class ScheduleRun(models.Model):
    """When something that is done every so often was last done; see `jobs.schedules`."""

    name = models.CharField(max_length=64, primary_key=True)
    ran_at = models.DateTimeField(null=True, help_text="When the last run that succeeded began")
    not_before = models.DateTimeField(
        null=True, help_text="Until then a worker is running it, or it has just failed"
    )

    def __str__(self) -> str:
        return self.name
