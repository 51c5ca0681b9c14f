"""The permissions of notices: they belong to one person each."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`."""

    NOTICE_SEE = "notice:see"
    NOTICE_READ = "notice:read"
    PREFERENCE_EDIT = "preference:edit"


ROLES = {"administrator": frozenset(Can)}
