"""The JSON API of tables of totals."""

# Annotations here are values: ninja reads them when an operation is added.

from typing import Any

from django.http import HttpResponse
from ninja import Router
from ninja.responses import Status

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.doors.schemas import Out, Reference
from concordat.tables import actions, queries, schemas, sharing
from concordat.tables.models import Output

router = Router(tags=["tables"])
OUTPUTS = Resource(
    model=Output,
    plural="outputs",
    read=queries.outputs,
    out=schemas.OutputOut,
    row=schemas.OutputRow,
    verbs={name: Verb(action) for name, action in actions.OUTPUT_VERBS.items()},
    public=False,
)
mount(router, OUTPUTS)


@router.post(
    "/shares/{reference}/totals",
    response={201: schemas.OutputOut},
    operation_id="ask_share_totals",
    summary="Ask for counts, sums or means of what a share gives",
)
def totals(
    request: ActorRequest, reference: Reference, body: schemas.TotalsIn, response: HttpResponse
) -> Any:
    """A cell is hidden where it tells of too few, or would with what was told before."""
    share = queries.share(request.actor, reference)
    sharing.admit(share, client_of(request))
    made = actions.ask_totals(request.actor, share, body.asked())
    response["Location"] = made.api_url()
    return Status(201, made)


class ReviewPage(Out):
    """Every cell of a table of totals, the hidden ones too."""

    items: list[schemas.ReviewedOut]


@router.get(
    "/outputs/{reference}/review",
    response=ReviewPage,
    operation_id="review_output",
    summary="What a table of totals hides, for whoever may clear it",
)
def review(request: ActorRequest, reference: Reference) -> Any:
    """Each look is noted as a read of the share."""
    found = queries.one_output(request.actor, reference)
    reviewed = actions.review_output(request.actor, found)
    return {
        "items": [{**cell.to_data(), "hidden": bool(rule), "rule": rule} for cell, rule in reviewed]
    }
