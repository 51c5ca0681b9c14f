"""Versions of a plan: made with the deed that changes it, in the same transaction."""

from __future__ import annotations

from django.utils import timezone

from concordat.evaluations.lifecycle import EVALUATION, PLAN
from concordat.evaluations.models import Evaluation, Plan
from concordat.evaluations.rules.body import body_differences
from concordat.evaluations.rules.versions import (
    data_begun,
    digest_of,
    held_back,
    kind_of,
)
from concordat.kernel.access import Actor
from concordat.kernel.deeds import act


def fix_first(actor: Actor, evaluation: Evaluation) -> Evaluation:
    """Its first version, or one more where it was published before."""
    return _fix(actor, evaluation, _last(evaluation), kind="first", reason="")


def fix_next(actor: Actor, evaluation: Evaluation, *, reason: str, slip: bool) -> Evaluation:
    """A version more, unless what it holds is what the last one held."""
    last = _last(evaluation)
    found = body_differences(last.body, evaluation.body()) if last else []
    if last and not found:
        return evaluation
    begun = data_begun(evaluation.happenings, timezone.localdate())
    kind = kind_of(found, after_data=begun, slip=slip)
    return _fix(actor, evaluation, last, kind=kind, reason=reason, after_data=begun)


def _last(evaluation: Evaluation) -> Plan | None:
    return Plan.objects.filter(evaluation=evaluation).order_by("number").last()


def _fix(
    actor: Actor,
    evaluation: Evaluation,
    last: Plan | None,
    *,
    kind: str,
    reason: str,
    after_data: bool = False,
) -> Evaluation:
    body, previous = evaluation.body(), last.digest if last else ""
    made = Plan(
        evaluation=evaluation,
        number=last.number + 1 if last else 1,
        kind=kind,
        reason=reason,
        body=body,
        secrets=held_back(evaluation.plan, evaluation.hidden, evaluation.salts),
        digest=digest_of(previous, body),
        previous=previous,
        after_data=after_data,
    )
    version, now = act(actor, PLAN["fix"], made), timezone.now()
    return act(
        actor, EVALUATION["version"], evaluation, {"digest": version.digest, "changed_at": now}
    )


def touch(actor: Actor, evaluation: Evaluation) -> Evaluation:
    """Note that what anyone may read beside its plan has changed."""
    return act(actor, EVALUATION["version"], evaluation, {"changed_at": timezone.now()})
