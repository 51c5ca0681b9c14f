"""What the API takes and shows of links."""

from __future__ import annotations

from typing import Literal

from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import In, Offers, Owner, SubjectOut
from concordat.kernel.links.models import RELATIONS
from concordat.kernel.pages.schemas.words import Reference, Slug


class LinkQuery(ListQuery):
    """Whose links, and which."""

    reference: Reference | None = None
    relation: Literal[tuple(RELATIONS)] | None = None  # type: ignore[valid-type]
    status: Literal["standing", "removed"] | None = None


class LinkDraft(In):
    """`source` → relation → `target`, in the name of `owner`."""

    owner: Slug
    relation: Literal[tuple(RELATIONS)]  # type: ignore[valid-type]
    source: Reference
    target: Reference


class LinkRow(SubjectOut):
    """A link between two records, in a list."""

    owner: Owner
    relation: str
    source_kind: str
    source: str
    target_kind: str
    target: str


class LinkOut(LinkRow, Offers):
    """A link between two records."""
