"""The reports of evaluations, as the actor may see them."""

from __future__ import annotations

from django.db.models import QuerySet

from concordat.evaluations.models import Evaluation, Report
from concordat.kernel.access import Actor
from concordat.kernel.refusals import NotVisible


def reports(actor: Actor, of: Evaluation | None = None) -> QuerySet[Report]:
    """The reports the actor may know of, or those of one evaluation; what was removed is not among
    them."""
    found = Report.objects.visible_to(actor).exclude(status="removed").select_related("evaluation")
    return found.filter(evaluation=of) if of is not None else found


def report(actor: Actor, of: Evaluation, pk: int) -> Report:
    """One report of an evaluation. Raises NotVisible."""
    found = reports(actor, of).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found
