"""The one DuckDB adapter: opens a version of a table so that it shows no more than a policy."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from concordat.tables.plane.columns import Column
from concordat.tables.plane.compile import pads, select, shown
from concordat.tables.plane.errors import PolicyError, TableError
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

BATCH_ROWS: Final = 65_536
CHANGE: Final = Column("_change_type", "text")  # the last column of changes
_ENGINE: Final = (
    "SET autoinstall_known_extensions=false",
    "SET autoload_known_extensions=false",
    "SET memory_limit='1GB'",
    "SET threads=2",
)
_CONNECTION: Final = (
    "SET enable_progress_bar=false",
    "SET TimeZone='UTC'",  # or a time with a zone would depend on the host's
)


def connect(temporary: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory engine with bounded memory that never fetches an extension."""
    connection = duckdb.connect(":memory:")
    for setting in (*_ENGINE, *_CONNECTION):
        connection.execute(setting)
    if temporary is not None:
        temporary.mkdir(parents=True, exist_ok=True)
        place = str(temporary).replace("'", "''")
        connection.execute(f"SET temp_directory='{place}'")
    return connection


_engines: dict[int, duckdb.DuckDBPyConnection] = {}  # by process: an engine does not survive a fork
_starting = threading.Lock()


def cursor() -> duckdb.DuckDBPyConnection:
    """A connection to this process's engine for reading: it costs a hundredth of a new engine, and
    what many readers hold stays within one limit. It keeps nothing on disk."""
    with _starting:
        try:
            return _settled(_engines[os.getpid()].cursor())
        except (KeyError, duckdb.Error):  # there is none yet, or a fault has closed it to everybody
            _engines.clear()
            _engines[os.getpid()] = connect()
            return _settled(_engines[os.getpid()].cursor())


def _settled(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    for setting in _CONNECTION:
        connection.execute(setting)
    return connection


@dataclass
class Relation:
    """What a policy lets through of one version. Read it once, then close it."""

    connection: duckdb.DuckDBPyConnection
    sql: str
    columns: list[Column]

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows as Arrow batches, streamed: memory does not grow with the table."""
        try:
            # `sql()` streams; `execute()` would hold the whole answer in memory.
            yield from self.connection.sql(self.sql).to_arrow_reader(rows)
        except duckdb.Error as error:
            raise TableError("The stored table could not be read.") from error

    def schema(self) -> pa.Schema:
        """What the batches are made of, though there may be none. Raises TableError."""
        try:
            return self.connection.sql(f"FROM ({self.sql}) LIMIT 0").to_arrow_reader(1).schema
        except duckdb.Error as error:
            raise TableError("The stored table could not be read.") from error

    def count(self) -> int:
        """How many rows there are."""
        # fetchall: after fetchone the connection would stay busy with the unfinished answer.
        found = self.connection.execute(f"SELECT count(*) FROM ({self.sql})").fetchall()  # noqa: S608
        return int(found[0][0])

    def close(self) -> None:
        """Let go of the engine."""
        self.connection.close()


def open_table(
    lake: Lake,
    table: str,
    version: int,
    columns: list[Column],
    policy: Policy,
    key: bytes = b"",
) -> Relation:
    """`table` at `version` under `policy`, whose keyed clauses hash with `key` (32 bytes).

    Raises TableError, PolicyError or PredicateError.
    """
    connection = keyed(cursor(), policy, key)
    try:
        stored = source(connection, lake, table, version)
        return Relation(connection, select(policy, columns, stored), shown(policy, columns))
    except BaseException:
        connection.close()
        raise


def keyed(
    connection: duckdb.DuckDBPyConnection, policy: Policy, key: bytes
) -> duckdb.DuckDBPyConnection:
    """The connection, holding what the policy's keyed clauses hash with."""
    if policy.keyed:
        for name, pad in pads(key).items():
            connection.execute(f"SET VARIABLE {name} = ?", [pad])
    return connection


def source(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: str,
    version: int,
    name: str = "stored",
) -> str:
    """The version's rows as a SQL table expression, called `name` where it needs a name."""
    if not lake.is_local:
        dataset: Any = lake.open(table, version).to_pyarrow_dataset()
        connection.register(name, dataset)
        return name
    files = [address for address, _ in lake.files(table, version)]
    if missing := [file for file in files if not Path(file).exists()]:
        raise TableError(f"{len(missing)} files of version {version} are gone.")
    if not files:
        empty = lake.open(table, version).to_pyarrow_dataset()
        connection.register(name, empty)
        return name
    names = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"read_parquet([{names}])"


def open_changes(
    lake: Lake,
    table: str,
    before: tuple[int, list[Column]] | None,
    after: tuple[int, list[Column]],
    policy: Policy,
    key: bytes = b"",
) -> Relation:
    """What a load changed under `policy`: rows that came as `insert`, rows that went as `delete`, in
    the last column. `before` and `after` are a version and its columns; no `before`: all came.

    A row that stood twice and now once went once. Raises as `open_table` does, and PolicyError where
    what the policy shows is not of the same columns in both.
    """
    columns = shown(policy, after[1])
    if any(column.name.casefold() == CHANGE.name for column in columns):
        raise PolicyError(f"Changes cannot be told of a table with a column {CHANGE.name}.")
    if before is not None and shown(policy, before[1]) != columns:
        raise PolicyError(f"The columns changed with version {after[0]}: ask for changes after it.")
    connection = keyed(connect(lake.work / "spill"), policy, key)
    try:
        came = select(policy, after[1], source(connection, lake, table, after[0], "after"))
        if before is None:
            sql = f"SELECT *, 'insert' AS _change_type FROM ({came})"  # noqa: S608
        else:
            went = select(policy, before[1], source(connection, lake, table, before[0], "before"))
            sql = (
                f"SELECT *, 'delete' AS _change_type FROM (({went}) EXCEPT ALL ({came})) "  # noqa: S608
                f"UNION ALL SELECT *, 'insert' FROM (({came}) EXCEPT ALL ({went}))"
            )
        return Relation(connection, sql, [*columns, CHANGE])
    except BaseException:
        connection.close()
        raise
