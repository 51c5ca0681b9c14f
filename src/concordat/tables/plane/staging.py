"""The cells of a delimited file in Parquet, the types they fit, and the lines that do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from concordat.kernel.files.packed import BadFile
from concordat.tables.plane.columns import Column, quoted
from concordat.tables.plane.received import Shape

_LONGEST: Final = 16_000_000  # bytes of a line
# Left to itself the engine reads sixteen of the longest lines at a time, into memory.
_BUFFER: Final = 2 * _LONGEST


@dataclass(frozen=True)
class Reject:
    """A line that did not fit: its number in the file, why, and what it said."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class Lines:
    """Where the rows of a file stood, as the places from which a number is that much more.

    `records` goes from the engine's count of records (the header is 1) to lines of the file, `rows`
    from the rows that were staged (the first is 0). Cells of several lines, empty lines and lines
    set aside make the difference.
    """

    records: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])
    rows: list[tuple[int, int]] = field(default_factory=lambda: [(0, 1)])


def csv_cells(path: Path, shape: Shape, rejects: str = "") -> str:
    """The file's cells as text: a SQL table expression. Lines that are not of as many cells as the
    header are left out and put down, as the engine's options in `rejects` say."""
    names = ", ".join(f"{text_of(name)}: 'VARCHAR'" for name in shape.header)
    return (
        f"read_csv({text_of(str(path))}, delim={text_of(shape.delimiter)}, header=true, "
        f"auto_detect=false, quote='\"', escape='\"', columns={{{names}}}, {rejects}"
        f"null_padding=false, max_line_size={_LONGEST}, buffer_size={_BUFFER})"
    )


_FIRST_FAULT: Final = (
    "store_rejects=true, rejects_table='faults', rejects_scan='fault_scans', rejects_limit=1, "
)


def whole_csv(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    shape: Shape,
    infer: Callable[[duckdb.DuckDBPyConnection, str, tuple[str, ...]], list[Column]],
) -> tuple[str, list[Column]] | None:
    """The SELECT of a file's rows and its columns, where no line is ragged, so that every cell fits
    the type that `infer` finds: most files, and then nothing need be staged. Else None."""
    columns = infer(connection, csv_cells(path, shape, _FIRST_FAULT), shape.header)
    if connection.execute("SELECT 1 FROM faults").fetchall():
        return None
    cells = ", ".join(
        f"TRY_CAST({quoted(c.name)} AS {c.duckdb}) AS {quoted(c.name)}" for c in columns
    )
    return f"SELECT {cells} FROM {csv_cells(path, shape)}", columns  # noqa: S608


def stage_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: Shape, target: Path
) -> Lines:
    """The file's cells as text in the Parquet `target`; returns where its rows stood.

    Ragged lines are aside with their reasons, in `ragged`.
    """
    cells = csv_cells(path, shape, "store_rejects=true, rejects_limit=0, ")
    connection.execute(
        f"COPY (SELECT * FROM {cells}) TO {text_of(str(target))} (FORMAT parquet, COMPRESSION lz4)"  # noqa: S608
    )
    # The engine names a line once for each cell too many.
    connection.execute(
        "CREATE TABLE ragged AS SELECT line AS record, min(upper((error_type::VARCHAR)[1]) || "
        "lower((error_type::VARCHAR)[2:])) AS reason, trim(min(csv_line), chr(10) || chr(13)) AS said "
        "FROM reject_errors GROUP BY line"
    )
    if _count_lines(path) == pq.read_metadata(target).num_rows + 1:
        return Lines(rows=[(0, 2)])  # each line is a row, so none was set aside either
    records = connection.sql("SELECT record FROM ragged ORDER BY record").to_arrow_reader(65_536)
    aside = (number.as_py() for batch in records for number in batch.column(0))
    return _lines(path, shape, aside)


def _count_lines(path: Path) -> int:
    """How many lines end in the file, and one more where its last does not."""
    count, piece = 0, b"\n"
    with path.open("rb") as file:
        while more := file.read(1024 * 1024):
            piece = more
            count += piece.count(b"\n")
    return count + (not piece.endswith(b"\n"))


