"""What the registry shows, as far as the actor may know."""

from __future__ import annotations

from concordat.evaluations.queries import coverage, projects
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
from concordat.evaluations.queries.reports import report, reports

__all__ = [
    "Version",
    "approvers",
    "coverage",
    "drafting_bodies",
    "evaluation",
    "evaluations",
    "may_change",
    "plans",
    "projects",
    "public_body",
    "report",
    "reports",
    "version",
    "versions",
]
