"""Bearer tokens at the door: looked up by digest, checked at every use."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, transaction
from django.utils import timezone

from concordat.kernel.access import Actor
from concordat.kernel.access.queries import actor_of_facts
from concordat.kernel.people.models import Token

# What an actor is made of: a token is looked up at every request, so nothing else is read.
_HOLDER: Final = ("status", "name", "owner_id", "owner__name", "owner__is_government")
_NOTED: Final = timedelta(hours=1)  # a token's use is noted no more often


def digest(token: str) -> str:
    """What is kept of a token: its SHA-256, in hex. A token is random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_for_token(token: str) -> Actor | None:
    """Whoever the token stands for, with its scopes; None when it is not usable now."""
    found = Token.objects.usable().filter(digest=digest(token))
    columns = [f"{kind}__{name}" for kind in ("person", "client") for name in ("id", *_HOLDER)]
    for row, used_at, scopes, *facts in found.values_list("pk", "used_at", "scopes", *columns):
        kind, (pk, status, name, *home) = (
            ("person", facts[:6]) if facts[0] is not None else ("client", facts[6:])
        )
        if status == "active":
            _note_use(row, used_at)
            return actor_of_facts(kind, pk, name, (home[0], home[1], home[2]), scopes)
    return None


def _note_use(token: int, before: datetime | None) -> None:
    """Keep when a token was used, so that its holder sees which ones nobody needs.

    A host that may only read keeps none, and answers all the same.
    """
    now = timezone.now()
    if before is None or now - before >= _NOTED:
        with suppress(DatabaseError), transaction.atomic():
            Token.objects.filter(pk=token).update(used_at=now)


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
