"""Reports that a source tells of: out already, so recorded as published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from concordat.evaluations.feeds import FeedEvaluation
from concordat.evaluations.lifecycle import REPORT
from concordat.evaluations.models import Evaluation, Report
from concordat.evaluations.rules.brought import report_values
from concordat.kernel.access import Actor
from concordat.kernel.deeds import act, act_many


def record_reports(actor: Actor, pairs: Iterable[tuple[Evaluation, FeedEvaluation]]) -> None:
    """Record the reports of evaluations that are new."""
    act_many(
        actor,
        REPORT["record"],
        (
            (Report(evaluation=row), report_values(report))
            for row, found in pairs
            for report in found.reports
        ),
    )


def match_reports(actor: Actor, row: Evaluation, found: FeedEvaluation, note: str) -> None:
    """Record what is new among the reports of an evaluation, and correct what differs. One that the
    source no longer tells of stays."""
    known: dict[str, Any] = {
        report.source_id: report
        for report in Report.objects.visible_to(actor).filter(evaluation=row)
    }
    for report in found.reports:
        values = report_values(report)
        held = known.get(values["source_id"])
        if held is None:
            act(actor, REPORT["record"], Report(evaluation=row), values)
        elif held.status == "published" and _differs(held, values):
            act(actor, REPORT["amend"], held, values, note=note[:4000])


def _differs(held: Report, values: dict[str, Any]) -> bool:
    return any(getattr(held, name) != value for name, value in values.items())
