"""Evaluations as others write them: workbooks, plain tables and foreign registration forms."""

from __future__ import annotations

from concordat.evaluations.feeds.found import FeedEvaluation, FeedReport, Finding, Line, Unsaid
from concordat.evaluations.feeds.sheets import FeedError, Sheet, open_sheet
from concordat.evaluations.feeds.templates import Answers, Form, FormError, read_answers, read_form
from concordat.evaluations.feeds.workbook import Reading, read_evaluations

__all__ = [
    "Answers",
    "FeedError",
    "FeedEvaluation",
    "FeedReport",
    "Finding",
    "Form",
    "FormError",
    "Line",
    "Reading",
    "Sheet",
    "Unsaid",
    "open_sheet",
    "read_answers",
    "read_evaluations",
    "read_form",
]
