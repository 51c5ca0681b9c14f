"""The kernel's own permissions and who holds them."""

from __future__ import annotations

from enum import StrEnum


class Can(StrEnum):
    """`noun:verb`. A body's permissions reach that body only; the platform's are marked."""

    ORGANISATION_EDIT = "organisation:edit"
    ORGANISATION_DRAFT = "organisation:draft"  # platform
    PERSON_SEE = "person:see"
    PERSON_INVITE = "person:invite"
    PERSON_CLOSE = "person:close"
    GRANT_GIVE = "grant:give"
    GRANT_REVOKE = "grant:revoke"
    CLIENT_DRAFT = "client:draft"
    CLIENT_CLOSE = "client:close"
    TOKEN_ISSUE = "token:issue"
    TOKEN_REVOKE = "token:revoke"
    PLATFORM_RUN = "platform:run"  # platform


ADMINISTRATOR = "administrator"
PLATFORM_ADMINISTRATOR = "platform_administrator"
PLATFORM_ROLES = frozenset({PLATFORM_ADMINISTRATOR})

_BODY = frozenset(
    {
        Can.ORGANISATION_EDIT,
        Can.PERSON_SEE,
        Can.PERSON_INVITE,
        Can.PERSON_CLOSE,
        Can.GRANT_GIVE,
        Can.GRANT_REVOKE,
        Can.CLIENT_DRAFT,
        Can.CLIENT_CLOSE,
        Can.TOKEN_ISSUE,
        Can.TOKEN_REVOKE,
    }
)
ROLES = {
    ADMINISTRATOR: _BODY,
    PLATFORM_ADMINISTRATOR: _BODY | {Can.ORGANISATION_DRAFT, Can.PLATFORM_RUN},
}
