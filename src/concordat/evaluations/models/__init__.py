"""What the registry keeps."""

from __future__ import annotations

from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.models.plan import Plan
from concordat.evaluations.models.report import Report
from concordat.evaluations.models.spend import PortfolioYear, Project, SpendLine

__all__ = ["Evaluation", "Plan", "PortfolioYear", "Project", "Report", "SpendLine"]
