"""Reads of sources; each begins with who is reading."""

from __future__ import annotations

from django.db.models import QuerySet

from concordat.kernel.access import Actor
from concordat.kernel.jobs.models import Job
from concordat.kernel.refusals import NotVisible
from concordat.tables.models import Source, StoredTable, connections_of
from concordat.tables.queries.stored import may_load

_KINDS = {"postgresql": "PostgreSQL", "s3": "Object storage", "file": "Folder"}


def sources(actor: Actor) -> QuerySet[Source]:
    """The sources the actor may see, newest first."""
    return Source.objects.visible_to(actor).select_related("owner", "table").order_by("-id")


def source(actor: Actor, reference: str) -> Source:
    """One source. Raises NotVisible."""
    found = sources(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def source_of(actor: Actor, table: StoredTable) -> Source | None:
    """The source that a table has now."""
    return sources(actor).filter(table=table).exclude(status="closed").first()


def connections(actor: Actor, table: StoredTable) -> dict[str, str]:
    """The names of the connections that whoever loads a table may choose from, each with its kind."""
    if not may_load(actor, table):
        return {}
    found = connections_of(table.owner)
    return {n: _KINDS[c.url.get_secret_value().partition(":")[0]] for n, c in found.items()}


def loading(actor: Actor, table: StoredTable) -> QuerySet[Job]:
    """The loads of a table that wait or run, by whomever they were asked for."""
    tasks = ("load_table", "load_source")
    busy = Job.objects.filter(task__in=tasks, status__in=("queued", "running"))
    return busy.filter(arguments__table=table.reference)
