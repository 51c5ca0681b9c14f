"""An intake: a file of evaluations that was brought in, and what became of each of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from concordat.evaluations.lifecycle import INTAKE
from concordat.evaluations.policy import Can
from concordat.kernel.subject import Subject, SubjectQuerySet

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class IntakeQuerySet(SubjectQuerySet):
    """Intakes are seen inside the body that they were for."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the bodies that one registers evaluations for."""
        if actor.is_system:
            return self
        return self.filter(owner_id__in=actor.bodies(Can.EVALUATION_DRAFT))


class Intake(Subject):
    """What was done with a file; a `dry` one says what would be done.

    `lines` are rows of the report as `feeds.Line` has them, `unknown` the names that nobody has with
    the slugs of bodies whose names are close, `chosen` what somebody said that names mean.
    """

    KIND = "intake"
    LIFECYCLE = INTAKE

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    name = models.CharField("file", max_length=255)
    upload = models.PositiveBigIntegerField(null=True, blank=True)
    dry = models.BooleanField(default=False)
    counts = models.JSONField(default=dict, blank=True)
    lines = models.JSONField(default=list, blank=True)
    unknown = models.JSONField(default=dict, blank=True)
    chosen = models.JSONField(default=dict, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/inside/evaluations/imports/{self.pk}"
