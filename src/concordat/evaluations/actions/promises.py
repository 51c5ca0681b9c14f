"""Saying which outcome of the plan a finding is, and replying to the comparison."""

from __future__ import annotations

from concordat.evaluations.lifecycle import EVALUATION, FINDING
from concordat.evaluations.models import Evaluation, Finding
from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.refusals import Unknown


def match_finding(
    actor: Actor, finding: Finding, outcome_id: str, *, expected: int | None = None
) -> Finding:
    """Say which outcome of any version of the plan it is; "" for none of them. Raises Unknown."""
    known = {
        item["id"]
        for plan in finding.evaluation.plans.all()
        for item in plan.secrets.get("outcomes", {}).get("value", [])
        or (plan.body["plan"].get("outcomes") or [])
        if isinstance(item, dict)
    }
    if outcome_id and outcome_id not in known:
        raise Unknown({"outcome_id": ["The plan has no outcome of that id"]})
    changed = {"outcome_id": outcome_id, "not_promised": not outcome_id}
    return act(actor, FINDING["match"], finding, changed, expected=expected)


def reply_to_comparison(
    actor: Actor, evaluation: Evaluation, reply: str, *, expected: int | None = None
) -> Evaluation:
    """Say what the body says of the comparison; everyone reads it beside the table."""
    return act(actor, EVALUATION["reply"], evaluation, {"reply": reply}, expected=expected)
