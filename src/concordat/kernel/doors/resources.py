"""A kind of record on the JSON API: list, detail, and each verb of its lifecycle, by one call.

    mount(router, Resource(
        model=Dataset, plural="datasets", read=queries.datasets, out=DatasetOut, row=DatasetRow,
        query=DatasetQuery, verbs={"draft": Verb(actions.draft, DatasetIn), "submit": …}))

makes `GET /datasets`, `GET /datasets/{reference}`, `POST /datasets` for the verb that makes one,
`PATCH /datasets/{reference}` for `edit`, and `POST /datasets/{reference}/{verb}` for the others.
A subject that is no record is named by another `key`: `GET /tokens/{id}`, `GET /organisations/{slug}`.
"""

# Annotations here are values: ninja reads them when an operation is added.

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Router
from ninja.constants import NOT_SET
from ninja.params.functions import Body, Path, Query
from ninja.responses import Status
from pydantic import BaseModel, Field, create_model

from concordat.kernel import refusals
from concordat.kernel.access import Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.conditions import etag, expected, unchanged
from concordat.kernel.doors.paging import ListQuery, page_of
from concordat.kernel.doors.schemas import Id, In, Out, Slug
from concordat.kernel.doors.values import as_json, as_values, shape_of, shaped
from concordat.kernel.lifecycle import Note, Transition
from concordat.kernel.publication.models import Record
from concordat.kernel.publication.reference import ALPHABET
from concordat.kernel.subject import Subject
from concordat.kernel.text import TEXT_PATTERN

_NOTE: Any = Annotated[
    str,
    Field(
        max_length=4000,
        description="Why; those it is between read it",
        json_schema_extra={"pattern": TEXT_PATTERN},
    ),
]


@dataclass(frozen=True)
class Verb:
    """One verb on the API.

    `action` is the service's own: `action(actor, *, expected=None, **fields)` for the verb that
    makes a record, `action(actor, record, *, note, expected, **fields)` for the others (`note` only
    where the transition takes one). `body` holds the fields it takes; `about` says what it does.
    With `secret` the action returns (secret, row), and the answer shows the secret this once.
    """

    action: Callable[..., Any]
    body: type[In] | None = None
    about: str = ""
    secret: bool = False


@dataclass(frozen=True)
class Resource:
    """One kind of record and what the API does with it.

    `read(actor, **filters)` is the query every answer begins with; `order` ends in a unique field.
    With `public` the reads answer anyone, as much as anyone may see. `key` is the field that names
    one of them in an address: the reference of a record, the id or the slug of another subject.
    """

    model: type[Subject]
    plural: str
    read: Callable[..., QuerySet[Any]]
    out: type[Out]
    verbs: Mapping[str, Verb]
    row: type[Out] | None = None
    query: type[ListQuery] = ListQuery
    order: Sequence[str] = ("-id",)
    public: bool = True
    key: str = "reference"

    @property
    def noun(self) -> str:
        """The kind, as operation ids spell it."""
        return self.model.KIND

    @property
    def words(self) -> str:
        """The kind, as people read it."""
        return self.noun.replace("_", " ")

    @property
    def path(self) -> str:
        """Where the list is."""
        return f"/{self.plural.replace('_', '-')}"

    @property
    def reader(self) -> Any:
        """What reading needs: nothing where it is public, else what the API asks for."""
        return None if self.public else NOT_SET

    @property
    def one_path(self) -> str:
        """Where one of them is."""
        return f"{self.path}/{{{self.key}}}"

    @property
    def parameter(self) -> Any:
        """The type of the path parameter that names one of them."""
        if not issubclass(self.model, Record):
            return {"id": Id, "slug": Slug}[self.key]
        pattern = f"^{self.model.PREFIX}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}$"
        about = f"Such as {self.model.PREFIX}-7K2M-41"
        return _marked(str, Path(..., pattern=pattern, description=about))

    def one(self, actor: Actor, name: Any) -> Any:
        """The one that `key` names, as far as the actor may know.

        Raises NotVisible.
        """
        found = self.read(actor).filter(**{self.key: name}).first()
        if found is None:
            raise refusals.NotVisible
        return found


def mount(router: Router, resource: Resource) -> None:
    """Add the operations of a resource to a router.

    Raises KeyError for a verb that the lifecycle does not have.
    """
    _mount_list(router, resource)
    _mount_detail(router, resource)
    for name, verb in resource.verbs.items():
        transition = resource.model.LIFECYCLE[name]
        if transition.makes:
            _mount_draft(router, resource, transition, verb)
        else:
            _mount_verb(router, resource, transition, verb)


def _mount_list(router: Router, resource: Resource) -> None:
    row: Any = resource.row or resource.out
    title = "".join(part.title() for part in resource.plural.split("_"))
    page = create_model(
        f"{title}Page", __base__=Out, items=(list[row], ...), next=(str | None, None)
    )
    shape = shape_of(row, resource.model)

    def rows(request: ActorRequest, query: ListQuery) -> Any:
        refuse_unknown(request, resource.query)
        filters = query.filters()
        scope = f"{resource.plural}{sorted(filters.items())}"
        found = resource.read(request.actor, **filters)
        if shape:
            found = as_values(found, shape, resource.order)
        items, following = page_of(found, query, order=resource.order, scope=scope)
        if not shape:
            return {"items": items, "next": following}
        return as_json({"items": [shaped(item, shape) for item in items], "next": following})

    router.get(
        resource.path,
        response=page,
        operation_id=f"list_{resource.plural}",
        summary=f"List {resource.plural.replace('_', ' ')}",
        auth=resource.reader,
    )(_typed(rows, resource, query=_marked(resource.query, Query(...))))


