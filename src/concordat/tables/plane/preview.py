"""The start of a file as a table: what a load would find in it, so that people can correct it."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from concordat.kernel.files.packed import GZIP, ZIP, BadFile, is_workbook
from concordat.tables.plane.columns import Column, quoted
from concordat.tables.plane.engine import connect
from concordat.tables.plane.ingest import Told, overridden, parquet_columns, staged
from concordat.tables.plane.staging import text_of
from concordat.tables.plane.workbook import open_workbook, sheet_names

_HEAD: Final = 1024 * 1024
_ROWS: Final = 10
_SHEETS: Final = "xl/worksheets/"
_END: Final = b"</row>"


class WrongTypes(BadFile):
    """Types that nothing in the start of the file fits: a message for each column."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Preview:
    """How a file is written, its columns with the types that its start fits, and its first rows.

    `columns` is empty where the start says nothing, as of a packed Parquet file.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheets: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)


def preview(
    source: IO[bytes],
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    types: Mapping[str, str] | None = None,
) -> Preview:
    """Read the first megabyte of a text, the first rows of Parquet or the head of a sheet.

    Raises BadFile as a load does, and WrongTypes where `types` (by column) fit nothing that was
    read.
    """
    with tempfile.TemporaryDirectory(prefix="preview-") as place:
        folder = Path(place)
        head, whole = folder / "head", source.read(4)
        source.seek(0)
        try:
            if whole == b"PAR1":
                return _parquet(source, types or {})
            if whole == ZIP and is_workbook(source):
                _cut_workbook(source, head)
            else:
                head.write_bytes(_cut_text(_start(source, whole)))
            if head.read_bytes()[:4] == b"PAR1":
                return Preview("Parquet, packed")
            told = Told(encoding, delimiter, sheet, name, types or {})
            return _looked(head, folder, told)
        except (duckdb.Error, pa.ArrowException) as error:
            raise BadFile("The file could not be read as a table.") from error


def _start(source: IO[bytes], mark: bytes) -> bytes:
    try:
        if mark.startswith(GZIP):
            return gzip.open(source).read(_HEAD)
        if mark == ZIP:
            with zipfile.ZipFile(source) as archive, archive.open(archive.infolist()[0]) as member:
                return member.read(_HEAD)
    except (OSError, EOFError, IndexError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise BadFile("The archive is damaged or encrypted. Pack it again.") from error
    return source.read(_HEAD)


def _cut_text(start: bytes) -> bytes:
    """Whole lines alone, where there is more than what was read."""
    if len(start) < _HEAD:
        return start
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "ignore").rpartition("\n")[0].encode("utf-16")
    return start[: start.rfind(b"\n") + 1] or start


def _cut_workbook(source: IO[bytes], head: Path) -> None:
    """The workbook with the first rows of each sheet."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(head, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            with old.open(member) as part:
                is_sheet = member.filename.startswith(_SHEETS)
                content = part.read(_HEAD) if is_sheet else part.read()
                if is_sheet and len(content) == _HEAD and _END in content:
                    rows = content[: content.rfind(_END) + len(_END)]
                    content = rows + b"</sheetData></worksheet>"
                new.writestr(member.filename, content)


def _looked(head: Path, folder: Path, told: Told) -> Preview:
    sheets = sheet_names(open_workbook(head)) if is_workbook(head) else []
    with connect(folder / "spill") as connection:
        target, columns, _, shape = staged(connection, head, folder, told)
        source = f"read_parquet({text_of(str(target))})"
        _refuse_misfits(connection, source, overridden(columns, told.types), told.types)
        rows = connection.execute(f"SELECT * FROM {source} LIMIT {_ROWS}").fetchall()  # noqa: S608
    if sheets:
        return Preview("Workbook", "", "", sheets, columns, [list(row) for row in rows])
    kind = "Delimited text" if shape.delimiter else "JSON lines"
    shown = [list(row) for row in rows]
    return Preview(kind, shape.encoding, shape.delimiter, [], columns, shown)


def _refuse_misfits(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: list[Column],
    types: Mapping[str, str],
) -> None:
    chosen = {name.casefold() for name in types}
    asked = [column for column in columns if column.name.casefold() in chosen]
    if not asked:
        return
    counts = ", ".join(
        f"count({quoted(c.name)}), count(TRY_CAST({quoted(c.name)} AS {c.duckdb}))" for c in asked
    )
    found = connection.execute(f"SELECT {counts} FROM {source}").fetchall()[0]  # noqa: S608
    errors = {
        c.name: f"None of the first {found[2 * n]:,} cells of “{c.name}” is {c.type}. Choose another type."
        for n, c in enumerate(asked)
        if found[2 * n] and not found[2 * n + 1]
    }
    if errors:
        raise WrongTypes(errors)


def _parquet(source: IO[bytes], types: Mapping[str, str]) -> Preview:
    columns = parquet_columns(source)
    file = pq.ParquetFile(source)
    batch = next(file.iter_batches(_ROWS), None)
    rows: list[dict[str, Any]] = batch.to_pylist() if batch is not None else []
    overridden(columns, types)
    shown = [[None if v is None else str(v) for v in row.values()] for row in rows]
    return Preview("Parquet", columns=columns, rows=shown)
