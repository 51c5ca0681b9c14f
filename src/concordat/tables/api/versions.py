"""The JSON API of the versions of stored tables."""

# Annotations here are values: ninja reads them when an operation is added.

from typing import Annotated, Any

from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.paging import MOST, ListQuery, page_of
from concordat.kernel.doors.schemas import Out, Reference
from concordat.tables import actions, queries, schemas
from concordat.tables.models import TableVersion

router = Router(tags=["tables"])
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class VersionsPage(Out):
    """The loads of a table, newest first."""

    items: list[schemas.VersionRow]
    next: str | None


class FirstRows(Out):
    """The first rows of a version, as text."""

    columns: list[str]
    rows: list[list[str | None]]


class RejectsQuery(BaseModel):
    """Which of them."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MOST, description="Lines in one page")] = MOST
    start: Annotated[
        int, Field(ge=0, le=2**53, description="`next` of the page before: how many came before")
    ] = 0


class RejectsPage(Out):
    """The lines that did not fit, in their order."""

    items: list[schemas.RejectOut]
    next: int | None


def _version(request: ActorRequest, reference: str, number: int) -> TableVersion:
    return queries.version(request.actor, queries.table(request.actor, reference), number)


@router.get(
    "/tables/{reference}/versions",
    response=VersionsPage,
    operation_id="list_table_versions",
    summary="The loads of a table",
)
def versions(request: ActorRequest, reference: Reference, query: Query[ListQuery]) -> Any:
    """Newest first."""
    found = queries.versions(request.actor, queries.table(request.actor, reference))
    items, following = page_of(found, query, order=("-number",), scope=f"versions {reference}")
    return {"items": items, "next": following}


@router.get(
    "/tables/{reference}/versions/{number}",
    response=schemas.VersionOut,
    operation_id="get_table_version",
    summary="What a version of a table is found to hold",
)
def version(request: ActorRequest, reference: Reference, number: Number) -> Any:
    """Its columns with what they hold, its quality, and how it differs from the one before."""
    return _version(request, reference, number)


@router.get(
    "/tables/{reference}/versions/{number}/rows",
    response=FirstRows,
    operation_id="get_table_rows",
    summary="The first rows of a version of a table",
)
def first_rows(request: ActorRequest, reference: Reference, number: Number) -> Any:
    """For whoever may load the table; the log says who looked."""
    found = _version(request, reference, number)
    names, rows = actions.look_into(request.actor, found, door="api")
    return {"columns": names, "rows": rows}


@router.get(
    "/tables/{reference}/versions/{number}/rejects",
    response=RejectsPage,
    operation_id="list_table_rejects",
    summary="The lines that did not fit when a version was loaded",
)
def rejects(
    request: ActorRequest, reference: Reference, number: Number, query: Query[RejectsQuery]
) -> Any:
    """With the reason for each."""
    found = queries.rejects(request.actor, reference, number)
    end = query.start + query.limit
    items = found[query.start : end]
    return {"items": items, "next": end if end < len(found) else None}
