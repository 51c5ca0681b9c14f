"""What the API takes and shows of clocks, exemptions and escalations."""

from __future__ import annotations

from datetime import date
from typing import Literal

from concordat.evaluations.models import Escalation, Exemption
from concordat.evaluations.rules.clocks import STATES
from concordat.evaluations.rules.registration import BADGES
from concordat.evaluations.schemas.evaluations import Reference
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import Offers, Out, SubjectOut, inputs, outputs

ExemptionDraft = inputs("ExemptionDraft", Exemption, Exemption.FIELDS, evaluation=(Reference, ...))
LatenessDraft = inputs("LatenessDraft", Escalation, Escalation.FIELDS, evaluation=(Reference, ...))
LatenessAnswer = inputs("LatenessAnswer", Escalation, Escalation.FIELDS)


class ClockQuery(ListQuery):
    """How a list of exemptions or escalations is narrowed."""

    evaluation: Reference | None = None


_exemption = outputs(
    "ExemptionFields", Exemption, [*Exemption.FIELDS, "granted_on", "ended_on"], base=SubjectOut
)
_escalation = outputs(
    "EscalationFields",
    Escalation,
    [*Escalation.FIELDS, "step", "due_on", "sent_on", "answered_on"],
    base=SubjectOut,
)


class ExemptionOut(Offers, _exemption):  # type: ignore[misc, valid-type]
    """Leave to publish later."""

    evaluation: str

    @staticmethod
    def resolve_evaluation(found: Exemption) -> str:
        """The reference of its evaluation."""
        return found.evaluation.reference


class EscalationOut(Offers, _escalation):  # type: ignore[misc, valid-type]
    """A step of the chase and its answer; `step` is empty where the body spoke first."""

    evaluation: str

    @staticmethod
    def resolve_evaluation(found: Escalation) -> str:
        """The reference of its evaluation."""
        return found.evaluation.reference


class TurnOut(Out):
    """A day on which an evaluation came into a state."""

    on: date
    state: Literal[tuple(STATES)]  # type: ignore[valid-type]


class MovedOut(Out):
    """A promised date that moved: `net` days later in all, `gross` days either way."""

    event: str
    first: str
    now: str
    count: int
    net: int
    gross: int
    once_past: int


class ClockOut(Out):
    """How the results of an evaluation stand on a day. Days late are 0 where it is not late: `strict`
    from the first day that the due date may mean, `generous` from the last."""

    reference: str
    today: date
    state: Literal[tuple(STATES)]  # type: ignore[valid-type]
    since: date
    due: date | None
    due_at_latest: date | None
    due_by: Literal["exemption", "sign_off", "planned"] | None
    strict: int
    generous: int
    penalised: int
    reason: str
    registered: Literal[tuple(BADGES)]  # type: ignore[valid-type]
    history: list[TurnOut]
    moved: list[MovedOut]


class StandingOut(Out):
    """One body. `share` is in per cent of those due, and `rank` from 1; null with nothing due."""

    body: str
    name: str
    rank: int | None
    share: float | None
    due: int
    out: int
    on_time: int
    late: int
    overdue: int
    exempt: int
    inconsistent: int
    strict: int
    generous: int
    penalised: int
    escalated: int
    planned: int
    live: int
    complete: int
    stopped: int


class TrackerOut(Out):
    """How each body stands on a day, best first, and all evaluations together, each once."""

    today: date
    bodies: list[StandingOut]
    whole: StandingOut
