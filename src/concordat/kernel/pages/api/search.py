"""Search on the API: what the asker may find, with why, and exact counts."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import refuse_unknown
from concordat.kernel.pages.schemas import search as schemas
from concordat.kernel.search.index import FACETS
from concordat.kernel.search.queries import find


def search(request: ActorRequest, query: Query[schemas.SearchQuery]) -> dict[str, Any]:
    """One page of what the asker may find."""
    refuse_unknown(request, schemas.SearchQuery)
    chosen = {name: tuple(getattr(query, name)) for name in FACETS if getattr(query, name)}
    found = find(
        request.actor,
        query.q,
        chosen=chosen,
        newest=query.sort == "newest",
        page=query.page,
        size=query.limit,
    )
    facets = {
        name: [{"value": value, "count": count} for value, count in values]
        for name, values in found.facets.items()
    }
    return {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "near": found.near,
        "hits": found.hits,
        "facets": facets,
    }


def add_to(router: Router) -> None:
    """Add the operation."""
    router.get(
        "/search",
        response=schemas.ResultsOut,
        operation_id="list_search",
        summary="Search every kind of record",
        auth=None,
    )(search)