def refuse_unknown(request: ActorRequest, query: type[BaseModel]) -> None:
    """Raises Invalid for a parameter that the query does not have: a filter misspelt narrows nothing."""
    known = set(query.model_fields)
    if unknown := sorted(set(request.GET) - known):
        says = f"Use one of {', '.join(sorted(known))}."
        raise refusals.Invalid({name[:100]: [says] for name in unknown[:10]})


def _mount_detail(router: Router, resource: Resource) -> None:
    def one(request: ActorRequest, name: Any, response: HttpResponse) -> Any:
        found = resource.one(request.actor, name)
        if unchanged(request, found):
            return HttpResponse(status=304, headers={"ETag": etag(found)})
        response["ETag"] = etag(found)
        return found

    router.get(
        resource.one_path,
        response=resource.out,
        operation_id=f"get_{resource.noun}",
        summary=f"One {resource.words}",
        auth=resource.reader,
    )(_typed(one, resource))


def _mount_draft(router: Router, resource: Resource, transition: Transition, verb: Verb) -> None:
    taken: Any = _body(resource, transition, verb) or In

    def draft(request: ActorRequest, response: HttpResponse, body: Any) -> Any:
        made = verb.action(request.actor, **_fields(body))
        if verb.secret:
            made = _with_secret(response, *made)
        response["ETag"] = etag(made)
        response["Location"] = f"{request.path}/{getattr(made, resource.key)}"
        return Status(201, made)

    router.post(
        resource.path,
        response={201: _answer(resource, verb)},
        operation_id=f"{transition.verb}_{resource.noun}",
        summary=verb.about or f"{transition.text} a {resource.words}",
    )(_typed(draft, resource, body=_marked(taken, Body(...))))


def _mount_verb(router: Router, resource: Resource, transition: Transition, verb: Verb) -> None:
    def take(request: ActorRequest, name: Any, response: HttpResponse, body: Any = None) -> Any:
        record = resource.one(request.actor, name)
        after = verb.action(request.actor, record, expected=expected(request), **_fields(body))
        if verb.secret:
            after = _with_secret(response, *after)
        if not isinstance(after, resource.model):
            after = resource.one(request.actor, name)
        response["ETag"] = etag(after)
        return after

    edits = transition.verb == "edit"
    end = "" if edits else f"/{transition.verb.replace('_', '-')}"
    add = router.patch if edits else router.post
    add(
        f"{resource.one_path}{end}",
        response=_answer(resource, verb),
        operation_id=f"{transition.verb}_{resource.noun}",
        summary=verb.about or f"{transition.text} a {resource.words}",
    )(_typed(take, resource, body=_body_kind(resource, transition, verb)))


def _answer(resource: Resource, verb: Verb) -> Any:
    """The schema of a verb's answer."""
    if not verb.secret:
        return resource.out
    name = f"{resource.noun.title().replace('_', '')}Secret"
    secret = Annotated[str, Field(description="Shown this once; it is not kept")]
    return create_model(name, __base__=resource.out, secret=(secret, ...))


def _with_secret(response: HttpResponse, secret: str, row: Subject) -> Subject:
    """The row with its secret beside it, in an answer that nothing on the way may keep."""
    response["Cache-Control"] = "no-store"
    row.secret = secret  # type: ignore[attr-defined]
    return row


def _body(resource: Resource, transition: Transition, verb: Verb) -> Any:
    """The schema of a verb's body: its fields, and the note if it takes one; None for none."""
    notes: dict[Note, dict[str, Any]] = {
        Note.NONE: {},
        Note.OPTIONAL: {"note": (_NOTE, "")},
        Note.REQUIRED: {"note": (Annotated[_NOTE, Field(min_length=1)], ...)},
    }
    note = notes[transition.note]
    if verb.body is None and not note:
        return None
    name = "".join(part.title() for part in f"{transition.verb}_{resource.noun}".split("_"))
    return create_model(f"{name}In", __base__=verb.body or In, **note)


def _body_kind(resource: Resource, transition: Transition, verb: Verb) -> Any:
    """How ninja is told of the body: needed, may be left out, or none."""
    taken = _body(resource, transition, verb)
    if taken is None:
        return None
    needed = any(field.is_required() for field in taken.model_fields.values())
    return _marked(taken, Body(...)) if needed else _marked(taken | None, Body(None))


def _fields(body: Any) -> dict[str, Any]:
    """What was sent, by field; what was left out stays left out."""
    return {} if body is None else {name: getattr(body, name) for name in body.model_fields_set}


def _marked(kind: Any, marker: Any) -> Any:
    """A type made here, with ninja's mark of where its value comes from."""
    return Annotated[kind, marker]


def _typed(view: Callable[..., Any], resource: Resource, **kinds: Any) -> Callable[..., Any]:
    """The view with the annotations of this resource, its `name` called what the address calls it;
    a parameter given None is taken away."""
    signature = inspect.signature(view)
    kinds["name"] = resource.parameter
    parameters = [
        parameter.replace(
            annotation=kinds.get(name, parameter.annotation),
            default=parameter.empty,  # whether a body is needed is its mark's to say
            name=resource.key if name == "name" else name,
        )
        for name, parameter in signature.parameters.items()
        if name not in kinds or kinds[name] is not None
    ]

    @wraps(view)
    def named(request: ActorRequest, **given: Any) -> Any:
        if resource.key in given:
            given["name"] = given.pop(resource.key)
        return view(request, **given)

    named.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return named
