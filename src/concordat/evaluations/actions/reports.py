"""Handing in reports: drafted, submitted, perhaps returned, published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from concordat.evaluations.actions.evaluations import amend_evaluation
from concordat.evaluations.lifecycle import EVALUATION, REPORT
from concordat.evaluations.models import Evaluation, Report
from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import act


def add_report(actor: Actor, evaluation: Evaluation, values: Mapping[str, Any]) -> Report:
    """One more report of an evaluation, seen by the lead body alone."""
    return act(actor, REPORT["draft"], Report(evaluation=evaluation), values)


def edit_report(
    actor: Actor, report: Report, values: Mapping[str, Any], expected: int | None = None
) -> Report:
    """Change a draft."""
    return act(actor, REPORT["edit"], report, values, expected=expected)


def amend_report(
    actor: Actor,
    report: Report,
    values: Mapping[str, Any],
    *,
    note: str = "",
    expected: int | None = None,
) -> Report:
    """Correct what is said of a report that is published."""
    return act(actor, REPORT["amend"], report, values, note=note, expected=expected)


def submit_report(actor: Actor, report: Report, *, expected: int | None = None) -> Report:
    """Hand it in: from now on it waits for the lead."""
    return act(actor, REPORT["submit"], report, _happened("submitted"), expected=expected)


def return_report(
    actor: Actor, report: Report, *, note: str = "", expected: int | None = None
) -> Report:
    """Send it back to be mended."""
    return act(actor, REPORT["return"], report, _happened("returned"), note=note, expected=expected)


def cancel_report(actor: Actor, report: Report, *, expected: int | None = None) -> Report:
    """Take back what was handed in."""
    return act(actor, REPORT["cancel"], report, _happened("cancelled"), expected=expected)


def publish_report(
    actor: Actor,
    report: Report,
    *,
    url: str = "",
    published_on: str = "",
    expected: int | None = None,
) -> Report:
    """Show it to everyone who may see its evaluation; final results date the evaluation's own
    publication, as a version of its plan."""

    def published(row: Report) -> None:
        row.url = url or row.url
        row.published_on = published_on or row.published_on
        _happened("published")(row)

    with transaction.atomic():
        made = act(actor, REPORT["publish"], report, published, expected=expected)
        found = made.evaluation
        if made.is_final and not found.happenings.actual("publication") and _amends(actor, found):
            told = {"event": "publication", "on": made.published_on, "kind": "actual"}
            note = "The final results are published."
            amend_evaluation(actor, found, {"dates": [*found.dates, told]}, note=note)
    return made


def _amends(actor: Actor, found: Evaluation) -> bool:
    warrant = EVALUATION["amend"]
    return warrant.starts_from(found.status) and may(actor, warrant.needs, found, warrant.by)


def remove_report(
    actor: Actor, report: Report, *, note: str = "", expected: int | None = None
) -> Report:
    """Take a report off the list, saying why."""
    return act(actor, REPORT["remove"], report, note=note, expected=expected)


def _happened(kind: str) -> Any:
    """What puts one more event, of today, at the end of a report's."""

    def happened(row: Report) -> None:
        today = timezone.localdate().isoformat()
        row.events = [*row.events, {"kind": kind, "on": today, "inferred": False}]

    return happened
