"""What the registry keeps."""

from __future__ import annotations

from concordat.evaluations.models.evaluation import Evaluation
from concordat.evaluations.models.plan import Plan
from concordat.evaluations.models.question import Question, QuestionLink
from concordat.evaluations.models.recommendation import Recommendation

__all__ = ["Evaluation", "Plan", "Question", "QuestionLink", "Recommendation"]
