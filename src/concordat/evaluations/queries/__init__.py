"""What the registry shows, as far as the actor may know."""

from __future__ import annotations

from concordat.evaluations.queries.clock_box import Box, clock_box
from concordat.evaluations.queries.clocks import (
    Clock,
    clock_of,
    clocks,
    escalations,
    exemptions,
    overdue,
    reminded,
)
from concordat.evaluations.queries.evaluations import (
    Version,
    approvers,
    drafting_bodies,
    evaluation,
    evaluations,
    may_change,
    plans,
    public_body,
    version,
    versions,
)
from concordat.evaluations.queries.evidence import (
    Together,
    assessment,
    assessments,
    entries_of,
    finding,
    findings,
    gap_map,
    may_assess,
    may_state,
    measures_of,
    outcome_groups,
    together,
)
from concordat.evaluations.queries.figures import answer_rows, figures
from concordat.evaluations.queries.reports import report, reports

__all__ = [
    "Box",
    "Clock",
    "Together",
    "Version",
    "answer_rows",
    "approvers",
    "assessment",
    "assessments",
    "clock_box",
    "clock_of",
    "clocks",
    "drafting_bodies",
    "entries_of",
    "escalations",
    "evaluation",
    "evaluations",
    "exemptions",
    "figures",
    "finding",
    "findings",
    "gap_map",
    "may_assess",
    "may_change",
    "may_state",
    "measures_of",
    "outcome_groups",
    "overdue",
    "plans",
    "public_body",
    "reminded",
    "report",
    "reports",
    "together",
    "version",
    "versions",
]
