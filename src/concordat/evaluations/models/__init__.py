"""What the registry keeps."""

from __future__ import annotations

from concordat.evaluations.models.assessment import Assessment
from concordat.evaluations.models.escalation import Escalation
from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.models.exemption import Exemption
from concordat.evaluations.models.finding import Finding
from concordat.evaluations.models.intake import Intake
from concordat.evaluations.models.plan import Plan
from concordat.evaluations.models.question import Question, QuestionLink
from concordat.evaluations.models.recommendation import Recommendation
from concordat.evaluations.models.report import Report
from concordat.evaluations.models.spend import PortfolioYear, Project, SpendLine

__all__ = [
    "Assessment",
    "Escalation",
    "Evaluation",
    "Exemption",
    "Finding",
    "Intake",
    "Plan",
    "PortfolioYear",
    "Project",
    "Question",
    "QuestionLink",
    "Recommendation",
    "Report",
    "SpendLine",
]
