"""One deed: lock, may, state, version, change, validate, save, tell — in that order, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from concordat.kernel import refusals
from concordat.kernel.access import Actor, may
from concordat.kernel.audit.log import append, entry_for
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds.difference import changed_fields, shown_fields, snapshot
from concordat.kernel.lifecycle import Note, Transition, Visibility
from concordat.kernel.publication.models import Record
from concordat.kernel.subject import Subject
from concordat.kernel.text import can_be_seen, check_text

S = TypeVar("S", bound=Subject)
Change = Mapping[str, Any] | Callable[[Any], None] | None


def act(
    actor: Actor,
    warrant: Transition,
    subject: S,
    change: Change = None,
    *,
    note: str = "",
    expected: int | None = None,
) -> S:
    """Do `warrant` to `subject` as `actor`, and return the row as it now is.

    `change` is a mapping of field values (many-to-many fields take a list) or a callable given the
    locked row. `expected` is the version the actor saw. Everything happens in one transaction.

    Raises NotVisible (404), NotAllowed (403), WrongState or StaleVersion (409), Invalid (422);
    after a refusal nothing has changed.
    """
    with transaction.atomic():
        row, before = _locked(actor, warrant, subject)
        _refuse_unless_allowed(actor, warrant, row)
        _refuse_unless_ready(warrant, row, note, expected)
        entry = _carry_out(actor, warrant, row, before, change, note)
        append([entry])
    return row


def act_many(
    actor: Actor,
    warrant: Transition,
    pairs: Iterable[tuple[S, Change]],
    *,
    note: str = "",
    size: int = 500,
) -> int:
    """The same deed to many subjects with the same guarantees, in batches of one transaction each.

    Returns how many were done. A refusal undoes its own batch and stops; batches before it stand.
    """
    done = 0
    waiting = iter(pairs)
    while batch := list(islice(waiting, size)):
        with transaction.atomic():
            entries = []
            for subject, change in batch:
                row, before = _locked(actor, warrant, subject)
                _refuse_unless_allowed(actor, warrant, row)
                _refuse_unless_ready(warrant, row, note, None)
                entries.append(_carry_out(actor, warrant, row, before, change, note))
            append(entries)
        done += len(batch)
    return done


def note_read(
    actor: Actor, name: str, subject: Subject, facts: dict[str, Any], note: str = ""
) -> Entry:
    """Append an entry for a deed that changes nothing: a delivery, an export, a look at a secret.

    The caller has already asked `may`; `facts` are private to the sides of the subject. A read with
    a `note` is told to those who watch the record (its WATCHES).
    """
    entry = entry_for(
        actor,
        name,
        subject,
        changes={},
        shown={},
        visibility=Visibility.OWNER,
        note=note,
        facts=facts,
    )
    with transaction.atomic():
        return append([entry])[0]


def offered(actor: Actor, subject: Subject) -> list[Transition]:
    """The transitions the actor may take now: what buttons, links and choices show."""
    return [
        t
        for t in subject.LIFECYCLE.offered(subject.status)
        if not t.hidden and may(actor, t.needs, subject, t.by) and not _too_close(actor, t, subject)
    ]


def _locked(actor: Actor, warrant: Transition, subject: S) -> tuple[S, dict[str, Any]]:
    """The row as it is now, locked, with its values before the deed."""
    if warrant.makes:
        if subject.pk is not None:
            raise refusals.WrongState("That already exists.")
        return subject, {}
    manager = type(subject)._default_manager
    row: Any = manager.select_for_update(of=("self",)).filter(pk=subject.pk).first()
    if row is None or not manager.visible_to(actor).filter(pk=row.pk).exists():  # type: ignore[attr-defined]
        raise refusals.NotVisible
    return row, snapshot(row)


def _refuse_unless_allowed(actor: Actor, warrant: Transition, row: Subject) -> None:
    if not may(actor, warrant.needs, row, warrant.by):
        raise refusals.NotSignedIn if actor.kind == "public" else refusals.NotAllowed
    if _too_close(actor, warrant, row):
        verbs = " or ".join(warrant.apart_from)
        raise refusals.NotAllowed(
            f"You did the step before this one ({verbs}), so somebody else must do this one.",
            "Ask a colleague with the same role.",
        )


def _too_close(actor: Actor, warrant: Transition, row: Subject) -> bool:
    """Separation of duties: did this actor last do a verb this one must be apart from?"""
    if not warrant.apart_from or actor.is_system or row.pk is None:
        return False
    for verb in warrant.apart_from:
        last = Entry.objects.of(row).filter(name=f"{row.KIND}:{verb}").last()
        if last and (last.actor_kind, last.actor_id) == (actor.kind, actor.id):
            return True
    return False


def _refuse_unless_ready(
    warrant: Transition, row: Subject, note: str, expected: int | None
) -> None:
    if not warrant.makes and not warrant.starts_from(row.status):
        label = row.LIFECYCLE.label(row.status)
        raise refusals.WrongState(f"“{warrant.text}” cannot be done while this is “{label}”.")
    if expected is not None and expected != row.version:
        raise refusals.StaleVersion
    _check_note(warrant, note)


def _check_note(warrant: Transition, note: str) -> None:
    if warrant.note is Note.REQUIRED and not can_be_seen(note):
        raise refusals.Invalid({"note": ["Say why, so that the others know."]})
    if len(note) > 4000:
        raise refusals.Invalid({"note": ["Use 4,000 characters or fewer."]})
    try:
        check_text(note)
    except ValidationError as error:
        raise refusals.Invalid({"note": error.messages}) from error


def _carry_out(
    actor: Actor,
    warrant: Transition,
    row: Subject,
    before: dict[str, Any],
    change: Change,
    note: str,
) -> Entry:
    many = _apply(row, change)
    opened = _move(warrant, row)
    row.version += 1
    _check(row.full_clean)
    changed = changed_fields(before, snapshot(row))
    if warrant.makes:
        row.save(force_insert=True)
    else:
        row.save(update_fields=[*changed, "version", "modified_at"])
    for name, values in many.items():
        relation = getattr(row, name)
        held = sorted(relation.values_list("pk", flat=True)) if not warrant.makes else []
        relation.set(values)
        now = sorted(relation.values_list("pk", flat=True))
        if now != held:
            changed[name] = [held, now]
    if many:
        _check(row.clean)  # what the model says of its relations, now that they are there
    visibility = getattr(row, "visibility", Visibility.OWNER)
    return entry_for(
        actor,
        f"{row.KIND}:{warrant.verb}",
        row,
        changes=changed,
        shown=shown_fields(row, changed, everything=opened),
        visibility=visibility,
        note=note,
    )


def _apply(row: Subject, change: Change) -> dict[str, Any]:
    """Let the change happen; many-to-many values wait until the row is saved."""
    if change is None:
        return {}
    if callable(change):
        change(row)
        return {}
    many = {f.name for f in row._meta.many_to_many} & set(change)
    for name, value in change.items():
        if name not in many:
            setattr(row, name, value)
    return {name: change[name] for name in many}


def _move(warrant: Transition, row: Subject) -> bool:
    """Status, visibility and clock follow the table. True when the deed opened the row to all."""
    now = timezone.now()
    if warrant.target is not None:
        row.status = warrant.target
    if not isinstance(row, Record):
        return False
    was = row.visibility
    if warrant.makes:
        row.assign_reference()
    if warrant.opens_to is not None:
        row.visibility = warrant.opens_to
    if warrant.target is not None:
        state = row.state
        row.turn = state.turn or ""
        row.turn_since = now
        row.due_at = now + timedelta(days=state.days) if state.days else None
    return row.visibility == Visibility.PUBLIC and was != Visibility.PUBLIC


def _check(rules: Callable[[], None]) -> None:
    try:
        rules()
    except ValidationError as error:
        found = error.message_dict
        raise refusals.Invalid(
            {("" if k == "__all__" else k): v for k, v in found.items()}
        ) from error
