"""Search as an actor."""

from __future__ import annotations

from collections.abc import Mapping

from concordat.kernel.access import Actor
from concordat.kernel.search.document import tokens_of
from concordat.kernel.search.find import Results, search
from concordat.kernel.search.follow import index


def find(
    actor: Actor,
    text: str = "",
    *,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
    newest: bool = False,
    page: int = 1,
    size: int = 20,
) -> Results:
    """What the actor may find; see `search`."""
    return search(
        index(), tokens_of(actor), text, chosen=chosen, newest=newest, page=page, size=size
    )
