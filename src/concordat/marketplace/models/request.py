"""The request: who asks for which columns and rows, for what, under which law, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.reference import codelist
from concordat.kernel.reference.fields import Codes, Words
from concordat.kernel.search.document import Document, document_for
from concordat.kernel.text import check_line, check_text
from concordat.marketplace.lifecycle import SHARE_REQUEST
from concordat.marketplace.models.catalogue import Dataset, Distribution
from concordat.marketplace.policy import Can
from concordat.marketplace.rules.terms import law_errors, terms_errors

LONGEST = timedelta(days=5 * 366)


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
        "purpose",
        "benefit",
        "data_types",
        "legal_power",
        "legal_gateway",
        "lawful_bases",
        "special_conditions",
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
        for name, messages in terms_errors(self.stored_columns(), self.columns, self.rows).items():
            errors.setdefault(name, []).extend(messages)
        return {name: messages for name, messages in errors.items() if messages}

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
