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

# Leading zeros make a code, not a number: 007 stays text.
_INTEGER: Final = "^-?(0|[1-9][0-9]{0,17})$"
_NUMBER: Final = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"
_DATE: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_DATETIME: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?$"
_SMALL: Final = 10  # counts below this are not shown


def infer(
    connection: duckdb.DuckDBPyConnection, staged: Path, names: tuple[str, ...]
) -> list[Column]:
    """The narrowest type that fits every cell of each column: one pass over the file."""
    place = str(staged).replace("'", "''")
    tests = ", ".join(_tests(quoted(name)) for name in names)
    found = connection.execute(f"SELECT {tests} FROM read_parquet('{place}')").fetchall()[0]  # noqa: S608
    columns = []
    for number, name in enumerate(names):
        filled, integer, numeric, day, moment, truth = found[number * 6 : number * 6 + 6]
        fits = (
            (truth, "boolean"),
            (integer, "integer"),
            (numeric, "number"),
            (day, "date"),
            (moment, "datetime"),
        )
        kind = next((k for count, k in fits if filled and count == filled), "text")
        columns.append(Column(name, kind))
    return columns


def _tests(name: str) -> str:
    def fits(pattern: str, cast: str = "") -> str:
        test = f"regexp_matches({name}, '{pattern}')"
        test += f" AND TRY_CAST({name} AS {cast}) IS NOT NULL" if cast else ""
        return f"count(*) FILTER (WHERE {test})"

    return ", ".join(
        [
            f"count({name})",
            fits(_INTEGER),
            fits(_NUMBER),
            fits(_DATE, "DATE"),
            fits(_DATETIME, "TIMESTAMP"),
            fits("^(true|false|TRUE|FALSE|True|False)$"),
        ]
    )


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
