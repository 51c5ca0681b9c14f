"""Checks on the lists that a record carries."""

from __future__ import annotations

from typing import Any, Final

from concordat.kernel.text import hidden_character

MOST_COLUMNS: Final = 2000
COLUMN_KEYS: Final = frozenset({"name", "type", "description", "personal", "unit", "codes"})


def dictionary_errors(columns: Any) -> list[str]:
    """What is wrong with a data dictionary: a list of {name, type, description, …}."""
    if not isinstance(columns, list):
        return ["This must be a list of columns."]
    if len(columns) > MOST_COLUMNS:
        return [f"Give {MOST_COLUMNS} columns or fewer."]
    errors: list[str] = []
    seen: set[str] = set()
    for number, column in enumerate(columns, 1):
        errors += [f"Column {number}: {message}" for message in _column_errors(column, seen)]
    return errors


def _column_errors(column: Any, seen: set[str]) -> list[str]:
    if not isinstance(column, dict):
        return ["must be an object with a name."]
    errors = []
    if unknown := sorted(set(column) - COLUMN_KEYS):
        errors.append(f"has unknown keys {', '.join(map(str, unknown))[:200]}.")
    name = column.get("name")
    if not isinstance(name, str) or not name.strip():
        errors.append("needs a name.")
    elif name.casefold() in seen:
        errors.append(f"repeats the name “{name[:100]}”.")
    else:
        seen.add(name.casefold())
    for key in ("name", "type", "description", "unit"):
        value = column.get(key, "")
        if not isinstance(value, str) or len(value) > 2000:
            errors.append(f"{key} must be text of 2,000 characters or fewer.")
        elif found := hidden_character(value, lines=True):
            errors.append(f"{key} holds the hidden character U+{ord(found):04X}.")
    return errors
