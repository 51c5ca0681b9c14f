"""What the registry keeps."""

from __future__ import annotations

from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.models.intake import Intake
from concordat.evaluations.models.plan import Plan

__all__ = ["Evaluation", "Intake", "Plan"]
