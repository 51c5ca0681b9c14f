"""One deed: lock, may, state, version, change, validate, save, tell — in that order, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from concordat.kernel import refusals
from concordat.kernel.access import Actor, may
from concordat.kernel.audit.log import append, entry_for
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds.difference import changed_fields, shown_fields, snapshot
from concordat.kernel.lifecycle import Note, Transition, Visibility
from concordat.kernel.publication.models import Record
from concordat.kernel.publication.reference import make
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
            if not (warrant.makes and _make_together(actor, warrant, batch, note)):
                append([_one_of_many(actor, warrant, *pair, note) for pair in batch])
        done += len(batch)
    return done


def _one_of_many(actor: Actor, warrant: Transition, subject: S, change: Change, note: str) -> Entry:
    row, before = _locked(actor, warrant, subject)
    _refuse_unless_allowed(actor, warrant, row)
    _refuse_unless_ready(warrant, row, note, None)
    return _carry_out(actor, warrant, row, before, change, note)


def _make_together(
    actor: Actor, warrant: Transition, batch: list[tuple[S, Change]], note: str
) -> bool:
    """Make rows of one kind in one statement, each asked, checked and told as any other.

    What only the database knows, such as that a name is taken, its own constraints say: then
    nothing is made, the rows are as they were, and False sends them one by one, for the words.
    """
    kind, before = type(batch[0][0]), [dict(vars(subject)) for subject, _ in batch]
    if not kind.TOGETHER or any(type(subject) is not kind for subject, _ in batch):
        return False
    made = [_unsaved(actor, warrant, *pair, note) for pair in batch]
    try:
        with transaction.atomic():
            kind._base_manager.bulk_create(row for row, _, _ in made)
    except IntegrityError:
        for (subject, _), held in zip(batch, before, strict=True):
            vars(subject).clear()
            vars(subject).update(held)
        return False
    append([_told(actor, warrant, *each, note) for each in made])
    return True


def _unsaved(
    actor: Actor, warrant: Transition, subject: S, change: Change, note: str
) -> tuple[S, dict[str, Any], bool]:
    """(the row, ready to be saved; its relations to many; whether it opens to all)."""
    row, _ = _locked(actor, warrant, subject)
    _refuse_unless_allowed(actor, warrant, row)
    _refuse_unless_ready(warrant, row, note, None)
    many = _apply(row, change)
    if isinstance(row, Record):
        row.reference = row.reference or make(row.PREFIX)
    opened = _move(warrant, row)
    row.version += 1
    read = {f.name for f in row._meta.concrete_fields if f.is_relation and _is_read(row, f)}
    _check(lambda: row.full_clean(read, validate_unique=False, validate_constraints=False))
    return row, many, opened


def _is_read(row: Subject, relation: Any) -> bool:
    """Whether what a row points to was read from the database, so that it need not be asked again."""
    return (
        relation.is_cached(row) and getattr(relation.get_cached_value(row), "pk", None) is not None
    )


def _told(
    actor: Actor, warrant: Transition, row: Subject, many: dict[str, Any], opened: bool, note: str
) -> Entry:
    changed = changed_fields({}, snapshot(row))
    return _entry(actor, warrant, row, changed | _relate(row, many, new=True), opened, note)


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
    changed |= _relate(row, many, new=warrant.makes)
    return _entry(actor, warrant, row, changed, opened, note)


def _relate(row: Subject, many: dict[str, Any], *, new: bool) -> dict[str, Any]:
    """Write the relations to many of a saved row; what they changed."""
    changed: dict[str, Any] = {}
    for name, values in many.items():
        relation = getattr(row, name)
        held = [] if new else sorted(relation.values_list("pk", flat=True))
        relation.set(values)
        now = sorted(relation.values_list("pk", flat=True))
        if now != held:
            changed[name] = [held, now]
    if many:
        _check(row.clean)  # what the model says of its relations, now that they are there
    return changed


def _entry(
    actor: Actor,
    warrant: Transition,
    row: Subject,
    changed: dict[str, Any],
    opened: bool,
    note: str,
) -> Entry:
    return entry_for(
        actor,
        f"{row.KIND}:{warrant.verb}",
        row,
        changes=changed,
        shown=shown_fields(row, changed, everything=opened),
        visibility=getattr(row, "visibility", Visibility.OWNER),
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
