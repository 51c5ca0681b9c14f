"""What the API takes and shows of people, roles and API clients."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from concordat.kernel.access.models import Grant
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import (
    In,
    Offers,
    Out,
    Owner,
    SubjectOut,
    inputs,
    outputs,
)
from concordat.kernel.pages.schemas.words import Days, Number, Scopes, Slug, Status
from concordat.kernel.people.models import Client, Person


class PersonQuery(ListQuery):
    """How a list of people is narrowed."""

    owner: Slug | None = None
    status: Literal["active", "closed"] | None = None


Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
PersonInvite = inputs("PersonInvite", Person, ["name"], owner=(Slug, ...), email=(Email, ...))
PersonEdit = inputs("PersonEdit", Person, ["name", "job_title"], partial=True)
_person = outputs("PersonFields", Person, ["name", "email", "job_title"], base=SubjectOut)


class PersonRow(_person):  # type: ignore[misc, valid-type]
    """Somebody with an account, in a list."""

    owner: Owner | None


class PersonOut(PersonRow, Offers):
    """Somebody with an account. Their roles are under `/grants`."""


class GrantQuery(ListQuery):
    """How a list of roles held is narrowed."""

    owner: Slug | None = None
    person: Number | None = None
    client: Number | None = None
    role: Status | None = None
    status: Literal["active", "revoked"] | None = None


class GrantGive(In):
    """A role, in a body, for a person or an API client; for a person of any body by address."""

    owner: Slug
    role: Annotated[str, Field(min_length=1, max_length=64)]
    kind: Annotated[Literal["person", "client"], Field(description="What kind the holder is")]
    id: Annotated[Number | None, Field(description="The holder's id")] = None
    email: Annotated[
        Email | None, Field(description="In place of an id: the whole address of a person")
    ] = None


class GrantRow(SubjectOut):
    """A role that somebody holds in a body, in a list."""

    owner: Owner
    role: str
    person_id: int | None
    client_id: int | None
    holder: str

    @staticmethod
    def resolve_holder(found: Grant) -> str:
        """The name of whoever holds it."""
        return str(found.person or found.client)


class GrantOut(GrantRow, Offers):
    """A role that somebody holds in a body."""


class RoleOut(Out):
    """A role there is, with what it lets somebody do in the body it is given in."""

    role: str
    label: str
    platform: bool
    permissions: list[str]


class RolesPage(Out):
    """Every role."""

    items: list[RoleOut]


class PermissionOut(Out):
    """A permission there is, who holds it, and which scope a token needs for it."""

    permission: str
    scope: str
    roles: list[str]


class PermissionsPage(Out):
    """Every permission."""

    items: list[PermissionOut]


class ClientQuery(ListQuery):
    """How a list of API clients is narrowed."""

    owner: Slug | None = None
    status: Literal["active", "closed"] | None = None


ClientDraft = inputs(
    "ClientDraft",
    Client,
    ["name"],
    owner=(Slug, ...),
    scopes=(Scopes, ...),
    days=(Days | None, None),
)
ClientEdit = inputs(
    "ClientEdit",
    Client,
    ["name"],
    partial=True,
    scopes=(Scopes, None),
    days=(Days | None, None),
)


class ClientRow(SubjectOut):
    """An API client of a body, in a list."""

    owner: Owner
    name: str
    client_id: str
    scopes: list[str]
    expires_at: datetime | None


class ClientOut(ClientRow, Offers):
    """An API client of a body. Its roles are under `/grants`."""
