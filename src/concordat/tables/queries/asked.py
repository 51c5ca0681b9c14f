"""Reads of what analysts asked; each begins with who is reading."""

from __future__ import annotations

from django.db.models import QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.refusals import NotVisible
from concordat.tables.models import QueryRun, SavedQuery, Share
from concordat.tables.queries.delivery import readable_shares


def sql_shares(actor: Actor) -> list[Share]:
    """The shares whose rows the actor may query now: of those that give totals alone, none."""
    found = readable_shares(actor).giving_rows()
    return [share for share in found if share.table.latest is not None]


def query_runs(actor: Actor) -> QuerySet[QueryRun]:
    """What the actor ran, newest first."""
    return QueryRun.objects.visible_to(actor).order_by("-id")


def saved_queries(actor: Actor) -> QuerySet[SavedQuery]:
    """The queries that the actor saved or that are shared with them, newest first."""
    found = SavedQuery.objects.visible_to(actor).select_related("owner", "person")
    return found.order_by("-id")


def saved_query(actor: Actor, pk: int) -> SavedQuery:
    """One of them. Raises NotVisible."""
    found = saved_queries(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found
