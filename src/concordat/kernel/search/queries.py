"""Search as an actor."""

from __future__ import annotations

from collections.abc import Mapping

from concordat.kernel.access import Actor
from concordat.kernel.audit.follow import end_of_log
from concordat.kernel.refusals import Refusal
from concordat.kernel.search.document import tokens_of
from concordat.kernel.search.find import Results, search
from concordat.kernel.search.follow import index
from concordat.kernel.search.host import DamagedError
from concordat.kernel.search.index import FACETS
from concordat.kernel.search.words import read


class Unavailable(Refusal):
    """503: the index of this host is being built."""

    status = 503
    code = "search-unavailable"
    title = "Search is being prepared"
    default_detail = "The search index of this host is being built again."
    default_mend = "Try again in a minute. Nothing is lost, and everything else works."


def find(
    actor: Actor,
    text: str = "",
    *,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
    newest: bool = False,
    page: int = 1,
    size: int = 20,
) -> Results:
    """What the actor may find; see `search`. Raises Unavailable while there is no index to ask."""
    audience = tokens_of(actor)
    try:
        return search(index(), audience, text, chosen=chosen, newest=newest, page=page, size=size)
    except DamagedError as error:
        if end_of_log() < 0:  # nothing has been written: nothing is the truth
            return Results(0, [], {name: [] for name in FACETS}, read(text))
        raise Unavailable from error
