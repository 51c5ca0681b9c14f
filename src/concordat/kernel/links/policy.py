"""The permissions of links."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`."""

    LINK_DRAFT = "link:draft"
    LINK_REMOVE = "link:remove"


ROLES = {
    "data_steward": frozenset({Can.LINK_DRAFT, Can.LINK_REMOVE}),
    "analyst": frozenset({Can.LINK_DRAFT, Can.LINK_REMOVE}),
}
