"""Datasets, data services and distributions, as the UK Exchange Model describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.reference import codelist
from concordat.kernel.reference.fields import Codes, Words
from concordat.kernel.search.document import Document, document_for
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, check_text
from concordat.marketplace.feeds.exchange import MEDIA_TYPE
from concordat.marketplace.lifecycle import DATA_SERVICE, DATASET, DISTRIBUTION
from concordat.marketplace.policy import Can
from concordat.marketplace.rules.catalogue import dictionary_errors

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

_DATE_HELP = "For example, 27 3 2026"
# What a body that describes its own data must say; a harvested record says what its source said.
_OWN = {
    "contact_name": "Enter the name of a contact.",
    "contact_email": "Enter the e-mail address of a contact.",
    "modified_on": "Enter the date of the last change.",
}


def _code(list_name: str, default: str, name: str) -> models.CharField[str, str]:
    return models.CharField(
        name, max_length=64, choices=codelist(list_name).choices, default=default
    )


def check_media_type(value: str) -> None:
    """Validator: a media type as the UK Exchange Model writes it, such as text/csv."""
    if not MEDIA_TYPE.fullmatch(value):
        raise ValidationError("Write an IANA media type, such as text/csv.")


def _refuse_double(row: models.Model, message: str, *where: models.Q, **same: Any) -> None:
    """Refuse a row where another has the same values; `where` is the constraint's own condition.

    Django asks the database whether a constraint's condition holds before it asks for such a row,
    which took two fifths of the time of a harvest.
    """
    if type(row)._default_manager.filter(*where, **same).exclude(pk=row.pk).exists():
        raise ValidationError(message)


class Resource(Record):
    """What datasets and data services have in common."""

    SEARCHED = True

    title = models.CharField(max_length=200, validators=[check_line])
    alternative_titles = Words("other titles")
    summary = models.CharField(
        max_length=250,
        blank=True,
        validators=[check_line],
        help_text="One line, shown in search results",
    )
    description = models.TextField(max_length=20_000, validators=[check_text])
    keywords = Words()
    themes = Codes(of="themes", strict=False)
    contact_name = models.CharField("contact", max_length=150, blank=True, validators=[check_line])
    contact_email = models.EmailField("contact’s e-mail address", blank=True)
    creators = models.ManyToManyField("kernel.Organisation", related_name="+", blank=True)
    release = models.CharField(
        max_length=50,
        default="v1.0",
        validators=[check_line],
        verbose_name="version",
        help_text="Such as v1.0, or the release date",
    )
    created_on = models.DateField("date created", null=True, blank=True, help_text=_DATE_HELP)
    issued_on = models.DateField("date issued", null=True, blank=True, help_text=_DATE_HELP)
    modified_on = models.DateField("date modified", null=True, blank=True, help_text=_DATE_HELP)
    licence = _code("licences", "OGL-UK-3.0", "licence")
    access_rights = _code("access_rights", "INTERNAL", "who may have it")
    security_classification = _code("security_classifications", "OFFICIAL", "classification")
    related = Words("related records")
    landing_page = models.URLField("web page", max_length=2000, blank=True)
    source = models.CharField(max_length=64, blank=True, editable=False)
    source_id = models.CharField(max_length=500, blank=True, editable=False)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    # What a body is asked about it and a reader is told of it, in that order: forms, API and pages
    # follow. Of these, the history that the public reads leaves out what names a person.
    FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "alternative_titles",
        "summary",
        "description",
        "keywords",
        "themes",
        "contact_name",
        "contact_email",
        "release",
        "created_on",
        "issued_on",
        "modified_on",
        "licence",
        "access_rights",
        "security_classification",
        "landing_page",
        "related",
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """It is dated in order, somebody made it, and its publisher says whom to ask."""
        errors: dict[str, list[str]] = {}
        if not self.source:
            errors = {name: [text] for name, text in _OWN.items() if not getattr(self, name)}
        if self.created_on and self.modified_on and self.created_on > self.modified_on:
            errors["modified_on"] = ["This must be the same as or after the date it was created."]
        if self.pk and self.status in ("in_review", "published") and not self.creators.exists():
            errors["creators"] = ["Name at least one organisation that created it."]
        if errors:
            raise ValidationError(errors)

    def validate_constraints(self, exclude: Any = None) -> None:
        """The source's own id is one record's: as the constraint says, with one query, not two."""
        if self.source:
            message = "This source already has a record of that identifier."
            # Said in the words of the constraint, or SQLite reads every row and not its index.
            where = ~models.Q(source="")
            _refuse_double(self, message, where, source=self.source, source_id=self.source_id)

    def facets(self) -> dict[str, tuple[str, ...]]:
        """What search narrows by."""
        return {
            "organisation": (self.owner.name,),
            "theme": tuple(codelist("themes").label(theme) for theme in self.themes),
            "access": (codelist("access_rights").label(self.access_rights),),
            "licence": (codelist("licences").label(self.licence),),
        }

    def as_document(self) -> Document:
        """What search indexes."""
        return document_for(
            self,
            title=self.title,
            summary=self.summary or self.description[:250],
            body="\n".join([self.description, *self.alternative_titles, self.owner.name]),
            keywords=tuple(self.keywords),
            facets=self.facets(),
        )


def _impersonal(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in fields if name not in ("contact_name", "contact_email"))


def _from_source(kind: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["source", "source_id"],
            condition=~models.Q(source=""),
            name=f"{kind}_source_once",
        )
    ]


class Dataset(Resource):
    """A dataset. `owner` is the publisher."""

    KIND = "dataset"
    PREFIX = "DS"
    LIFECYCLE = DATASET
    SEE = Can.DATASET_SEE

    update_frequency = _code("frequencies", "freq:irregular", "how often it is updated")
    dictionary = models.JSONField(
        default=list, blank=True, help_text="The columns: name, type, description"
    )
    is_esda = models.BooleanField(default=False, verbose_name="essential shared data asset")

    FIELDS = (*Resource.FIELDS, "update_frequency", "is_esda")
    PUBLIC_FIELDS = (*_impersonal(FIELDS), "dictionary")

    class Meta:
        constraints = _from_source("dataset")
        ordering = ["title"]

    def clean(self) -> None:
        """The dictionary is a list of described columns, each name once."""
        super().clean()
        if found := dictionary_errors(self.dictionary):
            raise ValidationError({"dictionary": found})

    @classmethod
    def searched_rows(cls) -> Any:
        """With their distributions."""
        return super().searched_rows().prefetch_related("distributions")

    def facets(self) -> dict[str, tuple[str, ...]]:
        """With the formats of its distributions."""
        formats = {d.format for d in self.distributions.all() if d.status == "listed" and d.format}
        return {**super().facets(), "format": tuple(sorted(formats))}


class DataService(Resource):
    """An API. `owner` is the publisher."""

    KIND = "data_service"
    PREFIX = "SV"
    LIFECYCLE = DATA_SERVICE
    SEE = Can.DATA_SERVICE_SEE

    endpoint_url = models.URLField("address of the service", max_length=2000, blank=True)
    endpoint_description = models.URLField("address of its documentation", max_length=2000)
    service_status = _code("service_statuses", "LIVE", "state of the service")
    service_type = _code("service_types", "REST", "kind of service")
    serves = models.ManyToManyField(Dataset, related_name="services", blank=True)

    FIELDS = (
        *Resource.FIELDS,
        "endpoint_url",
        "endpoint_description",
        "service_status",
        "service_type",
    )
    PUBLIC_FIELDS = _impersonal(FIELDS)

    class Meta:
        constraints = _from_source("data_service")
        ordering = ["title"]


class DistributionQuerySet(SubjectQuerySet):
    """Distributions are seen with their dataset."""

    def visible_to(self, actor: Actor) -> Self:
        """The distributions of the datasets the actor may see."""
        return self.filter(dataset__in=Dataset.objects.visible_to(actor))

    def listed(self) -> Self:
        """Those that have not been removed."""
        return self.filter(status="listed")


_NAMED_TWICE = "This dataset already has a distribution so named."


class Distribution(Subject):
    """One form in which a dataset can be had; a stored table may stand behind it."""

    KIND = "distribution"
    LIFECYCLE = DISTRIBUTION
    INDEXED_WITH = "dataset"
    FIELDS: ClassVar[tuple[str, ...]] = (
        "title",
        "identifier",
        "description",
        "format",
        "media_type",
        "licence",
        "access_url",
        "download_url",
        "byte_size",
        "issued_on",
        "modified_on",
    )
    PUBLIC_FIELDS = ("title", "format", "media_type", "download_url")

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="distributions")
    identifier = models.CharField(max_length=500, validators=[check_line])
    title = models.CharField(max_length=200, validators=[check_line])
    description = models.TextField(max_length=4096, blank=True, validators=[check_text])
    format = models.CharField(max_length=64, blank=True, validators=[check_line])
    media_type = models.CharField(max_length=127, default="text/csv", validators=[check_media_type])
    licence = _code("licences", "OGL-UK-3.0", "licence")
    access_url = models.URLField(max_length=2000, blank=True)
    download_url = models.URLField(max_length=2000, blank=True)
    access_services = models.ManyToManyField(DataService, related_name="+", blank=True)
    byte_size = models.PositiveBigIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)]
    )
    issued_on = models.DateField(null=True, blank=True)
    modified_on = models.DateField(null=True, blank=True)
    table = models.ForeignKey(
        "tables.StoredTable", models.PROTECT, null=True, blank=True, related_name="distributions"
    )

    objects = DistributionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "identifier"],
                condition=models.Q(status="listed"),
                name="distribution_identifier_once",
                violation_error_message=_NAMED_TWICE,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner_id(self) -> int | None:
        """The publisher of the dataset."""
        return self.dataset.owner_id

    @property
    def visibility(self) -> int:
        """That of the dataset."""
        return self.dataset.visibility

    def validate_constraints(self, exclude: Any = None) -> None:
        """Among what is listed, each has an identifier of its own."""
        if self.status == "listed":
            named = {"dataset": self.dataset_id, "identifier": self.identifier}
            _refuse_double(self, _NAMED_TWICE, **named, status="listed")

    def clean(self) -> None:
        """A table behind a distribution belongs to the same body."""
        if self.table is not None and self.table.owner_id != self.dataset.owner_id:
            raise ValidationError({"table": "Choose a table of the organisation that publishes."})
