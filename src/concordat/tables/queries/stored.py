"""Reads of stored tables and their versions; each begins with who is reading."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from concordat.kernel.access import Actor, may
from concordat.kernel.files import queries as uploads
from concordat.kernel.files.models import Upload
from concordat.kernel.files.store import store
from concordat.kernel.jobs.models import Job
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import NotVisible
from concordat.tables.lifecycle import TABLE
from concordat.tables.models import StoredTable, TableVersion
from concordat.tables.models.stored import TableVersionQuerySet
from concordat.tables.plane.preview import Preview, preview
from concordat.tables.plane.rejects import Rejects
from concordat.tables.policy import Can
from concordat.tables.store import lake


def tables(actor: Actor) -> QuerySet[StoredTable]:
    """The stored tables the actor may see, newest first."""
    return StoredTable.objects.visible_to(actor).select_related("owner", "latest").order_by("-id")


def table(actor: Actor, reference: str) -> StoredTable:
    """One stored table. Raises NotVisible."""
    found = tables(actor).filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def versions(actor: Actor, of: StoredTable) -> TableVersionQuerySet:
    """The loads of a table, newest first."""
    return TableVersion.objects.visible_to(actor).filter(table=of).select_related("table")


def may_load(actor: Actor, found: StoredTable) -> bool:
    """Whether the actor may load a file into a table now."""
    return TABLE["load"].starts_from(found.status) and may(actor, Can.TABLE_LOAD, found)


def waiting(actor: Actor, found: StoredTable) -> QuerySet[Upload]:
    """The files sent for a table that nobody has loaded yet, newest first."""
    busy = Job.objects.filter(task="load_table", status__in=("queued", "running"))
    taken = [arguments["upload"] for arguments in busy.values_list("arguments", flat=True)]
    kept = Upload.objects.visible_to(actor).filter(meant_for=found.reference, status="kept")
    return kept.exclude(pk__in=taken)


def waiting_file(actor: Actor, found: StoredTable, pk: int) -> Upload:
    """One of them. Raises NotVisible."""
    upload = waiting(actor, found).filter(pk=pk).first()
    if upload is None:
        raise NotVisible
    return upload


def sent_file(actor: Actor, found: StoredTable, pk: int) -> Upload:
    """A file for a table that the actor has begun to send, all there by now or not.

    Raises NotVisible, for one that is being loaded too.
    """
    upload = uploads.unfinished(actor, pk)
    if upload.meant_for != found.reference:
        raise NotVisible
    return waiting_file(actor, found, pk) if upload.status == "kept" else upload


def arrived(actor: Actor, upload: Upload) -> int:
    """How many bytes of such a file have come."""
    return uploads.arrived(actor, upload)


def preview_of(actor: Actor, upload: Upload, **told: Any) -> Preview:
    """The start of a waiting file as a table, read as `plane.preview` is told.

    Raises NotVisible and BadFile.
    """
    with store().open(uploads.upload(actor, upload.pk).path) as file:
        return preview(file, upload.name, **{name: value or None for name, value in told.items()})


def drafting_bodies(actor: Actor) -> QuerySet[Organisation]:
    """The organisations in whose name the actor may store tables."""
    bodies = actor.bodies(Can.TABLE_DRAFT)
    return Organisation.objects.visible_to(actor).filter(pk__in=bodies)


def version(actor: Actor, of: StoredTable, number: int) -> TableVersion:
    """One load of a table. Raises NotVisible."""
    found = versions(actor, of).filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def rejects(actor: Actor, reference: str, number: int) -> Rejects:
    """The lines that did not fit when a version was loaded: line, reason, text, read in pieces.

    Raises NotVisible.
    """
    found = table(actor, reference)
    loaded = version(actor, found, number)
    count = loaded.rejected if loaded.status == "loaded" else 0
    return Rejects(lake(), found.reference, loaded.number, count)
