"""Erasing what an entry keeps private, where the law asks for it, while every proof stands."""

from __future__ import annotations

from django.db import transaction

from concordat.kernel.access import Actor
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds.act import note_read
from concordat.kernel.publication.models import subject_kinds
from concordat.kernel.refusals import Invalid, NotAllowed, Unknown


def erase(actor: Actor, entry: int, why: str) -> None:
    """Let go the names, notes and closed fields of an entry, and the salt that they were sealed with.

    What is committed is their digest, so the leaf, the seals and the proofs stay as they are; without
    the salt nobody can find out by trying. A new entry says that it was done, and why. Only the
    system itself may, for an operator: whoever runs the platform from a page could otherwise take
    away who did what. Raises Unknown for an entry that is not there.
    """
    if not actor.is_system:
        raise NotAllowed
    if not why.strip():
        raise Invalid({"why": ["Say why: the log keeps the reason."]})
    with transaction.atomic():
        found = Entry.objects.select_for_update().filter(pk=entry).first()
        if found is None:
            raise Unknown({"entry": [f"There is no entry {entry}."]})
        subject = subject_kinds()[found.kind]._base_manager.get(pk=found.subject_id)
        # The one change that an entry knows, past the queryset that refuses every other.
        Entry._base_manager.filter(pk=entry).update(private={}, private_salt=b"")
        note_read(actor, f"{found.kind}:erase", subject, {"entry": entry, "why": why.strip()})
