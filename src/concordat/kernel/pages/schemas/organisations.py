"""What the API takes and shows of organisations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import Offers, Out, SubjectOut, inputs, outputs
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.organisations.queries import Tie, ties
from concordat.kernel.pages.schemas.words import Lines, Slug


class OrganisationQuery(ListQuery):
    """How a list of organisations is narrowed."""

    q: Annotated[str, Field(max_length=100, description="Part of a name, old or new")] | None = None
    kind: Annotated[str, Field(max_length=64)] | None = None
    status: Literal["live", "closed"] | None = None
    government: Literal["true", "false"] | None = None


OrganisationRow = outputs(
    "OrganisationRow",
    Organisation,
    ["slug", "name", "abbreviation", "kind", "is_government"],
    base=SubjectOut,
)
OrganisationDraft = inputs(
    "OrganisationDraft",
    Organisation,
    ["name", "abbreviation", "kind", "is_government"],
    slug=(Slug, ...),
    aliases=(Lines, []),
    domains=(Lines, []),
)
OrganisationEdit = inputs(
    "OrganisationEdit", Organisation, ["name", "abbreviation"], partial=True, aliases=(Lines, [])
)

_SLUGS: Any = (Annotated[list[Slug], Field(max_length=100)], None)
OrganisationPlace = inputs(
    "OrganisationPlace",
    Organisation,
    [],
    partial=True,
    parents=_SLUGS,
    successors=_SLUGS,
    domains=(Lines, []),
)


class TieOut(Out):
    """Another body that one belongs with, from a date until a date where they are known."""

    slug: str
    name: str
    since: date | None
    until: date | None

    @staticmethod
    def resolve_slug(tie: Tie) -> str:
        """Of the other body."""
        return tie.body.slug

    @staticmethod
    def resolve_name(tie: Tie) -> str:
        """Of the other body."""
        return tie.body.name


class OrganisationOut(OrganisationRow, Offers):  # type: ignore[misc, valid-type]
    """A body: its other names, what it is part of, what it was and what it became."""

    aliases: list[str]
    domains: list[str]
    part_of: list[TieOut]
    was: list[TieOut]
    became: list[TieOut]

    @staticmethod
    def resolve_part_of(found: Organisation, context: Any) -> list[Tie]:
        """The bodies above it."""
        return ties(context["request"].actor, found).part_of

    @staticmethod
    def resolve_was(found: Organisation, context: Any) -> list[Tie]:
        """The bodies before it."""
        return ties(context["request"].actor, found).was

    @staticmethod
    def resolve_became(found: Organisation, context: Any) -> list[Tie]:
        """The bodies after it."""
        return ties(context["request"].actor, found).became
