"""Verbs of stored tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.organisations.models import Organisation
from concordat.tables.actions.versions import roll_back_table
from concordat.tables.lifecycle import TABLE
from concordat.tables.models import StoredTable


def draft_table(actor: Actor, owner: Organisation, title: str, name: str) -> StoredTable:
    """An empty stored table of `owner`."""
    return act(actor, TABLE["draft"], StoredTable(owner=owner, title=title, name=name))


def edit_table(
    actor: Actor, table: StoredTable, *, expected: int | None = None, **fields: Any
) -> StoredTable:
    """Change what people call a table, what is measured of it and how long its versions are kept;
    its name stays, because programs use it."""
    return act(actor, TABLE["edit"], table, fields, expected=expected)


def withdraw_table(
    actor: Actor, table: StoredTable, *, note: str = "", expected: int | None = None
) -> StoredTable:
    """Stop every delivery of a table; what was loaded stays."""
    return act(actor, TABLE["withdraw"], table, note=note, expected=expected)


def restore_table(actor: Actor, table: StoredTable, *, expected: int | None = None) -> StoredTable:
    """Deliver a withdrawn table again."""
    return act(actor, TABLE["restore"], table, expected=expected)


TABLE_VERBS: Final[dict[str, Callable[..., StoredTable]]] = {
    "edit": edit_table,
    "roll_back": roll_back_table,
    "withdraw": withdraw_table,
    "restore": restore_table,
}
