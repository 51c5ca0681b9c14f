"""Which fields the API takes and shows. Public answers show only what is named here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import In, Out, Owner, RecordDetail, RecordOut, inputs, outputs
from concordat.kernel.lifecycle import Visibility
from concordat.marketplace import queries
from concordat.marketplace.models import (
    Agreement,
    DataService,
    Dataset,
    Distribution,
    ShareRequest,
)
from concordat.marketplace.queries.rows import clauses_of
from concordat.marketplace.rules.clauses import CLAUSES

Slug = Annotated[str, Field(max_length=255, pattern=r"^[-a-z0-9]+$")]
Reference = Annotated[str, Field(max_length=32, pattern=r"^[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{2}$")]


class ColumnIn(In):
    """A column of a data dictionary."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    type: Annotated[str, Field(max_length=100)] = ""
    description: Annotated[str, Field(max_length=2000)] = ""
    unit: Annotated[str, Field(max_length=100)] = ""
    personal: bool = False
    codes: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=1000)] = []


Dictionary = Annotated[list[ColumnIn], Field(max_length=2000)]


Creators = Annotated[
    list[Slug],
    Field(
        min_length=1,
        max_length=100,
        description="Slugs of the organisations that made it; unsaid, the owner",
    ),
]
DatasetDraft = inputs(
    "DatasetDraft",
    Dataset,
    Dataset.FIELDS,
    owner=(Slug, ...),
    creators=(Creators | None, None),
    dictionary=(Dictionary, []),
)
DatasetEdit = inputs(
    "DatasetEdit",
    Dataset,
    Dataset.FIELDS,
    partial=True,
    creators=(Creators | None, None),
    dictionary=(Dictionary | None, None),
)
Serves = Annotated[
    list[Reference],
    Field(max_length=1000, description="References of the datasets that the service gives"),
]
ServiceDraft = inputs(
    "DataServiceDraft",
    DataService,
    DataService.FIELDS,
    owner=(Slug, ...),
    creators=(Creators | None, None),
    serves=(Serves, []),
)
ServiceEdit = inputs(
    "DataServiceEdit",
    DataService,
    DataService.FIELDS,
    partial=True,
    creators=(Creators | None, None),
    serves=(Serves | None, None),
)

_RowId = Annotated[int, Field(ge=1, le=2**63 - 1)] | None
RequestDraft = inputs(
    "ShareRequestDraft",
    ShareRequest,
    ShareRequest.FIELDS,
    partial=True,
    acquirer=(Slug, ...),
    dataset=(Reference, ...),
    distribution=(_RowId, None),
)
RequestEdit = inputs(
    "ShareRequestEdit", ShareRequest, ShareRequest.FIELDS, partial=True, distribution=(_RowId, None)
)

Conditions = inputs("Conditions", ShareRequest, CLAUSES, partial=True)

DistributionDraft = inputs(
    "DistributionDraft",
    Distribution,
    Distribution.FIELDS,
    dataset=(Reference, ...),
    table=(Reference | None, None),
)
DistributionEdit = inputs(
    "DistributionEdit",
    Distribution,
    Distribution.FIELDS,
    partial=True,
    table=(Reference | None, None),
)


class DistributionOut(Out):
    """A form in which a dataset can be had; `stored` when Concordat delivers it."""

    id: int
    identifier: str
    title: str
    description: str
    media_type: str
    format: str
    licence: str
    access_url: str
    download_url: str
    byte_size: int | None
    issued_on: date | None
    modified_on: date | None
    stored: bool

    @staticmethod
    def resolve_stored(found: Distribution) -> bool:
        """Whether a table of ours stands behind it."""
        return found.table_id is not None


class DistributionDetail(DistributionOut):
    """A distribution with the dataset that it belongs to."""

    dataset: str
    table: str | None
    version: int

    @staticmethod
    def resolve_dataset(found: Distribution) -> str:
        """The reference of its dataset."""
        return found.dataset.reference

    @staticmethod
    def resolve_table(found: Distribution) -> str | None:
        """The reference of the stored table behind it."""
        return found.table.reference if found.table else None


DatasetRow = outputs(
    "DatasetRow",
    Dataset,
    ["title", "summary", "licence", "access_rights", "update_frequency", "modified_on"],
    base=RecordOut,
)
_dataset_fields = outputs(
    "DatasetFields", Dataset, [*Dataset.FIELDS, "dictionary"], base=RecordDetail
)


