"""Inviting people, giving roles, making clients and tokens. All through `act`."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import SCOPES, SYSTEM, Actor, may
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.access.policy import PLATFORM_ROLES, Can
from concordat.kernel.deeds import act
from concordat.kernel.lifecycle import ANYONE, OWNER
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation, Parentage, Succession
from concordat.kernel.organisations.queries import leads_back
from concordat.kernel.people.lifecycle import CLIENT, PERSON, TOKEN
from concordat.kernel.people.models import Client, Person, Token
from concordat.kernel.people.tokens import digest
from concordat.kernel.refusals import Invalid, NotAllowed, Unknown, WrongState

LONGEST = timedelta(days=366)


def draft_organisation(actor: Actor, values: Mapping[str, Any]) -> Organisation:
    """Enter a body that is not here yet."""
    return act(actor, ORGANISATION["draft"], Organisation(), values)


def edit_organisation(
    actor: Actor, organisation: Organisation, values: Mapping[str, Any], expected: int | None = None
) -> Organisation:
    """Change what a body says of itself: its name, abbreviation and other names.

    Whether it is part of government opens records to it, and an e-mail domain brings it the accounts
    of all who sign in with one: those are for whoever runs the platform.
    """
    theirs = {"is_government", "domains"} & set(values)
    if theirs and not may(actor, Can.PLATFORM_RUN, None, ANYONE):
        raise NotAllowed("Only those who run the platform say that of a body.")
    return act(actor, ORGANISATION["edit"], organisation, values, expected=expected)


def place_organisation(
    actor: Actor,
    organisation: Organisation,
    values: Mapping[str, Sequence[Organisation]],
    *,
    domains: Sequence[str] | None = None,
    expected: int | None = None,
) -> Organisation:
    """Say which bodies one is part of (`parents`), which it became (`successors`), and of which
    e-mail domains its people are.

    What is left out stays. Raises Invalid for a circle: no body is part of itself, by however many
    steps, or becomes what it was.
    """
    ends = {name: {body.pk for body in bodies} for name, bodies in values.items()}
    with transaction.atomic():
        # One at a time: two changes that each close half of a circle do not pass each other.
        Organisation.objects.select_for_update().order_by("pk").first()
        if may(actor, Can.PLATFORM_RUN, None, ANYONE):
            _refuse_circles(actor, organisation, ends)
        change: dict[str, Any] = {name: sorted(pks) for name, pks in ends.items()}
        if domains is not None:
            change["domains"] = list(domains)
        return act(actor, ORGANISATION["place"], organisation, change, expected=expected)


def _refuse_circles(actor: Actor, organisation: Organisation, ends: dict[str, set[int]]) -> None:
    if leads_back(actor, Parentage, organisation.pk, ends.get("parents", set())):
        says = f"{organisation} would be part of itself. Leave out what is itself part of it."
        raise Invalid({"parents": [says]})
    if leads_back(actor, Succession, organisation.pk, ends.get("successors", set())):
        says = f"{organisation} would become itself. Leave out what it was before."
        raise Invalid({"successors": [says]})


def close_organisation(
    actor: Actor, organisation: Organisation, expected: int | None = None
) -> Organisation:
    """Say that a body is no more; its records stay."""
    return act(actor, ORGANISATION["close"], organisation, expected=expected)


def reopen_organisation(
    actor: Actor, organisation: Organisation, expected: int | None = None
) -> Organisation:
    """Say that a body lives after all."""
    return act(actor, ORGANISATION["reopen"], organisation, expected=expected)


def invite_person(actor: Actor, owner: Organisation, email: str, name: str) -> Person:
    """Open an account for somebody at `owner`; the e-mail that follows lets them set a password."""
    person = Person(email=email, name=name, owner=owner)
    person.set_unusable_password()
    return act(actor, PERSON["invite"], person)


def invite_again(actor: Actor, person: Person, expected: int | None = None) -> Person:
    """Send the invitation again. Raises WrongState once the person has signed in."""
    return act(actor, PERSON["invite_again"], person, _not_in_yet, expected=expected)


def _not_in_yet(person: Person) -> None:
    if person.last_login is not None:
        raise WrongState(
            f"{person.name} has signed in already.",
            "Whoever forgot their password asks for a new one on the sign-in page.",
        )


def edit_person(
    actor: Actor, person: Person, values: Mapping[str, Any], expected: int | None = None
) -> Person:
    """Change one's own name or job title."""
    return act(actor, PERSON["edit"], person, values, expected=expected)


def close_person(
    actor: Actor, person: Person, note: str = "", expected: int | None = None
) -> Person:
    """Close an account: sessions and tokens stop working at the next request."""
    return act(actor, PERSON["close"], person, note=note, expected=expected)


