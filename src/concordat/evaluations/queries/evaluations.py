"""Evaluations and the versions of their plans, as the actor may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from concordat.evaluations.models import Evaluation, Plan
from concordat.evaluations.policy import Can
from concordat.evaluations.rules.body import body_differences
from concordat.evaluations.rules.plan import Difference
from concordat.kernel.access import SYSTEM, Actor, roles_with
from concordat.kernel.access.models import Grant
from concordat.kernel.deeds.act import offered
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person
from concordat.kernel.refusals import NotVisible


def evaluations(actor: Actor) -> QuerySet[Evaluation]:
    """The evaluations the actor may know of, last changed first."""
    return (
        Evaluation.objects.visible_to(actor).select_related("owner").order_by("-modified_at", "-id")
    )


def evaluation(actor: Actor, reference: str) -> Evaluation:
    """One evaluation. Raises NotVisible."""
    found = evaluations(actor).select_related("approver", "successor")
    row = found.filter(reference=reference).first()
    if row is None:
        raise NotVisible
    return row


def drafting_bodies(actor: Actor) -> QuerySet[Organisation]:
    """The organisations in whose name the actor may register evaluations."""
    bodies = actor.bodies(Can.EVALUATION_DRAFT)
    return Organisation.objects.visible_to(actor).filter(pk__in=bodies)


def approvers(actor: Actor, of: Evaluation) -> QuerySet[Person]:
    """Who may be named to sign an evaluation off: whoever may do so at the lead body."""
    if not (of.owner_id in actor.bodies(Can.EVALUATION_SEE) or of.invites(actor)):
        return Person.objects.none()
    grants = Grant.objects.filter(
        owner=of.owner_id, status="active", role__in=roles_with(Can.EVALUATION_SIGN_OFF)
    )
    people = Person.objects.visible_to(SYSTEM).filter(is_active=True)
    return people.filter(pk__in=grants.values("person")).order_by("name", "id")


def may_change(actor: Actor, found: Evaluation) -> bool:
    """Whether the actor may change what an evaluation says, now."""
    return bool({"edit", "amend"} & {t.verb for t in offered(actor, found)})


def read_plan(actor: Actor, of: Evaluation) -> dict[str, Any]:
    """The plan as far as the actor may read it: whole for the lead body, its guests and whoever signs
    it off, without what is hidden today for anyone else."""
    return of.plan if is_inside(actor, of) else of.shown_plan()


def is_inside(actor: Actor, of: Evaluation) -> bool:
    """Whether the actor belongs to the lead body, is invited, or signs it off."""
    if of.owner_id in actor.bodies(Can.EVALUATION_SEE) or of.invites(actor):
        return True
    return actor.kind == "person" and of.approver_id == actor.id


@dataclass(frozen=True)
class Version:
    """A version of a plan, with what differs from the one before."""

    plan: Plan
    differences: tuple[Difference, ...] = ()


def plans(actor: Actor, of: Evaluation) -> QuerySet[Plan]:
    """The versions of an evaluation's plan, first to last."""
    known = Evaluation.objects.visible_to(actor).filter(pk=of.pk)
    return Plan.objects.filter(evaluation__in=known).select_related("evaluation").order_by("number")


def versions(actor: Actor, of: Evaluation) -> list[Version]:
    """Every version with what it changed, newest first: one query."""
    found: list[Version] = []
    before: dict[str, Any] | None = None
    for plan in plans(actor, of):
        changes = body_differences(before, plan.body) if before else []
        found.append(Version(plan, tuple(changes)))
        before = plan.body
    return found[::-1]


def version(actor: Actor, of: Evaluation, number: int, since: int | None = None) -> Version:
    """One version, with what differs from version `since`, or from the one before it.

    Raises NotVisible for a version that there is not.
    """
    wanted = since if since is not None else number - 1
    held = {plan.number: plan for plan in plans(actor, of).filter(number__in=[number, wanted])}
    if number not in held or (since is not None and since not in held):
        raise NotVisible
    before = held.get(wanted)
    changes = body_differences(before.body, held[number].body) if before else []
    return Version(held[number], tuple(changes))


def public_body(plan: Plan) -> dict[str, Any]:
    """What the public file of a version holds: enough to reckon its digest again."""
    return {
        "reference": plan.evaluation.reference,
        "number": plan.number,
        "kind": plan.kind,
        "reason": plan.reason,
        "made_at": plan.created_at.isoformat(),
        "after_data": plan.after_data,
        "previous": plan.previous,
        "digest": plan.digest,
        "body": plan.body,
        "opened": plan.open_secrets(),
    }
