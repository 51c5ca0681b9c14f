"""What a deed changed: field values before and after, as JSON can hold them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import models

from concordat.kernel.subject import Subject

_QUIET: Final = frozenset({"version", "modified_at", "created_at", "id"})
_SECRET: Final = frozenset({"password", "secret_digest", "digest"})


def plain(value: Any) -> Any:
    """A value as canonical JSON holds it; decimals and dates as text, bytes not at all."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal | UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return f"({type(value).__name__})"


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row's own columns by field name."""
    return {f.name: plain(f.value_from_object(row)) for f in row._meta.concrete_fields}


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Field → [before, after] for each that differs; secrets say only that they changed."""
    changes = {}
    for name, value in after.items():
        was = before.get(name)
        if name in _QUIET or was == value or (not before and value in (None, "", [], {})):
            continue
        changes[name] = ["…", "…"] if name in _SECRET else [was, value]
    return changes


def shown_fields(
    row: Subject, changes: dict[str, list[Any]], *, everything: bool
) -> dict[str, Any]:
    """The public fields a public entry's body carries: those changed, or all when it opens."""
    names = row.PUBLIC_FIELDS if everything else [n for n in row.PUBLIC_FIELDS if n in changes]
    return {name: plain(getattr(row, name, None)) for name in names}
