"""Finding what a request's body names, as far as the asker may know it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from concordat.kernel.access import Actor
from concordat.kernel.refusals import NotAllowed


def readable(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows, for a token that may read. Raises NotAllowed for one that may not."""
    if actor.scopes is not None and "read" not in actor.scopes:
        raise NotAllowed("This token may not read.", "Use one with the scope `read`.")
    return rows


def narrowed(rows: QuerySet[Any], by: dict[str, Any], **lookups: str) -> QuerySet[Any]:
    """The rows that match; `lookups` says where a filter looks that is no field of the row."""
    return rows.filter(**{lookups.get(name, name): value for name, value in by.items()})


def until(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields, with the moment `days` from now in the place of that number."""
    if "days" not in fields:
        return fields
    days = fields.pop("days")
    return {**fields, "expires_at": timezone.now() + timedelta(days=days) if days else None}
