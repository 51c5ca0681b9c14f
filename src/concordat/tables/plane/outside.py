"""What is read from outside to be loaded: an object of a store, or a table of PostgreSQL.

Addresses are the operator's. What a user names is looked for in the store's list or the database's
catalogue, and only what is found there is asked for. No message tells an address or a secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import duckdb
import obstore
import psycopg
from psycopg import sql

from concordat.kernel.files.packed import BadFile
from concordat.tables.plane.columns import Column, duckdb_type, quoted
from concordat.tables.plane.engine import connect
from concordat.tables.plane.staging import text_of

CONNECT_SECONDS: Final = 10
_PIECE: Final = 4 * 1024 * 1024
STATEMENT_MS: Final = 3600 * 1000
LOCK_MS: Final = 30 * 1000


class SourceError(Exception):
    """Nothing could be read. The message is for the stewards and tells no secret."""


@dataclass(frozen=True)
class Read:
    """A file as it was read: where it is now, what it is called, the sum of its content.

    `mark` tells one state of an object from another without reading it; "" where nothing does.
    """

    path: Path
    name: str
    digest: str
    mark: str = ""


@dataclass(frozen=True)
class Place:
    """Where to read: the operator's address, what opens the objects there, what a user named, the
    most bytes."""

    url: str
    objects: Callable[[], Any]
    named: str
    most: int


def read(
    place: Place, folder: Path, seen: str = "", tell: Callable[[int], None] = lambda n: None
) -> Read | None:
    """The content as a file in `folder`; None where its mark is still `seen`.

    `tell` is called with the bytes so far. Memory stays flat. Raises SourceError and BadFile.
    """
    if place.url.startswith("postgresql://"):
        return _read_table(place, folder, tell)
    return _read_object(place, folder, seen, tell)


def _read_object(place: Place, folder: Path, seen: str, tell: Callable[[int], None]) -> Read | None:
    try:
        objects = place.objects()
        found = _object(objects, place.named)
        told = (found["path"], found["e_tag"], found["size"], found["last_modified"])
        mark = hashlib.sha256(repr(told).encode()).hexdigest()
        if mark == seen:
            return None
        if found["size"] > place.most:
            raise SourceError(f"{place.named} is larger than {place.most // 1024**2:,} MB.")
        target, digest, count = folder / "object", hashlib.sha256(), 0
        with target.open("wb") as file:
            for piece in obstore.get(objects, found["path"]).stream(min_chunk_size=_PIECE):
                digest.update(piece)
                file.write(piece)
                tell(count := count + len(piece))
    except FileNotFoundError as error:
        raise SourceError(f"There is nothing at {place.named}.") from error
    except ValueError as error:  # a key that no store would have
        raise SourceError(f"{place.named} is no name of an object.") from error
    except (obstore.exceptions.BaseError, OSError) as error:
        raise SourceError("The object store does not answer, or does not let us read.") from error
    return Read(target, PurePosixPath(found["path"]).name, digest.hexdigest(), mark)


def _object(objects: Any, named: str) -> Any:
    """The object of that key, or the newest below a prefix."""
    if not named.endswith("/"):
        return obstore.head(objects, named)
    below = [item for batch in obstore.list(objects, named) for item in batch]
    if not below:
        raise FileNotFoundError(named)
    return max(below, key=lambda item: (item["last_modified"], item["path"]))


def _read_table(place: Place, folder: Path, tell: Callable[[int], None]) -> Read:
    try:
        with psycopg.connect(place.url, connect_timeout=CONNECT_SECONDS) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute("SELECT set_config('TimeZone', 'UTC', true)")
            for name, limit in (("statement_timeout", STATEMENT_MS), ("lock_timeout", LOCK_MS)):
                connection.execute("SELECT set_config(%s, %s, true)", [name, str(limit)])
            schema, table = _relation(connection, place.named)
            columns = _columns(connection, schema, table)
            _copy(connection, (schema, table), columns, folder / "rows.csv", place.most, tell)
    except psycopg.errors.QueryCanceled as error:
        raise SourceError(f"{place.named} took longer to read than we wait.") from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise SourceError(f"The database does not let us read {place.named}.") from error
    except psycopg.OperationalError as error:
        raise SourceError("The database does not answer, or does not let us in.") from error
    except psycopg.Error as error:
        raise SourceError(f"The database could not give the rows ({error.sqlstate}).") from error
    plain = [Column(name, type_) for name, type_, _ in columns]
    digest = _typed(folder, plain)
    return Read(folder / "rows.parquet", f"{schema}.{table}.parquet", digest)


# A table, a partitioned or foreign one, a view, a materialised view; both names by the catalogue.
_FIND: Final = """
    SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname || '.' || c.relname = %s AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
