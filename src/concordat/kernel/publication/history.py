"""How much of what happened to a record somebody may know: one rule for pages and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from concordat.kernel.audit.models import Entry, EntryQuerySet
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.publication.models import Record, record_kinds, subject_kinds

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


def public_entries() -> EntryQuerySet:
    """The entries whose body anyone may read now: none about what was closed since, or is embargoed.

    Its commitments stay in the log and every proof stands; the words are what is closed.
    """
    found = Entry.objects.public()
    closed: Any
    for kind, model in record_kinds().items():
        closed = model._base_manager.filter(~Q(visibility=Visibility.PUBLIC) | model.embargoed())
        found = found.exclude(kind=kind, subject_id__in=closed.values("pk"))
    for kind, part in subject_kinds().items():
        if whole := part.INDEXED_WITH:
            record: Any = part._meta.get_field(whole).related_model
            shut = ~Q(**{f"{whole}__visibility": Visibility.PUBLIC})
            rows = part._base_manager.filter(shut | record.embargoed(f"{whole}__"))
            found = found.exclude(kind=kind, subject_id__in=rows.values("pk"))
    return found


def floor(actor: Actor, record: Record) -> Visibility:
    """The least visibility of the entries that the actor may know of, once they see the record.

    The owner's side knows every deed. Another side knows those done once the parties could see the
    record; anyone else those that were open to them when they were done.
    """
    sides = _sides(actor, record)
    if record.invites(actor):
        return Visibility.OWNER
    if actor.is_system or any(record.side_field(s) == record.side_field("owner") for s in sides):
        return Visibility.OWNER
    if sides:
        return Visibility.PARTIES
    if actor.signed_in:
        return Visibility.GOVERNMENT if actor.government else Visibility.PARTNERS
    return Visibility.PUBLIC


def _sides(actor: Actor, record: Record) -> set[str]:
    """The sides of the record that the actor stands on."""
    bodies = actor.bodies(record.SEE)
    return {
        side
        for side, (kind, standing) in record.side_bodies().items()
        if (
            standing in bodies
            if kind == "organisation"
            else (actor.kind, actor.id) == (kind, standing)
        )
    }
