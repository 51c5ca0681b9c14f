"""Bearer tokens at the door: looked up by digest, checked at every use."""

from __future__ import annotations

import hashlib
from typing import Final

from concordat.kernel.access import Actor
from concordat.kernel.access.queries import actor_of_facts
from concordat.kernel.people.models import Token

# What an actor is made of: a token is looked up at every request, so nothing else is read.
_HOLDER: Final = ("status", "name", "owner_id", "owner__name", "owner__is_government")


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256, in hex. A token is random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_for_token(token: str) -> Actor | None:
    """Whoever the token stands for, with its scopes; None when it is not usable now."""
    found = Token.objects.usable().filter(digest=digest(token))
    columns = [f"{kind}__{name}" for kind in ("person", "client") for name in ("id", *_HOLDER)]
    for scopes, *facts in found.values_list("scopes", *columns):
        kind, (pk, status, name, *home) = (
            ("person", facts[:6]) if facts[0] is not None else ("client", facts[6:])
        )
        if status == "active":
            return actor_of_facts(kind, pk, name, (home[0], home[1], home[2]), scopes)
    return None


def holder_of_token(token: str) -> int:
    """The id of a token's row, for an address that must die with it."""
    return Token.objects.values_list("pk", flat=True).get(digest=digest(token))


def token_is_usable(pk: int, kind: str, holder: int) -> Actor | None:
    """The actor of a token by its row, when it is still usable and still that holder's.

    Asked at each piece of a delivery, so it reads no column that an actor does not need.
    """
    if kind not in ("person", "client"):
        return None
    found = Token.objects.usable_by(kind, holder).filter(pk=pk)
    columns = [f"{kind}__{name}" for name in _HOLDER[1:]]
    for scopes, name, *home in found.values_list("scopes", *columns):
        return actor_of_facts(kind, holder, name, (home[0], home[1], home[2]), scopes)
    return None
