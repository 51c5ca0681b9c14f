"""The dimensions of the Government Data Quality Framework (3 December 2020), measured by rule.

Never one score. Consistency is not measured: the language of conditions compares a column with
values, not with another column. Accuracy cannot be: it needs a source to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import duckdb

from concordat.tables.plane.columns import Column, find, quoted, quoted_name
from concordat.tables.plane.compile import select
from concordat.tables.plane.engine import source
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

UNMEASURED: Final = (
    ("consistency", "No rule compares one column with another"),
    ("accuracy", "It needs another source to compare with"),
)


def measured(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: str,
    version: int,
    columns: list[Column],
    *,
    rows: int,
    rejected: int,
    key: Sequence[str],
    needed: Sequence[str],
) -> list[dict[str, Any]]:
    """`dimension`, `rule`, rows `tested` and rows `failing` of each rule that the table has.

    `needed` columns are complete, `key` names one row; a column that is gone fails for every row.
    """
    policy = Policy(tuple(column.name for column in columns))
    stored = select(policy, columns, source(connection, lake, table, version))
    made = list(_complete(connection, stored, columns, rows, needed))
    if key:
        names = ", ".join(quoted_name(name) for name in key)
        failing = _doubled(connection, stored, columns, rows, key)
        made.append(_rule("uniqueness", f"No two rows have the same {names}", rows, failing))
    fits = "Each line fits the types of its columns"
    return [*made, _rule("validity", fits, rows + rejected, rejected)]


def timely(days: int, promised: int) -> dict[str, Any]:
    """The rule that a version comes at most `promised` days after the one before; it came `days`
    after it. It tests one version, and not rows."""
    rule = f"A version comes within {promised} days of the one before; this one took {days}"
    return _rule("timeliness", rule, 1, int(days > promised))


def _rule(dimension: str, rule: str, tested: int, failing: int) -> dict[str, Any]:
    return {"dimension": dimension, "rule": rule, "tested": tested, "failing": failing}


def _complete(
    connection: duckdb.DuckDBPyConnection,
    stored: str,
    columns: list[Column],
    rows: int,
    needed: Sequence[str],
) -> Iterator[dict[str, Any]]:
    held = [column for name in needed if (column := find(columns, name)) is not None]
    tests = ", ".join(["count(*)", *(f"count({quoted(column.name)})" for column in held)])
    found = connection.execute(f"SELECT {tests} FROM ({stored})").fetchall()[0]  # noqa: S608
    filled = dict(zip((c.name.casefold() for c in held), found[1:], strict=True))
    for name in needed:
        failing = rows - filled.get(name.casefold(), 0)
        yield _rule("completeness", f"{quoted_name(name)} is never empty", rows, failing)


def _doubled(
    connection: duckdb.DuckDBPyConnection,
    stored: str,
    columns: list[Column],
    rows: int,
    key: Sequence[str],
) -> int:
    """How many rows share their key with another."""
    held = [find(columns, name) for name in key]
    if None in held:
        return rows
    names = ", ".join(quoted(column.name) for column in held if column)
    found = connection.execute(
        f"SELECT coalesce(sum(n), 0)::BIGINT FROM (SELECT count(*) AS n FROM ({stored}) "  # noqa: S608
        f"GROUP BY {names} HAVING count(*) > 1)"
    ).fetchall()
    return int(found[0][0])
