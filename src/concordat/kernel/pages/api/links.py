"""Links between records on the API: known to whoever may know both ends."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from ninja import Router

from concordat.kernel.access import Actor
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.links.actions import draft_link, remove_link
from concordat.kernel.links.models import Link
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.pages.schemas import links as schemas
from concordat.kernel.publication.models import find_record
from concordat.kernel.refusals import Unknown


def read(actor: Actor, reference: str = "", **by: Any) -> QuerySet[Link]:
    """Links between what the actor may see, or those of one record."""
    rows = Link.objects.visible_to(actor).filter(**by).select_related("owner")
    return rows.of(reference) if reference else rows


def draft(
    actor: Actor, *, owner: str, relation: str, source: str, target: str, expected: None = None
) -> Link:
    """Link two records."""
    ends = {"source": find_record(actor, source), "target": find_record(actor, target)}
    says = ["There is no record of that reference that you can see."]
    if missing := {name: says for name, found in ends.items() if found is None}:
        raise Unknown(missing)
    return draft_link(actor, of_slug(actor, owner, "owner"), relation, **ends)


def add_to(router: Router) -> None:
    """Add the operations."""
    mount(
        router,
        Resource(
            model=Link,
            plural="links",
            key="id",
            read=read,
            out=schemas.LinkOut,
            row=schemas.LinkRow,
            query=schemas.LinkQuery,
            verbs={
                "draft": Verb(draft, schemas.LinkDraft, "Link two records"),
                "remove": Verb(remove_link),
            },
        ),
    )
