"""From a file to the next version of a table: whole, or not at all."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.exceptions import DeltaError

from concordat.kernel.files.packed import MOST_BYTES, BadFile, is_workbook
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import BATCH_ROWS, connect
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.infer import JSON_NUMBER, guessed, infer
from concordat.tables.plane.jsonlines import stage_json_lines
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.profile import profile
from concordat.tables.plane.quality import measured
from concordat.tables.plane.received import (
    Shape,
    as_utf8,
    check_header,
    is_parquet,
    read_shape,
    unpack,
)
from concordat.tables.plane.rejects import Rejects
from concordat.tables.plane.staging import (
    Lines,
    Reject,
    csv_cells,
    first_rejects,
    stage_csv,
    text_of,
    typed,
    whole_csv,
)
from concordat.tables.plane.workbook import stage_sheet

Progress = Callable[[int, int, int], None]
Check = Callable[[list[Column]], None]
_SHOWN_REJECTS: Final = 1000
_ARROW: Final = (
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "datetime"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
    (pa.types.is_dictionary, "text"),
    (pa.types.is_null, "text"),
)


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
    quality: list[dict[str, Any]] = field(default_factory=list)


def load(
    lake: Lake,
    table: str,
    source: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    name: str = "",
    types: Mapping[str, str] | None = None,
    most_bytes: int = MOST_BYTES,
    key: Sequence[str] = (),
    needed: Sequence[str] = (),
    progress: Progress | None = None,
    check: Check | None = None,
) -> Loaded:
    """Load CSV, TSV, JSON lines, Parquet (plain, .gz or .zip) or a sheet of a workbook as the next
    version of `table`.

    `name` is what the file is called, where `source` is not. `types` overrides what was inferred, by
    column; `key` and `needed` are the columns by which quality is measured. `progress` is called with
    (steps done, bytes so far, bytes in all) and `check` with the columns, before anything is written;
    both may raise to stop the load. Lines that do not fit are kept as rejects.

    Raises BadFile, naming the place and the mend; the table then stands as it was.
    """
    folder = Path(tempfile.mkdtemp(dir=lake.staging()))
    about = (encoding, delimiter, sheet, name or source.name, types or {}, most_bytes, key, needed)
    told = replace(Told(*about), tell=progress or Told.tell, check=check or Told.check)
    try:
        return _load(lake, table, source, folder, told)
    except (duckdb.Error, DeltaError, OSError) as error:
        if _NO_ROOM.search(str(error)):
            raise BadFile(_FULL) from error
        if isinstance(error, duckdb.Error):
            raise BadFile("The file could not be read as a table.") from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_FULL: Final = "The disk is full, so nothing was loaded. Make room and load the file again."
# Each engine says in its own words that there is no room (ENOSPC, EFBIG, EDQUOT).
_NO_ROOM: Final = re.compile(
    r"no space|file too large|quota exceeded|os error (28|27|122)\b|could not write all bytes"
    r"|max_temp_directory_size",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """What was said of a file by whoever sent it; None and "" where it is to be found out."""

    encoding: str | None
    delimiter: str | None
    sheet: str | None
    name: str
    types: Mapping[str, str] = field(default_factory=dict)
    most_bytes: int = MOST_BYTES
    key: Sequence[str] = ()
    needed: Sequence[str] = ()
    tell: Progress = lambda done, now, total: None
    check: Check = lambda columns: None


def _load(lake: Lake, table: str, source: Path, folder: Path, told: Told) -> Loaded:
    total = source.stat().st_size
    with ThreadPoolExecutor(1) as beside, connect(folder / "spill") as connection:
        digest = beside.submit(_digest, source)
        path = source if is_workbook(source) else unpack(source, folder, told.most_bytes)
        told.tell(1, total // 4, total)
        version, columns, rejected = _written(connection, lake, table, path, folder, told, total)
    told.tell(4, total, total)
    files = lake.files(table, version)
    with connect(lake.work / "spill") as fresh:
        rows, columns = profile(fresh, lake, table, version, columns)
        rules: dict[str, Any] = {"key": told.key, "needed": told.needed}
        rules |= {"rows": rows, "rejected": rejected}
        quality = measured(fresh, lake, table, version, columns, **rules)
    if rejected:
        _keep_rejects(lake, table, version, folder / "rejects.parquet")
    first = first_rejects(folder / "rejects.parquet", _SHOWN_REJECTS)
    size = sum(s for _, s in files)
    return Loaded(version, rows, rejected, size, columns, first, digest.result(), quality)


def _written(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    table: str,
    path: Path,
    folder: Path,
    told: Told,
    total: int,
) -> tuple[int, list[Column], int]:
    """The version that was committed, its columns, and how many lines do not fit: in one scan of the
    file where its first rows speak for all, in two where every line fits, else by way of its cells
    as Parquet. A told type may not fit, so there its cells are wanted."""

    def write(select: str) -> int:
        return lake.write(table, lambda: connection.sql(select).to_arrow_reader(BATCH_ROWS))

    if not told.types and not is_parquet(path) and not is_workbook(path):
        shape = read_shape(path, name=told.name, encoding=told.encoding, delimiter=told.delimiter)
        path = as_utf8(path, shape, folder)
        # What was written before a misfit is taken away from a disk at once, and nowhere else.
        if shape.delimiter and lake.is_local and (guess := _guess(connection, path, shape, told)):
            told.tell(2, total // 2, total)
            with suppress(duckdb.Error, DeltaError):
                return write(guess[0]), guess[1], 0
        found = whole_csv(connection, path, shape, infer) if shape.delimiter else None
        if found is not None:
            told.tell(2, total // 2, total)
            told.check(found[1])
            told.tell(3, total * 3 // 4, total)
            return write(found[0]), found[1], 0
        told = replace(told, encoding="utf-8", delimiter=shape.delimiter or told.delimiter)
    source, columns, lines, _ = staged(connection, path, folder, told)
    told.tell(2, total // 2, total)
    columns = overridden(columns, told.types)
    told.check(columns)
    select, rejected = typed(connection, source, columns, lines, folder / "rejects.parquet")
    told.tell(3, total * 3 // 4, total)
    return write(select), columns, rejected


def _guess(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: Shape, told: Told
) -> tuple[str, list[Column]] | None:
    """What `guessed` finds; None where that cannot be the whole truth: what is to be refused is
    refused for what all the rows say."""
    with suppress(duckdb.Error, BadFile):
        found = guessed(connection, csv_cells(path, shape), shape.header)
        told.check(found[1])
        return found
    return None


def staged(
    connection: duckdb.DuckDBPyConnection, path: Path, folder: Path, told: Told
) -> tuple[Path, list[Column], Lines, Shape]:
    """The file as Parquet, its columns, where its rows stood, and how it is written.

    Raises BadFile.
    """
    target = folder / "staged.parquet"
    if is_parquet(path):
        return path, parquet_columns(path), Lines(), _NO_TEXT
    if is_workbook(path):
        return target, *stage_sheet(connection, path, told.sheet, target), _NO_TEXT
    shape = read_shape(path, name=told.name, encoding=told.encoding, delimiter=told.delimiter)
    path = as_utf8(path, shape, folder)
    if not shape.delimiter:
        names, lines = stage_json_lines(connection, path, folder, target)
        return target, infer(connection, _parquet(target), names, JSON_NUMBER), lines, shape
    lines = stage_csv(connection, path, shape, target)
    return target, infer(connection, _parquet(target), shape.header), lines, shape


def _parquet(path: Path) -> str:
    return f"read_parquet({text_of(str(path))})"


_NO_TEXT: Final = Shape("", "", ())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def parquet_columns(path: Path | IO[bytes]) -> list[Column]:
    """The columns that a Parquet file says it has. Raises BadFile."""
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadFile("The Parquet file is damaged. Write it again and send it.") from error
    check_header(schema.names)
    return [Column(field.name, _arrow_type(field)) for field in schema]


def _arrow_type(field: pa.Field) -> str:
    if pa.types.is_decimal(field.type) and field.type.precision <= 38:
        return f"decimal({field.type.precision},{field.type.scale})"
    for test, name in _ARROW:
        if test(field.type):
            return name
    raise BadFile(
        f"Column “{field.name}” holds {field.type}, which is not taken. "
        "Write it as text, numbers, dates, dates with times, or true and false."
    )


def overridden(columns: list[Column], types: Mapping[str, str]) -> list[Column]:
    """The columns with the types asked for. Raises BadFile for no such column or type."""
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


def _keep_rejects(lake: Lake, table: str, version: int, rejects: Path) -> None:
    """The lines that did not fit, in a table of their own beside the other: never thrown away."""

    def rows() -> pa.RecordBatchReader:
        batches = pq.ParquetFile(rejects).iter_batches(columns=_REJECTS.names[1:])
        return pa.RecordBatchReader.from_batches(_REJECTS, (numbered(batch) for batch in batches))

    def numbered(batch: pa.RecordBatch) -> pa.RecordBatch:
        numbers = pa.repeat(pa.scalar(version, pa.int64()), batch.num_rows)
        return pa.RecordBatch.from_arrays([numbers, *batch.columns], schema=_REJECTS)

    lake.append(f"{table}-rejects", rows)


_REJECTS: Final = pa.schema(
    [
        ("version", pa.int64()),
        ("line", pa.int64()),
        ("reason", pa.string()),
        ("text", pa.string()),
    ]
)


def read_rejects(lake: Lake, table: str, version: int) -> Rejects:
    """The lines that did not fit when a version was loaded: line, reason and text, in order."""
    try:
        held = lake.open(f"{table}-rejects").to_pyarrow_dataset()
    except TableError:  # nothing was ever set aside
        return Rejects(lake, table, version, 0)
    return Rejects(lake, table, version, held.count_rows(pc.field("version") == version))
