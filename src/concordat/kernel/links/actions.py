"""Making and removing links."""

from __future__ import annotations

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.links.models import LINK, Link
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.publication.models import Record


def draft_link(
    actor: Actor, owner: Organisation, relation: str, source: Record, target: Record
) -> Link:
    """Link two records that the actor may see, in the name of `owner`."""
    link = Link(
        owner=owner,
        relation=relation,
        source_kind=source.KIND,
        source=source.reference,
        target_kind=target.KIND,
        target=target.reference,
    )
    return act(actor, LINK["draft"], link)


def remove_link(actor: Actor, link: Link, expected: int | None = None) -> Link:
    """Take a link away; the log keeps that it stood."""
    return act(actor, LINK["remove"], link, expected=expected)
