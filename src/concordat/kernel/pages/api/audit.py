"""The audit log on the API: public entries for anyone, and a record's own for those on its sides."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from ninja import Query, Router

from concordat.kernel.access import Actor
from concordat.kernel.audit.models import Entry, Seal
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.paging import ListQuery, page_of
from concordat.kernel.doors.records import Event, event, known_entries
from concordat.kernel.doors.resources import refuse_unknown
from concordat.kernel.pages.schemas import audit as schemas
from concordat.kernel.publication.history import public_entries
from concordat.kernel.publication.models import Record, find_record
from concordat.kernel.refusals import NotVisible


def entries(request: ActorRequest, query: Query[schemas.EntryQuery]) -> dict[str, Any]:
    """Public entries, newest first; with a reference, all that the asker may know about it."""
    refuse_unknown(request, schemas.EntryQuery)
    record = find_record(request.actor, query.reference) if query.reference else None
    rows, inside = _known(request.actor, record, query.reference or "")
    if query.day:
        rows = rows.filter(at__date=query.day)
    items, following = page_of(rows, query, scope=f"entries{sorted(query.filters().items())}")
    shown = [
        schemas.EntryOut.shown(
            entry, event(record, entry, inside=inside) if record else _bare(entry)
        )
        for entry in items
    ]
    return {"items": shown, "next": following}


def _known(actor: Actor, record: Record | None, reference: str) -> tuple[QuerySet[Entry], bool]:
    """(the entries to show, whether with names and notes). Raises NotVisible."""
    if record is not None:
        return known_entries(actor, record)
    public = public_entries()
    if not reference:
        return public, False
    rows = public.filter(reference=reference)
    if not rows.exists():
        raise NotVisible
    return rows, False


def _bare(entry: Entry) -> Event:
    """An entry about something that is no record, or one whose history is not asked for."""
    verb = entry.name.partition(":")[2].replace("_", " ").capitalize()
    return Event(verb, entry.at, str(entry.body.get("organisation", "")))


def seals(request: ActorRequest, query: Query[ListQuery]) -> dict[str, Any]:
    """The seals over the log, newest first."""
    refuse_unknown(request, ListQuery)
    items, following = page_of(Seal.objects.all(), query, order=("-number",), scope="seals")
    return {"items": items, "next": following}


def add_to(router: Router) -> None:
    """Add the operations."""
    router.get(
        "/audit/entries",
        response=schemas.EntriesPage,
        operation_id="list_audit_entries",
        summary="Entries of the audit log",
        auth=None,
    )(entries)
    router.get(
        "/audit/seals",
        response=schemas.SealsPage,
        operation_id="list_seals",
        summary="The seals over the audit log",
        auth=None,
    )(seals)
