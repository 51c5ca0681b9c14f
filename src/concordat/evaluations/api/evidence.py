"""Assessments, findings, findings side by side and the evidence gap map on the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Query, Router

from concordat.evaluations import actions, queries
from concordat.evaluations.models import Assessment, Evaluation, Finding
from concordat.evaluations.rules.evidence.calculators import pooled_answer
from concordat.evaluations.schemas import evidence as schemas
from concordat.evaluations.schemas.evidence import MapQuery, PooledQuery
from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import Resource, Verb, mount, refuse_unknown
from concordat.kernel.refusals import Unknown

router = Router(tags=["evidence"])


def _evaluation(actor: Actor, reference: str) -> Evaluation:
    found = queries.evaluations(actor).filter(reference=reference).first()
    if found is None:
        raise Unknown(
            {"evaluation": ["There is no evaluation of that reference that you can see."]}
        )
    return found


def draft_assessment(
    actor: Actor, *, evaluation: str, expected: None = None, **fields: Any
) -> Assessment:
    """Rate an evaluation, in one's own name."""
    return actions.draft_assessment(actor, _evaluation(actor, evaluation), _answered(fields))


def edit_assessment(
    actor: Actor, found: Assessment, *, expected: int | None, **fields: Any
) -> Assessment:
    """Answer otherwise; what is sent as null is left as it is."""
    values = {name: value for name, value in fields.items() if value is not None}
    return actions.edit_assessment(actor, found, _answered(values), expected)


def _answered(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with the answers that were given as codes by criterion."""
    if "answers" not in fields:
        return fields
    return {**fields, "answers": fields["answers"].model_dump(exclude_none=True)}


def draft_finding(
    actor: Actor, *, evaluation: str, expected: None = None, **fields: Any
) -> Finding:
    """State what an evaluation found of one outcome."""
    found = _evaluation(actor, evaluation)
    return actions.draft_finding(actor, found, _with_report(actor, found, fields))


def edit_finding(
    actor: Actor, found: Finding, *, expected: int | None, note: str = "", **fields: Any
) -> Finding:
    """State it otherwise."""
    values = _with_report(actor, found.evaluation, fields)
    return actions.edit_finding(actor, found, values, note=note, expected=expected)


def _with_report(actor: Actor, evaluation: Evaluation, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with the evaluation's report in the place of its id."""
    values = dict(fields)
    if (pk := values.pop("report_id", None)) is not None:
        values["report"] = queries.reports(actor, evaluation).filter(pk=pk).first()
        if values["report"] is None:
            raise Unknown({"report_id": [f"This evaluation has no report {pk}."]})
    elif "report_id" in fields:
        values["report"] = None
    return values


def _performing(verb: str) -> Callable[..., Any]:
    def perform(actor: Actor, record: Any, **options: Any) -> Any:
        return actions.perform(actor, record, verb, **options)

    return perform


def _assessments(actor: Actor, evaluation: str | None = None, **by: Any) -> Any:
    return queries.assessments(actor, evaluation).filter(**by)


mount(
    router,
    Resource(
        model=Assessment,
        plural="assessments",
        key="id",
        read=_assessments,
        out=schemas.AssessmentOut,
        query=schemas.AssessmentQuery,
        verbs={
            "draft": Verb(draft_assessment, schemas.AssessmentDraft),
            "edit": Verb(edit_assessment, schemas.AssessmentEdit),
            **{verb: Verb(_performing(verb)) for verb in ("publish", "cancel", "withdraw")},
        },
    ),
)
mount(
    router,
    Resource(
        model=Finding,
        plural="findings",
        key="id",
        read=queries.findings,
        out=schemas.FindingOut,
        query=schemas.FindingQuery,
        verbs={
            "draft": Verb(draft_finding, schemas.FindingDraft),
            "edit": Verb(edit_finding, schemas.FindingEdit),
            "match": Verb(actions.match_finding, schemas.MatchIn),
            "remove": Verb(_performing("remove")),
        },
    ),
)


@router.get(
    "/pooled-findings",
    response=schemas.PooledOut,
    auth=None,
    operation_id="pool_findings",
    summary="What public findings of one kind of outcome say together",
)
def pooled_findings(request: ActorRequest, query: Query[PooledQuery]) -> dict[str, Any]:
    """The ids of the findings pooled and of those left out, and the answer where there is one."""
    refuse_unknown(request, PooledQuery)
    found = queries.together(PUBLIC, query.outcome_group, query.measure, query.method)
    return {
        "pooled": [row.pk for row, _ in found.shown],
        "further": [row.pk for row in found.further],
        "left_out": [row.pk for row in found.left_out],
        "answer": pooled_answer(found.pooled) if found.pooled else None,
    }


@router.get(
    "/evidence-map",
    response=schemas.MapOut,
    auth=None,
    operation_id="get_evidence_map",
    summary="Which interventions are evaluated on which outcomes",
)
def evidence_map(request: ActorRequest, query: Query[MapQuery]) -> dict[str, Any]:
    """Over the public evaluations, with the strength of those rated on one scale."""
    refuse_unknown(request, MapQuery)
    found = queries.gap_map(PUBLIC, query.scale)
    return {
        "interventions": list(found.interventions),
        "outcomes": list(found.outcomes),
        "cells": list(found.cells.values()),
    }
