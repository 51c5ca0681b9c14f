"""The lives of the registry's nouns: plain data that every door reads."""

from __future__ import annotations

from concordat.evaluations.lifecycle.clocks import ESCALATION, EXEMPTION
from concordat.evaluations.lifecycle.evaluation import EVALUATION, INTAKE, PLAN
from concordat.evaluations.lifecycle.evidence import ASSESSMENT, FINDING
from concordat.evaluations.lifecycle.questions import QUESTION, QUESTION_LINK
from concordat.evaluations.lifecycle.reports import RECOMMENDATION, REPORT
from concordat.evaluations.lifecycle.spend import PORTFOLIO_YEAR, PROJECT, SPEND_LINE

__all__ = [
    "ASSESSMENT",
    "ESCALATION",
    "EVALUATION",
    "EXEMPTION",
    "FINDING",
    "INTAKE",
    "PLAN",
    "PORTFOLIO_YEAR",
    "PROJECT",
    "QUESTION",
    "QUESTION_LINK",
    "RECOMMENDATION",
    "REPORT",
    "SPEND_LINE",
]
