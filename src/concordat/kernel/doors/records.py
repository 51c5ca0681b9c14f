"""One record as a page shows it: status, whose turn, what may be done, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from concordat.kernel.access import Actor, may
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds.act import offered
from concordat.kernel.doors.fields import label_of, words_of
from concordat.kernel.doors.formats import day, plural
from concordat.kernel.lifecycle import State, Visibility
from concordat.kernel.links.models import LINK
from concordat.kernel.links.policy import Can
from concordat.kernel.links.queries import links_of
from concordat.kernel.publication.history import floor
from concordat.kernel.publication.models import Record, subject_kinds
from concordat.kernel.subject import Subject

Row = tuple[Any, ...]  # (label, value) or (label, value, address to change it)
_MOST_EVENTS = 100


@dataclass(frozen=True)
class Button:
    """A verb that the reader may take now."""

    verb: str
    label: str
    href: str
    warn: bool = False
    main: bool = False


@dataclass(frozen=True)
class FieldChange:
    """A field before and after a deed."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Event:
    """One deed on the timeline. `note`, names and changes are there only for those on a side."""

    title: str
    at: datetime
    by: str = ""
    note: str = ""
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class LinkRow:
    """A link to another record; `remove` is where the reader takes it away, "" if they may not."""

    label: str
    title: str
    kind: str
    href: str
    by: str
    remove: str = ""


@dataclass(frozen=True)
class RecordPage:
    """What `doors/record.html` shows as `it`."""

    reference: str
    title: str
    state: State
    seen_by: str
    turn: str
    late: bool
    buttons: list[Button]
    summary: Sequence[Row]
    events: list[Event] = field(default_factory=list)
    public_url: str = ""
    links: list[LinkRow] = field(default_factory=list)
    link_href: str = ""  # where the reader links it to another record; "" if they may not


def record_page(actor: Actor, record: Record, summary: Sequence[Row] = ()) -> RecordPage:
    """The page of a record the actor may already see: four queries, and one a kind linked."""
    return RecordPage(
        reference=record.reference,
        title=record.title_text,
        state=record.state,
        seen_by=_seen_by(record),
        turn=turn_line(record),
        late=bool(record.due_at and record.due_at < timezone.now()),
        buttons=buttons(actor, record),
        summary=summary,
        events=timeline(actor, record),
        public_url=record.get_absolute_url() if record.is_public else "",
        links=link_rows(actor, record),
        link_href=(
            f"/inside/links/new?source={record.reference}" if may(actor, Can.LINK_DRAFT) else ""
        ),
    )


def _seen_by(record: Record) -> str:
    """Who can see it, in words; from when, where it opens later."""
    words = Visibility(record.visibility).label
    if record.opens is None or record.opens <= timezone.now():
        return words
    return f"{words}, from {day(record.opens)}"


def link_rows(actor: Actor, record: Record) -> list[LinkRow]:
    """The links of a record whose other ends the actor may see."""
    remove = LINK["remove"]
    return [
        LinkRow(
            label=found.label,
            title=found.other.title_text,
            kind=found.other.KIND.replace("_", " "),
            href=found.other.inside_url(),
            by=found.link.owner.name,
            remove=(
                f"/inside/links/{found.link.pk}/remove"
                if may(actor, remove.needs, found.link, remove.by)
                else ""
            ),
        )
        for found in links_of(actor, record)
    ]


def turn_line(record: Record) -> str:
    """“With Home Office since 3 November 2026: 21 days, due 24 November 2026”; "" at an end."""
    if not record.turn or record.turn_since is None:
        return ""
    waited = (timezone.now() - record.turn_since).days
    line = f"With {_standing_name(record)} since {day(record.turn_since)}: {plural(waited, 'day')}"
    if record.due_at is None:
        return line
    return f"{line}, {'was due' if record.due_at < timezone.now() else 'due'} {day(record.due_at)}"


def _standing_name(record: Record) -> str:
    name = record.side_field(record.turn)
    stands = getattr(record, name, None) if name else None
    return str(stands) if stands is not None else record.turn.replace("_", " ")


def buttons(actor: Actor, record: Record) -> list[Button]:
    """The verbs that the actor may take now: the main one, the others, those that end the record."""
    found = [
        Button(
            t.verb,
            t.text,
            f"{record.inside_url()}/{t.verb.replace('_', '-')}",
            warn=not t.main and bool(t.target and record.LIFECYCLE.states[t.target].end),
            main=t.main,
        )
        for t in offered(actor, record)
    ]
    return sorted(found, key=lambda button: (not button.main, button.warn))


def timeline(actor: Actor, record: Record) -> list[Event]:
    """What happened, newest first, as much of it as the actor may know."""
    entries, inside = known_entries(actor, record)
    newest = entries.order_by("-id")[:_MOST_EVENTS]
    return [event(record, entry, inside=inside) for entry in newest]


def known_entries(actor: Actor, record: Record) -> tuple[QuerySet[Entry], bool]:
    """(the entries about a record that the actor may know of, whether names and notes with them).

    Who is on no side of the record sees that deeds happened, and by which body, but no names and
    notes.
    """
    least = floor(actor, record)
    return Entry.objects.of(record).filter(visibility__gte=least), least <= Visibility.PARTIES


def event(record: Record, entry: Entry, *, inside: bool) -> Event:
    """An entry as the timeline tells it: with names, notes and changes for those inside."""
    title = past(verb_words(type(record), entry.name.partition(":")[2]))
    body = str(entry.body.get("organisation", ""))
    if not inside:
        return Event(title, entry.at, body)
    by = f"{entry.actor_name}, {body}" if body else entry.actor_name
    changes = tuple(
        FieldChange(
            label_of(record, name), words_of(record, name, before), words_of(record, name, after)
        )
        for name, (before, after) in entry.changes.items()
        if name not in _MACHINERY
    )
    return Event(title, entry.at, by, entry.note, changes)


def verb_words(model: type[Subject] | None, verb: str) -> str:
    """A verb as its button says it; one that has no button, as near as its name comes."""
    if model is not None and verb in model.LIFECYCLE:
        return model.LIFECYCLE[verb].text
    return verb.replace("_", " ").capitalize()


_PASTS: dict[str, str] = {
    "cancel": "cancelled",
    "empty": "emptied",
    "give": "gave",
    "make": "made",
    "retry": "retried",
    "say": "said",
    "send": "sent",
    "set": "set",
    "submit": "submitted",
    "withdraw": "withdrew",
}


def past(words: str) -> str:
    """What a button says, once it is done: “Started the review” for “Start the review”."""
    verb, space, rest = words.partition(" ")
    lower = verb.lower()
    if lower.endswith("ed"):
        return words
    done = _PASTS.get(lower) or lower + ("d" if lower.endswith("e") else "ed")
    return f"{done.capitalize()}{space}{rest}"


def deed_words(name: str) -> str:
    """The name of an entry in words: “Share request: submit” for `share_request:submit`."""
    kind, _, verb = name.partition(":")
    text = verb_words(subject_kinds().get(kind), verb)
    return f"{kind.replace('_', ' ').capitalize()}: {text[:1].lower()}{text[1:]}"


_MACHINERY = frozenset(
    {"status", "visibility", "turn", "turn_since", "due_at", "reference", "owner"}
)
