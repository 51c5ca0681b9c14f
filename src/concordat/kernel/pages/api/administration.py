"""People, roles and API clients on the API: each body's own, for whoever administers it."""

from __future__ import annotations

from typing import Any

from ninja import Router

from concordat.kernel.access import Actor, all_permissions, all_roles, role_label, roles_with
from concordat.kernel.access.actor import scope_of
from concordat.kernel.access.models import Grant
from concordat.kernel.access.policy import PLATFORM_ROLES
from concordat.kernel.administration import actions
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.pages.api.name import narrowed, readable, until
from concordat.kernel.pages.schemas import administration as schemas
from concordat.kernel.people.models import Client, Person
from concordat.kernel.refusals import Unknown


def people(actor: Actor, **by: Any) -> Any:
    """Oneself and the people of the bodies one administers."""
    rows = Person.objects.visible_to(actor).select_related("owner")
    return narrowed(readable(actor, rows), by, owner="owner__slug")


def invite(actor: Actor, *, owner: str, email: str, name: str, expected: None = None) -> Person:
    """Open an account in a body."""
    return actions.invite_person(actor, of_slug(actor, owner, "owner"), email, name)


def edit_person(actor: Actor, found: Person, *, expected: int | None, **fields: Any) -> Person:
    """Change one's own name or job title."""
    return actions.edit_person(actor, found, fields, expected=expected)


def grants(actor: Actor, **by: Any) -> Any:
    """One's own roles and those in the bodies one administers."""
    rows = Grant.objects.visible_to(actor).select_related("owner", "person", "client")
    return narrowed(readable(actor, rows), by, owner="owner__slug")


def give(
    actor: Actor,
    *,
    owner: str,
    role: str,
    kind: str,
    id: int | None = None,  # noqa: A002 -- the body's own name
    email: str | None = None,
    expected: None = None,
) -> Grant:
    """Give a role in a body to a person or a client that one sees, or to whoever has an address."""
    body = of_slug(actor, owner, "owner")
    if role not in all_roles():
        raise Unknown({"role": [f"There is no role {role}. GET /roles lists them."]})
    if email is not None:
        if kind != "person" or id is not None:
            raise Unknown({"email": ["Only a person has an address: leave out the id."]})
        return actions.give_role_to_address(actor, body, email, role)
    holders = Person.objects if kind == "person" else Client.objects
    found = holders.visible_to(actor).filter(pk=id).first()
    if found is None:
        named = f"There is no {kind} {id} that you can see." if id is not None else ""
        raise Unknown({"id": [named or "Name the holder by id, or a person by email."]})
    return actions.give_role(actor, body, found, role)


def clients(actor: Actor, **by: Any) -> Any:
    """The API clients of the bodies one administers."""
    rows = Client.objects.visible_to(actor).select_related("owner")
    return narrowed(readable(actor, rows), by, owner="owner__slug")


def draft_client(
    actor: Actor, *, owner: str, expected: None = None, **fields: Any
) -> tuple[str, Client]:
    """Make a client of a body."""
    return actions.draft_client(actor, of_slug(actor, owner, "owner"), **until(fields))


def edit_client(actor: Actor, found: Client, *, expected: int | None, **fields: Any) -> Client:
    """Change a client."""
    return actions.edit_client(actor, found, until(fields), expected=expected)


PEOPLE = Resource(
    model=Person,
    plural="people",
    key="id",
    read=people,
    out=schemas.PersonOut,
    row=schemas.PersonRow,
    query=schemas.PersonQuery,
    order=("name", "id"),
    public=False,
    verbs={
        "invite": Verb(invite, schemas.PersonInvite),
        "edit": Verb(edit_person, schemas.PersonEdit, "Change one's own name or job title"),
        "invite_again": Verb(actions.invite_again),
        "close": Verb(actions.close_person),
        "reopen": Verb(actions.reopen_person),
    },
)
GRANTS = Resource(
    model=Grant,
    plural="grants",
    key="id",
    read=grants,
    out=schemas.GrantOut,
    row=schemas.GrantRow,
    query=schemas.GrantQuery,
    public=False,
    verbs={
        "give": Verb(give, schemas.GrantGive, "Give a role"),
        "revoke": Verb(actions.revoke_role, about="Take a role back"),
    },
)
CLIENTS = Resource(
    model=Client,
    plural="clients",
    key="id",
    read=clients,
    out=schemas.ClientOut,
    row=schemas.ClientRow,
    query=schemas.ClientQuery,
    order=("name", "id"),
    public=False,
    verbs={
        "draft": Verb(draft_client, schemas.ClientDraft, "Make an API client", secret=True),
        "edit": Verb(edit_client, schemas.ClientEdit),
        "renew": Verb(actions.renew_client, about="Make a new secret", secret=True),
        "close": Verb(actions.close_client),
    },
)


def add_to(router: Router) -> None:
    """Add the operations."""
    for resource in (PEOPLE, GRANTS, CLIENTS):
        mount(router, resource)
    router.get(
        "/roles",
        response=schemas.RolesPage,
        operation_id="list_roles",
        summary="The roles there are",
        auth=None,
    )(roles)
    router.get(
        "/permissions",
        response=schemas.PermissionsPage,
        operation_id="list_permissions",
        summary="The permissions there are",
        auth=None,
    )(permissions)


def roles(request: ActorRequest) -> dict[str, Any]:
    """Every role, with what it lets somebody do."""
    found = [
        {
            "role": role,
            "label": role_label(role),
            "platform": role in PLATFORM_ROLES,
            "permissions": sorted(held),
        }
        for role, held in sorted(all_roles().items())
    ]
    return {"items": found}


def permissions(request: ActorRequest) -> dict[str, Any]:
    """Every permission, with the roles that hold it and the scope a token needs for it."""
    found = [
        {"permission": name, "scope": scope_of(name), "roles": sorted(roles_with(name))}
        for name in sorted(all_permissions())
    ]
    return {"items": found}
