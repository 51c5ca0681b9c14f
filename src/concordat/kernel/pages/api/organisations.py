"""Organisations on the API: anyone reads."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from ninja import Router

from concordat.kernel.access import Actor
from concordat.kernel.administration import actions
from concordat.kernel.doors.resources import Resource, Verb, mount
from concordat.kernel.organisations import queries
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.pages.schemas import organisations as schemas


def read(actor: Actor, q: str = "", government: str = "", **by: Any) -> QuerySet[Organisation]:
    """Every body, or those that match."""
    rows = queries.organisations(actor).filter(**by)
    if government:
        rows = rows.filter(is_government=government == "true")
    return queries.like(rows, q) if q else rows


def draft(actor: Actor, *, expected: None = None, **fields: Any) -> Organisation:
    """Enter a body."""
    return actions.draft_organisation(actor, fields)


def edit(actor: Actor, found: Organisation, *, expected: int | None, **fields: Any) -> Organisation:
    """Change what a body says of itself."""
    return actions.edit_organisation(actor, found, fields, expected=expected)


def place(
    actor: Actor,
    found: Organisation,
    *,
    expected: int | None,
    domains: list[str] | None = None,
    **fields: list[str],
) -> Organisation:
    """Say what a body is part of, what it became, and which e-mail domains are its own."""
    values = {
        name: [queries.of_slug(actor, slug, name) for slug in slugs]
        for name, slugs in fields.items()
    }
    return actions.place_organisation(actor, found, values, domains=domains, expected=expected)


def add_to(router: Router) -> None:
    """Add the operations."""
    mount(
        router,
        Resource(
            model=Organisation,
            plural="organisations",
            key="slug",
            read=read,
            out=schemas.OrganisationOut,
            row=schemas.OrganisationRow,
            query=schemas.OrganisationQuery,
            order=("name", "id"),
            verbs={
                "draft": Verb(draft, schemas.OrganisationDraft),
                "edit": Verb(edit, schemas.OrganisationEdit),
                "place": Verb(
                    place,
                    schemas.OrganisationPlace,
                    "Say what a body is part of, what it became, and its e-mail domains",
                ),
                "close": Verb(actions.close_organisation),
                "reopen": Verb(actions.reopen_organisation),
            },
        ),
    )
