"""Evaluations and the versions of their plans on the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Router

from concordat.evaluations import actions, queries, schemas
from concordat.evaluations.models import Evaluation
from concordat.evaluations.queries.promises import comparison
from concordat.evaluations.schemas.evaluations import Reference
from concordat.kernel.access import Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.refusals import Unknown

router = Router(tags=["evaluations"])


def draft(actor: Actor, *, owner: str, expected: None = None, **fields: Any) -> Evaluation:
    """Draft in the name of the organisation with this slug."""
    body = of_slug(actor, owner, "owner")
    approver = fields.pop("approver", None)
    made = actions.draft_evaluation(actor, body, _values(actor, fields))
    return _approved_by(actor, made, approver) if approver else made


def edit(actor: Actor, found: Evaluation, *, expected: int | None, **fields: Any) -> Evaluation:
    """Change a draft."""
    values = _values(actor, fields)
    if "approver" in values:
        values["approver"] = _approver(actor, found, values["approver"])
    return actions.edit_evaluation(actor, found, values, expected)


def _approved_by(actor: Actor, made: Evaluation, email: str) -> Evaluation:
    return actions.edit_evaluation(actor, made, {"approver": _approver(actor, made, email)})


def _approver(actor: Actor, found: Evaluation, email: str | None) -> Any:
    if email is None:
        return None
    person = queries.approvers(actor, found).filter(email__iexact=email).first()
    if person is None:
        raise Unknown({"approver": ["Nobody of that address may sign off for the lead body."]})
    return person


def amend(
    actor: Actor, found: Evaluation, *, expected: int | None, note: str, **fields: Any
) -> Evaluation:
    """Change what is published, saying why."""
    slip = bool(fields.pop("slip", False))
    values = _values(actor, fields)
    return actions.amend_evaluation(actor, found, values, note=note, slip=slip, expected=expected)


def withdraw(
    actor: Actor, found: Evaluation, *, successor: str | None = None, **options: Any
) -> Evaluation:
    """Take it back, and say what took its place."""
    after = None
    if successor:
        after = queries.evaluations(actor).filter(reference=successor).exclude(pk=found.pk).first()
        if after is None:
            raise Unknown({"successor": ["There is no other evaluation of that reference."]})
    return actions.withdraw_evaluation(actor, found, successor=after, **options)


def transfer(actor: Actor, found: Evaluation, *, owner: str, **options: Any) -> Evaluation:
    """Give it to another body to lead."""
    return actions.transfer_evaluation(actor, found, of_slug(actor, owner, "owner"), **options)


def invite(actor: Actor, found: Evaluation, *, editors: list[str], **options: Any) -> Evaluation:
    """Say who else edits it."""
    return actions.invite_editors(actor, found, editors, **options)


def _values(actor: Actor, fields: dict[str, Any]) -> dict[str, Any]:
    """What was sent as the model holds it; a document sent as null is left as it is."""
    documents = ("partners", "projects", "dates", "plan", "hidden")
    values = {k: v for k, v in fields.items() if not (k in documents and v is None)}
    if "partners" in values:
        values["partners"] = [of_slug(actor, slug, "partners") for slug in values["partners"]]
    if "projects" in values:
        values["projects"] = queries.projects.projects_of(actor, values["projects"])
    if "dates" in values:
        values["dates"] = [happening.model_dump() for happening in values["dates"]]
    if "plan" in values:
        values["plan"] = values["plan"].model_dump(exclude_none=True)
    return values


def _performing(verb: str) -> Callable[..., Any]:
    def perform(actor: Actor, found: Evaluation, **options: Any) -> Any:
        return actions.perform(actor, found, verb, **options)

    return perform


def _narrowed(by: dict[str, Any]) -> dict[str, Any]:
    return {("owner__slug" if name == "owner" else name): value for name, value in by.items()}


mount(
    router,
    Resource(
        model=Evaluation,
        plural="evaluations",
        read=lambda actor, **by: queries.evaluations(actor).filter(**_narrowed(by)),
        out=schemas.EvaluationOut,
        row=schemas.EvaluationRow,
        query=schemas.EvaluationQuery,
        verbs={
            "draft": Verb(draft, schemas.EvaluationDraft),
            "edit": Verb(edit, schemas.EvaluationEdit),
            "amend": Verb(amend, schemas.EvaluationAmend),
            "publish": Verb(actions.publish_evaluation, schemas.PublishIn),
            "withdraw": Verb(withdraw, schemas.WithdrawIn),
            "transfer": Verb(transfer, schemas.TransferIn),
            "invite": Verb(invite, schemas.InviteIn),
            "reply": Verb(actions.reply_to_comparison, schemas.ReplyIn),
            **{
                verb: Verb(_performing(verb))
                for verb in ("submit", "sign_off", "return", "cancel", "restore")
            },
        },
    ),
)


@router.get(
    "/evaluations/{reference}/promises",
    response=schemas.ComparisonOut,
    auth=None,
    operation_id="compare_promises",
    summary="What was promised beside what was reported",
)
def promises(request: ActorRequest, reference: Reference) -> Any:
    """Against the last version before the data, and against the last before the results."""
    return comparison(request.actor, queries.evaluation(request.actor, reference))


@router.get(
    "/evaluations/{reference}/versions",
    response=schemas.PlansPage,
    auth=None,
    operation_id="list_plans",
    summary="The versions of a plan",
)
def versions(request: ActorRequest, reference: Reference) -> dict[str, Any]:
    """Every version, first to last, with what its digest is reckoned from."""
    found = queries.evaluation(request.actor, reference)
    return {"items": list(queries.plans(request.actor, found))}
