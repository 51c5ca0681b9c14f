"""The Delta Sharing protocol: lists, versions, files and changes, for a bearer token."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Any, Final

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from concordat.kernel import refusals
from concordat.kernel.access import Actor
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.people.tokens import actor_for_token, holder_of_token, token_is_usable
from concordat.tables import deliver, queries, sharing
from concordat.tables.actions import note_delivery
from concordat.tables.api.ranges import ranged
from concordat.tables.models import Share, TableVersion
from concordat.tables.plane.prepare import Part
from concordat.tables.rules.unusual import HANDED_OUT
from concordat.tables.sharing import Terms, lines
from concordat.tables.sharing.addresses import SECONDS, file_address
from concordat.tables.sharing.addresses import read_address as signed_address
from concordat.tables.sharing.asked import (
    Asked,
    BadQuestion,
    changes_asked,
    read_address,
    read_body,
    version_asked,
    version_since,
)
from concordat.tables.sharing.hints import wanted
from concordat.tables.sharing.lines import Handed

_NDJSON: Final = "application/x-ndjson"
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
            except BadQuestion as problem:
                return _error(400, "INVALID_PARAMETER_VALUE", str(problem))
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
    found = queries.readable_shares(actor).giving_rows()
    return _page(request, [{"name": s.name, "id": s.reference} for s in found])


def _share(actor: Actor, name: str) -> Share:
    """A share that gives rows. Raises NotVisible."""
    found = queries.readable_share(actor, name)
    if sharing.policy_of(found).gives != "rows":
        raise refusals.NotVisible
    return found


@_door("GET")
def share(request: HttpRequest, actor: Actor, share: str) -> HttpResponse:
    """One share."""
    found = _share(actor, share)
    return JsonResponse({"share": {"name": found.name, "id": found.reference}})


@_door("GET")
def schemas(request: HttpRequest, actor: Actor, share: str) -> HttpResponse:
    """A share has one schema."""
    return _page(request, [{"name": lines.SCHEMA, "share": _share(actor, share).name}])


@_door("GET")
def tables(request: HttpRequest, actor: Actor, share: str, schema: str = "") -> HttpResponse:
    """The tables of a share."""
    found = _share(actor, share)
    if schema and schema.lower() != lines.SCHEMA:
        raise refusals.NotVisible
    return _page(request, [lines.table_item(found)])


def _table(request: HttpRequest, actor: Actor, share: str, schema: str, table: str) -> Share:
    found = _share(actor, share)
    if (schema.lower(), table.lower()) != (lines.SCHEMA, found.table.name):
        raise refusals.NotVisible
    sharing.admit(found, client_of(request))
    return found


@_door("GET")
def version(
    request: HttpRequest, actor: Actor, share: str, schema: str, table: str
) -> HttpResponse:
    """The version that is delivered, or the first at or after `startingTimestamp`, in a header."""
    found, asked = _table(request, actor, share, schema, table), read_address(request.GET)
    moment = asked.starting_at
    number = version_since(found, moment) if moment else sharing.delivered(found)
    return _versioned(HttpResponse(content_type=_NDJSON), number)


def _versioned(response: HttpResponse, version: TableVersion) -> HttpResponse:
    response["Delta-Table-Version"] = str(version.number)
    return response


@_door("GET")
def metadata(
    request: HttpRequest, actor: Actor, share: str, schema: str, table: str
) -> HttpResponse:
    """The columns the policy allows."""
    found = _table(request, actor, share, schema, table)
    terms = sharing.terms_of(found, version_asked(found, read_address(request.GET)))
    return _lines(request, terms, deliver.extract(terms), [])


def _lines(
    request: HttpRequest, terms: Terms, parts: list[Part], files: Iterable[str]
) -> HttpResponse:
    delta = _delta(request)
    size = sum(part.size for part in parts)
    text = "".join([*lines.head_lines(terms, size, len(parts), delta=delta), *files])
    response = HttpResponse(text, content_type=f"{_NDJSON}; charset=utf-8")
    response["delta-sharing-capabilities"] = f"responseformat={'delta' if delta else 'parquet'}"
    return _versioned(response, terms.version)


def _delta(request: HttpRequest) -> bool:
    return lines.wants_delta(request.headers.get("delta-sharing-capabilities", ""))


@_door("POST")
def query(request: HttpRequest, actor: Actor, share: str, schema: str, table: str) -> HttpResponse:
    """The files to read, of the version asked for; hints leave out what cannot hold an answer."""
    found, asked = _table(request, actor, share, schema, table), read_body(request.body)
    if asked.changes:
        return _changed(request, actor, found, asked)
    terms = sharing.terms_of(found, version_asked(found, asked))
    parts = wanted(deliver.extract(terms), asked.predicate, asked.limit)
    handed = _handed(request, actor, found, parts, _note(actor, terms, parts))
    files = lines.file_lines(terms, handed, delta=_delta(request))
    return _lines(request, terms, parts, files)


def _handed(
    request: HttpRequest, actor: Actor, found: Share, parts: list[Part], read: str
) -> list[Handed]:
    base = f"{request.scheme}://{request.get_host()}"
    token = holder_of_token(request.headers["Authorization"].partition(" ")[2].strip())
    lasts = min(found.ends_at.timestamp(), datetime.now(UTC).timestamp() + SECONDS)
    return [
        Handed(part, file_address(base, actor, token, found, part, read), int(lasts * 1000))
        for part in parts
    ]


def _note(actor: Actor, terms: Terms, parts: list[Part], door: str = "delta-sharing") -> str:
    return note_delivery(
        actor,
        terms.share,
        door,
        version=terms.version.number,
        columns=[column.name for column in terms.shown],
        rows=sum(part.rows for part in parts),
        files=len(parts),
    )


@_door("GET")
def changes(
    request: HttpRequest, actor: Actor, share: str, schema: str, table: str
) -> HttpResponse:
    """The change data feed, where the policy gives history."""
    found, asked = _table(request, actor, share, schema, table), read_address(request.GET)
    return _changed(request, actor, found, asked)


def _changed(request: HttpRequest, actor: Actor, found: Share, asked: Asked) -> HttpResponse:
    """The lines of what each load changed, and the table as it was with the first of them."""
    files: list[str] = []
    every: list[Part] = []
    loads = changes_asked(found, asked)
    for before, after in loads:
        terms = sharing.terms_of(found, after)
        parts = deliver.changes(terms, before)
        read = _note(actor, terms, parts, "delta-sharing changes")
        handed = _handed(request, actor, found, parts, read)
        files.extend(lines.change_lines(terms, after, handed, delta=_delta(request)))
        every.extend(parts)
    return _lines(request, sharing.terms_of(found, loads[0][1]), every, files)


def file(request: HttpRequest) -> HttpResponseBase:
    """A prepared file, by its signed address. Token and share are asked again at each request."""
    if request.method not in ("GET", "HEAD"):
        return _error(405, "METHOD_NOT_ALLOWED", "Use GET or HEAD.")
    try:
        signed = signed_address(request.GET.get("X-Amz-Signature", ""))
    except BadSignature:
        return _error(403, "PERMISSION_DENIED", "This address is not valid, or no longer.")
    kind, holder, token, share_id, digest, extract, number, *read = signed
    actor = token_is_usable(token, kind, holder)
    found = queries.delivered_share(actor, share_id, digest) if actor else None
    if actor is None or found is None:
        return _error(403, "PERMISSION_DENIED", "This share is over.")
    try:
        sharing.admit(found, client_of(request))
    except refusals.NotAllowed as refusal:
        return _error(403, "PERMISSION_DENIED", refusal.detail)
    path = deliver.part_file(found, extract, number)
    if path is None:
        return _error(404, "RESOURCE_DOES_NOT_EXIST", "Ask for the table again.")
    body = partial(
        deliver.file_range,
        actor,
        found,
        path,
        token=token,
        door=HANDED_OUT,
        told={"version": deliver.loaded_in(extract)[1]},
        read="".join(read),  # an address of the version before names none
    )
    return ranged(request, path, "application/vnd.apache.parquet", body)
