"""What a column holds: its type, over every row and not a sample."""

from __future__ import annotations

from typing import Final

import duckdb

from concordat.tables.plane.columns import Column, quoted

# Leading zeros make a code, not a number: 007 stays text.
_INTEGER: Final = "^-?(0|[1-9][0-9]{0,17})$"
_NUMBER: Final = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"
# A number of JSON is told from its text already, so it may have every digit that a double has.
JSON_NUMBER: Final = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,20})?(e-[0-9]{1,3})?$"
_DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DATETIME: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"
# The narrowest first: (pattern, cast that must succeed too).
_KINDS: Final = {
    "boolean": ("^(true|false|TRUE|FALSE|True|False)$", ""),
    "integer": (_INTEGER, ""),
    "number": (_NUMBER, ""),
    "date": (_DATE, "DATE"),
    "datetime": (_DATETIME, "TIMESTAMP"),
}
# Cheaper tests, for what they let pass the pattern would too; the rest they may be wrong about.
_SURE: Final = {
    "boolean": "{0} IN ('true', 'false', 'TRUE', 'FALSE', 'True', 'False')",
    "date": "strlen({0}) = 10 AND CAST(TRY_CAST({0} AS DATE) AS VARCHAR) = {0}",
}
_FIRST: Final = 10_000


def guessed(
    connection: duckdb.DuckDBPyConnection, source: str, names: tuple[str, ...]
) -> tuple[str, list[Column]]:
    """The columns that the first rows of `source` speak for, and the SELECT of all of its rows as
    those. It fails where a later cell does not fit, so that it is `infer` who must say.
    """
    first = f"(FROM {source} LIMIT {_FIRST})"
    left = _fitting(connection, first, dict.fromkeys(names, tuple(_KINDS)), _NUMBER, whole=False)
    columns = [Column(name, _narrowest(left[name])) for name in names]
    cells = [
        _held(quoted(column.name), column, empty=len(left[column.name]) == len(_KINDS))
        for column in columns
    ]
    return f"SELECT {', '.join(cells)} FROM {source}", columns  # noqa: S608 - identifiers are quoted


def _narrowest(kinds: tuple[str, ...]) -> str:
    """Of a column that is empty so far nothing is known, and one that stays so is text."""
    return "text" if not kinds or len(kinds) == len(_KINDS) else kinds[0]


def _held(name: str, column: Column, *, empty: bool) -> str:
    """The cell as its type, or a failure."""
    if column.type == "text" and not empty:
        return name
    pattern, cast = _KINDS.get(column.type, ("", ""))
    sure = _SURE.get(column.type, _matches("{0}", pattern, cast)).replace("{0}", name)
    test = f"{name} IS NULL" if empty else f"{name} IS NULL OR {sure}"
    value = name if empty else f"TRY_CAST({name} AS {column.duckdb})"
    return f"CASE WHEN {test} THEN {value} ELSE error('misfit') END AS {name}"


def infer(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    names: tuple[str, ...],
    number: str = _NUMBER,
) -> list[Column]:
    """The narrowest type that fits every cell of each column of `source` (a SQL table expression of
    text): one pass over it.

    `number` is the pattern of what is taken for a number.
    """
    # What does not fit the first rows cannot fit all, so most patterns are never run over those.
    first = f"(FROM {source} LIMIT {_FIRST})"
    left = _fitting(connection, first, dict.fromkeys(names, tuple(_KINDS)), number, whole=False)
    left = _fitting(connection, source, left, number, whole=True)
    return [Column(name, next(iter(left[name]), "text")) for name in names]


def _fitting(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    kinds: dict[str, tuple[str, ...]],
    number: str,
    *,
    whole: bool,
) -> dict[str, tuple[str, ...]]:
    """Of the `kinds` of each column those that every filled cell fits; all where none is filled."""
    patterns = _KINDS | {"number": (number, "")}
    asked = [(name, kind) for name, held in kinds.items() for kind in held]
    if not asked:
        return kinds
    tests = [
        f"count({quoted(name)}), {_test(quoted(name), *patterns[kind])}" for name, kind in asked
    ]
    found = connection.execute(f"SELECT {', '.join(tests)} FROM {source}").fetchall()[0]  # noqa: S608
    fits = {
        pair
        for place, pair in enumerate(asked)
        if found[2 * place] == found[2 * place + 1] and (found[2 * place] or not whole)
    }
    return {name: tuple(k for k in held if (name, k) in fits) for name, held in kinds.items()}


def _test(name: str, pattern: str, cast: str) -> str:
    return f"count(*) FILTER (WHERE {_matches(name, pattern, cast)})"


def _matches(name: str, pattern: str, cast: str) -> str:
    test = f"regexp_matches({name}, '{pattern}')"
    return f"{test} AND TRY_CAST({name} AS {cast}) IS NOT NULL" if cast else test
