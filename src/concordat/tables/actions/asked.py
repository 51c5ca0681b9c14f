"""Verbs of what analysts ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.refusals import NotAllowed
from concordat.tables.lifecycle import QUERY_RUN, SAVED_QUERY
from concordat.tables.models import QueryRun, SavedQuery


def record_query(actor: Actor, **facts: Any) -> QueryRun:
    """Keep that a query was run: what was asked and how much came, none of what came."""
    holder: dict[str, Any] = {"owner_id": actor.home, f"{actor.kind}_id": actor.id}
    run = QueryRun(**holder, **facts)
    return act(actor, QUERY_RUN["end"], run)


def save_query(actor: Actor, *, title: str, sql: str, expected: None = None) -> SavedQuery:
    """Keep a query to run again. Raises NotAllowed for a program, which keeps its own."""
    if actor.kind != "person":
        raise NotAllowed("Only people save queries here.", "Keep the query in your program.")
    holder: dict[str, Any] = {"owner_id": actor.home, "person_id": actor.id}
    query = SavedQuery(**holder, title=title, sql=sql)
    return act(actor, SAVED_QUERY["save"], query)


def edit_query(
    actor: Actor, query: SavedQuery, *, expected: int | None = None, **fields: str
) -> SavedQuery:
    """Change its title or its SQL."""
    return act(actor, SAVED_QUERY["edit"], query, fields, expected=expected)


def share_query(actor: Actor, query: SavedQuery, *, expected: int | None = None) -> SavedQuery:
    """Show it to the analysts of one's organisation; what it gives each depends on their shares."""
    return act(actor, SAVED_QUERY["share"], query, expected=expected)


def unshare_query(actor: Actor, query: SavedQuery, *, expected: int | None = None) -> SavedQuery:
    """Keep it to oneself again."""
    return act(actor, SAVED_QUERY["unshare"], query, expected=expected)


def remove_query(actor: Actor, query: SavedQuery, *, expected: int | None = None) -> SavedQuery:
    """Take it away."""
    return act(actor, SAVED_QUERY["remove"], query, expected=expected)


QUERY_VERBS: Final[dict[str, Callable[..., SavedQuery]]] = {
    "edit": edit_query,
    "share": share_query,
    "unshare": unshare_query,
    "remove": remove_query,
}
