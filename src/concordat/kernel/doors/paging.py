"""Cursor paging: up to 100 rows at a time, in a fixed order, from an opaque signed place.

A cursor names the last row seen, not how many came before, so rows made or withdrawn between two
pages neither repeat nor hide others, and no page costs more than the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

from django.core import signing
from django.db.models import Q, QuerySet
from pydantic import BaseModel, ConfigDict, Field

from concordat.kernel import refusals

MOST: Final = 100
_SALT: Final = "concordat.cursor"


class ListQuery(BaseModel):
    """The parameters of every list. A list's filters inherit from it."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MOST, description="Rows in one page")] = 20
    cursor: Annotated[
        str, Field(max_length=1024, description="`next` of the page before, as it was given")
    ] = ""

    def filters(self) -> dict[str, Any]:
        """What the list is narrowed by: every other parameter that was given."""
        return self.model_dump(exclude={"limit", "cursor"}, exclude_none=True, exclude_unset=True)


def page_of(
    rows: QuerySet[Any],
    query: ListQuery,
    *,
    order: Sequence[str] = ("-id",),
    scope: str = "",
) -> tuple[list[Any], str | None]:
    """One page of `rows`, and the cursor of the next or None.

    `order` must end in a unique field and hold no nullable one; rows read as values must hold it.
    A cursor works only for the `scope` (the list, with its filters) that made it.

    Raises NotVisible for a cursor that was not made here: there is no such page.
    """
    rows = rows.order_by(*order)
    if query.cursor:
        rows = rows.filter(_after(order, _read(query.cursor, scope, len(order))))
    found = list(rows[: query.limit + 1])
    if len(found) <= query.limit:
        return found, None
    last = found[query.limit - 1]
    place = [_plain(_value(last, name.removeprefix("-"))) for name in order]
    return found[: query.limit], signing.dumps([scope, place], salt=_SALT, compress=True)


def _read(cursor: str, scope: str, width: int) -> list[Any]:
    gone = refusals.NotVisible("There is no page at this cursor.", "Start again without a cursor.")
    try:
        made_for, place = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise gone from None
    if made_for != scope or len(place) != width:
        raise gone
    return list(place)


def _after(order: Sequence[str], place: list[Any]) -> Q:
    """The rows beyond a place, in lexicographic order of the fields."""
    beyond, level = Q(pk__in=[]), Q()
    for name, value in zip(order, place, strict=True):
        field = name.removeprefix("-")
        beyond |= level & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        level &= Q(**{field: value})
    return beyond


def _value(row: Any, path: str) -> Any:
    if isinstance(row, dict):
        return row[path]
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else value.isoformat()
