"""The doors on the data: Delta Sharing, and CSV or Arrow streams for a token."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any, Final

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from concordat.kernel import refusals
from concordat.kernel.access import Actor
from concordat.kernel.people.tokens import actor_for_token, holder_of_token, token_is_usable
from concordat.tables import deliver, queries, sharing
from concordat.tables.actions import note_delivery
from concordat.tables.models import Share

_NDJSON: Final = "application/x-ndjson"
_UNKEPT: Final = "private, no-store"  # a copy kept on the way would outlive the share
_RANGE: Final = re.compile(r"^bytes=(\d{0,19})-(\d{0,19})$")
View = Callable[..., HttpResponseBase]


def _error(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"errorCode": code, "message": message}, status=status)


def _door(*methods: str) -> Callable[[View], View]:
    """A Delta Sharing operation: the token's actor, or an error in the protocol's shape."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def operation(request: HttpRequest, **names: str) -> HttpResponseBase:
            if request.method not in methods:
                return _error(405, "METHOD_NOT_ALLOWED", f"Use {' or '.join(methods)}.")
            actor = _actor(request)
            if actor is None:
                return _error(401, "UNAUTHENTICATED", "The bearer token is missing or not valid.")
            try:
                return view(request, actor, **names)
            except refusals.NotVisible:
                return _error(404, "RESOURCE_DOES_NOT_EXIST", "There is no such share or table.")
            except refusals.Refusal as refusal:
                return _error(refusal.status, refusal.code.upper(), refusal.detail)

        return operation

    return wrap


def _actor(request: HttpRequest) -> Actor | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return actor_for_token(token.strip()) if scheme.lower() == "bearer" else None


def _page(request: HttpRequest, items: list[dict[str, Any]]) -> HttpResponse:
    """One page of a list. Tokens are offsets: a list is as long as one's agreements."""
    asked, token = request.GET.get("maxResults", ""), request.GET.get("pageToken", "")
    if any(
        text and not (text.isascii() and text.isdigit() and len(text) < 10)
        for text in (asked, token)
    ):
        return _error(400, "INVALID_PARAMETER_VALUE", "maxResults and pageToken are not valid.")
    start = int(token or 0)
    stop = start + int(asked) if asked else len(items)
    more = str(stop) if stop < len(items) else ""
    return JsonResponse({"items": items[start:stop], "nextPageToken": more})


