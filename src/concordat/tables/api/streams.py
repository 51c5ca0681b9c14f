"""A share's rows as a stream, for a session or a token."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from concordat.kernel.doors.actors import ActorRequest, bearer
from concordat.kernel.doors.exports import defused
from concordat.kernel.people.tokens import holder_of_token
from concordat.tables import deliver, queries
from concordat.tables.plane.streams import arrow_stream, csv_stream

_SHAPES: Final[dict[str, tuple[deliver.Stream, str]]] = {
    "csv": (partial(csv_stream, defuse=defused), "text/csv; charset=utf-8"),
    "arrow": (arrow_stream, "application/vnd.apache.arrow.stream"),
}


def data(request: ActorRequest, reference: str, kind: str) -> HttpResponseBase:
    """A share's rows as CSV or Arrow, streamed; for a session under /inside and a token elsewhere."""
    found = queries.share(request.actor, reference)
    shape, content_type = _SHAPES[kind]
    secret = None if request.actor.scopes is None else bearer(request)
    token = holder_of_token(secret) if secret else None
    response = StreamingHttpResponse(
        deliver.stream(request.actor, found, kind, shape, token=token), content_type=content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{found.table.name}.{kind}"'
    return response
