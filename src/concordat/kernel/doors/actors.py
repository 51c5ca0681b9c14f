"""Who is asking: the person of the session, or whoever a bearer token stands for.

The API listens to tokens only. A cookie never opens it, so no other site can make a browser use it.
"""

from __future__ import annotations

from django.http import HttpRequest

from concordat.kernel import refusals
from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.access.queries import actor_for
from concordat.kernel.people.tokens import actor_for_token

_API = "/api/"


class ActorRequest(HttpRequest):
    """A request as views get it: for annotations, never made."""

    actor: Actor
    request_id: str


def bearer(request: HttpRequest) -> str | None:
    """The token of an `Authorization: Bearer …` header, or None when there is no such header.

    Raises NotSignedIn when the header is of another kind, so that nobody who tried to sign in is
    answered as the public.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > 4096:
        raise refusals.NotSignedIn("The Authorization header holds no bearer token.")
    return token.strip()


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request; PUBLIC when nobody says who they are.

    Raises NotSignedIn for a token that is unknown, expired or revoked.
    """
    if request.path.startswith(_API):
        token = bearer(request)
        if token is None:
            return PUBLIC
        actor = actor_for_token(token)
        if actor is None:
            raise refusals.NotSignedIn("This token is not known, has expired or was revoked.")
        return actor
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or not person.is_active:
        return PUBLIC
    return actor_for(person)
