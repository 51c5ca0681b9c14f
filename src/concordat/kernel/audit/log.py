"""Appending to the log, and giving each committed entry its place."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from concordat.kernel.audit.commitment import canonical, commit
from concordat.kernel.audit.models import Entry, Leaf, Pending

if TYPE_CHECKING:
    from concordat.kernel.access import Actor
    from concordat.kernel.subject import Subject

_LOCK = 0x0C0FC0DA  # any fixed number: the name of the sequencer's lock in PostgreSQL


def entry_for(
    actor: Actor,
    name: str,
    subject: Subject,
    *,
    changes: dict[str, list[Any]],
    shown: dict[str, Any],
    visibility: int,
    note: str = "",
    facts: dict[str, Any] | None = None,
) -> Entry:
    """An unsaved entry: what is committed, and what stays private beside it.

    `shown` holds the public fields (after-values) that the body of a public entry may carry;
    `facts` holds further private facts of a deed that changes no field, such as a read.
    """
    private: dict[str, Any] = {"actor": actor.name, "actor_key": actor.key, "changes": changes}
    private |= {key: told for key, told in (("note", note), ("facts", facts)) if told}
    private_salt, salt = secrets.token_bytes(32), secrets.token_bytes(32)
    entry = Entry(
        name=name,
        at=timezone.now(),
        kind=subject.KIND,
        subject_id=subject.pk,
        reference=subject.handle,
        actor_kind=actor.kind,
        actor_id=actor.id,
        organisation_id=actor.home,
        owner_id=getattr(subject, "owner_id", None),
        visibility=int(visibility),
        private=private,
        salt=salt,
        private_salt=private_salt,
    )
    closed = hashlib.sha256(private_salt + canonical(private)).hexdigest()
    entry.body = {**_public(entry, subject, actor.home_name), "shown": shown, "private": closed}
    entry.commitment = commit(entry.body, salt)
    return entry


def _public(entry: Entry, subject: Subject, organisation: str) -> dict[str, Any]:
    """The facts of a deed that the body of a public entry shows, whatever the record."""
    return {
        "name": entry.name,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "reference": entry.reference,
        "version": subject.version,
        "status": subject.status,
        "visibility": entry.visibility,
        "organisation": organisation,
    }


def append(entries: Iterable[Entry]) -> list[Entry]:
    """Write entries in the current transaction; each is pending until it gets its place."""
    made = Entry.objects.bulk_create(list(entries), batch_size=500)
    Pending.objects.bulk_create([Pending(entry=entry) for entry in made], batch_size=500)
    return made


def exclusive() -> None:
    """Let one transaction at a time give places or seal: an advisory lock on PostgreSQL; on SQLite
    the transaction already holds the write lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def sequence(limit: int = 2000) -> int:
    """Give the next places in the log to entries that have committed; returns how many.

    One writer at a time: an advisory lock on PostgreSQL, the write lock on SQLite. Entries about
    one subject keep their order, because `act` locks the subject until it commits.
    """
    with transaction.atomic():
        exclusive()
        waiting = list(
            Pending.objects.order_by("entry_id").values_list("entry_id", "entry__commitment")[
                :limit
            ]
        )
        if not waiting:
            return 0
        last = Leaf.objects.aggregate(last=Max("position"))["last"]
        start = 0 if last is None else last + 1
        Leaf.objects.bulk_create(
            Leaf(position=start + n, entry_id=pk, commitment=bytes(commitment))
            for n, (pk, commitment) in enumerate(waiting)
        )
        Pending.objects.filter(entry_id__in=[pk for pk, _ in waiting]).delete()
        return len(waiting)
