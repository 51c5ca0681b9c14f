"""Major projects and what they cost: reference data that anyone may read."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from concordat.evaluations.lifecycle import PORTFOLIO_YEAR, PROJECT, SPEND_LINE
from concordat.evaluations.rules.continuity import number_key
from concordat.evaluations.rules.costs import CLASSES, Cost
from concordat.evaluations.rules.spend import BASES, Total
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

_NUMBER = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", "Write a project number like MOD_0106_1617-Q1"
)
_YEARS = (MinValueValidator(2000), MaxValueValidator(2100))


class ReferenceQuerySet(SubjectQuerySet):
    """What the portfolio says is public."""

    def visible_to(self, actor: Actor) -> Self:
        """All of it, for everybody."""
        return self.all()


class Project(Subject):
    """A project of the Government Major Projects Portfolio, over all its years.

    `number`, `name`, `department` and `category` are those of the newest year; `key` is what stays
    the same of the number. One that a person found to be another under an older number is `joined`
    to it: both keep their lines, and are read as one.
    """

    KIND = "project"
    LIFECYCLE = PROJECT
    PUBLIC_FIELDS: ClassVar[tuple[str, ...]] = ("number", "name", "department", "category")

    number = models.CharField("project number", max_length=64, validators=[_NUMBER])
    key = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(max_length=500, validators=[check_line])
    department = models.CharField(max_length=200, blank=True, validators=[check_line])
    category = models.CharField(max_length=200, blank=True, validators=[check_line])
    body = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    joined_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", editable=False
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def owner_id(self) -> int | None:
        """The body it belongs to, where that is known."""
        return self.body_id

    @property
    def handle(self) -> str:
        """Its number."""
        return self.number

    def get_absolute_url(self) -> str:
        """Its public page."""
        return f"/evaluations/projects/{self.number}"

    def clean(self) -> None:
        """Its key follows from its number."""
        self.key = number_key(self.number)


class SpendLine(Subject):
    """One project in one year, as the portfolio of that year says it. `value` is in £ million and is
    there exactly where the cost is disclosed: a hidden cost is never zero."""

    KIND = "spend_line"
    LIFECYCLE = SPEND_LINE
    PUBLIC_FIELDS: ClassVar[tuple[str, ...]] = ("year", "number", "cost_cell", "cost_class")

    project = models.ForeignKey(Project, models.PROTECT, related_name="lines")
    year = models.PositiveSmallIntegerField(validators=_YEARS)
    number = models.CharField(max_length=64, blank=True, validators=[_NUMBER])
    name = models.CharField(max_length=500, validators=[check_line])
    department = models.CharField(max_length=200, blank=True, validators=[check_line])
    category = models.CharField(max_length=200, blank=True, validators=[check_line])
    body = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    cost_cell = models.TextField("whole-life cost as published", max_length=2000, blank=True)
    cost_class = models.CharField(max_length=16, choices=list(CLASSES.items()))
    sections = models.JSONField("exempting sections", default=list, blank=True)
    value = models.DecimalField(
        "whole-life cost, £ million", max_digits=15, decimal_places=6, null=True, blank=True
    )
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    start_cell = models.CharField(max_length=200, blank=True)
    end_cell = models.CharField(max_length=200, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["year", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="spend_line_once"),
            models.CheckConstraint(
                condition=Q(cost_class="disclosed", value__isnull=False)
                | (~Q(cost_class="disclosed") & Q(value__isnull=True)),
                name="spend_line_hidden_is_no_figure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.year}"

    @property
    def owner_id(self) -> int | None:
        """The body the project belonged to that year, where that is known."""
        return self.body_id

    @property
    def cost(self) -> Cost:
        """The cost cell with what it says."""
        return Cost(self.cost_cell, self.cost_class, tuple(self.sections), self.value)  # type: ignore[arg-type]


class PortfolioYear(Subject):
    """One year of the portfolio: the total that was published for it, on which basis and where, and
    what could not be read of its file. Amounts in £ million."""

    KIND = "portfolio_year"
    LIFECYCLE = PORTFOLIO_YEAR
    PUBLIC_FIELDS: ClassVar[tuple[str, ...]] = ("year", "total", "basis", "source", "total_source")
    owner_id: ClassVar[None] = None

    year = models.PositiveSmallIntegerField(unique=True, validators=_YEARS)
    total = models.DecimalField(
        "published total, £ million", max_digits=15, decimal_places=6, null=True, blank=True
    )
    basis = models.CharField(
        "what the total covers", max_length=16, blank=True, choices=list(BASES.items())
    )
    total_source = models.CharField(
        "where the total is published", max_length=500, blank=True, validators=[check_line]
    )
    category_totals = models.JSONField("totals by portfolio", default=dict, blank=True)
    source = models.CharField("file", max_length=255, blank=True, validators=[check_line])
    digest = models.CharField(max_length=64, blank=True, editable=False)
    remarks = models.JSONField(default=list, blank=True, editable=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["year"]

    def __str__(self) -> str:
        return f"Portfolio of {self.year}"

    @property
    def handle(self) -> str:
        """Its year."""
        return f"portfolio-{self.year}"

    def clean(self) -> None:
        """A total says what it covers and where it is published."""
        wrong = {}
        if self.total is not None and not self.basis:
            wrong["basis"] = ["Select what the total covers"]
        if self.total is not None and not self.total_source:
            wrong["total_source"] = ["Enter where the total is published"]
        if self.category_totals and self.total is None:
            wrong["total"] = ["Enter the total of all portfolios too"]
        if wrong:
            raise ValidationError(wrong)

    def total_of(self, category: str = "") -> Total | None:
        """The published total of a portfolio, or of all; None where none is."""
        if not category:
            return Total(self.total, self.basis) if self.total is not None else None  # type: ignore[arg-type]
        said = self.category_totals.get(category)
        return Total(Decimal(said), self.basis) if said is not None else None  # type: ignore[arg-type]
