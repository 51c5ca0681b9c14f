"""The clock of one evaluation as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from concordat.evaluations.models import Evaluation
from concordat.evaluations.policy import Can
from concordat.evaluations.queries.clocks import Clock, clock_of
from concordat.evaluations.queries.tracker import slippage
from concordat.evaluations.rules.clocks import STATES, Verdict
from concordat.evaluations.rules.registration import BADGES
from concordat.evaluations.rules.slippage import EVENTS, Slip
from concordat.kernel.access import Actor, may
from concordat.kernel.doors.formats import day, plural
from concordat.kernel.lifecycle import EITHER
from concordat.kernel.reference import codelist

Row = tuple[str, str]
COLOURS: Final[dict[str, str]] = {
    "overdue": "red",
    "overdue_withdrawn": "red",
    "published_late": "orange",
    "submitted_late": "orange",
    "in_grace": "yellow",
    "published": "green",
    "published_early": "green",
    "submitted": "blue",
    "exempt": "purple",
    "exempt_published": "purple",
}
BADGE_COLOURS: Final = {"before": "green", "declared": "turquoise", "after": "orange"}
_BASES: Final = {
    "exemption": "when the exemption ends",
    "sign_off": "twelve weeks after the results were signed off",
    "planned": "when the results are planned to be published",
}


@dataclass(frozen=True)
class Box:
    """What the box shows: tags as (words, colour), rows, history, the chase, dates that moved, and
    what the reader may do as (label, the end of its address)."""

    clock: Clock
    tags: list[Row]
    rows: list[Row]
    history: list[tuple[date, str]]
    moved: list[tuple[str, Slip]]
    links: list[Row]


def clock_box(actor: Actor, found: Evaluation, today: date) -> Box | None:
    """The box of an evaluation; None for one that is not published. Five queries."""
    clock = clock_of(actor, found, today)
    if clock is None:
        return None
    slips = slippage(actor, Q(pk=found.pk), today).rows
    verdict = clock.verdict
    return Box(
        clock,
        [
            (verdict.label, COLOURS.get(verdict.state, "grey")),
            (BADGES[clock.badge], BADGE_COLOURS.get(clock.badge, "grey")),
        ],
        _rows(clock),
        [(turn.on, STATES[turn.state]) for turn in reversed(clock.turns)],
        [(EVENTS[row.slip.event], row.slip) for row in slips],
        _links(actor, found, verdict),
    )


def _rows(clock: Clock) -> list[Row]:
    verdict, told = clock.verdict, list[Row]()
    if verdict.due and verdict.due_at_latest:
        span = day(verdict.due)
        if verdict.due != verdict.due_at_latest:
            span = (
                f"from {span} (strict reading) to {day(verdict.due_at_latest)} (generous reading)"
            )
        told.append(("Results due", f"{span}: {_BASES[basis_of(clock)]}"))
    if verdict.is_late:
        told += [
            ("Days late, strict reading", plural(verdict.strict, "day")),
            ("Days late, generous reading", plural(verdict.generous, "day")),
        ]
    if verdict.penalised:
        told.append(("Days beyond the grace", plural(verdict.penalised, "day")))
    told.append(("Since", day(clock.since)))
    if verdict.reason:
        told.append(("Why it cannot be judged", verdict.reason))
    for each in clock.exemptions:
        ground = codelist("exemption_grounds").label(each.ground)
        span = f"{day(each.leave.granted)} to {day(each.leave.expires)}"
        told.append(("Exemption", f"{ground}, {span}: {each.reason}"))
    if clock.access_class:
        label = codelist("data_access").label(clock.access_class)
        told.append(("What is known of the data", label))
    if clock.submitted_on:
        told.append(("Registered", day(clock.submitted_on)))
    return told


def basis_of(clock: Clock) -> str:
    """What the due date rests on: `exemption`, `sign_off` or `planned`."""
    if any(each.leave.expires == clock.verdict.due_at_latest for each in clock.exemptions):
        return "exemption"
    return "sign_off" if clock.results.signed_off else "planned"


def _links(actor: Actor, found: Evaluation, verdict: Verdict) -> list[Row]:
    """What the actor may do about the clock, now."""
    told: list[Row] = []
    late = verdict.is_late or verdict.state == "in_grace"
    if late and may(actor, Can.EVALUATION_DRAFT, found, EITHER):
        told.append(("Say why it is late", "lateness"))
    waits = verdict.state not in ("published", "published_late", "published_early", "exempt")
    if waits and may(actor, Can.EXEMPTION_DRAFT, found, EITHER):
        told.append(("Ask for an exemption", "exemptions/new"))
    return told
