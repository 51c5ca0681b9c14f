"""Registering DOIs: of each public evaluation and each version of its plan, off unless it is set."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from concordat.evaluations.feeds.datacite import as_json
from concordat.evaluations.feeds.registrar import DataCite, Registrar
from concordat.evaluations.lifecycle import EVALUATION, PLAN
from concordat.evaluations.models import Evaluation, Plan
from concordat.evaluations.queries.dois import TASK, WAIT, behind, doi_jobs
from concordat.evaluations.queries.harvest import harvest
from concordat.evaluations.queries.works import version_work, work
from concordat.kernel.access import PUBLIC, SYSTEM, Actor
from concordat.kernel.deeds import act
from concordat.kernel.jobs import Running, queue, task

AT_ONCE: Final = 100


def _registrar() -> Registrar | None:
    """Who registers DOIs here, by the settings; None for nobody."""
    told = settings.ENV
    if not told.doi_prefix:
        return None
    return DataCite(told.doi_url, told.doi_repository, told.doi_password.get_secret_value())


def register_dois(actor: Actor) -> int:
    """Queue a job for each public evaluation whose DOI, or what is told of it, is behind; returns how
    many. One that is not open yet waits until it is, one whose job failed for an hour."""
    if _registrar() is None:
        return 0
    busy = Q(status__in=["queued", "running"])
    busy |= Q(status="failed", ended_at__gt=timezone.now() - WAIT)
    rows = [row for row in behind(PUBLIC)[:AT_ONCE] if not doi_jobs(SYSTEM, row).filter(busy)]
    for row in rows:
        title = f"Register the DOIs of {row.reference}"
        queue(actor, row.owner, TASK, {"reference": row.reference}, title=title)
    return len(rows)


@task(TASK, most_tries=5)
def _register(running: Running, reference: str) -> dict[str, Any]:
    """The job: every version first, so that the entry can name their DOIs."""
    found = harvest(PUBLIC).filter(reference=reference).first()
    keeper = _registrar()
    if found is None or keeper is None:
        return {"registered": 0}
    began, count = timezone.now(), 0
    master = _doi_of(found)
    plans = Plan.objects.filter(evaluation=found).order_by("number")
    for plan in plans:
        name = f"{master}.v{plan.number}"
        if plan.doi != name or plan.number >= len(plans) - 1:  # the last but one learns of the last
            plan.doi, found.doi = name, master
            told = version_work(PUBLIC, found, plan)
            keeper.register(name, told.address, as_json(told))
            act(running.actor, PLAN["identify"], plan, {"doi": name})
            count += 1
    found.doi = master
    told = work(PUBLIC, found)
    keeper.register(master, told.address, as_json(told))
    act(running.actor, EVALUATION["identify"], found, lambda row: _identified(row, master, began))
    return {"registered": count + 1, "doi": master, "url": found.get_absolute_url()}


def _identified(row: Evaluation, doi: str, began: datetime) -> None:
    """Its DOI, and until when what is told of it is known there; a first DOI is news to harvesters."""
    now = timezone.now()
    row.doi_at = began
    if row.doi != doi:
        news = row.changed_at is not None and row.changed_at > began
        row.doi, row.changed_at = doi, now
        row.doi_at = began if news else now


def _doi_of(found: Evaluation) -> str:
    """The DOI an evaluation has or is to have; that of a version ends in its number."""
    return found.doi or f"{settings.ENV.doi_prefix}/{found.reference.lower()}"
