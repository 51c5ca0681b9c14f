"""One's own: who a token is, its siblings, long work, the inbox and how e-mail comes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from concordat.kernel.access import Actor
from concordat.kernel.administration import actions
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.conditions import etag, expected
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.jobs.actions import cancel_job, retry_job
from concordat.kernel.jobs.models import Job
from concordat.kernel.notices import queries
from concordat.kernel.notices.actions import prefer, read_all, read_notice
from concordat.kernel.notices.models import Notice
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.pages.api.name import readable, until
from concordat.kernel.pages.schemas import account as schemas
from concordat.kernel.people.models import Token


def issue(actor: Actor, *, expected: None = None, **fields: Any) -> tuple[str, Token]:
    """Make a token of one's own."""
    return actions.issue_token(actor, **until(fields))


TOKENS = Resource(
    model=Token,
    plural="tokens",
    key="id",
    read=lambda actor, **by: readable(actor, Token.objects.visible_to(actor).filter(**by)),
    out=schemas.TokenOut,
    row=schemas.TokenRow,
    query=schemas.TokenQuery,
    public=False,
    verbs={
        "issue": Verb(issue, schemas.TokenIssue, "Make a token of one's own", secret=True),
        "revoke": Verb(actions.revoke_token),
    },
)
JOBS = Resource(
    model=Job,
    plural="jobs",
    key="id",
    read=lambda actor, **by: readable(
        actor, Job.objects.visible_to(actor).filter(**by).select_related("owner")
    ),
    out=schemas.JobOut,
    row=schemas.JobRow,
    query=schemas.JobQuery,
    public=False,
    verbs={"retry": Verb(retry_job), "cancel": Verb(cancel_job)},
)
NOTICES = Resource(
    model=Notice,
    plural="notices",
    key="id",
    read=lambda actor, **by: readable(
        actor, Notice.objects.visible_to(actor).filter(**by).select_related("person")
    ),
    out=schemas.NoticeOut,
    row=schemas.NoticeRow,
    query=schemas.NoticeQuery,
    public=False,
    verbs={"read": Verb(read_notice, about="Mark a notice as read")},
)


def me(request: ActorRequest) -> dict[str, Any]:
    """Who the token stands for, with their roles and its scopes."""
    actor = request.actor
    wanted = {body for _, body in actor.grants} | {actor.home}
    bodies = Organisation.objects.visible_to(actor).in_bulk(wanted - {None})
    return schemas.me(actor, bodies.get(actor.home or 0), bodies)


def read_notices(request: ActorRequest) -> dict[str, int]:
    """Mark all of one's notices as read."""
    return {"read": read_all(request.actor)}


def get_preference(request: ActorRequest, response: HttpResponse) -> Any:
    """How e-mail comes."""
    found = queries.preference(request.actor)
    response["ETag"] = etag(found)
    return found


def edit_preference(
    request: ActorRequest,
    response: HttpResponse,
    body: schemas.PreferenceEdit,  # type: ignore[valid-type]
) -> Any:
    """Choose how e-mail comes."""
    after = prefer(request.actor, body.email, expected=expected(request))  # type: ignore[attr-defined]
    response["ETag"] = etag(after)
    return after


def add_to(router: Router) -> None:
    """Add the operations."""
    router.get("/me", response=schemas.MeOut, operation_id="get_me", summary="Who one is")(me)
    router.post(  # before the notices themselves, none of which is called “read”
        "/notices/read",
        response=schemas.ReadOut,
        operation_id="read_notices",
        summary="Mark all of one's notices as read",
    )(read_notices)
    for resource in (TOKENS, JOBS, NOTICES):
        mount(router, resource)
    router.get(
        "/preference",
        response=schemas.PreferenceOut,
        operation_id="get_preference",
        summary="How e-mail comes",
    )(get_preference)
    router.patch(
        "/preference",
        response=schemas.PreferenceOut,
        operation_id="edit_preference",
        summary="Choose how e-mail comes",
    )(edit_preference)
