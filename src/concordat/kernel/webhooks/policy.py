"""The permissions of webhooks."""

from __future__ import annotations

from enum import StrEnum

from concordat.kernel.access.policy import ADMINISTRATOR, PLATFORM_ADMINISTRATOR


class Can(StrEnum):
    """`noun:verb`. Who may draft them in a body sees and keeps those of its clients."""

    WEBHOOK_DRAFT = "webhook:draft"
    WEBHOOK_CLOSE = "webhook:close"


ROLES = {ADMINISTRATOR: frozenset(Can), PLATFORM_ADMINISTRATOR: frozenset(Can)}
