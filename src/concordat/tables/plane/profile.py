"""What a version is found to hold, so that nobody's row shows: seen by more people than the data.

A count below ten is said to be so. A range goes from the tenth smallest to the tenth largest value.
Values and shapes are shown that at least ten rows hold, and so few of them that what is left over
is nothing or at least ten rows: nobody subtracts their way to a small number.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import duckdb

from concordat.tables.plane.columns import Column, quoted
from concordat.tables.plane.compile import select
from concordat.tables.plane.engine import source
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

SMALL: Final = 10  # a number of rows below this is not shown
FEWER: Final = f"fewer than {SMALL}"
_FEW: Final = 50  # different values of a column whose commonest are shown
_TOP: Final = 10
_SHAPES: Final = 5
_SAMPLE: Final = 20_000  # rows that tell the shapes of text, which are slow to find
_LONGEST: Final = 40  # characters of a value or a shape that is shown
_UPPER, _LOWER, _DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789"


def profile(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: str,
    version: int,
    columns: list[Column],
) -> tuple[int, list[Column]]:
    """Rows, and the columns with what they hold: `empty`, `distinct` (about), `least` and `most`,
    `top` values with their rows, and `shapes` of text (A, a and 9 for letters and digits) with the
    share of all rows, in whole hundredths.

    One pass for all columns, then one more for each column of text or of few values.
    """
    stored = select(
        Policy(tuple(column.name for column in columns)),
        columns,
        source(connection, lake, table, version),
    )
    tests = ", ".join(", ".join(_measures(column)) for column in columns)
    found = connection.execute(f"SELECT count(*), {tests} FROM ({stored})").fetchall()[0]  # noqa: S608
    rows, places = int(found[0]), iter(found[1:])
    texts, made = _drawn(connection, stored, columns, rows), []
    for column in columns:
        filled, distinct, lows, highs = (next(places) for _ in range(4))
        facts = {"empty": _count(rows - filled), "distinct": _count(distinct)}
        facts |= _range(lows, highs, filled)
        empty = rows - filled
        if distinct <= _FEW:
            facts |= _top(connection, stored, column, rows, empty)
        if column.type == "text":
            facts |= _shapes(connection, texts, column, rows, empty)
        made.append(Column(column.name, column.type, facts))
    return rows, made


def _drawn(
    connection: duckdb.DuckDBPyConnection, stored: str, columns: list[Column], rows: int
) -> str:
    """The SELECT of the columns of text: of a large table, of rows that are drawn once for all."""
    names = ", ".join(quoted(column.name) for column in columns if column.type == "text")
    if not names or rows <= _SAMPLE:
        return stored
    connection.execute(
        f"CREATE TEMP TABLE drawn AS SELECT {names} FROM ({stored}) "  # noqa: S608
        f"USING SAMPLE reservoir({_SAMPLE} ROWS) REPEATABLE (1)"
    )
    return "FROM drawn"


def _measures(column: Column) -> tuple[str, ...]:
    """Filled cells, different values, and the ten least and greatest of what can be ordered."""
    name = quoted(column.name)
    counted = f"count({name})", f"approx_count_distinct({name})"
    if column.type in ("text", "boolean"):
        return *counted, "NULL", "NULL"
    finite = f"FILTER (WHERE isfinite({name}))" if column.type in ("number", "date") else ""
    return *counted, f"min({name}, {SMALL}) {finite}", f"max({name}, {SMALL}) {finite}"


def _count(rows: int) -> int | str:
    return rows if rows == 0 or rows >= SMALL else FEWER


def _range(lows: list[Any] | None, highs: list[Any] | None, filled: int) -> dict[str, Any]:
    """From the tenth smallest to the tenth largest, where those are not the same rows."""
    if filled < 2 * SMALL or not lows or not highs or min(len(lows), len(highs)) < SMALL:
        return {}
    return {"least": _plain(lows[-1]), "most": _plain(highs[-1])}


def _top(
    connection: duckdb.DuckDBPyConnection, stored: str, column: Column, rows: int, empty: int
) -> dict[str, Any]:
    name = quoted(column.name)
    found = connection.execute(
        f"SELECT {name}, count(*) FROM ({stored}) WHERE {name} IS NOT NULL "  # noqa: S608
        f"GROUP BY 1 HAVING count(*) >= {SMALL} ORDER BY 2 DESC, 1 LIMIT {_TOP}"
    ).fetchall()
    told = [
        {"value": _plain(value), "rows": count}
        for value, count in _safe(found, rows, empty)
        if not (isinstance(value, str) and len(value) > _LONGEST)
    ]
    return {"top": told} if told else {}


def _shapes(
    connection: duckdb.DuckDBPyConnection, stored: str, column: Column, rows: int, empty: int
) -> dict[str, Any]:
    """Of a large table those of a sample. What is longer than a code has no shape, and a letter
    beyond ASCII is shown as any other."""
    name, sampled = quoted(column.name), rows > _SAMPLE
    cells = f"SELECT {name} FROM ({stored})"  # noqa: S608
    plain = f"translate({name}, '{_UPPER}{_LOWER}{_DIGITS}', '{'A' * 26}{'a' * 26}{'9' * 10}')"
    found = connection.execute(
        f"SELECT regexp_replace({plain}, '[^ -~]', 'a', 'g') AS shape, count(*) FROM ({cells}) "  # noqa: S608
        f"WHERE length({name}) BETWEEN 1 AND {_LONGEST} "
        f"GROUP BY 1 HAVING count(*) >= {SMALL} ORDER BY 2 DESC, 1 LIMIT {_SHAPES}"
    ).fetchall()
    kept = found if sampled else _safe(found, rows, empty)
    shares = [(shape, round(100 * count / min(rows, _SAMPLE))) for shape, count in kept]
    told = [{"shape": shape, "share": share} for shape, share in shares if share]
    return {"shapes": told} if told else {}


def told_top(column: dict[str, Any]) -> str:
    """The most common values of a column of a profile, in words."""
    return ", ".join(f"{each['value']} ({each['rows']:,})" for each in column.get("top", []))


def told_shapes(column: dict[str, Any]) -> str:
    """The shapes of its text, in words."""
    return ", ".join(f"{each['shape']} ({each['share']}%)" for each in column.get("shapes", []))


def told(column: dict[str, Any]) -> str:
    """What it holds, in a few words for whoever chooses among columns; "" where nothing is told."""
    if column.get("top"):
        return f"such as {', '.join(str(each['value']) for each in column['top'][:3])}"
    if "least" in column:
        return f"from {column['least']} to {column['most']}"
    shapes = column.get("shapes", [])
    return f"written as {shapes[0]['shape']}" if shapes else ""


def _safe(found: list[tuple[Any, int]], rows: int, empty: int) -> list[tuple[Any, int]]:
    """The commonest first, without the least common as long as a small number could be told from
    what is left over. A small number of empty cells is not known, and so is part of that."""
    kept = list(found)
    whole = rows - (empty if empty >= SMALL else 0)
    while kept and 0 < whole - sum(count for _, count in kept) < SMALL:
        kept.pop()
    return kept


def _plain(value: Any) -> Any:
    """As JSON holds it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)
