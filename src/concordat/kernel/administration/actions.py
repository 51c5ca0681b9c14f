"""Inviting people, giving roles, making clients and tokens. All through `act`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from concordat.kernel.access import SCOPES, Actor, may
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.access.policy import PLATFORM_ROLES, Can
from concordat.kernel.deeds import act
from concordat.kernel.lifecycle import ANYONE
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.lifecycle import CLIENT, PERSON, TOKEN
from concordat.kernel.people.models import Client, Person, Token
from concordat.kernel.people.tokens import digest
from concordat.kernel.refusals import Invalid, NotAllowed

LONGEST = timedelta(days=366)


def invite_person(actor: Actor, owner: Organisation, email: str, name: str) -> Person:
    """Open an account for somebody at `owner`; they cannot sign in until they set a way to."""
    person = Person(email=email, name=name, owner=owner)
    person.set_unusable_password()
    return act(actor, PERSON["invite"], person)


def close_person(actor: Actor, person: Person, note: str = "") -> Person:
    """Close an account: sessions and tokens stop working at the next request."""
    return act(actor, PERSON["close"], person, note=note)


def give_role(actor: Actor, owner: Organisation, person: Person, role: str) -> Grant:
    """Give a role in `owner`. Roles of the whole platform are given by those who run it."""
    if role in PLATFORM_ROLES and not may(actor, Can.PLATFORM_RUN, None, ANYONE):
        raise NotAllowed("That role reaches beyond your organisation.")
    return act(actor, GRANT["give"], Grant(owner=owner, person=person, role=role))


def revoke_role(actor: Actor, grant: Grant, note: str = "") -> Grant:
    """Take a role back; it stops at the holder's next request."""
    return act(actor, GRANT["revoke"], grant, note=note)


def issue_token(
    actor: Actor, name: str, scopes: Iterable[str], expires_at: datetime
) -> tuple[str, Token]:
    """A token of one's own: (the secret, shown this once; its row).

    It is never wider than the token or session that asks for it, and lasts a year at most.
    """
    wanted = sorted(set(scopes))
    _check_scopes(actor, wanted)
    if not timezone.now() < expires_at <= timezone.now() + LONGEST:
        raise Invalid({"expires_at": ["Choose a moment within a year from now."]})
    secret = f"cnc_{secrets.token_urlsafe(32)}"
    token = Token(name=name[:150], digest=digest(secret), scopes=wanted, expires_at=expires_at)
    if actor.kind == "client":
        token.client_id = actor.id
    else:
        token.person_id = actor.id
    return secret, act(actor, TOKEN["issue"], token)


def _check_scopes(actor: Actor, wanted: list[str]) -> None:
    if not wanted or set(wanted) - set(SCOPES):
        raise Invalid({"scopes": [f"Choose from {', '.join(SCOPES)}."]})
    if actor.scopes is not None and set(wanted) - actor.scopes:
        raise NotAllowed("A token cannot make another that reaches further than itself.")


def revoke_token(actor: Actor, token: Token) -> Token:
    """Stop one of one's own tokens: its next use is refused."""
    return act(actor, TOKEN["revoke"], token)


def draft_client(
    actor: Actor,
    owner: Organisation,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> tuple[str, Client]:
    """An API client of `owner`: (its secret, shown this once; its row)."""
    wanted = sorted(set(scopes))
    _check_scopes(actor, wanted)
    secret = secrets.token_urlsafe(32)
    client = Client(
        owner=owner,
        name=name,
        client_id=secrets.token_hex(12),
        secret_digest=digest(secret),
        scopes=wanted,
        expires_at=expires_at,
    )
    return secret, act(actor, CLIENT["draft"], client)


def renew_client(actor: Actor, client: Client) -> str:
    """A new secret for a client; the old one stops working now."""
    secret = secrets.token_urlsafe(32)
    act(actor, CLIENT["renew"], client, {"secret_digest": digest(secret)})
    return secret


def close_client(actor: Actor, client: Client, note: str = "") -> Client:
    """End a client and with it all its tokens."""
    return act(actor, CLIENT["close"], client, note=note)
