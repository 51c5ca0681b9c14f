"""From a person or an API client to the actor they are for one request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from concordat.kernel.access.actor import Actor
from concordat.kernel.access.models import Grant

if TYPE_CHECKING:
    from concordat.kernel.people.models import Client, Person


def actor_for(holder: Person | Client, scopes: Iterable[str] | None = None) -> Actor:
    """The actor that a person or client is now: two queries, none later.

    `scopes` limits what a token may be used for; None means a signed-in session.
    """
    kind = holder.KIND
    held = Grant.objects.filter(status="active", **{f"{kind}_id": holder.pk})
    home = holder.owner
    return Actor(
        kind="client" if kind == "client" else "person",
        id=holder.pk,
        name=holder.name,
        home=home.pk if home else None,
        home_name=home.name if home else "",
        grants=frozenset(held.values_list("role", "owner_id")),
        government=bool(home and home.is_government),
        scopes=None if scopes is None else frozenset(scopes),
    )
