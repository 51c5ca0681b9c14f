"""What happened lately to evaluations, as the public log tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from concordat.evaluations.models import Evaluation, Plan, Report
from concordat.evaluations.queries.harvest import harvest
from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.publication.history import public_entries
from concordat.kernel.search.queries import find

MOST: Final = 100
# The category of each deed that is news; the first version of a plan comes with its publication.
KINDS: Final = {
    "evaluation:publish": "new",
    "evaluation:restore": "new",
    "plan:fix": "amended",
    "report:publish": "published",
    "evaluation:withdraw": "withdrawn",
}


@dataclass(frozen=True)
class News:
    """One deed: the number of its entry, its category, when anyone could know of it, and the row."""

    entry: int
    kind: str
    at: datetime
    evaluation: Evaluation
    plan: Plan | None = None
    report: Report | None = None


def narrowed(
    actor: Actor, *, body: Organisation | None = None, topic: str = "", text: str = ""
) -> QuerySet[Evaluation]:
    """The evaluations of a body (led by it or not), of a topic, found by a search; newest first."""
    rows = harvest(actor).order_by("-stamp", "-id")  # type: ignore[misc]
    if body is not None:
        partnered = Evaluation.partners.through._default_manager.filter(organisation=body)
        rows = rows.filter(Q(owner=body) | Q(pk__in=partnered.values("evaluation_id")))
    if topic:
        rows = rows.filter(topics__icontains=f'"{topic}"')
    if text:
        chosen = {"kind": ("evaluation",)}
        hits = find(actor, text, chosen=chosen, newest=True, size=MOST).hits
        rows = rows.filter(reference__in=[hit.reference for hit in hits])
    return rows


def news(actor: Actor, rows: QuerySet[Evaluation]) -> list[News]:
    """The newest deeds to the rows that the actor may know of, newest first: four queries.

    What was done under embargo counts from when that ended.
    """
    known = rows.filter(pk__in=Evaluation.objects.visible_to(actor).values("pk"))
    found = {row.pk: row for row in known[:MOST]}
    told = [*_of(found.values()), *_of_plans(found), *_of_reports(actor, found)]
    return sorted(told, key=lambda each: (each.at, each.entry), reverse=True)[:MOST]


def _of(found: Iterable[Evaluation]) -> Iterator[News]:
    rows = {row.pk: row for row in found}
    for entry in _entries("evaluation", rows):
        row = rows[entry.subject_id]
        yield News(entry.pk, KINDS[entry.name], _known(entry, row), row)


def _of_plans(found: dict[int, Evaluation]) -> Iterator[News]:
    later = Plan.objects.filter(evaluation__in=found, number__gt=1)
    plans = {plan.pk: plan for plan in later.defer("body", "secrets")}
    for entry in _entries("plan", plans):
        plan = plans[entry.subject_id]
        row = found[plan.evaluation_id]
        yield News(entry.pk, KINDS[entry.name], _known(entry, row), row, plan=plan)


def _of_reports(actor: Actor, found: dict[int, Evaluation]) -> Iterator[News]:
    known = Report.objects.visible_to(actor).filter(evaluation__in=found, status="published")
    reports = {report.pk: report for report in known}
    for entry in _entries("report", reports):
        report = reports[entry.subject_id]
        row = found[report.evaluation_id]
        yield News(entry.pk, KINDS[entry.name], _known(entry, row), row, report=report)


def _entries(kind: str, rows: dict[int, Any]) -> Iterable[Any]:
    if not rows:
        return ()
    of = public_entries().filter(kind=kind, subject_id__in=list(rows), name__in=list(KINDS))
    return of.defer("private").order_by("-id")


def _known(entry: Any, row: Evaluation) -> datetime:
    return max(entry.at, row.opens_at) if row.opens_at else entry.at
