"""The request: who asks for which columns and rows, for what, under which law, until when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.reference import codelist
from concordat.kernel.reference.fields import Codes, Named, Words
from concordat.kernel.search.document import Document, document_for
from concordat.kernel.text import check_line, check_text
from concordat.marketplace.lifecycle import SHARE_REQUEST
from concordat.marketplace.models.catalogue import Dataset, Distribution
from concordat.marketplace.policy import Can
from concordat.marketplace.rules.clauses import CLAUSES, clause_errors, policy_from
from concordat.marketplace.rules.narrower import offered, wider
from concordat.marketplace.rules.terms import law_errors
from concordat.tables.plane.columns import Column
from concordat.tables.plane.policy import Policy

LONGEST = timedelta(days=5 * 366)


class Conditions(Named):
    """What a supplier offers in place of what was asked, by the field of the request."""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse what names no clause; the request's own rules judge the rest."""
        models.JSONField.validate(self, value, model_instance)
        if not isinstance(value, dict) or not set(value) <= set(CLAUSES):
            raise ValidationError([f"Conditions are of {', '.join(CLAUSES)}."])

    def shown(self, value: Any) -> Any:
        """Each field with what is offered."""
        lines = []
        for name, offer in value.items():
            parts = offer if isinstance(offer, list) else [offer]
            if isinstance(offer, dict):
                parts = [f"{column}: {words}" for column, words in offer.items()]
            field: Any = ShareRequest._meta.get_field(name)
            lines.append(f"{field.verbose_name}: {', '.join(str(part) for part in parts)}")
        return lines