@_door("GET")
def shares(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The shares the token may read."""
    found = queries.readable_shares(actor)
    return _page(request, [{"name": s.name, "id": s.reference} for s in found])


@_door("GET")
def share(request: HttpRequest, actor: Actor, share: str) -> HttpResponse:
    """One share."""
    found = queries.readable_share(actor, share)
    return JsonResponse({"share": {"name": found.name, "id": found.reference}})


@_door("GET")
def schemas(request: HttpRequest, actor: Actor, share: str) -> HttpResponse:
    """A share has one schema."""
    found = queries.readable_share(actor, share)
    return _page(request, [{"name": sharing.SCHEMA, "share": found.name}])


@_door("GET")
def tables(request: HttpRequest, actor: Actor, share: str, schema: str = "") -> HttpResponse:
    """The tables of a share."""
    found = queries.readable_share(actor, share)
    if schema and schema.lower() != sharing.SCHEMA:
        raise refusals.NotVisible
    return _page(request, [sharing.table_item(found)])


def _table(actor: Actor, share: str, schema: str, table: str) -> Share:
    found = queries.readable_share(actor, share)
    if (schema.lower(), table.lower()) != (sharing.SCHEMA, found.table.name):
        raise refusals.NotVisible
    return found


@_door("GET")
def version(
    request: HttpRequest, actor: Actor, share: str, schema: str, table: str
) -> HttpResponse:
    """The version that is delivered, in a header."""
    return _versioned(HttpResponse(content_type=_NDJSON), _table(actor, share, schema, table))


def _versioned(response: HttpResponse, found: Share) -> HttpResponse:
    latest = found.table.latest
    assert latest is not None
    response["Delta-Table-Version"] = str(latest.number)
    return response


@_door("GET")
def metadata(
    request: HttpRequest, actor: Actor, share: str, schema: str, table: str
) -> HttpResponse:
    """The columns the policy allows."""
    found = _table(actor, share, schema, table)
    return _lines(request, found, [])


def _lines(request: HttpRequest, found: Share, files: list[str]) -> HttpResponse:
    delta = sharing.wants_delta(request.headers.get("delta-sharing-capabilities", ""))
    columns = sharing.allowed_columns(found)
    parts = deliver.parts_of(found)
    text = "".join([*sharing.head_lines(found, columns, parts, delta=delta), *files])
    response = HttpResponse(text, content_type=f"{_NDJSON}; charset=utf-8")
    response["delta-sharing-capabilities"] = f"responseformat={'delta' if delta else 'parquet'}"
    return _versioned(response, found)


@_door("POST")
def query(request: HttpRequest, actor: Actor, share: str, schema: str, table: str) -> HttpResponse:
    """The files to read. Hints may be ignored, and are: the files already hold no more than the
    policy allows."""
    found = _table(actor, share, schema, table)
    if problem := _asked_for_other_version(request, found):
        return _error(400, "INVALID_PARAMETER_VALUE", problem)
    delta = sharing.wants_delta(request.headers.get("delta-sharing-capabilities", ""))
    parts = deliver.parts_of(found)
    base = f"{request.scheme}://{request.get_host()}"
    token = holder_of_token(request.headers["Authorization"].partition(" ")[2].strip())
    addresses = [sharing.file_address(base, actor, token, found, part) for part in parts]
    lasts = min(found.ends_at.timestamp(), datetime.now(UTC).timestamp() + sharing.SECONDS)
    files = list(sharing.file_lines(found, parts, addresses, int(lasts * 1000), delta=delta))
    note_delivery(
        actor,
        found,
        "delta-sharing",
        version=found.table.latest.number if found.table.latest else None,
        columns=found.policy["columns"],
        rows=sum(part.rows for part in parts),
        files=len(parts),
    )
    return _lines(request, found, files)


def _asked_for_other_version(request: HttpRequest, found: Share) -> str:
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):  # a body may nest deeper than any reader goes
        return "The body is not JSON."
    if not isinstance(body, dict):
        return "The body must be a JSON object."
    latest = found.table.latest
    asked = body.get("version")
    if asked is not None and (latest is None or asked != latest.number):
        return "This share gives the latest version only."
    if any(body.get(key) is not None for key in ("timestamp", "startingVersion", "endingVersion")):
        return "This share has no history."
    return ""


@_door("GET")
def changes(
    request: HttpRequest, actor: Actor, share: str, schema: str, table: str
) -> HttpResponse:
    """Change data feed: not offered by a share without history."""
    _table(actor, share, schema, table)
    return _error(400, "INVALID_PARAMETER_VALUE", "This share has no history.")


def file(request: HttpRequest) -> HttpResponseBase:
    """A prepared file, by its signed address. Token and share are asked again at each request."""
    if request.method not in ("GET", "HEAD"):
        return _error(405, "METHOD_NOT_ALLOWED", "Use GET or HEAD.")
    try:
        signed = sharing.read_address(request.GET.get("X-Amz-Signature", ""))
    except BadSignature:
        return _error(403, "PERMISSION_DENIED", "This address is not valid, or no longer.")
    kind, holder, token, share_id, digest, *place = signed
    actor = token_is_usable(token, kind, holder)
    found = queries.delivered_share(actor, share_id, digest) if actor else None
    if actor is None or found is None:
        return _error(403, "PERMISSION_DENIED", "This share is over.")
    table, version, number = place
    path = deliver.part_file(found, table, version, number)
    if path is None:
        return _error(404, "RESOURCE_DOES_NOT_EXIST", "Ask for the table again.")
    body = partial(deliver.file_range, actor, found, path, version=version, token=token)
    return _ranged(request, path, body)


def _ranged(
    request: HttpRequest, path: Path, body: Callable[[int, int], Iterator[bytes]]
) -> HttpResponseBase:
    size = path.stat().st_size
    start, stop, status = 0, size, 200
    if match := _RANGE.match(request.headers.get("Range", "")):
        start, stop = _bounds(match[1], match[2], size)
        status = 206
        if start >= stop:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            response["Cache-Control"] = _UNKEPT
            return response
    answer: HttpResponseBase = (
        HttpResponse(status=status)
        if request.method == "HEAD"
        else StreamingHttpResponse(body(start, stop), status=status)
    )
    answer["Content-Type"] = "application/vnd.apache.parquet"
    answer["Content-Length"] = str(stop - start)
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = _UNKEPT
    if status == 206:
        answer["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return answer


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """[start, stop) of a Range header: `a-b`, `a-` or `-n` from the end."""
    if first:
        return int(first), min(int(last) + 1, size) if last else size
    return (max(0, size - int(last)), size) if last else (size, size)
