"""The JSON API of who read what through shares."""

# Annotations here are values: ninja reads them when an operation is added.

from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Query, Router
from pydantic import Field

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.paging import ListQuery, page_of
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.doors.schemas import Out, Reference
from concordat.tables import actions, queries, schemas
from concordat.tables.models import Flag

router = Router(tags=["tables"])


class ReadsQuery(ListQuery):
    """Which reads of a share are listed."""

    unusual: Annotated[bool, Field(description="Only those unlike the reads before them")] = False
    unsettled: Annotated[bool, Field(description="Only those that nobody looked at yet")] = False
    who: Annotated[str, Field(max_length=200, description="A part of the reader's name")] = ""
    since: Annotated[date | None, Field(description="From this day")] = None
    until: Annotated[date | None, Field(description="To this day")] = None

    def asked(self) -> dict[str, Any]:
        """What a list of reads is asked for."""
        return self.model_dump(include={"unusual", "unsettled", "who", "since", "until"})


class UseQuery(ReadsQuery):
    """Which reads are listed, of whichever share."""

    share: Annotated[str, Field(max_length=32, description="The reference of one share")] = ""


class ReadsPage(Out):
    """Reads through shares: those that run now, then the others, newest first."""

    items: list[schemas.DeliveryOut]
    next: str | None


@router.get(
    "/reads",
    response=ReadsPage,
    operation_id="list_reads",
    summary="Who read what through every share of yours",
)
def use(request: ActorRequest, query: Query[UseQuery]) -> Any:
    """Those that run now, then newest first: through your shares as supplier, and your own as recipient.

    The reads of one share, where it is named.
    """
    found = queries.one_share(request.actor, query.share) if query.share else None
    entries = queries.deliveries(request.actor, found, **query.asked())
    return _page(entries, query, f"reads {query.filters()}")


def _page(found: QuerySet[Any], query: ReadsQuery, scope: str) -> ReadsPage:
    reads, following = page_of(found, query, order=("ended", "-id"), scope=scope)
    items = [schemas.DeliveryOut.of(read, read.known_flag) for read in reads]
    return ReadsPage(items=items, next=following)


@router.get(
    "/shares/{reference}/reads",
    response=ReadsPage,
    operation_id="list_share_reads",
    summary="Who read what through a share",
)
def reads(request: ActorRequest, reference: Reference, query: Query[ReadsQuery]) -> Any:
    """Those that run now, then newest first, for both sides; what is unusual for the supplier."""
    found = queries.one_share(request.actor, reference)
    entries = queries.deliveries(request.actor, found, **query.asked())
    return _page(entries, query, f"reads {reference} {query.filters()}")


class FlagQuery(ListQuery):
    """Which flags are listed."""

    status: Literal["open", "settled"] | None = None


FLAGS = Resource(
    model=Flag,
    plural="flags",
    key="id",
    read=lambda actor, **by: queries.flags(actor).filter(**by),
    out=schemas.FlagOut,
    query=FlagQuery,
    verbs={name: Verb(action) for name, action in actions.FLAG_VERBS.items()},
    public=False,
)
mount(router, FLAGS)
