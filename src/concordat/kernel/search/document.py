"""What search knows of a record, and who may find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from concordat.kernel.access import Actor, all_permissions
from concordat.kernel.lifecycle import Visibility

if TYPE_CHECKING:
    from concordat.kernel.publication.models import Record


@dataclass(frozen=True)
class Document:
    """One record as the index holds it. `audience` are the tokens of those who may find it;
    those of `later` may once it `opens`."""

    kind: str
    id: int
    reference: str
    title: str
    summary: str
    body: str
    keywords: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    audience: frozenset[str]
    modified: datetime
    later: frozenset[str] = frozenset()
    opens: datetime | None = None
    path: str = ""
    state: str = field(default="")

    @property
    def key(self) -> str:
        """Its name in the index."""
        return f"{self.kind}:{self.id}"


def document_for(
    record: Record,
    *,
    title: str,
    summary: str,
    body: str,
    keywords: tuple[str, ...] = (),
    facets: Mapping[str, tuple[str, ...]] | None = None,
) -> Document:
    """A record's document: its words are the service's, its audience the record's own."""
    sides, everybody = audience_of(record)
    shut = record.opens is not None and record.opens > timezone.now()
    return Document(
        kind=record.KIND,
        id=record.pk,
        reference=record.reference,
        title=title,
        summary=summary,
        body=body,
        keywords=keywords,
        facets=facets or {},
        audience=sides if shut else sides | everybody,
        later=everybody if shut else frozenset(),
        opens=record.opens if shut else None,
        modified=record.modified_at,
        path=record.get_absolute_url(),
        state=record.LIFECYCLE.label(record.status),
    )


def audience_of(record: Record) -> tuple[frozenset[str], frozenset[str]]:
    """(tokens of its sides, tokens of everybody else who may see it): the rule of `visible_to`."""
    tokens = {f"{record.SEE}@{record.owner_id}"}
    if record.visibility >= Visibility.PARTIES:
        for kind, standing in record.side_bodies().values():
            if standing:
                tokens.add(f"person:{standing}" if kind == "person" else f"{record.SEE}@{standing}")
    if record.INVITED:
        guests = getattr(record, record.INVITED).all()
        tokens.update(f"person:{guest.pk}" for guest in guests)
    levels = (
        (Visibility.GOVERNMENT, "government"),
        (Visibility.PARTNERS, "partners"),
        (Visibility.PUBLIC, "public"),
    )
    wide = {token for level, token in levels if record.visibility >= level}
    return frozenset(tokens), frozenset(wide)


def tokens_of(actor: Actor) -> frozenset[str]:
    """The tokens an actor finds by; what a token of theirs may not read, it does not find."""
    tokens = {"public"}
    if not actor.signed_in or not (actor.scopes is None or "read" in actor.scopes):
        return frozenset(tokens)
    tokens.add("partners")
    if actor.government:
        tokens.add("government")
    if actor.kind == "person":
        tokens.add(f"person:{actor.id}")
    for permission in all_permissions():
        if permission.endswith(":see"):
            tokens.update(f"{permission}@{body}" for body in actor.bodies(permission))
    return frozenset(tokens)
