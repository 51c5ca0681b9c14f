"""Exemptions: leave to publish later than the rules say, asked for by one and granted by another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from concordat.evaluations.lifecycle import EXEMPTION
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.policy import Can
from concordat.evaluations.rules.clocks import Leave
from concordat.kernel.reference import codelist
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_text

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

LONGEST: Final = timedelta(days=2 * 366)


class ExemptionQuerySet(SubjectQuerySet):
    """What was granted is seen with its evaluation; what is only asked for, by the lead body."""

    def visible_to(self, actor: Actor) -> Self:
        """The exemptions the actor may know of."""
        if actor.is_system:
            return self
        known = Evaluation.objects.visible_to(actor)
        own = Q(evaluation__owner__in=actor.bodies(Can.EVALUATION_SEE))
        if actor.kind == "person":
            own |= Q(evaluation__in=known.filter(editors=actor.id))
        return self.filter(own | Q(granted_on__isnull=False, evaluation__in=known))


class Exemption(Subject):
    """From the day it is granted until it expires or is ended, results are due when it expires."""

    KIND = "exemption"
    LIFECYCLE = EXEMPTION
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}
    FIELDS: ClassVar[tuple[str, ...]] = ("ground", "reason", "expires_on")
    PUBLIC_FIELDS = (*FIELDS, "granted_on", "ended_on")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="exemptions")
    ground = models.CharField(max_length=24, choices=codelist("exemption_grounds").choices)
    reason = models.TextField(
        max_length=4000,
        validators=[check_text],
        help_text="Once it is granted, everyone can read it",
    )
    expires_on = models.DateField("results are due by", help_text="When the exemption expires")
    granted_on = models.DateField(null=True, blank=True, editable=False)
    ended_on = models.DateField(null=True, blank=True, editable=False)
    approver = models.ForeignKey(
        "kernel.Person", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Exemption of {self.evaluation.reference}"

    @property
    def owner_id(self) -> int:
        """The lead body of the evaluation."""
        return self.evaluation.owner_id

    @property
    def visibility(self) -> int:
        """That of the evaluation once it was granted; before, the lead body's alone."""
        return self.evaluation.visibility if self.granted_on else 0

    def invites(self, actor: Actor) -> bool:
        """Whoever is invited to the evaluation."""
        return self.evaluation.invites(actor)

    @property
    def leave(self) -> Leave | None:
        """What the clock reckons with; None before it is granted."""
        return leave_of(self.granted_on, self.expires_on, self.ended_on)

    def clean(self) -> None:
        """It ends, and not before it is asked for."""
        if self.expires_on is None or self.status not in ("asked", "granted"):
            return
        today = timezone.localdate()
        if self.expires_on <= today:
            raise ValidationError({"expires_on": ["The date must be in the future"]})
        if self.expires_on > today + LONGEST:
            raise ValidationError({"expires_on": ["The date must be within the next two years"]})


def leave_of(granted: date | None, expires: date, ended: date | None) -> Leave | None:
    """An exemption as the clock reckons with it; None before it is granted."""
    if granted is None:
        return None
    return Leave(granted, min(expires, ended) if ended else expires)
