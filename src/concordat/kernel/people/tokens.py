"""Bearer tokens at the door: looked up by digest, checked at every use."""

from __future__ import annotations

import hashlib

from concordat.kernel.access import Actor
from concordat.kernel.access.queries import actor_for, actor_of_facts
from concordat.kernel.people.models import Token


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256, in hex. A token is random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_for_token(token: str) -> Actor | None:
    """Whoever the token stands for, with its scopes; None when it is not usable now."""
    found = (
        Token.objects.usable()
        .filter(digest=digest(token))
        .select_related("person__owner", "client__owner")
        .first()
    )
    if found is None or found.holder.status != "active":
        return None
    return actor_for(found.holder, found.scopes)


def holder_of_token(token: str) -> int:
    """The id of a token's row, for an address that must die with it."""
    return Token.objects.values_list("pk", flat=True).get(digest=digest(token))


def token_is_usable(pk: int, kind: str, holder: int) -> Actor | None:
    """The actor of a token by its row, when it is still usable and still that holder's.

    Asked at each piece of a delivery, so it reads no column that an actor does not need.
    """
    if kind not in ("person", "client"):
        return None
    needed = ("name", "owner_id", "owner__name", "owner__is_government")
    found = Token.objects.usable_by(kind, holder).filter(pk=pk)
    for scopes, name, *home in found.values_list("scopes", *(f"{kind}__{n}" for n in needed)):
        return actor_of_facts(kind, holder, name, (home[0], home[1], home[2]), scopes)
    return None
