"""What the API takes and shows of one's own: tokens, jobs, notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from concordat.kernel.access import SCOPES, Actor, role_label
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import Offers, Out, Owner, SubjectOut, inputs, outputs
from concordat.kernel.jobs.models import Job
from concordat.kernel.notices.models import Notice, Preference
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.pages.schemas.words import Days, Scopes
from concordat.kernel.people.models import Token


class TokenQuery(ListQuery):
    """How a list of one's tokens is narrowed."""

    status: Literal["active", "revoked"] | None = None


TokenIssue = inputs("TokenIssue", Token, ["name"], scopes=(Scopes, ...), days=(Days, ...))


class TokenRow(SubjectOut):
    """A token of one's own, in a list."""

    name: str
    scopes: list[str]
    expires_at: datetime
    used_at: datetime | None


class TokenOut(TokenRow, Offers):
    """A token of one's own."""


class HeldOut(Out):
    """A role of one's own."""

    role: str
    label: str
    organisation: Owner


class MeOut(Out):
    """Who the token stands for, and what it may be used for."""

    kind: Literal["person", "client"]
    id: int
    name: str
    organisation: Owner | None
    roles: list[HeldOut]
    scopes: list[str]


def me(actor: Actor, home: Organisation | None, bodies: dict[int, Organisation]) -> dict[str, Any]:
    """What `MeOut` shows of an actor; `bodies` holds those of the grants, by id."""
    held = sorted((role, bodies[pk].name, pk) for role, pk in actor.grants if pk in bodies)
    roles = [{"role": r, "label": role_label(r), "organisation": bodies[pk]} for r, _, pk in held]
    scopes = sorted(SCOPES if actor.scopes is None else actor.scopes)
    about = {"kind": actor.kind, "id": actor.id, "name": actor.name}
    return {**about, "organisation": home, "roles": roles, "scopes": scopes}


class JobQuery(ListQuery):
    """How a list of long work is narrowed."""

    status: Literal["queued", "running", "done", "failed", "cancelled"] | None = None


JobRow = outputs(
    "JobRow",
    Job,
    ["title", "task", "percent", "message", "run_at", "started_at", "ended_at"],
    base=SubjectOut,
    percent=(int | None, ...),
)


class JobOut(JobRow, Offers):  # type: ignore[misc, valid-type]
    """One piece of long work: how far it is, how it ended."""

    owner: Owner | None
    done: int
    total: int
    tries: int
    most_tries: int
    error: str
    result: dict[str, Any]


class NoticeQuery(ListQuery):
    """How one's inbox is narrowed."""

    status: Literal["unread", "read"] | None = None


NoticeRow = outputs(
    "NoticeRow", Notice, ["text", "name", "reference", "url", "at"], base=SubjectOut
)


class NoticeOut(NoticeRow, Offers):  # type: ignore[misc, valid-type]
    """One thing one was told."""


class ReadOut(Out):
    """How many notices were unread until now."""

    read: int


PreferenceEdit = inputs("PreferenceEdit", Preference, [], email=(
    Literal[tuple(value for value, _ in Preference.CHOICES)], ...))  # fmt: skip


class PreferenceOut(Out):
    """How e-mail comes."""

    email: str
    version: int
