"""Assessments: what somebody holds an evaluation's evidence to be worth, on a scale that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from concordat.evaluations.lifecycle import ASSESSMENT
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.rules.evidence.ratings import Scale, Score, rate
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.refusals import Invalid
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_text

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class AssessmentQuerySet(SubjectQuerySet):
    """A draft is its assessor's; what is published is seen with its evaluation."""

    def visible_to(self, actor: Actor) -> Self:
        """The assessments of the evaluations the actor may see, and of drafts their own."""
        if actor.is_system:
            return self
        known = Evaluation.objects.visible_to(actor).exclude(status="withdrawn")
        open_now = Q(status="published")
        if actor.kind == "person":
            open_now |= Q(status="draft", assessor_id=actor.id)
        return self.filter(open_now, evaluation__in=known)


class Assessment(Subject):
    """One rating of one evaluation: the answers to a scale's criteria, and the score they give.

    `owner` is the assessor's body. Several stand side by side, each under its scale and its assessor;
    the score and its reasons are kept as they were reckoned, under the version of the scale.
    """

    KIND = "assessment"
    LIFECYCLE = ASSESSMENT
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner", "assessor": "assessor"}
    INDEXED_WITH = "evaluation"
    PUBLIC_FIELDS = ("scale", "scale_version", "answers", "score", "made_on", "remarks")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="assessments")
    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    assessor = models.ForeignKey("kernel.Person", models.PROTECT, related_name="+")
    scale = models.CharField(
        max_length=16, choices=[(scale.code, scale.name) for scale in SCALES.values()]
    )
    scale_version = models.CharField(max_length=16, editable=False)
    answers = models.JSONField(default=dict)
    level = models.PositiveSmallIntegerField(default=0, editable=False)
    highest = models.PositiveSmallIntegerField(default=0, editable=False)
    score = models.CharField(max_length=64, editable=False)
    reasons = models.JSONField(default=list, editable=False)
    made_on = models.DateField(default=timezone.localdate, editable=False)
    remarks = models.TextField(
        max_length=4000,
        blank=True,
        validators=[check_text],
        help_text="What the answers rest on, such as pages of the report",
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["scale", "-made_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_scale_display()}: {self.score}"

    @property
    def visibility(self) -> int:
        """That of the evaluation once it was published; until then it is the assessor's alone."""
        opened = self.status in ("published", "withdrawn")
        return self.evaluation.visibility if opened else Visibility.OWNER

    @property
    def rated_on(self) -> Scale:
        """The scale, as it is today."""
        return SCALES[self.scale]

    @property
    def strength(self) -> float:
        """The level as a share of the highest of its scale."""
        return self.level / self.highest if self.highest else 0.0

    def inside_url(self) -> str:
        """Its page."""
        return f"{self.evaluation.inside_url()}/assessments/{self.pk}"

    def clean(self) -> None:
        """The answers fit the scale and give the score; what an older version scored stays."""
        scale = SCALES.get(self.scale)
        if scale is None or self.scale_version not in ("", scale.version):
            return
        try:
            found: Score = rate(scale, self.answers if isinstance(self.answers, dict) else {})
        except Invalid as refusal:
            says = [f"{name}: {text}" for name, texts in refusal.errors.items() for text in texts]
            raise ValidationError({"answers": says}) from None
        self.scale_version = scale.version
        self.level, self.highest, self.score = found.level, found.of, found.label
        self.reasons = list(found.reasons)
