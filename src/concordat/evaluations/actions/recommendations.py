"""What an evaluation recommends: added by its lead body, answered by whom it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from concordat.evaluations.lifecycle import RECOMMENDATION
from concordat.evaluations.models import Evaluation, Recommendation
from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.refusals import WrongState


def add_recommendation(
    actor: Actor, evaluation: Evaluation, values: Mapping[str, Any]
) -> Recommendation:
    """One more thing that an evaluation recommends; to its lead body, unless it says to whom.

    Raises WrongState for an evaluation that was withdrawn or cancelled.
    """
    if evaluation.status in ("withdrawn", "cancelled"):
        raise WrongState("This evaluation was withdrawn, so it recommends nothing.")
    made = Recommendation(evaluation=evaluation, addressee=evaluation.owner)
    told = {
        name: value for name, value in values.items() if not (name == "addressee" and not value)
    }
    return act(actor, RECOMMENDATION["add"], made, told)


def edit_recommendation(
    actor: Actor,
    recommendation: Recommendation,
    values: Mapping[str, Any],
    expected: int | None = None,
) -> Recommendation:
    """Change what is recommended, while nobody has responded."""
    return act(actor, RECOMMENDATION["edit"], recommendation, values, expected=expected)


def respond_recommendation(
    actor: Actor,
    recommendation: Recommendation,
    *,
    response: str = "",
    response_text: str = "",
    responded_by: str = "",
    expected: int | None = None,
) -> Recommendation:
    """Say whether it is accepted, and why; a later response takes the place of an earlier one."""
    changed = {
        "response": response,
        "response_text": response_text,
        "responded_by": responded_by,
        "responded_on": timezone.localdate(),
    }
    return act(actor, RECOMMENDATION["respond"], recommendation, changed, expected=expected)


def finish_recommendation(
    actor: Actor,
    recommendation: Recommendation,
    *,
    changed: str = "",
    done_on: Any = None,
    expected: int | None = None,
) -> Recommendation:
    """Say what changed, and when; unsaid, today."""
    values = {"changed": changed, "done_on": done_on or timezone.localdate()}
    return act(actor, RECOMMENDATION["finish"], recommendation, values, expected=expected)