class ShareRequest(Record):
    """A data share request. `owner` is the acquirer; `supplier` publishes the dataset."""

    KIND = "share_request"
    PREFIX = "SR"
    LIFECYCLE = SHARE_REQUEST
    SEE = Can.SHARE_REQUEST_SEE
    SEARCHED = True
    SIDES: ClassVar[dict[str, str]] = {
        "owner": "owner",
        "acquirer": "owner",
        "supplier": "supplier",
    }

    # What is asked, in the order of asking: API and pages follow; a step of the journey asks each.
    FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "columns",
        "rows",
        "masks",
        "sample_by",
        "sample_percent",
        "gives",
        "minimum_cell",
        "purpose",
        "benefit",
        "data_types",
        "legal_power",
        "legal_gateway",
        "lawful_bases",
        "special_conditions",
        "versions",
        "people",
        "networks",
        "starts_on",
        "ends_on",
        "disposal",
    )

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="requests")
    distribution = models.ForeignKey(
        Distribution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        help_text="The stored table asked for",
    )
    supplier = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, related_name="+", editable=False
    )
    title = models.CharField(max_length=200, blank=True, validators=[check_line])
    purpose = models.TextField(
        max_length=4000, blank=True, validators=[check_text], verbose_name="what it is for"
    )
    benefit = models.TextField(
        max_length=4000, blank=True, validators=[check_text], verbose_name="public benefit"
    )
    data_types = Codes("about people", of="data_types")
    legal_power = models.TextField(max_length=2000, blank=True, validators=[check_text])
    legal_gateway = models.CharField(
        max_length=64, blank=True, choices=codelist("legal_gateways").choices
    )
    lawful_bases = Codes("lawful basis", of="lawful_bases", help_text="UK GDPR Article 6")
    special_conditions = Codes(
        "condition for special category data",
        of="special_conditions",
        help_text="UK GDPR Article 9",
    )
    columns = Words(longest=255, help_text="The columns asked for")
    rows = models.TextField(
        max_length=4000,
        blank=True,
        validators=[check_text],
        help_text="Which rows, such as organisation in ('A', 'B'); empty means all of them",
    )
    masks = Named(
        "how exact",
        longest=20,
        db_default={},
        help_text="Columns that are given less exactly, each with such as year, hash or start 3",
    )
    sample_by = models.CharField(
        "a sample by",
        max_length=255,
        blank=True,
        default="",
        db_default="",
        validators=[check_line],
        help_text="The column by whose values a sample is drawn: all rows of a value, or none",
    )
    sample_percent = models.PositiveSmallIntegerField(
        "how many in a hundred",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text="The size of the sample, from 1 to 99 in a hundred of its values",
    )
    gives = models.CharField(
        "rows or totals",
        max_length=16,
        blank=True,
        default="",
        db_default="",
        choices=codelist("given").choices,
        help_text="Unsaid, rows",
    )
    minimum_cell = models.PositiveSmallIntegerField(
        "smallest group",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text="No total of fewer is given",
    )
    versions = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        choices=codelist("table_versions").choices,
        help_text="Which versions of the table; unsaid, the latest",
    )
    people = Words(
        "who may read it",
        longest=254,
        db_default=[],
        help_text="E-mail addresses of those who alone may read it; none means whoever may read"
        " tables for the organisation",
    )
    networks = Words(
        "from which networks",
        longest=43,
        db_default=[],
        help_text="Networks such as 192.0.2.0/24 from which alone it is read; none means any",
    )
    conditions = Conditions(
        "the supplier’s conditions",
        db_default={},
        help_text="What the supplier offers in place of what was asked",
    )
    starts_on = models.DateField("from", null=True, blank=True)
    ends_on = models.DateField("until", null=True, blank=True)
    disposal = models.TextField(
        "destroying copies", max_length=2000, blank=True, validators=[check_text]
    )

    objects = RecordQuerySet.as_manager()

    def clean(self) -> None:
        """A draft may be incomplete, never wrong; what is submitted must be whole."""
        errors = self._shape_errors()
        if self.status not in ("draft", "cancelled", ""):
            for name, messages in self._gaps().items():
                errors.setdefault(name, []).extend(messages)
        if errors:
            raise ValidationError(errors)

    def _shape_errors(self) -> dict[str, list[str]]:
        errors = {
            "ends_on": self._date_errors(),
        }
        if self.distribution_id and self.distribution.dataset_id != self.dataset_id:  # type: ignore[union-attr]
            errors["distribution"] = ["Choose a distribution of this dataset."]
        for name, messages in self._clause_errors().items():
            errors.setdefault(name, []).extend(messages)
        return {name: messages for name, messages in errors.items() if messages}

    def _clause_errors(self) -> dict[str, list[str]]:
        lists = (self.columns, self.people, self.networks)
        if not all(isinstance(value, list) for value in lists) or not isinstance(self.masks, dict):
            return {}  # each field has said so itself
        known = self.stored_columns()
        stored = None if known is None else [Column.from_data(column) for column in known]
        if errors := clause_errors(self.asked(), stored):
            return errors
        return self._wider(stored) if stored and self.conditions else {}

    def _wider(self, stored: list[Column]) -> dict[str, list[str]]:
        """Where the supplier's conditions would give more than was asked, or do not fit."""
        offer = self.offered()
        if errors := clause_errors(offer, stored):
            return errors
        if not offer["columns"]:
            return {"columns": ["Leave at least one column, or reject the request."]}
        return wider(policy_from(offer, stored, 0), policy_from(self.asked(), stored, 0))

    def asked(self) -> dict[str, Any]:
        """What is asked of the data, by the names of `CLAUSES`."""
        return {name: getattr(self, name) for name in CLAUSES}

    def offered(self) -> dict[str, Any]:
        """The same under the conditions that the supplier set."""
        return offered(self.asked(), self.conditions)

    def policy(self, starts: datetime | None = None, expires: datetime | None = None) -> Policy:
        """The policy that an agreement would be made of now.

        Raises ValueError where nothing is stored, or a clause does not fit what is.
        """
        table = self.distribution.table if self.distribution else None
        if table is None or table.latest is None:
            raise ValueError("nothing is stored")
        stored = [Column.from_data(column) for column in table.latest.columns]
        number = table.latest.number
        return policy_from(
            self.offered(), stored, number, purpose=self.purpose, starts=starts, expires=expires
        )

    def _date_errors(self) -> list[str]:
        if not self.starts_on or not self.ends_on:
            return []
        if self.ends_on <= self.starts_on:
            return ["The end must be after the start."]
        if self.ends_on - self.starts_on > LONGEST:
            return ["Ask for five years or less; an agreement can be made again."]
        return []

    def _gaps(self) -> dict[str, list[str]]:
        needed = {
            "distribution": "Choose the table that you need.",
            "title": "Give the project a name.",
            "purpose": "Say what the data is for.",
            "benefit": "Say who benefits and how.",
            "data_types": "Say whether the data is personal.",
            "legal_power": "Name the power that lets you ask for this.",
            "legal_gateway": "Choose the legal gateway, or say that none is needed.",
            "columns": "Name at least one column.",
            "starts_on": "Say when you need it from.",
            "ends_on": "Say when you will stop using it.",
            "disposal": "Say how copies are destroyed at the end.",
        }
        gaps = {name: [text] for name, text in needed.items() if not getattr(self, name)}
        gaps.update(law_errors(self.data_types, self.lawful_bases, self.special_conditions))
        if self.distribution_id and not self.stored_columns():
            gaps["distribution"] = ["No table is stored there. Choose a form that has one."]
        if self.ends_on and self.ends_on <= timezone.localdate():
            gaps["ends_on"] = ["The end must be in the future."]
        return gaps

    def stored_columns(self) -> list[dict[str, str]] | None:
        """Name and type of each column of the table asked for; None when nothing is stored."""
        table = self.distribution.table if self.distribution else None
        return table.latest.columns if table and table.latest else None

    def as_document(self) -> Document:
        """What search indexes, for the sides alone."""
        return document_for(
            self,
            title=self.title or self.reference,
            summary=self.purpose[:250],
            body=f"{self.purpose}\n{self.benefit}\n{self.owner.name}",
            facets={"organisation": (self.owner.name,)},
        )
