"""Evaluations in and out in bulk on the API."""

# Annotations here are values: ninja reads them when an operation is added.

import json
from typing import Annotated, Any

from django.http.response import HttpResponseBase
from ninja import File, Query, Router
from ninja.files import UploadedFile
from ninja.params import functions
from ninja.responses import Status
from pydantic import Field

from concordat.evaluations import actions
from concordat.evaluations.feeds.columns import LIGHT_HEADERS
from concordat.evaluations.models import Evaluation
from concordat.evaluations.queries import intakes as files
from concordat.evaluations.rules.outward import HEADERS
from concordat.evaluations.schemas import EvaluationOut
from concordat.evaluations.schemas.evaluations import Slug
from concordat.evaluations.schemas.intakes import ForeignAnswersIn, IntakeOut, IntakePage
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.exports import download
from concordat.kernel.doors.paging import ListQuery, page_of
from concordat.kernel.doors.schemas import Out
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Invalid

router = Router(tags=["evaluations"])
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
_TOLD: Any = functions.Form("")
_DRY: Any = functions.Form(False)
_OWNER: Any = functions.Form(...)
_CSV: Any = {
    "responses": {
        200: {
            "description": "The rows",
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class ImportQueued(Out):
    """A file that is being brought in; its own address says how far it is."""

    job: int
    status: str
    title: str
    url: str


@router.post(
    "/evaluations/import",
    response={202: ImportQueued},
    operation_id="import_evaluations",
    summary="Bring evaluations in from the workbook or the template",
)
def bring_in(
    request: ActorRequest,
    file: File[UploadedFile],
    owner: Slug = _OWNER,
    names: str = _TOLD,
    dry: bool = _DRY,
) -> Any:
    """CSV or .xlsx. `names` is a JSON object of bodies' slugs by the names that the file has for them,
    `-` for one that is no body; `dry` says what would be done, and does nothing.

    The work is a job: ask for it until it is done; its `intake` is the number of the report.
    """
    body = of_slug(request.actor, owner, "owner")
    chosen = _names(names)
    sent = actions.send_evaluations(request.actor, body, file.name or "", file.chunks())
    job = actions.receive_evaluations(request.actor, sent, chosen=chosen, dry=dry)
    url = f"/api/v1/jobs/{job.pk}"
    return Status(202, {"job": job.pk, "status": job.status, "title": job.title, "url": url})


def _names(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        says = 'Give a JSON object of bodies by name: {"The Treasury": "hm-treasury"}.'
        raise Invalid({"names": [says]})
    return found


@router.get(
    "/evaluation-imports",
    response=IntakePage,
    operation_id="list_evaluation_imports",
    summary="Files of evaluations that were brought in or checked",
)
def imports(request: ActorRequest, query: Query[ListQuery]) -> Any:
    """Those for one's own bodies, newest first."""
    items, following = page_of(files.intakes(request.actor), query, scope="evaluation-imports")
    return {"items": items, "next": following}


@router.get(
    "/evaluation-imports/{number}",
    response=IntakeOut,
    operation_id="get_evaluation_import",
    summary="What became of each row of a file",
)
def report(request: ActorRequest, number: Number) -> Any:
    """The whole report."""
    return files.intake(request.actor, number)


@router.get(
    "/evaluations/template",
    operation_id="template_evaluations",
    summary="The template of a light entry, as CSV",
    openapi_extra=_CSV,
)
def template(request: ActorRequest) -> HttpResponseBase:
    """A header, to be filled in: a row for each evaluation."""
    return download("csv", "evaluations-template", LIGHT_HEADERS, LIGHT_HEADERS, [])


@router.get(
    "/evaluations/workbook",
    operation_id="workbook_evaluations",
    summary="Evaluations as the workbook, as CSV",
    openapi_extra=_CSV,
)
def workbook(request: ActorRequest, owner: Slug | None = None) -> HttpResponseBase:
    """Those that one may see, or those that one body leads, with the ids of that body's own file."""
    body = of_slug(request.actor, owner, "owner") if owner else None
    rows = files.workbook_rows(request.actor, body)
    return download("csv", "evaluations-workbook", HEADERS, HEADERS, rows)


@router.post(
    "/evaluations/import-answers",
    response={201: EvaluationOut},
    operation_id="import_answers_evaluations",
    summary="Make a draft of answers to a foreign registration form",
)
def answers(request: ActorRequest, body: ForeignAnswersIn) -> Any:
    """Answers that have no place in the plan are kept beside it."""
    told = body.model_dump()
    owner = of_slug(request.actor, told.pop("owner"), "owner")
    made: Evaluation = actions.import_answers(request.actor, owner, **told)
    return Status(201, made)
