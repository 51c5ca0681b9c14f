"""Findings: what an evaluation found of one outcome, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from concordat.evaluations.lifecycle import FINDING
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.models.report import Report
from concordat.evaluations.rules.evidence.findings import (
    INTERPRETATIONS,
    INTERVALS,
    KINDS,
    MEASURES,
    Numbers,
)
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, check_text

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

_NUMBERS = {"interval_low": "low", "interval_high": "high", "interval_level": "level"}


class FindingQuerySet(SubjectQuerySet):
    """Findings are seen with their evaluation."""

    def visible_to(self, actor: Actor) -> Self:
        """The findings that stand, of the evaluations the actor may see."""
        if actor.is_system:
            return self
        known = Evaluation.objects.visible_to(actor).exclude(status="withdrawn")
        return self.filter(status="stated", evaluation__in=known)


class Finding(Subject):
    """One result. `outcome_id` is that of the outcome in the plan, where it was promised there.

    `outcome_group` is the kind of outcome, by which findings of several evaluations are pooled. The
    interval's level is in per cent; of a ratio all three numbers are ratios, not logarithms.
    """

    KIND = "finding"
    LIFECYCLE = FINDING
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}
    INDEXED_WITH = "evaluation"
    FIELDS: ClassVar[tuple[str, ...]] = (
        "outcome_id",
        "outcome",
        "outcome_group",
        "kind",
        "measure",
        "estimate",
        "interval_low",
        "interval_high",
        "interval_level",
        "interval_type",
        "n",
        "p_value",
        "interpretation",
        "report",
        "remarks",
    )
    PUBLIC_FIELDS = tuple(name for name in FIELDS if name != "report")

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="findings")
    outcome_id = models.CharField("outcome of the plan", max_length=40, blank=True)
    outcome = models.CharField("name of the outcome", max_length=256, validators=[check_line])
    outcome_group = models.CharField(
        "kind of outcome",
        max_length=256,
        blank=True,
        validators=[check_line],
        help_text="Such as literacy: findings of one kind are set side by side",
    )
    not_promised = models.BooleanField(
        "none of the outcomes of the plan", default=False, db_default=False, editable=False
    )
    kind = models.CharField("rank in the plan", max_length=24, choices=list(KINDS.items()))
    measure = models.CharField(
        "measure of the effect", max_length=16, choices=list(MEASURES.items())
    )
    estimate = models.FloatField(null=True, blank=True)
    interval_low = models.FloatField("lower end of the interval", null=True, blank=True)
    interval_high = models.FloatField("upper end of the interval", null=True, blank=True)
    interval_level = models.FloatField(
        "level of the interval", null=True, blank=True, help_text="In per cent, such as 95"
    )
    interval_type = models.CharField(
        "kind of interval", max_length=16, blank=True, choices=list(INTERVALS.items())
    )
    n = models.PositiveBigIntegerField(
        "number analysed",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10**12)],
    )
    p_value = models.FloatField(
        "p value",
        null=True,
        blank=True,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
    )
    interpretation = models.CharField(
        max_length=32, blank=True, choices=list(INTERPRETATIONS.items())
    )
    report = models.ForeignKey(
        Report,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name="report that says so",
    )
    remarks = models.TextField(
        max_length=4000,
        blank=True,
        validators=[check_text],
        help_text="What the numbers do not say",
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["outcome_group", "measure"], name="finding_pooled")]

    def __str__(self) -> str:
        return self.outcome

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

    def inside_url(self) -> str:
        """Its page."""
        return f"{self.evaluation.inside_url()}/findings/{self.pk}"

    @property
    def told_in(self) -> Report | None:
        """The report that says so, once anybody may read it."""
        return self.report if self.report and self.report.status == "published" else None

    @property
    def numbers(self) -> Numbers:
        """What it says in numbers."""
        return Numbers(
            self.measure,
            self.estimate,
            self.interval_low,
            self.interval_high,
            self.interval_level,
        )

    def clean(self) -> None:
        """The numbers hold together, and an outcome of the plan is in the plan."""
        names = {short: name for name, short in _NUMBERS.items()}
        wrong = {names.get(name, name): text for name, text in self.numbers.faults().items()}
        promised = {item["id"] for item in self.evaluation.plan.get("outcomes", [])}
        if self.outcome_id and self.outcome_id not in promised and self.pk is None:
            wrong["outcome_id"] = "Select an outcome of the plan, or leave it empty"
        if self.report is not None and self.report.evaluation_id != self.evaluation_id:
            wrong["report"] = "Select a report of this evaluation"
        if self.p_value is not None and not 0 <= self.p_value <= 1:
            wrong["p_value"] = "Enter a p value from 0 to 1"
        if self.estimate is None and not self.remarks and not self.interpretation:
            wrong["estimate"] = "Enter the estimate, or say in the remarks why there is none"
        if wrong:
            raise ValidationError(wrong)
