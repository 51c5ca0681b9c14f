"""Registering an evaluation, step by step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from concordat.evaluations import actions, queries
from concordat.evaluations.forms import journey as steps
from concordat.evaluations.models import Evaluation
from concordat.evaluations.queries.rows import lacking
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.drafts import draft_store
from concordat.kernel.doors.journeys import CHECK, Journey, Step, Store
from concordat.kernel.refusals import WrongState

JOURNEY = Journey(
    "Register an evaluation",
    [
        Step("what", "What is evaluated?", steps.WhatStep),
        Step("kind", "What kind of evaluation is it?", steps.KindStep),
        Step("methods", "Which designs and methods?", steps.MethodsStep),
        Step("topics", "What is it about?", steps.TopicsStep),
        Step("dates", "When does it happen?", steps.DatesStep),
        Step("who", "Who answers for it?", steps.WhoStep),
    ],
    confirm="Send for sign-off",
    check_template="evaluations/check_evaluation.html",
)
_DATED = steps.DatesStep.DATED


def first_step(draft: Evaluation) -> str:
    """Where the journey begins."""
    return _address(draft, JOURNEY.steps[0].name)


def _address(draft: Evaluation, step: str) -> str:
    return f"{draft.inside_url()}/register/{step}"


def register(request: ActorRequest, reference: str, step: str) -> HttpResponse:
    """One step of an entry, or “check your answers”."""
    draft = queries.evaluation(request.actor, reference)
    if draft.status != "draft":
        raise WrongState("This evaluation has been sent; it can be changed when it is returned.")

    def finish(_answers: dict[str, Any]) -> HttpResponse:
        actions.perform(request.actor, draft, "submit")
        messages.success(request, f"Sent to {draft.approver} for sign-off.")
        return redirect(draft.inside_url())

    options = {"draft": draft, "approvers": queries.approvers(request.actor, draft)}
    return JOURNEY.respond(
        request,
        step,
        store=_store(request, draft, options),
        address=lambda name: _address(draft, name),
        finish=finish,
        options=options,
        context={
            "back": draft.inside_url(),
            "record": draft,
            "lacking": lacking(draft),
            "likes": queries.like_this(request.actor, draft) if step == CHECK else [],
        },
    )


def _store(request: ActorRequest, draft: Evaluation, options: dict[str, Any]) -> Store:
    """The answers live in the draft's own fields, and its dates among its dated events."""

    def value(name: str, _field: Any) -> Any:
        dates = draft.happenings
        if name in _DATED:
            return str(dates.best(_DATED[name]) or "")
        if name == "first_data_kind":
            return "actual" if dates.actual("first_data") else _intended(dates)
        kept: Any = Evaluation._meta.get_field(name)
        return kept.value_from_object(draft)

    def write(answers: dict[str, Any]) -> None:
        kept = actions.edit_evaluation(request.actor, draft, _values(draft, answers))
        draft.__dict__.update(kept.__dict__)
        draft._state.fields_cache = {}

    return draft_store(JOURNEY, options=options, value=value, write=write)


def _intended(dates: Any) -> str:
    return "intended" if dates.intended("first_data") else ""


def _values(draft: Evaluation, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as fields of the draft: the three dates as events, beside those it has."""
    values = {name: v for name, v in answers.items() if name not in (*_DATED, "first_data_kind")}
    if "publication" not in answers:
        return values
    kinds = {"first_data": answers["first_data_kind"], "end": "intended", "publication": "intended"}
    told = [
        {"event": event, "on": answers[name], "kind": kinds[event]}
        for name, event in _DATED.items()
    ]
    replaced = {("first_data", kind) for kind in ("intended", "actual")}
    replaced |= {(h["event"], h["kind"]) for h in told}
    others = [h for h in draft.dates if (h["event"], h["kind"]) not in replaced]
    return {**values, "dates": [*others, *told]}
