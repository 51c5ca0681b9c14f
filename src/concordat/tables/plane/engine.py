"""The one DuckDB adapter: opens a version of a table so that it shows no more than a policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from concordat.tables.plane.columns import Column
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

BATCH_ROWS: Final = 65_536
_SETTINGS: Final = (
    "SET autoinstall_known_extensions=false",
    "SET autoload_known_extensions=false",
    "SET enable_progress_bar=false",
    "SET memory_limit='1GB'",
    "SET threads=2",
    "SET TimeZone='UTC'",  # or a time with a zone would depend on the host's
)


def connect(temporary: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory connection with bounded memory that never fetches an extension."""
    connection = duckdb.connect(":memory:")
    for setting in _SETTINGS:
        connection.execute(setting)
    if temporary is not None:
        temporary.mkdir(parents=True, exist_ok=True)
        place = str(temporary).replace("'", "''")
        connection.execute(f"SET temp_directory='{place}'")
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
        """What the batches are made of, though there may be none."""
        return self.connection.sql(f"FROM ({self.sql}) LIMIT 0").to_arrow_reader(1).schema

    def count(self) -> int:
        """How many rows there are."""
        # fetchall: after fetchone the connection would stay busy with the unfinished answer.
        found = self.connection.execute(f"SELECT count(*) FROM ({self.sql})").fetchall()  # noqa: S608
        return int(found[0][0])

    def close(self) -> None:
        """Let go of the engine."""
        self.connection.close()


def open_table(
    lake: Lake, table: str, version: int, columns: list[Column], policy: Policy
) -> Relation:
    """`table` at `version` under `policy`. Raises TableError, PolicyError or PredicateError."""
    connection = connect()
    try:
        stored = source(connection, lake, table, version)
        return Relation(connection, policy.select(columns, stored), policy.allowed(columns))
    except BaseException:
        connection.close()
        raise


def source(connection: duckdb.DuckDBPyConnection, lake: Lake, table: str, version: int) -> str:
    """The version's rows as a SQL table expression."""
    if not lake.is_local:
        dataset: Any = lake.open(table, version).to_pyarrow_dataset()
        connection.register("stored", dataset)
        return "stored"
    files = [address for address, _ in lake.files(table, version)]
    if missing := [name for name in files if not Path(name).exists()]:
        raise TableError(f"{len(missing)} files of version {version} are gone.")
    if not files:
        empty = lake.open(table, version).to_pyarrow_dataset()
        connection.register("stored", empty)
        return "stored"
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    return f"read_parquet([{names}])"
