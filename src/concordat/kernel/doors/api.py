"""The base of the JSON API: one parser, one shape of refusal, one way to sign in, one description.

House rules, held here for every operation: strict bounded schemas (`schemas`), cursor paging
(`paging`), one problem schema for every refusal, an explicit operation id, ETag and If-Match
(`conditions`), Idempotency-Key on every write (`idempotency`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.security import HttpBearer
from pydantic import BaseModel

from concordat.kernel import refusals
from concordat.kernel.doors.errors import PROBLEM, answer, problem, refused
from concordat.kernel.doors.idempotency import idempotent

_PLACES: Final = ("body", "query", "path", "header", "form", "file")
_EVERYWHERE: Final = (400, 401, 403, 404, 422, 429)
_ON_WRITES: Final = (409, 412, 413)
_MEANINGS: Final = {
    400: "The request could not be read",
    401: "The token is missing, unknown, expired or revoked",
    403: "The actor may see this but not do it",
    404: "There is nothing here that the actor may know of",
    409: "The status or a conflict does not allow it now",
    412: "The record has changed since the ETag sent",
    413: "The body is larger than the limit",
    422: "A value is not valid; `errors` names each",
    429: "Too many requests; wait as long as Retry-After says",
}


class FieldProblem(BaseModel):
    """One value that is wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457: what was refused, why, and what to do."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    mend: str
    request_id: str
    errors: list[FieldProblem]


class Token(HttpBearer):
    """A bearer token. The middleware has looked it up; here it is only required."""

    def __call__(self, request: HttpRequest) -> Any:
        """The actor, or None for the public (401)."""
        actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.signed_in else None

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Never reached: see `__call__`."""
        raise NotImplementedError


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no Infinity, no name twice in one object."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value.

        Raises ValueError, which ninja answers with 400.
        """
        return json.loads(
            request.body, parse_constant=_not_json, object_pairs_hook=_without_doubles
        )


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name appears twice in one object")
    return made


class HouseAPI(NinjaAPI):
    """A NinjaAPI that keeps the house rules. An operation needs a token or says `auth=None`."""

    def __init__(self, *, title: str, version: str, description: str = "", **options: Any) -> None:
        super().__init__(
            title=title,
            version=version,
            description=description,
            auth=Token(),
            parser=StrictParser(),
            docs_url=None,  # its page needs scripts from elsewhere
            **options,
        )
        self.add_decorator(idempotent, mode="view")
        for kind, handler in _HANDLERS.items():
            self.add_exception_handler(kind, handler)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Refused: a name that clients rely on is chosen, not derived from where code lives.

        Raises ValueError.
        """
        raise ValueError(f"{operation.view_func.__name__} needs an operation_id")

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with the refusals, headers and security that all operations share."""
        schema = super().get_openapi_schema(**options)
        made = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = schema["components"].setdefault("schemas", {})
        schemas.update(made.pop("$defs"))
        schemas["Problem"] = made
        bearer = {"type": "http", "scheme": "bearer"}
        schema["components"].setdefault("securitySchemes", {})["Token"] = bearer
        for method, operation in _operations(schema):
            _describe(method, operation)
        return schema


def _operations(schema: OpenAPISchema) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in schema["paths"].values():
        yield from path.items()


def _describe(method: str, operation: dict[str, Any]) -> None:
    """Add what every operation shares. Said of requests in words, since any value is well-formed
    and yet most are refused: a description of the parameter would promise too much.
    """
    if 422 in operation["responses"]:
        return  # ninja shares one description between the methods of an operation
    writes = method != "get"
    operation.setdefault("security", [{}, {"Token": []}])
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in (*_EVERYWHERE, *(_ON_WRITES if writes else ())):
        operation["responses"][status] = {"description": _MEANINGS[status], "content": content}
    if writes:
        said = operation.get("description", "")
        operation["description"] = f"{said}\n\n{_ON_HEADERS}".strip()


_ON_HEADERS: Final = (
    "Takes the headers `Idempotency-Key` (1 to 255 visible characters: sent again with the same "
    "request, it is done once and answered the same) and `If-Match` (the ETag that was read: a "
    "record changed since then is refused with 412)."
)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Pydantic's findings as field → message; what was sent is not repeated."""
    errors: dict[str, list[str]] = {}
    for found in error.errors:
        place = [str(part) for part in found["loc"]]
        named = place[1:] if place and place[0] in _PLACES else place
        # The second part is the name of the view's own parameter, which means nothing outside.
        named = named[1:] if place[:1] == ["body"] and len(named) > 1 else named
        if about := found.get("ctx", {}).get("field"):  # said by the base of our schemas
            named = [*(n for n in named if n != "body"), about]
        message = str(found["msg"]).removeprefix("Value error, ")
        errors.setdefault(".".join(named), []).append(message)
    return refused(request, refusals.Invalid(errors))


def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return refused(request, refusals.NotSignedIn())


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    title = "The request could not be read"
    mend = "Send a body of valid JSON in UTF-8."
    return problem(request, error.status_code, "bad-request", title, error.message, mend)


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(request, 404)


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(request, 413, "too-big", "Too large", "The body is larger than the limit.",
                   "Send it as a file, or in parts.")  # fmt: skip


def _unexpected(request: HttpRequest, error: Exception) -> NoReturn:
    """Leave it to Django, which logs it and calls our handler; never show a trace."""
    raise error


_HANDLERS: Final[dict[type[Exception], Callable[..., HttpResponse]]] = {
    refusals.Refusal: refused,
    ValidationError: _invalid,
    AuthenticationError: _not_signed_in,
    HttpError: _http_error,
    Http404: _not_found,
    RequestDataTooBig: _too_big,
    Exception: _unexpected,
}
