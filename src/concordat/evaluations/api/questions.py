"""Questions, what answers them, and what evaluations recommend, on the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from ninja import Router

from concordat.evaluations import actions, queries
from concordat.evaluations.feeds.agendas import read_questions
from concordat.evaluations.feeds.remarks import AgendaError
from concordat.evaluations.models import Question, QuestionLink, Recommendation
from concordat.evaluations.policy import Can
from concordat.evaluations.schemas import questions as schemas
from concordat.kernel.access import Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Invalid, NotAllowed

router = Router(tags=["questions"])


def ask(actor: Actor, *, owner: str, expected: None = None, **fields: Any) -> Question:
    """Ask in the name of the organisation with this slug."""
    return actions.draft_question(actor, of_slug(actor, owner, "owner"), _given(fields))


def edit(actor: Actor, found: Question, *, expected: int | None, **fields: Any) -> Question:
    """Change what is asked."""
    return actions.edit_question(actor, found, _given(fields), expected)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """What was sent; a list sent as null is left as it is."""
    return {k: v for k, v in fields.items() if not (k == "tags" and v is None)}


def propose(
    actor: Actor,
    *,
    owner: str,
    question: str,
    evaluation: str,
    relation: str,
    expected: None = None,
) -> QuestionLink:
    """Say that an evaluation answers a question or bears on it."""
    return actions.propose_link(
        actor,
        of_slug(actor, owner, "owner"),
        queries.question_named(actor, question),
        queries.evaluation_named(actor, evaluation),
        relation,
    )


def add(
    actor: Actor,
    *,
    evaluation: str,
    addressee: str | None = None,
    expected: None = None,
    **fields: Any,
) -> Recommendation:
    """Add a recommendation to an evaluation."""
    found = queries.evaluation_named(actor, evaluation)
    body = of_slug(actor, addressee, "addressee") if addressee else None
    return actions.add_recommendation(actor, found, {**fields, "addressee": body})


def amend(
    actor: Actor, found: Recommendation, *, expected: int | None, **fields: Any
) -> Recommendation:
    """Change what is recommended."""
    return actions.edit_recommendation(actor, found, fields, expected)


def _performing(verb: str) -> Callable[..., Any]:
    def perform(actor: Actor, found: Any, **options: Any) -> Any:
        return actions.perform(actor, found, verb, **options)

    return perform


def _verbs(*names: str) -> dict[str, Verb]:
    return {name: Verb(_performing(name)) for name in names}


def _questions(actor: Actor, **by: Any) -> Any:
    return queries.asked_of(
        actor, slug=by.pop("owner", ""), tag=by.pop("tag", ""), status=by.pop("status", "")
    ).filter(**by)


def _links(actor: Actor, **by: Any) -> Any:
    return queries.question_links(actor).filter(**{f"{k}__reference": v for k, v in by.items()})


def _recommendations(actor: Actor, **by: Any) -> Any:
    found = queries.standing_as(actor, by.pop("standing", ""), timezone.localdate())
    lookups = {"evaluation": "evaluation__reference", "addressee": "addressee__slug"}
    return found.filter(**{lookups[name]: value for name, value in by.items()})


mount(
    router,
    Resource(
        model=Question,
        plural="questions",
        read=_questions,
        out=schemas.QuestionOut,
        row=schemas.QuestionRow,
        query=schemas.QuestionQuery,
        verbs={
            "draft": Verb(ask, schemas.QuestionDraft),
            "edit": Verb(edit, schemas.QuestionEdit),
            **_verbs("publish", "answer", "reopen", "withdraw"),
        },
    ),
)
mount(
    router,
    Resource(
        model=QuestionLink,
        plural="question_links",
        read=_links,
        out=schemas.QuestionLinkOut,
        query=schemas.LinkQuery,
        verbs={
            "propose": Verb(propose, schemas.LinkPropose),
            **_verbs("confirm", "refuse", "remove"),
        },
        key="id",
    ),
)
mount(
    router,
    Resource(
        model=Recommendation,
        plural="recommendations",
        read=_recommendations,
        out=schemas.RecommendationOut,
        query=schemas.RecommendationQuery,
        verbs={
            "add": Verb(add, schemas.RecommendationAdd),
            "edit": Verb(amend, schemas.RecommendationEdit),
            "respond": Verb(actions.respond_recommendation, schemas.RespondIn),
            "finish": Verb(actions.finish_recommendation, schemas.FinishIn),
            **_verbs("remove"),
        },
        key="id",
    ),
)


@router.post(
    "/question-loads",
    response=schemas.QuestionsLoaded,
    operation_id="load_questions",
    summary="Load the questions of an agenda",
)
def load(request: ActorRequest, body: schemas.QuestionsLoad) -> Any:
    """Publish the questions of a CSV; a file loaded again under its source changes what differs."""
    if not request.actor.bodies(Can.QUESTION_PUBLISH):
        raise NotAllowed
    try:
        found = read_questions(body.csv.encode())
    except AgendaError as error:
        raise Invalid({"csv": [str(error)]}) from error
    named = [(row.code, row.name) for row in found.rows]
    loaded = actions.load_questions(
        request.actor,
        queries.bodies_called(request.actor, named),
        found.rows,
        source=body.source,
        agenda=body.agenda,
        agenda_url=body.agenda_url,
    )
    loaded.messages[:0] = found.messages
    loaded.refused += sum(message.refused for message in found.messages)
    return loaded
