"""From a file to the next version of a table: whole, or not at all."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from concordat.kernel.files.packed import MOST_BYTES, BadFile
from concordat.tables.plane.columns import Column, quoted
from concordat.tables.plane.engine import connect
from concordat.tables.plane.infer import infer, profile
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.received import (
    Shape,
    as_utf8,
    check_header,
    is_parquet,
    read_shape,
    unpack,
)

Progress = Callable[[int, int, int], None]
_KEPT_REJECTS: Final = 100_000
_ARROW: Final = (
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
)


@dataclass(frozen=True)
class Reject:
    """A line that did not fit: its number in the file, why, and what it said."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Loaded:
    """One load: the Delta version it made and what it held."""

    version: int
    rows: int
    rejected: int
    size: int
    columns: list[Column]
    rejects: list[Reject]
    source_digest: str


def load(
    lake: Lake,
    table: str,
    source: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    types: Mapping[str, str] | None = None,
    most_bytes: int = MOST_BYTES,
    progress: Progress | None = None,
) -> Loaded:
    """Load CSV, TSV or Parquet (plain, .gz or .zip) as the next version of `table`.

    `types` overrides what was inferred, by column. `progress` is called with (steps done, bytes so
    far, bytes in all) and may raise to stop the load. Lines that do not fit are kept as rejects.

    Raises BadFile, naming the place and the mend; the table then stands as it was.
    """
    tell = progress or (lambda done, now, total: None)
    folder = Path(tempfile.mkdtemp(dir=lake.staging()))
    try:
        return _load(lake, table, source, folder, encoding, delimiter, types, most_bytes, tell)
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise BadFile(_FULL) from error
        raise BadFile("The file could not be read as a table.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "No space" in str(error):
            raise BadFile(_FULL) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_FULL: Final = "The disk is full, so nothing was loaded. Make room and load the file again."


def _load(
    lake: Lake,
    table: str,
    source: Path,
    folder: Path,
    encoding: str | None,
    delimiter: str | None,
    types: Mapping[str, str] | None,
    most_bytes: int,
    tell: Progress,
) -> Loaded:
    total = source.stat().st_size
    digest = _digest(source)
    path = unpack(source, folder, most_bytes)
    tell(1, total // 4, total)
    with connect(folder / "spill") as connection:
        if is_parquet(path):
            staged, rejects = path, list[Reject]()
            columns = _parquet_columns(path)
        else:
            shape = read_shape(path, encoding=encoding, delimiter=delimiter)
            path = as_utf8(path, shape, folder)
            staged, rejects = _stage_csv(connection, path, shape, folder / "staged.parquet")
            columns = infer(connection, staged, shape.header)
        tell(2, total // 2, total)
        columns = _overridden(columns, types or {})
        select, misfits = _typed(connection, staged, columns)
        rejects += misfits
        tell(3, total * 3 // 4, total)
        reader = connection.sql(select).to_arrow_reader(65_536)
        version = lake.write(table, reader)
    tell(4, total, total)
    files = lake.files(table, version)
    with connect(lake.work / "spill") as fresh:
        rows, columns = profile(fresh, lake, table, version, columns)
    _keep_rejects(lake, table, version, rejects)
    return Loaded(
        version, rows, len(rejects), sum(s for _, s in files), columns, rejects[:1000], digest
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stage_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: Shape, target: Path
) -> tuple[Path, list[Reject]]:
    """The file's cells as text, in Parquet; ragged lines aside with their reasons."""
    names = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in shape.header)
    connection.execute(
        f"COPY (SELECT * FROM read_csv({_text(str(path))}, delim={_text(shape.delimiter)}, "  # noqa: S608
        f"header=true, auto_detect=false, quote='\"', escape='\"', columns={{{names}}}, "
        "store_rejects=true, rejects_limit=0, null_padding=false, max_line_size=16000000)) "
        f"TO {_text(str(target))} (FORMAT parquet, COMPRESSION lz4)"
    )
    found = connection.execute(
        "SELECT line, error_type, csv_line FROM reject_errors ORDER BY line LIMIT ?",
        [_KEPT_REJECTS],
    ).fetchall()
    return target, [Reject(int(n), str(why).capitalize(), str(text)) for n, why, text in found]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _parquet_columns(path: Path) -> list[Column]:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadFile("The Parquet file is damaged. Write it again and send it.") from error
    check_header(schema.names)
    return [Column(field.name, _arrow_type(field)) for field in schema]


def _arrow_type(field: pa.Field) -> str:
    if pa.types.is_decimal(field.type):
        return f"decimal({field.type.precision},{field.type.scale})"
    for test, name in _ARROW:
        if test(field.type):
            return name
    if pa.types.is_dictionary(field.type):
        return "text"
    raise BadFile(
        f"Column “{field.name}” holds {field.type}, which is not supported. Make it flat."
    )


def _overridden(columns: list[Column], types: Mapping[str, str]) -> list[Column]:
    wanted = {name.casefold(): type_ for name, type_ in types.items()}
    if unknown := set(wanted) - {c.name.casefold() for c in columns}:
        raise BadFile(f"There is no column {', '.join(sorted(unknown))[:200]}.")
    try:
        made = [Column(c.name, wanted.get(c.name.casefold(), c.type)) for c in columns]
        for column in made:
            column.duckdb  # noqa: B018 - checks the type
    except ValueError as error:
        raise BadFile(str(error)) from error
    return made


def _typed(
    connection: duckdb.DuckDBPyConnection, staged: Path, columns: list[Column]
) -> tuple[str, list[Reject]]:
    """The SELECT of the rows whose every cell fits its type, and the rows that have one that
    does not."""
    source = f"read_parquet({_text(str(staged))}, file_row_number=true)"
    casts = {c.name: f"TRY_CAST({quoted(c.name)} AS {c.duckdb})" for c in columns}
    misfit = " OR ".join(
        f"({quoted(n)} IS NOT NULL AND {cast} IS NULL)" for n, cast in casts.items()
    )
    names = ", ".join(f"{cast} AS {quoted(name)}" for name, cast in casts.items())
    select = f"SELECT {names} FROM {source} WHERE NOT ({misfit})"  # noqa: S608
    why = " ".join(
        f"WHEN {quoted(c.name)} IS NOT NULL AND {casts[c.name]} IS NULL "
        f"THEN {_text(f'{c.name} is not {c.type}')}"
        for c in columns
    )
    found = connection.execute(
        f"SELECT file_row_number + 2, CASE {why} END, "  # noqa: S608
        f"to_json(struct_pack({', '.join(f'{quoted(c.name)} := {quoted(c.name)}' for c in columns)})) "
        f"FROM {source} WHERE {misfit} LIMIT {_KEPT_REJECTS}"
    ).fetchall()
    return select, [Reject(int(n), str(reason), str(text)) for n, reason, text in found]


def _keep_rejects(lake: Lake, table: str, version: int, rejects: list[Reject]) -> None:
    """The lines that did not fit, in a table of their own beside the other: never thrown away."""
    if not rejects:
        return
    rows = [{"version": version, **reject.__dict__} for reject in rejects]
    lake.append(f"{table}-rejects", pa.Table.from_pylist(rows, _REJECTS))


_REJECTS: Final = pa.schema(
    [
        ("version", pa.int64()),
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("text", pa.string()),
    ]
)


def read_rejects(lake: Lake, table: str, version: int) -> list[dict[str, Any]]:
    """The lines that did not fit when a version was loaded: line, reason and text, in order."""
    found = lake.read_appended(f"{table}-rejects", [("version", "=", version)])
    rows: list[dict[str, Any]] = found.drop_columns(["version"]).to_pylist() if found else []
    return sorted(rows, key=lambda row: int(row["line"]))
