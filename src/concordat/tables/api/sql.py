"""The SQL door for programs: ask, the tables, what was asked, and queries that are kept."""

# Annotations here are values: ninja reads them when an operation is added.

import json
from collections.abc import Iterator
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from concordat.kernel.doors.actors import ActorRequest, bearer
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.doors.paging import ListQuery, page_of
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.doors.schemas import Out
from concordat.kernel.people.tokens import holder_of_token
from concordat.tables import actions, analysis, queries, schemas
from concordat.tables.models import SavedQuery
from concordat.tables.plane.streams import written
from concordat.tables.sharing.files import FORMATS

router = Router(tags=["tables"])
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
}
_STREAM: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
_ABOUT: Final = {
    "responses": {
        200: {"content": {kind.partition(";")[0]: _STREAM for kind in TYPES.values()}},
    }
}

mount(
    router,
    Resource(
        model=SavedQuery,
        plural="saved_queries",
        read=queries.saved_queries,
        out=schemas.SavedQueryOut,
        verbs={
            "save": Verb(actions.save_query, schemas.QuerySave),
            "edit": Verb(actions.edit_query, schemas.QueryEdit),
            "share": Verb(actions.share_query),
            "unshare": Verb(actions.unshare_query),
            "remove": Verb(actions.remove_query),
        },
        public=False,
        key="id",
    ),
)


class RunsPage(Out):
    """What one ran, newest first."""

    items: list[schemas.QueryRunOut]
    next: str | None


@router.post(
    "/sql",
    response=schemas.SqlOut,
    operation_id="ask_sql",
    summary="Run one SELECT over the tables that your shares give",
    openapi_extra=_ABOUT,
)
def ask(request: ActorRequest, body: schemas.SqlIn) -> Any:
    """JSON has up to `limit` rows; CSV, Arrow and Parquet have all, streamed."""
    kind = body.format or _accepted(request)
    secret = bearer(request)
    token = holder_of_token(secret) if secret else None
    most = body.limit if kind == "json" else None
    asked = analysis.ask(
        request.actor,
        client_of(request),
        body.sql,
        token=token,
        explain=body.explain,
        most=most,
    )
    return as_json(asked) if kind == "json" else as_file(asked, kind)


def _accepted(request: ActorRequest) -> str:
    accept = request.headers.get("Accept", "")
    return next((k for k, v in TYPES.items() if v.partition(";")[0] in accept), "json")


def as_json(asked: analysis.Asked) -> HttpResponse:
    """All of it at once: columns, rows as lists, and whether there are more."""
    body = {
        "columns": [{"name": f.name, "type": str(f.type)} for f in asked.schema],
        "rows": analysis.rows_of(asked),
        "whole": asked.whole,
    }
    text = json.dumps(body, cls=_Encoder, ensure_ascii=False, allow_nan=False)
    response = HttpResponse(text, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    return response


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        """What has no form in JSON, as text."""
        try:
            return super().default(o)
        except (TypeError, ValueError):
            return str(o)


def as_file(asked: analysis.Asked, kind: str) -> HttpResponseBase:
    """The rows as a file, streamed; it breaks off where a share ends."""

    def pieces() -> Iterator[bytes]:
        yield from written(FORMATS[kind][0](), asked.schema, asked.batches())

    response = StreamingHttpResponse(_Closing(pieces(), asked), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="query.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


class _Closing(Iterator[bytes]):
    """Pieces that end the query when nobody asks for more of them, even for the first."""

    def __init__(self, pieces: Iterator[bytes], asked: analysis.Asked) -> None:
        self._pieces, self._asked = pieces, asked

    def __next__(self) -> bytes:
        """The next piece."""
        return next(self._pieces)

    def close(self) -> None:
        """Nobody asks for more."""
        self._asked.close()


@router.get(
    "/sql/tables",
    response=schemas.SqlTables,
    operation_id="list_sql_tables",
    summary="The tables that you can query",
)
def tables(request: ActorRequest) -> Any:
    """With their columns."""
    return {
        "items": [_table(table) for table in analysis.tables(request.actor, client_of(request))]
    }


def _table(table: analysis.Granted) -> dict[str, Any]:
    return {
        "name": table.shown,
        "qualified": table.qualified,
        "share": table.share.reference,
        "columns": [{"name": c.name, "type": c.type} for c in table.columns],
    }


@router.get(
    "/sql/runs",
    response=RunsPage,
    operation_id="list_sql_runs",
    summary="What you ran",
)
def runs(request: ActorRequest, query: Query[ListQuery]) -> Any:
    """Newest first."""
    items, following = page_of(queries.query_runs(request.actor), query, scope="sql runs")
    return {"items": items, "next": following}


def file(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The whole answer to what stands in the page's form, as a file."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return as_file(
        analysis.ask(request.actor, client_of(request), request.POST.get("sql", "")), kind
    )
