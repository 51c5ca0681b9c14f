"""What a column holds: its type, over every row and not a sample, and a short profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import duckdb

from concordat.tables.plane.columns import Column, quoted
from concordat.tables.plane.compile import select
from concordat.tables.plane.engine import source
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.staging import text_of

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
_FIRST: Final = 10_000
_SMALL: Final = 10  # counts below this are not shown


def infer(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    names: tuple[str, ...],
    number: str = _NUMBER,
) -> list[Column]:
    """The narrowest type that fits every cell of each column: one pass over the file.

    `number` is the pattern of what is taken for a number.
    """
    source = f"read_parquet({text_of(str(staged))})"
    # What does not fit the first rows cannot fit all, so most patterns are never run over those.
    first = f"(FROM {source} LIMIT {_FIRST})"
    left = _fitting(connection, first, dict.fromkeys(names, tuple(_KINDS)), number)
    left = _fitting(connection, source, left, number)
    return [Column(name, next(iter(left[name]), "text")) for name in names]


def _fitting(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    kinds: dict[str, tuple[str, ...]],
    number: str,
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
    whole = source.startswith("read_parquet")
    fits = {
        pair
        for place, pair in enumerate(asked)
        if found[2 * place] == found[2 * place + 1] and (found[2 * place] or not whole)
    }
    return {name: tuple(k for k in held if (name, k) in fits) for name, held in kinds.items()}


def _test(name: str, pattern: str, cast: str) -> str:
    test = f"regexp_matches({name}, '{pattern}')"
    test += f" AND TRY_CAST({name} AS {cast}) IS NOT NULL" if cast else ""
    return f"count(*) FILTER (WHERE {test})"


def profile(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: str,
    version: int,
    columns: list[Column],
) -> tuple[int, list[Column]]:
    """Rows, and for each column its empty cells and about how many different values.

    Counts below ten are not shown, nor are values: a profile is seen by more people than the data.
    """
    stored = source(connection, lake, table, version)
    policy = Policy(tuple(column.name for column in columns))
    tests = ", ".join(
        f"count({quoted(c.name)}), approx_count_distinct({quoted(c.name)})" for c in columns
    )
    sql = f"SELECT count(*), {tests} FROM ({select(policy, columns, stored)})"  # noqa: S608
    found = connection.execute(sql).fetchall()[0]
    rows = int(found[0])
    return rows, [
        Column(c.name, c.type, _shown(rows, found[1 + 2 * n], found[2 + 2 * n]))
        for n, c in enumerate(columns)
    ]


def _shown(rows: int, filled: Any, distinct: Any) -> dict[str, Any]:
    def count(value: int) -> int | str:
        return value if value == 0 or value >= _SMALL else f"fewer than {_SMALL}"

    return {"empty": count(rows - int(filled)), "distinct": count(int(distinct))}
