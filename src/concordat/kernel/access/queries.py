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
    home = holder.owner
    return actor_of_facts(
        holder.KIND,
        holder.pk,
        holder.name,
        (home.pk, home.name, home.is_government) if home else (None, "", False),
        scopes,
    )


def actor_of_facts(
    kind: str,
    pk: int,
    name: str,
    home: tuple[int | None, str | None, bool | None],
    scopes: Iterable[str] | None,
) -> Actor:
    """The actor of a holder whose row was read already: one query. `home`: id, name, government."""
    held = Grant.objects.filter(status="active", **{f"{kind}_id": pk})
    return Actor(
        kind="client" if kind == "client" else "person",
        id=pk,
        name=name,
        home=home[0],
        home_name=home[1] or "",
        grants=frozenset(held.values_list("role", "owner_id")),
        government=bool(home[2]),
        scopes=None if scopes is None else frozenset(scopes),
    )
