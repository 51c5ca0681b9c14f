"""Who is told of an entry, and in which words. A follower of the log."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.db.models import Q

from concordat.kernel.access import SYSTEM, roles_with
from concordat.kernel.access.models import Grant
from concordat.kernel.audit.models import Entry
from concordat.kernel.lifecycle import ANYONE, EITHER
from concordat.kernel.notices.models import Notice
from concordat.kernel.people.models import Person
from concordat.kernel.publication.models import Record, record_kinds

FOLLOWER = "notices"
MOST_WORDS = 500
READ = "read"
INVITATIONS = ("person:invite", "person:invite_again")


def handle(entries: Sequence[Entry]) -> None:
    """Write the notices of a batch of entries; those already written stay as they are."""
    rows: list[Notice] = []
    kinds = record_kinds()
    for kind, group in groupby(sorted(entries, key=lambda e: (e.kind, e.id)), lambda e: e.kind):
        told = [entry for entry in group if kind in kinds and worth_telling(kinds[kind], entry)]
        ids = {entry.subject_id for entry in told}
        records = kinds[kind].objects.visible_to(SYSTEM).in_bulk(ids) if told else {}
        for entry in told:
            if record := records.get(entry.subject_id):
                rows += notices_for(entry, record)
    rows += invitations(entries)
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def invitations(entries: Sequence[Entry]) -> list[Notice]:
    """One notice for each person whom somebody invited; the issuer's people are in already."""
    told = [e for e in entries if e.name in INVITATIONS and e.actor_kind != "system"]
    ids = {entry.subject_id for entry in told}
    rows = Person.objects.visible_to(SYSTEM).select_related("owner")
    people = rows.in_bulk(ids) if told else {}
    return [
        Notice(
            person=person,
            status="unread",
            entry_id=entry.pk,
            name=entry.name,
            reference=entry.reference,
            text=f"{entry.actor_name} has invited you to Concordat for {person.owner}",
            url="/inside/account",
            at=entry.at,
        )
        for entry in told
        if (person := people.get(entry.subject_id))
    ]


def worth_telling(model: type[Record], entry: Entry) -> bool:
    """A move from one status to another, a comment, a clock that ran out, a read that carries a note
    where somebody watches; not an edit or any other read."""
    verb = entry.name.partition(":")[2]
    if verb == READ:
        return bool(model.WATCHES and entry.note)
    if verb == "overdue":
        return True
    if verb not in model.LIFECYCLE:
        return False
    transition = model.LIFECYCLE[verb]
    moved = transition.target is not None and not transition.makes
    return moved or verb == "comment" or bool(transition.tells)


def notices_for(entry: Entry, record: Record) -> list[Notice]:
    """One notice for each person concerned, except whoever did it."""
    watched = entry.name.endswith(f":{READ}")
    turn = set[int]() if watched else next_to_act(record)
    people = watchers(record) if watched else turn | taken_part(record) | those_told(entry, record)
    if entry.actor_kind == "person" and entry.actor_id is not None:
        people.discard(entry.actor_id)
    return [
        Notice(
            person_id=person,
            status="unread",
            entry_id=entry.pk,
            name=entry.name,
            reference=record.reference,
            text=words(entry, record, waits=person in turn),
            url=record.inside_url(),
            at=entry.at,
        )
        for person in sorted(people)
    ]


def words(entry: Entry, record: Record, *, waits: bool) -> str:
    """What the notice says: nothing that the record's own page would not. `waits`: for its reader."""
    verb = entry.name.partition(":")[2]
    status = str(entry.body.get("status", record.status))
    label = record.LIFECYCLE.label(status).lower() if status in record.LIFECYCLE.states else status
    title = f"{record.title_text[:200]} ({record.reference})"
    if record.title_text == record.reference:  # it has no name: say what it is
        title = f"{record.KIND.replace('_', ' ').capitalize()} {record.reference}"
    if verb == "overdue":
        return f"{title} is overdue" + (" and waits for you" if waits else "")
    if verb == "comment":
        return f"{title} has a new comment"
    if verb == READ or (verb in record.LIFECYCLE and record.LIFECYCLE[verb].tells):
        return f"{title}: {entry.note}"[:MOST_WORDS]
    return f"{title} is now: {label}"


def next_to_act(record: Record) -> set[int]:
    """The people who hold a permission for a next step, on the side whose turn it is."""
    wanted = Q(pk__in=[])
    for transition in record.LIFECYCLE.offered(record.status):
        if transition.hidden or transition.by == EITHER or transition.target is None:
            continue
        kind, standing = record.standing(transition.by)
        if kind == "organisation" and standing and transition.by in (record.turn, "owner"):
            wanted |= Q(owner_id=standing, role__in=roles_with(transition.needs))
    return _people(wanted)


def taken_part(record: Record) -> set[int]:
    """The people who have done something to the record, or to what it came of, and may see it."""
    doers: set[int | None] = set()
    for each in (record, *(getattr(record, name) for name in record.CAME_OF)):
        deeds = Entry.objects.of(each).filter(actor_kind="person")
        doers.update(deeds.values_list("actor_id", flat=True).distinct())
    bodies = [id_ for kind, id_ in record.side_bodies().values() if kind == "organisation"]
    return _people(
        Q(person_id__in=list(doers), owner_id__in=bodies, role__in=roles_with(record.SEE))
    )


def those_told(entry: Entry, record: Record) -> set[int]:
    """The people whom the transition itself names: on every side of the record, or in any body."""
    verb = entry.name.partition(":")[2]
    if verb not in record.LIFECYCLE or not record.LIFECYCLE[verb].tells:
        return set()
    tells = record.LIFECYCLE[verb].tells
    if record.LIFECYCLE[verb].by == ANYONE:
        return _people(Q(role__in=roles_with(tells)))
    bodies = [id_ for kind, id_ in record.side_bodies().values() if kind == "organisation"]
    return _people(Q(owner_id__in=bodies, role__in=roles_with(tells)))


def watchers(record: Record) -> set[int]:
    """The people of the owner who are told of a read that carries a note."""
    return _people(Q(owner_id=record.owner_id, role__in=roles_with(record.WATCHES)))


def _people(wanted: Q) -> set[int]:
    held = Grant.objects.filter(
        wanted, status="active", person__isnull=False, person__is_active=True
    )
    return {id_ for id_ in held.values_list("person_id", flat=True) if id_ is not None}
