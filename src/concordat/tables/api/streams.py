"""A share's rows as a stream, for a session or a token."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from concordat.kernel.doors.actors import ActorRequest, bearer
from concordat.kernel.doors.exports import defused
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.people.tokens import holder_of_token
from concordat.tables import deliver, queries, sharing
from concordat.tables.plane.streams import arrow_stream, csv_stream

_SHAPES: Final[dict[str, tuple[deliver.Stream, str]]] = {
    "csv": (partial(csv_stream, defuse=defused), "text/csv; charset=utf-8"),
    "arrow": (arrow_stream, "application/vnd.apache.arrow.stream"),
}


def data(request: ActorRequest, reference: str, kind: str) -> HttpResponseBase:
    """A share's rows, streamed; for a session under /inside and a token elsewhere."""
    found = queries.share(request.actor, reference)
    sharing.refuse_unless_rows(found)
    sharing.admit(found, client_of(request))
    shape, content_type = _SHAPES[kind]
    secret = None if request.actor.scopes is None else bearer(request)
    token = holder_of_token(secret) if secret else None
    terms = sharing.terms_of(found)
    pieces = deliver.stream(request.actor, terms, kind, shape, token=token)
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.table.name}.{kind}"'
    return response
