"""Versions of a plan: made once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from concordat.evaluations.lifecycle import PLAN
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.rules.versions import KINDS, is_hidden, opened
from concordat.kernel.subject import Subject, SubjectQuerySet

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class PlanQuerySet(SubjectQuerySet):
    """Versions are seen with their evaluation."""

    def visible_to(self, actor: Actor) -> Self:
        """The versions of the evaluations the actor may see."""
        return self.filter(evaluation__in=Evaluation.objects.visible_to(actor))


class Plan(Subject):
    """One version of what an evaluation says, whole: `body` is what anybody may check.

    `secrets` holds, by path, the salt and the value of what the body keeps as a commitment.
    `after_data` is the mark of a change that came when data were collected already.
    """

    KIND = "plan"
    LIFECYCLE = PLAN
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}
    INDEXED_WITH = "evaluation"
    PUBLIC_FIELDS = ("number", "kind", "reason", "digest", "previous", "after_data", "doi")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=list(KINDS.items()))
    reason = models.TextField(max_length=4000, blank=True)
    body = models.JSONField()
    secrets = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    doi = models.CharField(
        "DOI", max_length=255, blank=True, default="", db_default="", editable=False
    )
    after_data = models.BooleanField("after data collection began", default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="plan_number_once")
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.evaluation.reference}"

    @property
    def owner_id(self) -> int:
        """The lead body of the evaluation."""
        return self.evaluation.owner_id

    @property
    def visibility(self) -> int:
        """That of the evaluation."""
        return self.evaluation.visibility

    @property
    def reference(self) -> str:
        """That of the evaluation, with the number of the version."""
        return f"{self.evaluation.reference}/{self.number}"

    def invites(self, actor: Actor) -> bool:
        """Whoever is invited to the evaluation."""
        return self.evaluation.invites(actor)

    def open_secrets(self) -> dict[str, dict[str, Any]]:
        """The salt and the value of each path that was hidden and is open by now."""
        dates, today = self.evaluation.happenings, timezone.localdate()
        hidden = self.evaluation.hidden
        return {
            path: secret
            for path, secret in self.secrets.items()
            if path not in hidden or not is_hidden(hidden[path], dates, today)
        }

    def shown(self) -> dict[str, Any]:
        """The body, with what was hidden and is open by now told beside its commitment."""
        return {**self.body, "plan": opened(self.body["plan"], self.open_secrets())}
