"""Escalations: who was told that results are late, when, and what the body says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from concordat.evaluations.lifecycle import ESCALATION
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.rules.chase import CHOICES
from concordat.kernel.reference import codelist
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_text

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

LONGEST_HOLD: Final = timedelta(days=366)


def holds(ground: str) -> bool:
    """Whether the rules let a reason of this kind hold the chase."""
    return codelist("lateness_grounds").rows.get(ground, {}).get("holds") == "yes"


class EscalationQuerySet(SubjectQuerySet):
    """Escalations are seen with their evaluation."""

    def visible_to(self, actor: Actor) -> Self:
        """The escalations of the evaluations the actor may see."""
        if actor.is_system:
            return self
        known = Evaluation.objects.visible_to(actor).exclude(status="withdrawn")
        return self.filter(evaluation__in=known)


class Escalation(Subject):
    """One step of chasing, and its answer. `step` is "" where the body said why before it was asked;
    `due_on` is the due date, by the generous reading, that had passed."""

    KIND = "escalation"
    LIFECYCLE = ESCALATION
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}
    FIELDS: ClassVar[tuple[str, ...]] = ("ground", "reason", "holds_until")
    PUBLIC_FIELDS = (*FIELDS, "step", "due_on", "sent_on", "answered_on")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="escalations")
    step = models.CharField(max_length=24, blank=True, choices=CHOICES, editable=False)
    due_on = models.DateField(null=True, blank=True, editable=False)
    sent_on = models.DateField(null=True, blank=True, editable=False)
    answered_on = models.DateField(null=True, blank=True, editable=False)
    ground = models.CharField(
        "why it is late", max_length=24, blank=True, choices=codelist("lateness_grounds").choices
    )
    reason = models.TextField(
        max_length=4000, blank=True, validators=[check_text], help_text="Everyone can read it"
    )
    holds_until = models.DateField(
        "until when",
        null=True,
        blank=True,
        help_text="Only an election or a coming budget holds the reminders, until this day",
    )

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "step", "due_on"],
                condition=~models.Q(step=""),
                name="escalation_step_once",
            )
        ]

    def __str__(self) -> str:
        return self.get_step_display() if self.step else "Said before it was asked"

    @property
    def owner_id(self) -> int:
        """The lead body of the evaluation."""
        return self.evaluation.owner_id

    @property
    def visibility(self) -> int:
        """That of the evaluation."""
        return self.evaluation.visibility

    def invites(self, actor: Actor) -> bool:
        """Whoever is invited to the evaluation."""
        return self.evaluation.invites(actor)

    def clean(self) -> None:
        """An answer says why; only what the rules allow holds the chase, and not for ever."""
        if self.status != "answered":
            return
        wrong: dict[str, list[str]] = {}
        if not self.ground:
            wrong["ground"] = ["Select why it is late"]
        if not self.reason:
            wrong["reason"] = ["Enter the reason"]
        today = timezone.localdate()
        if self.holds_until is not None:
            if not holds(self.ground):
                wrong["holds_until"] = [
                    "Enter a date only for an election period or a coming budget"
                ]
            elif not today < self.holds_until <= today + LONGEST_HOLD:
                wrong["holds_until"] = ["The date must be within the next year"]
        if wrong:
            raise ValidationError(wrong)
