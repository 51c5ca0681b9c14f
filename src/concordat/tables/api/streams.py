"""A share's rows over HTTP in each format: streamed, or from a file that can be resumed."""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from concordat.kernel.doors.actors import ActorRequest, bearer
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.people.tokens import holder_of_token
from concordat.kernel.refusals import Invalid
from concordat.tables import deliver, queries, sharing
from concordat.tables.api.ranges import UNKEPT, ranged
from concordat.tables.plane.packing import CODINGS
from concordat.tables.sharing import Terms, files
from concordat.tables.sharing.asked import BadQuestion, read_address, version_asked

PACKED: Final = ("csv", "jsonl", "arrow")  # Parquet is packed inside


def data(request: ActorRequest, reference: str, kind: str) -> HttpResponseBase:
    """A share's rows; for a session under /inside and a token elsewhere.

    Without a range the rows are streamed as they are read. A range is of a file, which is written
    first if it is not there: its tag, and so its bytes, are those of the stream.
    """
    terms = terms_of_request(request, reference)
    tag, name = files.tag(terms, kind), f"{terms.share.table.name}.{kind}"
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    elif (file := _file(request, terms, kind, tag)) is not None:
        response = file
    else:
        response = _streamed(request, terms, kind)
    response.headers.setdefault("ETag", tag)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = UNKEPT
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def terms_of_request(request: ActorRequest, reference: str) -> Terms:
    """The terms under which rows may be read from where the request comes, of the version that its
    address names (`?version=` or `?timestamp=`).

    Raises NotVisible, NotAllowed, WrongState, and Invalid for a version that is not given.
    """
    found = queries.share(request.actor, reference)
    sharing.refuse_unless_rows(found)
    sharing.admit(found, client_of(request))
    try:
        return sharing.terms_of(found, version_asked(found, read_address(request.GET)))
    except BadQuestion as problem:
        raise Invalid({"version": [str(problem)]}) from problem


def _token(request: ActorRequest) -> int | None:
    secret = None if request.actor.scopes is None else bearer(request)
    return holder_of_token(secret) if secret else None


def _file(request: ActorRequest, terms: Terms, kind: str, tag: str) -> HttpResponseBase | None:
    """The answer from a file, where one is written or a range needs one; else None."""
    wants = "Range" in request.headers and request.headers.get("If-Range", tag) == tag
    file = files.rendered(terms, kind)
    if file is None and not wants:
        return None
    if not wants:
        request.META.pop("HTTP_RANGE", None)  # of other bytes than these: the whole, then
    file = file or deliver.write_file(request.actor, terms, kind)
    told = {
        "version": terms.version.number,
        "columns": [column.name for column in terms.shown],
        "file_rows": file.rows,
    }
    body = partial(
        deliver.file_range,
        request.actor,
        terms.share,
        file.path,
        token=_token(request),
        door=f"{kind} file",
        told=told,
    )
    response = ranged(request, file.path, files.FORMATS[kind][1], body)
    if file.sha256:
        response["Repr-Digest"] = f"sha-256=:{_base64(file.sha256)}:"  # RFC 9530
    return response


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()


def _streamed(request: ActorRequest, terms: Terms, kind: str) -> HttpResponseBase:
    content_type = files.FORMATS[kind][1]
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type)
    pieces = deliver.stream_rows(request.actor, terms, kind, token=_token(request))
    coding = _coding(request) if kind in PACKED else ""
    response = StreamingHttpResponse(
        CODINGS[coding](pieces) if coding else pieces, content_type=content_type
    )
    if kind in PACKED:
        response["Vary"] = "Accept-Encoding"
    if coding:
        response["Content-Encoding"] = coding
        response["ETag"] = f"W/{files.tag(terms, kind)}"  # packed anew each time
    return response


def _coding(request: ActorRequest) -> str:
    """The first of our codings that the client takes (RFC 9110 §12.5.3), or none."""
    taken = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = part.strip().partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0")
    return next((name for name in CODINGS if taken.get(name)), "")
