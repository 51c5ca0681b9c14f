"""The JSON API of a share's rows: a stream or a file in each format, and the manifest of the files."""

# Annotations here are values: ninja reads them when an operation is added.

from typing import Annotated, Any, Literal

from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.doors.schemas import Out, Reference
from concordat.tables import actions, queries, schemas, sharing
from concordat.tables.api.streams import data, terms_of_request
from concordat.tables.sharing.files import FORMATS, checkable, tag

router = Router(tags=["tables"])
Kind = Literal["csv", "jsonl", "arrow", "parquet"]
Version = Annotated[int | None, Field(ge=0, le=2**31 - 1)]


def _bytes(media_type: str) -> dict[str, Any]:
    """How the description of the API says that the answer is a stream and no JSON."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    rows = {"description": "The rows", "content": content}
    return {"responses": {200: rows, 206: {**rows, "description": "A range of the file"}}}


@router.get(
    "/shares/{reference}/data.csv",
    operation_id="read_share",
    summary="The rows that a share gives, as CSV",
    openapi_extra=_bytes("text/csv"),
)
def rows_as_csv(request: ActorRequest, reference: Reference, version: Version = None) -> Any:
    """Streamed, under the policy; it breaks off where the share ends, and a range resumes it."""
    return data(request, reference, "csv")


@router.get(
    "/shares/{reference}/data.jsonl",
    operation_id="read_share_jsonl",
    summary="The rows that a share gives, as JSON lines",
    openapi_extra=_bytes("application/x-ndjson"),
)
def rows_as_jsonl(request: ActorRequest, reference: Reference, version: Version = None) -> Any:
    """Streamed, under the policy; it breaks off where the share ends, and a range resumes it."""
    return data(request, reference, "jsonl")


@router.get(
    "/shares/{reference}/data.arrow",
    operation_id="read_share_arrow",
    summary="The rows that a share gives, as an Arrow stream",
    openapi_extra=_bytes("application/vnd.apache.arrow.stream"),
)
def rows_as_arrow(request: ActorRequest, reference: Reference, version: Version = None) -> Any:
    """Streamed, under the policy; it breaks off where the share ends, and a range resumes it."""
    return data(request, reference, "arrow")


@router.get(
    "/shares/{reference}/data.parquet",
    operation_id="read_share_parquet",
    summary="The rows that a share gives, as a Parquet file",
    openapi_extra=_bytes("application/vnd.apache.parquet"),
)
def rows_as_parquet(request: ActorRequest, reference: Reference, version: Version = None) -> Any:
    """Streamed, under the policy; it breaks off where the share ends, and a range resumes it."""
    return data(request, reference, "parquet")


class FileOut(Out):
    """A file of the rows that is written: it can be resumed, and checked by its sum."""

    kind: Kind
    bytes: int
    rows: int
    sha256: str
    etag: str
    url: str


class ManifestOut(Out):
    """What a share gives of a version, and the files of it that are written."""

    share: str
    agreement: str
    policy: str
    table: str
    version: int
    columns: list[dict[str, str]]
    files: list[FileOut]


@router.get(
    "/shares/{reference}/manifest",
    response=ManifestOut,
    operation_id="read_share_manifest",
    summary="The files of a share's rows, with their sums",
)
def manifest(request: ActorRequest, reference: Reference, version: Version = None) -> Any:
    """Only files that are written are in it: ask for one with `prepare`."""
    terms = terms_of_request(request, reference)
    share = terms.share
    files = []
    for kind in FORMATS:
        if file := checkable(terms, kind):
            url = f"/api/v1/shares/{reference}/data.{kind}?version={terms.version.number}"
            found = {"kind": kind, "bytes": file.bytes, "rows": file.rows, "sha256": file.sha256}
            files.append({**found, "etag": tag(terms, kind), "url": url})
    return {
        "share": share.reference,
        "agreement": share.basis,
        "policy": share.policy_digest,
        "table": share.table.name,
        "version": terms.version.number,
        "columns": [{"name": column.name, "type": column.type} for column in terms.shown],
        "files": files,
    }


class PrepareIn(Schema):
    """Which file to write."""

    kind: Kind


@router.post(
    "/shares/{reference}/prepare",
    response={202: schemas.Queued},
    operation_id="prepare_share",
    summary="Write the rows that a share gives as one file",
)
def prepare(request: ActorRequest, reference: Reference, body: PrepareIn) -> Any:
    """The work is a job: ask for it until it is done, then for the manifest."""
    found = queries.share(request.actor, reference)
    sharing.admit(found, client_of(request))  # the job's result tells rows and bytes
    job = actions.prepare_rows(request.actor, found, body.kind)
    url = f"/api/v1/jobs/{job.pk}"
    return Status(202, {"job": job.pk, "status": job.status, "title": job.title, "url": url})
