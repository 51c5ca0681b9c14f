"""Rating evaluations, and stating what they found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concordat.evaluations.lifecycle import ASSESSMENT, FINDING
from concordat.evaluations.models import Assessment, Evaluation, Finding
from concordat.evaluations.policy import Can
from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.refusals import NotAllowed, WrongState


def draft_assessment(actor: Actor, evaluation: Evaluation, values: Mapping[str, Any]) -> Assessment:
    """Rate a published evaluation, in the assessor's own name.

    Raises NotAllowed for whoever is no person with a role that rates, and WrongState.
    """
    bodies = actor.bodies(Can.EVALUATION_ASSESS)
    if actor.kind != "person" or actor.id is None or not bodies:
        raise NotAllowed
    if evaluation.status != "published":
        raise WrongState("An evaluation is rated once it is published.")
    body = actor.home if actor.home in bodies else min(bodies)
    made = Assessment(evaluation=evaluation, owner_id=body, assessor_id=actor.id)
    return act(actor, ASSESSMENT["draft"], made, values)


def edit_assessment(
    actor: Actor, assessment: Assessment, values: Mapping[str, Any], expected: int | None = None
) -> Assessment:
    """Answer otherwise, while it is a draft."""
    return act(actor, ASSESSMENT["edit"], assessment, values, expected=expected)


def draft_finding(actor: Actor, evaluation: Evaluation, values: Mapping[str, Any]) -> Finding:
    """State what the evaluation found of one outcome. Raises WrongState."""
    if evaluation.status in ("withdrawn", "cancelled"):
        raise WrongState("What is withdrawn or cancelled states no findings.")
    named = _as_promised(evaluation, values)
    return act(actor, FINDING["draft"], Finding(evaluation=evaluation), named)


def edit_finding(
    actor: Actor,
    finding: Finding,
    values: Mapping[str, Any],
    *,
    note: str = "",
    expected: int | None = None,
) -> Finding:
    """State it otherwise."""
    return act(actor, FINDING["edit"], finding, values, note=note, expected=expected)


def _as_promised(evaluation: Evaluation, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, with the name and the kind that the plan gives the outcome where none is given."""
    outcomes = {item["id"]: item for item in evaluation.plan.get("outcomes", [])}
    promised = outcomes.get(values.get("outcome_id", ""), {})
    told = {"outcome": promised.get("name", ""), "outcome_group": promised.get("group", "")}
    return {
        **values,
        **{name: word for name, word in told.items() if word and not values.get(name)},
    }
