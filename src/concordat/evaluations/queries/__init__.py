"""What the registry shows, as far as the actor may know."""

from __future__ import annotations

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
    "Together",
    "Version",
    "answer_rows",
    "approvers",
    "assessment",
    "assessments",
    "drafting_bodies",
    "entries_of",
    "evaluation",
    "evaluations",
    "figures",
    "finding",
    "findings",
    "gap_map",
    "may_assess",
    "may_change",
    "may_state",
    "measures_of",
    "outcome_groups",
    "plans",
    "public_body",
    "report",
    "reports",
    "together",
    "version",
    "versions",
]
