"""The JSON API of files on their way into a table."""

# Annotations here are values: ninja reads them when an operation is added.

import json
from typing import Annotated, Any

from ninja import File, Query, Router
from ninja.files import UploadedFile
from ninja.params import functions
from ninja.responses import Status
from pydantic import Field

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.paging import ListQuery, page_of
from concordat.kernel.doors.schemas import Out, Reference
from concordat.kernel.files.models import Upload
from concordat.kernel.files.packed import BadFile
from concordat.kernel.jobs.models import Job
from concordat.kernel.refusals import Invalid
from concordat.tables import actions, queries, schemas

router = Router(tags=["tables"])
_FOUND_OUT: Any = functions.Form("")  # found in the file where it is not told
_TOLD: Any = functions.Query("")
Words = Annotated[str, Field(max_length=100)]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class WaitingPage(Out):
    """The files that wait, newest first."""

    items: list[schemas.WaitingOut]
    next: str | None


@router.post(
    "/tables/{reference}/load",
    response={202: schemas.Queued},
    operation_id="load_table",
    summary="Load a file as the next version of a table",
)
def load_table(
    request: ActorRequest,
    reference: Reference,
    file: File[UploadedFile],
    encoding: Words = _FOUND_OUT,
    delimiter: Words = _FOUND_OUT,
    sheet: Words = _FOUND_OUT,
    types: str = _FOUND_OUT,
) -> Any:
    """CSV, TSV, JSON lines or Parquet, plain or packed, or a workbook (.xlsx); `types` is a JSON
    object of types by column.

    The work is a job: ask for it until it is done.
    """
    table = queries.table(request.actor, reference)
    told = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    chosen = _types(types)
    upload = actions.send_file(request.actor, table, file.name or "", file.chunks())
    return _queued(actions.receive_file(request.actor, table, upload, types=chosen, **told))


def _types(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise Invalid({"types": ['Give a JSON object of types by column: {"code": "text"}.']})
    return found


def _queued(job: Job) -> Any:
    url = f"/api/v1/jobs/{job.pk}"
    return Status(202, {"job": job.pk, "status": job.status, "title": job.title, "url": url})


@router.post(
    "/tables/{reference}/uploads",
    response={201: schemas.WaitingOut},
    operation_id="send_table_file",
    summary="Send a file for a table, to be looked at before it is loaded",
)
def send(request: ActorRequest, reference: Reference, file: File[UploadedFile]) -> Any:
    """It waits for a week.

    A large file is better sent by the tus protocol (https://tus.io), which goes on after a cut:
    `POST /api/v1/tables/{reference}/uploads/resumable` with its length and, as metadata, its
    `filename`. When its last byte is there it waits under the number of that upload.
    """
    table = queries.table(request.actor, reference)
    return Status(201, actions.send_file(request.actor, table, file.name or "", file.chunks()))


@router.get(
    "/tables/{reference}/uploads",
    response=WaitingPage,
    operation_id="list_table_files",
    summary="The files that wait to be loaded into a table",
)
def waiting(request: ActorRequest, reference: Reference, query: Query[ListQuery]) -> Any:
    """Newest first."""
    rows = queries.waiting(request.actor, queries.table(request.actor, reference))
    items, following = page_of(rows, query, scope=f"uploads {reference}")
    return {"items": items, "next": following}


@router.get(
    "/tables/{reference}/uploads/{number}",
    response=schemas.PreviewOut,
    operation_id="get_table_file",
    summary="The start of a waiting file as a table",
)
def look(
    request: ActorRequest,
    reference: Reference,
    number: Number,
    encoding: Words = _TOLD,
    delimiter: Words = _TOLD,
    sheet: Words = _TOLD,
) -> Any:
    """How it is read, its columns and its first rows; never the whole file."""
    upload = _upload(request, reference, number)
    try:
        seen = queries.preview_of(
            request.actor, upload, encoding=encoding, delimiter=delimiter, sheet=sheet
        )
    except BadFile as error:
        raise Invalid({"file": [str(error)]}) from error
    columns = [column.to_data() for column in seen.columns]
    about = {name: getattr(upload, name) for name in ("id", "name", "size", "created_at")}
    return {**about, **vars(seen), "columns": columns}


@router.post(
    "/tables/{reference}/uploads/{number}/load",
    response={202: schemas.Queued},
    operation_id="load_table_file",
    summary="Load a waiting file as the next version of its table",
)
def load_waiting(
    request: ActorRequest, reference: Reference, number: Number, body: schemas.HowToLoad
) -> Any:
    """The work is a job: ask for it until it is done."""
    upload = _upload(request, reference, number)
    table = queries.table(request.actor, reference)
    return _queued(actions.receive_file(request.actor, table, upload, **body.dict()))


def _upload(request: ActorRequest, reference: str, number: int) -> Upload:
    return queries.waiting_file(request.actor, queries.table(request.actor, reference), number)
