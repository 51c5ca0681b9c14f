"""Recommendations, and how they stand today, as the actor may see them."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from concordat.evaluations.models import Evaluation, Recommendation
from concordat.evaluations.policy import Can
from concordat.evaluations.rules.recommendations import SOON
from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import NotVisible

_WAITING: Final = Q(done_on=None, response="")


def recommendations(actor: Actor) -> QuerySet[Recommendation]:
    """The recommendations the actor may know of, those whose response is due first before others;
    none of an evaluation that was withdrawn."""
    return (
        Recommendation.objects.visible_to(actor)
        .exclude(status="removed")
        .exclude(evaluation__status="withdrawn")
        .select_related("evaluation__owner", "addressee")
        .order_by("done_on", "responded_on", "response_due", "id")
    )


def recommendation(actor: Actor, pk: int) -> Recommendation:
    """One recommendation. Raises NotVisible."""
    found = recommendations(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def recommendations_of(actor: Actor, of: Evaluation) -> list[Recommendation]:
    """What an evaluation recommends."""
    return list(recommendations(actor).filter(evaluation=of).order_by("id"))


def waiting_recommendations(actor: Actor) -> QuerySet[Recommendation]:
    """What is not done of what is recommended to the actor's bodies, or by evaluations they lead."""
    responds, adds = (
        actor.bodies(can) for can in (Can.RECOMMENDATION_RESPOND, Can.RECOMMENDATION_ADD)
    )
    theirs = Q(addressee__in=responds) | Q(evaluation__owner__in=adds)
    return recommendations(actor).filter(theirs, done_on=None)


def standing_as(actor: Actor, standing: str, today: date) -> QuerySet[Recommendation]:
    """Those that stand so today: the database's words for `standing_of`. "" for all."""
    conditions = {
        "done": Q(done_on__isnull=False),
        "rejected": Q(done_on=None, response="rejected"),
        "accepted": Q(done_on=None, response__in=["accepted", "partly"]),
        "overdue": _WAITING & Q(response_due__lt=today),
        "due": _WAITING & Q(response_due__gte=today, response_due__lte=today + SOON),
        "open": _WAITING & (Q(response_due=None) | Q(response_due__gt=today + SOON)),
    }
    found = recommendations(actor)
    return found.filter(conditions[standing]) if standing in conditions else found


def addressed_bodies(actor: Actor) -> QuerySet[Organisation]:
    """The bodies that something is recommended to."""
    told = recommendations(actor).order_by().values("addressee")
    return Organisation.objects.visible_to(actor).filter(pk__in=told).order_by("name")
