"""What an evaluation recommends, what was said to it, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from concordat.evaluations.lifecycle import RECOMMENDATION
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.rules.recommendations import RESPONSES, STANDINGS, standing_of
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, check_text

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class RecommendationQuerySet(SubjectQuerySet):
    """Recommendations are seen with their evaluation."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the evaluations the actor may see, without what was removed."""
        if actor.is_system:
            return self
        known = Evaluation.objects.visible_to(actor)
        return self.filter(evaluation__in=known).exclude(status="removed")


class Recommendation(Subject):
    """One thing that an evaluation says should be done, and by which body."""

    KIND = "recommendation"
    LIFECYCLE = RECOMMENDATION
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner", "addressee": "addressee"}
    INDEXED_WITH = "evaluation"

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="recommendations")
    addressee = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, related_name="+", verbose_name="whom it is for"
    )
    text = models.TextField("recommendation", max_length=4000, validators=[check_text])
    response_due = models.DateField("when a response is due", null=True, blank=True)
    response = models.CharField(max_length=16, blank=True, choices=list(RESPONSES.items()))
    response_text = models.TextField(
        "the response in words", max_length=4000, blank=True, validators=[check_text]
    )
    responded_by = models.CharField(
        "who responds",
        max_length=150,
        blank=True,
        validators=[check_line],
        help_text="Such as “The Permanent Secretary”",
    )
    responded_on = models.DateField(null=True, blank=True, editable=False)
    done_on = models.DateField("when it was done", null=True, blank=True)
    changed = models.TextField("what changed", max_length=4000, blank=True, validators=[check_text])

    objects = RecommendationQuerySet.as_manager()

    FIELDS: ClassVar[tuple[str, ...]] = (
        "text",
        "response_due",
        "response",
        "response_text",
        "responded_by",
        "responded_on",
        "done_on",
        "changed",
    )
    PUBLIC_FIELDS = FIELDS

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        line = " ".join(self.text.split())
        return line if len(line) <= 120 else f"{line[:119]}…"

    @property
    def owner_id(self) -> int:
        """The lead body of the evaluation."""
        return self.evaluation.owner_id

    @property
    def visibility(self) -> int:
        """That of the evaluation."""
        return self.evaluation.visibility

    @property
    def stands(self) -> str:
        """How it stands today, as a key of `STANDINGS`."""
        today = timezone.localdate()
        return standing_of(self.response_due, self.response, self.done_on, today)

    @property
    def stands_in_words(self) -> str:
        """The same in words."""
        return STANDINGS[self.stands]

    @property
    def anchor(self) -> str:
        """Where on its evaluation's page it stands."""
        return f"#recommended-{self.pk}"

    def clean(self) -> None:
        """A response says which it is and why; what was done says when and what changed."""
        errors: dict[str, str] = {}
        if self.status in ("responded", "done"):
            if not self.response:
                errors["response"] = "Select whether it is accepted"
            if not self.response_text:
                errors["response_text"] = "Enter the response in words"
        if self.status == "done":
            errors |= self._unfinished()
        if errors:
            raise ValidationError(errors)

    def _unfinished(self) -> dict[str, str]:
        if self.response == "rejected":
            return {
                "__all__": "A recommendation that was rejected cannot be done. Respond anew first"
            }
        wrong = {} if self.changed else {"changed": "Enter what changed"}
        if self.done_on is None:
            wrong["done_on"] = "Enter when it was done"
        elif self.done_on > timezone.localdate():
            wrong["done_on"] = "When it was done must be today or in the past"
        return wrong