class DatasetOut(_dataset_fields):  # type: ignore[misc, valid-type]
    """A dataset with its listed distributions."""

    creators: list[Owner]
    distributions: list[DistributionOut]

    @staticmethod
    def resolve_distributions(found: Dataset) -> list[Distribution]:
        """Those that are listed; whoever sees the dataset sees them."""
        return list(found.distributions.filter(status="listed"))


ServiceRow = outputs(
    "DataServiceRow", DataService, ["title", "summary", "service_type"], base=RecordOut
)
_service_fields = outputs("DataServiceFields", DataService, DataService.FIELDS, base=RecordDetail)


class ServiceOut(_service_fields):  # type: ignore[misc, valid-type]
    """A data service with the datasets that it gives, of those that the asker may see."""

    creators: list[Owner]
    serves: list[str]

    @staticmethod
    def resolve_serves(found: DataService, context: Any) -> list[str]:
        """References, in the order of the datasets' titles."""
        return [served.reference for served in queries.served(context["request"].actor, found)]


class RequestRow(RecordOut):
    """A request in a list."""

    title: str
    supplier: Owner
    dataset: str

    @staticmethod
    def resolve_dataset(found: ShareRequest) -> str:
        """The reference of what is asked for."""
        return found.dataset.reference


_request_fields = outputs(
    "ShareRequestFields", ShareRequest, ShareRequest.FIELDS, base=RecordDetail
)


class RequestOut(_request_fields):  # type: ignore[misc, valid-type]
    """A request, for its two sides."""

    supplier: Owner
    dataset: str
    distribution: int | None
    agreement: str | None
    conditions: dict[str, Any]
    clauses: list[str]

    @staticmethod
    def resolve_clauses(found: ShareRequest) -> list[str]:
        """What an agreement would allow as things stand, a sentence a clause; none while unclear."""
        return clauses_of(found)

    @staticmethod
    def resolve_dataset(found: ShareRequest) -> str:
        """The reference of what is asked for."""
        return found.dataset.reference

    @staticmethod
    def resolve_distribution(found: ShareRequest) -> int | None:
        """The id of the stored table asked for, as a distribution of the dataset."""
        return found.distribution_id

    @staticmethod
    def resolve_agreement(found: ShareRequest) -> str | None:
        """The reference of the agreement, once there is one."""
        made = getattr(found, "agreement", None)
        return made.reference if made else None


class AgreementRow(RecordOut):
    """An agreement in a list."""

    title: str
    acquirer: Owner
    starts_on: date
    ends_on: date


class AgreementOut(RecordDetail):
    """An agreement, for its two sides: document, policy and the one hash of both."""

    title: str
    request: str
    acquirer: Owner
    purpose: str
    benefit: str
    legal_gateway: str
    lawful_bases: list[str]
    starts_on: date
    ends_on: date
    policy: dict[str, Any]
    document: str
    digest: str
    supplier_signed_at: datetime | None
    acquirer_signed_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_request(found: Agreement) -> str:
        """The reference of the request that it answers."""
        return found.request.reference


class PublicUse(Out):
    """An entry of the public register of data uses: this list and nothing else."""

    reference: str
    status: str
    title: str
    purpose: str
    benefit: str
    legal_gateway: str
    lawful_bases: list[str]
    starts_on: date
    ends_on: date
    digest: str
    owner: Owner
    acquirer: Owner
    dataset: str | None
    ended_at: datetime | None

    @staticmethod
    def resolve_dataset(found: Agreement) -> str | None:
        """The reference of the dataset, where everybody may know of that too."""
        dataset = found.request.dataset
        return dataset.reference if dataset.visibility == Visibility.PUBLIC else None


class DatasetQuery(ListQuery):
    """How a list of datasets is narrowed."""

    owner: Slug | None = None
    status: Annotated[str, Field(max_length=32)] | None = None
    licence: Annotated[str, Field(max_length=64)] | None = None


class DistributionQuery(ListQuery):
    """How a list of distributions is narrowed."""

    dataset: Reference | None = None


class RequestQuery(ListQuery):
    """How a list of requests is narrowed."""

    status: Annotated[str, Field(max_length=32)] | None = None


class RegisterPage(Out):
    """A page of the register."""

    items: list[PublicUse]
    next: str | None
