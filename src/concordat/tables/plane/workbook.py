"""A sheet of a workbook as rows, each column typed as its cells are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from concordat.kernel.files.packed import BadFile, check_workbook
from concordat.tables.plane.columns import Column
from concordat.tables.plane.received import MOST_COLUMNS, check_header
from concordat.tables.plane.staging import Lines

# The reader holds every cell between the first and the last at about 40 bytes.
MOST_CELLS: Final = 25_000_000
_BATCH: Final = 10_000
# Where a row or a cell says that it stands; or a cell that does not say.
_PLACE: Final = re.compile(
    rb"<(?:\w+:)?(?:row\b(?:[^>]*?\sr=[\"']([0-9]{1,7}))?"
    rb"|c\b(?:[^>]*?\sr=[\"']([A-Z]{1,3})([0-9]{1,7})|(?=([\s/>]))))"
)
_KINDS: Final = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (datetime, "datetime"),
    (date, "date"),
)
_WIDER: Final = {
    frozenset({"integer", "number"}): "number",
    frozenset({"date", "datetime"}): "datetime",
}


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook, once it is known to be harmless. Raises BadFile."""
    check_workbook(path)
    _refuse_vast(path)
    return _opened(path)


def _opened(source: Path | IO[bytes]) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_object(source)
    except (CalamineError, OSError, ValueError) as error:
        raise BadFile("The workbook is damaged. Save it again and send it.") from error


def _refuse_vast(path: Path) -> None:
    """Refuse a sheet whose last cell is so far out that the cells before it fill the memory."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as part:
                    _refuse_vast_part(part)


def _refuse_vast_part(part: IO[bytes]) -> None:
    rows = columns = run = 0
    held = b""
    while piece := part.read(1024 * 1024):
        whole, mark, rest = (held + piece).rpartition(b"<")
        held = mark + rest
        for row, letters, digits, bare in _PLACE.findall(whole):
            # A cell that does not say where it stands comes after the one before it.
            run = run + 1 if bare else _number(letters)
            rows, columns = max(rows, int(row or digits or 0)), max(columns, run)
        if rows * columns > MOST_CELLS:
            raise BadFile(
                f"A sheet reaches over {rows:,} rows and {columns:,} columns, more than "
                f"{MOST_CELLS:,} cells. Save the sheet as CSV and send that."
            )


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def sheet_names(book: CalamineWorkbook) -> list[str]:
    """The sheets with cells that people see, in their order."""
    return [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


@dataclass
class Sheet:
    """The rows of one sheet below its header, with the row's number in the sheet."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[Any]]]


def read_sheet(book: CalamineWorkbook, name: str | None = None) -> Sheet:
    """One sheet, the first unless told; its header is the first row that is not empty.

    Raises BadFile for a sheet that is not there or has no header.
    """
    names = sheet_names(book)
    chosen = name or next(iter(names), None)
    if chosen is None or chosen not in names:
        raise BadFile(f"There is no sheet “{name or ''}”. Choose from: {', '.join(names)[:300]}.")
    try:
        found = book.get_sheet_by_name(chosen)
    except (CalamineError, OSError, ValueError) as error:
        raise BadFile(f"The sheet “{chosen}” is damaged. Save it again.") from error
    rows = _filled(found)
    _, header = next(rows, (0, []))
    while header and header[-1] == "":
        header.pop()
    if len(header) > MOST_COLUMNS:
        check_header([str(n) for n in range(len(header))])
    return Sheet(check_header([_text(cell) or "" for cell in header]), rows)


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """The rows with something in them, numbered as the sheet does."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" for cell in row):
            yield number, row


@dataclass
class _Found:
    """What is gathered while a sheet is read."""

    kinds: list[set[str]]
    lines: Lines = field(default_factory=lambda: Lines(rows=[]))
    ragged: list[tuple[int, str, str]] = field(default_factory=list)


def stage_sheet(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str | None, target: Path
) -> tuple[list[Column], Lines]:
    """The cells of a sheet as text in the Parquet `target`; its columns, and where rows stood.

    Rows with more cells than the header are aside in `ragged`. Raises BadFile.
    """
    sheet = read_sheet(open_workbook(path), name)
    schema = pa.schema([(column, pa.string()) for column in sheet.header])
    found, place = _Found([set() for _ in sheet.header]), 0
    with pq.ParquetWriter(target, schema, compression="lz4") as out:
        while rows := list(islice(sheet.rows, _BATCH)):
            kept = _kept(rows, len(sheet.header), found, place)
            place += len(kept)
            cells = list(zip(*kept, strict=True)) or [()] * len(sheet.header)
            arrays = [
                _typed(column, kinds) for column, kinds in zip(cells, found.kinds, strict=True)
            ]
            out.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    connection.execute("CREATE TABLE ragged (record BIGINT, reason VARCHAR, said VARCHAR)")
    if found.ragged:
        connection.executemany("INSERT INTO ragged VALUES (?, ?, ?)", found.ragged)
    columns = [Column(n, kind_of(k)) for n, k in zip(sheet.header, found.kinds, strict=True)]
    return columns, Lines(rows=found.lines.rows or [(0, 1)])


def _kept(
    rows: list[tuple[int, list[Any]]], width: int, found: _Found, place: int
) -> list[list[Any]]:
    kept: list[list[Any]] = []
    for number, row in rows:
        if any(cell != "" for cell in row[width:]):
            said = ",".join(_text(cell) or "" for cell in row)
            found.ragged.append((number, "More cells than the header has", said[:100_000]))
            continue
        more, jumps = number - place - len(kept), found.lines.rows
        if not jumps or jumps[-1][1] != more:
            jumps.append((place + len(kept), more))
        kept.append(row[:width] + [""] * (width - len(row)))
    return kept


def _typed(cells: tuple[Any, ...], kinds: set[str]) -> pa.Array:
    texts = []
    for cell in cells:
        text = _text(cell)
        if text is not None:
            kinds.add(cell_kind(cell))
        texts.append(text)
    return pa.array(texts, pa.string())


def _text(cell: Any) -> str | None:
    """A cell as text that our types read; None for an empty one."""
    if cell == "" and isinstance(cell, str):
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))  # a workbook has no whole numbers, only what is shown as one
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return str(cell)


def cell_kind(cell: Any) -> str:
    """Our word for what a cell holds."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return "integer"
    return next((kind for held, kind in _KINDS if isinstance(cell, held)), "text")


def kind_of(kinds: set[str]) -> str:
    """The one type that takes all of these."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return _WIDER.get(frozenset(kinds), "text")
