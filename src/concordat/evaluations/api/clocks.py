"""Clocks, the tracker, exemptions and escalations on the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from ninja import Router

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Escalation, Evaluation, Exemption
from concordat.evaluations.queries.clock_box import Box, basis_of
from concordat.evaluations.queries.tracker import Line, by_body
from concordat.evaluations.schemas import clocks as schemas
from concordat.evaluations.schemas.evaluations import Reference
from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.refusals import NotVisible, Unknown

router = Router(tags=["evaluations"])


def _evaluation(actor: Actor, reference: str) -> Evaluation:
    found = queries.evaluations(actor).filter(reference=reference).first()
    if found is None:
        says = "There is no evaluation of that reference that you can see."
        raise Unknown({"evaluation": [says]})
    return found


def ask(actor: Actor, *, evaluation: str, expected: None = None, **fields: Any) -> Exemption:
    """Ask for an exemption."""
    return actions.ask_exemption(actor, _evaluation(actor, evaluation), fields)


def reject(actor: Actor, found: Exemption, *, note: str, expected: int | None) -> Exemption:
    """Refuse it, saying why."""
    refused: Exemption = actions.perform(actor, found, "reject", note=note, expected=expected)
    return refused


def explain(actor: Actor, *, evaluation: str, expected: None = None, **fields: Any) -> Escalation:
    """Say why results are late: it answers every step that waits for an answer."""
    return actions.say_why_late(actor, _evaluation(actor, evaluation), fields)


def answer(actor: Actor, found: Escalation, *, expected: int | None, **fields: Any) -> Escalation:
    """Answer one step."""
    return actions.answer_escalation(actor, found, fields, expected=expected)


def _narrowed(by: dict[str, Any]) -> dict[str, Any]:
    return {("evaluation__reference" if k == "evaluation" else k): v for k, v in by.items()}


mount(
    router,
    Resource(
        model=Exemption,
        plural="exemptions",
        key="id",
        read=lambda actor, **by: queries.exemptions(actor).filter(**_narrowed(by)),
        out=schemas.ExemptionOut,
        query=schemas.ClockQuery,
        verbs={
            "draft": Verb(ask, schemas.ExemptionDraft),
            "accept": Verb(actions.grant_exemption),
            "reject": Verb(reject),
            "close": Verb(actions.end_exemption),
        },
    ),
)
mount(
    router,
    Resource(
        model=Escalation,
        plural="escalations",
        key="id",
        read=lambda actor, **by: queries.escalations(actor).filter(**_narrowed(by)),
        out=schemas.EscalationOut,
        query=schemas.ClockQuery,
        verbs={
            "draft": Verb(explain, schemas.LatenessDraft),
            "answer": Verb(answer, schemas.LatenessAnswer),
        },
    ),
)


@router.get(
    "/evaluations/{reference}/clock",
    response=schemas.ClockOut,
    auth=None,
    operation_id="get_evaluation_clock",
    summary="Whether results are late",
)
def clock(request: ActorRequest, reference: Reference) -> dict[str, Any]:
    """How the results of a published evaluation stand today."""
    found = queries.evaluation(request.actor, reference)
    box = queries.clock_box(request.actor, found, timezone.localdate())
    if box is None:
        raise NotVisible
    return _clock(box)


def _clock(box: Box) -> dict[str, Any]:
    clock, verdict = box.clock, box.clock.verdict
    figures = ("state", "due", "due_at_latest", "strict", "generous", "penalised", "reason")
    return {
        **{name: getattr(verdict, name) for name in figures},
        "reference": clock.reference,
        "today": clock.today,
        "since": clock.since,
        "due_by": basis_of(clock) if verdict.due else None,
        "registered": clock.badge,
        "history": clock.turns,
        "moved": [
            {**slip.__dict__, "first": str(slip.first), "now": str(slip.now)}
            for _, slip in box.moved
        ],
    }


@router.get(
    "/tracker",
    response=schemas.TrackerOut,
    auth=None,
    operation_id="get_tracker",
    summary="How each body stands",
)
def tracker(request: ActorRequest) -> dict[str, Any]:
    """The public tracker: what anyone may know, whoever asks."""
    found = by_body(PUBLIC, timezone.localdate())
    return {
        "today": found.today,
        "bodies": [_line(line) for line in found.lines],
        "whole": _line(found.whole),
    }


def _line(line: Line) -> dict[str, Any]:
    own = line.standing.__dict__
    counts = ("on_time", "escalated", "planned", "live", "complete", "stopped")
    return {**own, "body": line.address, **{name: getattr(line, name) for name in counts}}