def _lines(path: Path, shape: Shape, aside: Iterator[int]) -> Lines:
    """Read the file once more for where each record begins."""
    found, lost = Lines(), next(aside, 0)
    opens = re.compile(rb"(?:^|" + re.escape(shape.delimiter.encode()) + rb')"')
    record, row, inside = 0, -1, False  # row -1 is the header
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not inside:
                record += 1
                _jump(found.records, record, number - record)
                if record == lost:
                    lost = next(aside, 0)
                elif line.strip(b"\r\n") or len(shape.header) == 1 or row < 0:
                    _jump(found.rows, row, number - row)
                    row += 1
            if line.count(b'"') % 2 and (inside or opens.search(line)):
                inside = not inside
    return found


def _jump(jumps: list[tuple[int, int]], place: int, more: int) -> None:
    if place == jumps[-1][0]:
        jumps[-1] = (place, more)
    elif place > 0 and jumps[-1][1] != more:
        jumps.append((place, more))


def text_of(value: str) -> str:
    """A text, quoted for SQL."""
    return "'" + value.replace("'", "''") + "'"


def typed(
    connection: duckdb.DuckDBPyConnection,
    staged: Path,
    columns: list[Column],
    lines: Lines,
    rejects: Path,
) -> tuple[str, int]:
    """The SELECT of the rows whose every cell fits its type, and how many lines do not fit.

    Those are written to `rejects`, in the order of the file. Raises BadFile when no row fits.
    """
    source = f"read_parquet({text_of(str(staged))})"
    casts = {c.name: f"TRY_CAST({quoted(c.name)} AS {c.duckdb})" for c in columns}
    misfit = " OR ".join(
        f"({quoted(n)} IS NOT NULL AND {cast} IS NULL)" for n, cast in casts.items()
    )
    names = ", ".join(f"{cast} AS {quoted(name)}" for name, cast in casts.items())
    select = f"SELECT {names} FROM {source} WHERE NOT ({misfit})"  # noqa: S608
    why = " ".join(
        f"WHEN {quoted(c.name)} IS NOT NULL AND {casts[c.name]} IS NULL "
        f"THEN {text_of(f'{c.name} is not {c.type}')}"
        for c in columns
    )
    cells = ", ".join(f"{quoted(c.name)} := {quoted(c.name)}" for c in columns)
    place = _unused(columns)
    connection.execute(
        f"CREATE TABLE misfits AS SELECT {place} AS place, CASE {why} END AS reason, "  # noqa: S608
        f"to_json(struct_pack({cells}))::VARCHAR AS said "
        f"FROM (SELECT *, row_number() OVER () - 1 AS {place} FROM {source}) WHERE {misfit}"
    )
    rejected = _write_rejects(connection, lines, rejects)
    kept = connection.execute(f"SELECT count(*) FROM ({select})").fetchall()[0][0]  # noqa: S608
    if rejected and not kept:
        first = first_rejects(rejects, 1)[0]
        raise BadFile(
            f"None of the {rejected:,} rows fits. Line {first.line:,}: {first.reason}. "
            "Check the header and the delimiter."
        )
    return select, rejected


def _unused(columns: list[Column]) -> str:
    """A name for the number of a row that no column has."""
    taken, name = {c.name.casefold() for c in columns}, "row"
    while name in taken:
        name += "_"
    return name


_PLACED: Final = """
    COPY (
        SELECT (place + more)::BIGINT AS line, reason, said AS text FROM misfits
        ASOF JOIN row_jumps ON place >= start
        {ragged}
        ORDER BY line
    ) TO {target} (FORMAT parquet)
"""
_RAGGED: Final = """
        UNION ALL
        SELECT (record + more)::BIGINT, reason, said
        FROM ragged ASOF JOIN record_jumps ON record >= start
"""


def _write_rejects(connection: duckdb.DuckDBPyConnection, lines: Lines, rejects: Path) -> int:
    for name, jumps in (("row_jumps", lines.rows), ("record_jumps", lines.records)):
        connection.execute(f"CREATE TABLE {name} (start BIGINT, more BIGINT)")
        starts, more = zip(*jumps, strict=True)
        connection.execute(
            f"INSERT INTO {name} SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[])",
            [list(starts), list(more)],
        )
    held = connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'ragged'")
    ragged = _RAGGED if held.fetchall() else ""
    connection.execute(_PLACED.format(ragged=ragged, target=text_of(str(rejects))))
    return int(pq.read_metadata(rejects).num_rows)


def first_rejects(rejects: Path, most: int) -> list[Reject]:
    """The first of the lines that did not fit; none where none were written."""
    if not rejects.exists():
        return []
    batch = next(pq.ParquetFile(rejects).iter_batches(most), None)
    return [Reject(**row) for row in batch.to_pylist()] if batch is not None else []
