"""Reports: what an evaluation hands in, when, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from concordat.evaluations.lifecycle import REPORT
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.policy import Can
from concordat.evaluations.rules.dates import Moment
from concordat.kernel.reference.fields import Codes, Words
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, check_text

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

FINAL = ("summary_final_report", "main_final_report")


def check_moment(value: str) -> None:
    """Validator: a date to the day, the month or the year."""
    try:
        Moment.read(value)
    except ValueError:
        raise ValidationError("Enter a real date, as 2026, 2026-04 or 2026-04-27") from None


class ReportQuerySet(SubjectQuerySet):
    """A report that is published is seen with its evaluation; before that, by the lead body alone."""

    def visible_to(self, actor: Actor) -> Self:
        """The reports that the actor may know of."""
        if actor.is_system:
            return self
        known = Evaluation.objects.visible_to(actor)
        opened = Q(status="published", evaluation__in=known)
        own = Q(evaluation__owner__in=actor.bodies(Can.EVALUATION_SEE))
        guest = (
            Q(evaluation__in=known.filter(editors=actor.id))
            if actor.kind == "person"
            else Q(pk__in=[])
        )
        return self.filter(opened | own | guest)


class Report(Subject):
    """One report of an evaluation.

    `events` are the days on which it was submitted, returned, taken back and published, in order:
    `{"kind": submitted|returned|cancelled|published, "on": "2026-04-27", "inferred": bool}`.
    """

    KIND = "report"
    LIFECYCLE = REPORT
    INDEXED_WITH = "evaluation"
    TOGETHER = True
    FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "kinds",
        "url",
        "description",
        "authors",
        "signed_off_on",
        "published_on",
        "doi",
    )
    PUBLIC_FIELDS = FIELDS

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="reports")
    title = models.CharField(max_length=256, validators=[check_line])
    kinds = Codes("what it is", of="report_types")
    url = models.URLField("address", max_length=2000, blank=True)
    description = models.TextField(max_length=20_000, blank=True, validators=[check_text])
    authors = Words("authors")
    signed_off_on = models.CharField(
        "signed off on", max_length=10, blank=True, validators=[check_moment]
    )
    published_on = models.CharField(
        "published on", max_length=10, blank=True, validators=[check_moment]
    )
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[check_line])
    events = models.JSONField(default=list, blank=True, editable=False)
    source_id = models.CharField(max_length=255, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title

    @property
    def owner_id(self) -> int:
        """The lead body of the evaluation."""
        return self.evaluation.owner_id

    @property
    def visibility(self) -> int:
        """That of the evaluation once it is published; before, the lead body's alone."""
        return self.evaluation.visibility if self.status in ("published", "removed") else 0

    def invites(self, actor: Actor) -> bool:
        """Whoever is invited to the evaluation."""
        return self.evaluation.invites(actor)

    @property
    def is_final(self) -> bool:
        """Whether it tells the final results."""
        return bool(set(FINAL) & set(self.kinds))

    def clean(self) -> None:
        """What is handed in says what it is; what is published, where it is and since when."""
        wrong: dict[str, Any] = {}
        handed_in = self.status in ("submitted", "published")
        if handed_in and not self.kinds and not self.source_id:
            wrong["kinds"] = ["Select what it is"]
        if self.status == "published":
            if not self.url and not self.source_id:
                wrong["url"] = ["Enter the address at which it is published"]
            if not self.published_on and not self.source_id:
                wrong["published_on"] = ["Enter when it was published"]
        if self.signed_off_on and self.published_on and not wrong:
            signed, out = Moment.read(self.signed_off_on), Moment.read(self.published_on)
            if signed.is_after(out) and not self.source_id:
                wrong["published_on"] = ["This must be the same as or after the date of sign-off"]
        if wrong:
            raise ValidationError(wrong)