def reopen_person(actor: Actor, person: Person, expected: int | None = None) -> Person:
    """Open a closed account again, with the roles and tokens it still has."""
    return act(actor, PERSON["reopen"], person, expected=expected)


def give_role(actor: Actor, owner: Organisation, holder: Person | Client, role: str) -> Grant:
    """Give a role in `owner`. Roles of the whole platform are given by those who run it."""
    _refuse_platform_role(actor, role)
    if actor.kind == "client":  # or a person could give themselves anything through one
        raise NotAllowed("Roles are given by people.", "Sign in and give it yourself.")
    if actor.kind == holder.KIND and actor.id == holder.pk:
        raise NotAllowed("Nobody gives a role to themselves.", "Ask another administrator.")
    return act(actor, GRANT["give"], Grant(owner=owner, role=role, **{holder.KIND: holder}))


def give_role_to_address(actor: Actor, owner: Organisation, email: str, role: str) -> Grant:
    """Give a role in `owner` to whoever has exactly this address, at whichever body they work.

    Only who may give roles in `owner` learns whether there is such an account: decision 9. Raises
    NotAllowed before it looks, and Unknown for an address without an account that is open.
    """
    if not may(actor, Can.GRANT_GIVE, owner, OWNER):
        raise NotAllowed
    people = Person.objects.visible_to(SYSTEM)
    found = people.filter(email__iexact=email.strip(), status="active").first()
    if found is None:
        says = "Nobody with an open account has exactly this address. Invite them, or have them invited"
        raise Unknown({"email": [says]})
    return give_role(actor, owner, found, role)


def revoke_role(actor: Actor, grant: Grant, note: str = "", expected: int | None = None) -> Grant:
    """Take a role back; it stops at the holder's next request."""
    if grant.person_id != actor.id or actor.kind != "person":  # one's own may always be laid down
        _refuse_platform_role(actor, grant.role)
    return act(actor, GRANT["revoke"], grant, note=note, expected=expected)


def _refuse_platform_role(actor: Actor, role: str) -> None:
    if role in PLATFORM_ROLES and not may(actor, Can.PLATFORM_RUN, None, ANYONE):
        raise NotAllowed("That role reaches beyond your organisation.")


def issue_token(
    actor: Actor, name: str, scopes: Iterable[str], expires_at: datetime
) -> tuple[str, Token]:
    """A token of one's own: (the secret, shown this once; its row).

    It is never wider than the token or session that asks for it, and lasts a year at most.
    """
    wanted = sorted(set(scopes))
    _check_scopes(actor, wanted)
    _check_end(expires_at)
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
    _refuse_further(actor, wanted)


def _refuse_further(actor: Actor, wanted: Iterable[str]) -> None:
    if actor.scopes is not None and set(wanted) - actor.scopes:
        raise NotAllowed("A token cannot make another that reaches further than itself.")


def _check_end(expires_at: datetime) -> None:
    if not timezone.now() < expires_at <= timezone.now() + LONGEST:
        raise Invalid({"expires_at": ["Choose a moment within a year from now."]})


def revoke_token(actor: Actor, token: Token, expected: int | None = None) -> Token:
    """Stop one of one's own tokens: its next use is refused."""
    return act(actor, TOKEN["revoke"], token, expected=expected)


def draft_client(
    actor: Actor,
    owner: Organisation,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> tuple[str, Client]:
    """An API client of `owner`: (its secret, shown this once; its row).

    It works until somebody closes it, or until `expires_at`, which is within a year.
    """
    wanted = sorted(set(scopes))
    _check_scopes(actor, wanted)
    if expires_at is not None:
        _check_end(expires_at)
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


def edit_client(
    actor: Actor, client: Client, values: Mapping[str, Any], expected: int | None = None
) -> Client:
    """Change a client's name, what it may do, or until when; its tokens stay as they were issued."""
    if "scopes" in values:
        values = {**values, "scopes": sorted(set(values["scopes"]))}
        _check_scopes(actor, values["scopes"])
    if values.get("expires_at") is not None:
        _check_end(values["expires_at"])
    return act(actor, CLIENT["edit"], client, values, expected=expected)


def renew_client(actor: Actor, client: Client, expected: int | None = None) -> tuple[str, Client]:
    """A new secret for a client: (the secret, shown this once; its row). The old one stops now.

    Whoever holds the secret gets tokens of all the client's scopes, so a token asks for no more than
    its own here too.
    """
    _refuse_further(actor, client.scopes)
    secret = secrets.token_urlsafe(32)
    change = {"secret_digest": digest(secret)}
    return secret, act(actor, CLIENT["renew"], client, change, expected=expected)


def close_client(
    actor: Actor, client: Client, note: str = "", expected: int | None = None
) -> Client:
    """End a client and with it all its tokens."""
    return act(actor, CLIENT["close"], client, note=note, expected=expected)