"""
_DESCRIBE: Final = """
    SELECT a.attname, coalesce(b.typname, t.typname),
           CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
    WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
"""
_TYPES: Final = {
    "int2": "integer",
    "int4": "integer",
    "int8": "integer",
    "oid": "integer",
    "float4": "number",
    "float8": "number",
    "bool": "boolean",
    "date": "date",
    "timestamp": "datetime",
    "timestamptz": "datetime",
}


def _relation(connection: Any, named: str) -> tuple[str, str]:
    found = connection.execute(_FIND, [named]).fetchall()
    if len(found) != 1:
        raise SourceError(f"There is no table or view {named} that we may read.")
    schema, table = found[0]
    return str(schema), str(table)


def _columns(connection: Any, schema: str, table: str) -> list[tuple[str, str, str]]:
    """(name, our type, type in the catalogue) of each column; what is no type of ours is text."""
    rows = connection.execute(_DESCRIBE, [schema, table]).fetchall()
    if not rows:
        raise SourceError(f"{schema}.{table} has no columns.")
    return [(name, _ours(type_, typmod), type_) for name, type_, typmod in rows]


def _ours(type_: str, typmod: int) -> str:
    """Our type for one of PostgreSQL's. A numeric keeps its digits: its precision and scale are in
    the modifier (precision above 16 bits, scale in 11, offset by 4), and without them it is text."""
    if type_ != "numeric":
        return _TYPES.get(type_, "text")
    precision, scale = (typmod - 4) >> 16 & 0xFFFF, (typmod - 4) & 0x7FF
    whole = typmod >= 4 and precision <= 38 and scale <= precision
    return f"decimal({precision},{scale})" if whole else "text"


def _copy(
    connection: Any,
    relation: tuple[str, str],
    columns: list[tuple[str, str, str]],
    target: Path,
    most: int,
    tell: Callable[[int], None],
) -> None:
    """The rows as CSV: every value is quoted and NULL is not, so that it is no empty text."""
    cells = [_cell(name, ours, type_) for name, ours, type_ in columns]
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)").format(
        sql.SQL(", ").join(cells), sql.Identifier(*relation)
    )
    count = 0
    with connection.cursor().copy(query) as copied, target.open("wb") as file:
        for piece in copied:
            file.write(piece)
            tell(count := count + len(piece))
            if count > most:
                raise SourceError(f"It holds more than {most // 1024**2:,} MB as text.")


def _cell(name: str, ours: str, type_: str) -> sql.Composable:
    cell: sql.Composable = sql.Identifier(name)
    if type_ == "timestamptz":
        cell = sql.SQL("({} AT TIME ZONE 'UTC')").format(cell)
    return sql.SQL("{}::text").format(cell) if ours == "text" else cell


def _typed(folder: Path, columns: list[Column]) -> str:
    """The CSV as Parquet with the catalogue's types; returns the sum of its rows in any order.

    Raises BadFile for a value that the type here does not hold, such as an infinite date.
    """
    source, target = text_of(str(folder / "rows.csv")), text_of(str(folder / "rows.parquet"))
    types = ", ".join(f"{text_of(c.name)}: {text_of(duckdb_type(c.type))}" for c in columns)
    names = [column.name for column in columns]
    with connect(folder / "spill") as connection:
        try:
            connection.execute(
                f"COPY (SELECT * FROM read_csv({source}, auto_detect=false, header=false, "  # noqa: S608
                "delim=',', quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, "
                f"max_line_size=64000000, columns={{{types}}})) TO {target} "
                "(FORMAT parquet, COMPRESSION lz4)"
            )
        except duckdb.Error as error:
            raise BadFile("The database holds a value that its type does not have here.") from error
        moments = [quoted(c.name) for c in columns if c.type in ("date", "datetime")]
        endless = " OR ".join(f"NOT isfinite({name})" for name in moments) or "false"
        query = f"SELECT 1 FROM read_parquet({target}) WHERE {endless} LIMIT 1"  # noqa: S608
        if connection.execute(query).fetchall():
            raise BadFile(
                "A date is infinite. Name a view that leaves it empty or gives it as text."
            )
        row = f"to_json(struct_pack({', '.join(f'{quoted(n)} := {quoted(n)}' for n in names)}))"
        said = connection.execute(
            "SELECT count(*), bit_xor(md5_number(said)), sum(md5_number_lower(said)::HUGEINT) "  # noqa: S608
            f"FROM (SELECT {row}::VARCHAR AS said FROM read_parquet({target}))"
        ).fetchall()
    told = repr((said, [(column.name, column.type) for column in columns]))
    return hashlib.sha256(told.encode()).hexdigest()
