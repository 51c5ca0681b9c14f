"""JSON lines as rows: one object a line, its names the columns, in order of first appearance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from concordat.kernel.files.packed import BadFile
from concordat.tables.plane.columns import quoted
from concordat.tables.plane.received import MOST_COLUMNS, check_header
from concordat.tables.plane.staging import Lines, text_of

_PIECE: Final = 8 * 1024 * 1024
_LONGEST: Final = 16_000_000  # bytes of a line, as for delimited files
_SCHEMA: Final = pa.schema([("line", pa.int64()), ("text", pa.string())])
# The cast is NULL for what is no JSON; then all the rest is NULL too.
_READ: Final = """
    CREATE VIEW read AS SELECT line, text, names, CASE
        WHEN kind IS NULL THEN 'The line is not JSON'
        WHEN kind <> 'OBJECT' THEN 'The line is JSON but not an object'
        WHEN len(names) <> len(list_distinct(names)) THEN 'The line gives a name twice'
    END AS reason FROM (
        SELECT line, text, json_type(held) AS kind, json_keys(held) AS names
        FROM (SELECT line, text, TRY_CAST(text AS JSON) AS held FROM read_parquet({source}))
    )
"""
_JUMPS: Final = """
    SELECT place, more FROM (
        SELECT place, line - place AS more, lag(line - place) OVER () AS before
        FROM (SELECT line, row_number() OVER () - 1 AS place FROM read WHERE reason IS NULL)
    ) WHERE before IS DISTINCT FROM more
"""


def stage_json_lines(
    connection: duckdb.DuckDBPyConnection, path: Path, folder: Path, target: Path
) -> tuple[tuple[str, ...], Lines]:
    """The cells as text in the Parquet `target`; returns the columns' names and where rows stood.

    What is nested stays JSON text, and a name that a line lacks is an empty cell. Lines that are no
    object, and those that give a name twice, are aside in `ragged`. `path` is UTF-8. Raises
    BadFile.
    """
    source = folder / "lines.parquet"
    groups = _write_lines(path, source)
    connection.execute(_READ.format(source=text_of(str(source))))
    connection.execute(
        "CREATE TABLE ragged AS SELECT line AS record, reason, text AS said FROM read "
        "WHERE reason IS NOT NULL"
    )
    keys = _keys(connection, groups)
    names = check_header(keys)
    # A JSON pointer has no wildcards: whatever a name holds, it is a name.
    pointers = ", ".join(text_of("/" + k.replace("~", "~0").replace("/", "~1")) for k in keys)
    cells = ", ".join(f"cells[{n}] AS {quoted(name)}" for n, name in enumerate(names, 1))
    connection.execute(
        f"COPY (SELECT {cells} FROM (SELECT json_extract_string(text, [{pointers}]) AS cells "  # noqa: S608
        f"FROM read WHERE reason IS NULL)) TO {text_of(str(target))} "
        "(FORMAT parquet, COMPRESSION lz4)"
    )
    return names, Lines(rows=connection.execute(_JUMPS).fetchall() or [(0, 1)])


def _write_lines(path: Path, target: Path) -> list[tuple[int, int]]:
    """Each line that is not blank with its number, as Parquet; (first, last) of each piece."""
    groups = []
    with pq.ParquetWriter(target, _SCHEMA, compression="lz4") as out:
        for first, texts in _pieces(path):
            numbers = pa.array(range(first, first + len(texts)), pa.int64())
            batch = pa.RecordBatch.from_arrays([numbers, texts], schema=_SCHEMA)
            out.write_batch(batch.filter(pc.not_equal(pc.utf8_trim_whitespace(texts), "")))
            groups.append((first, first + len(texts) - 1))
    return groups


def _pieces(path: Path) -> Iterator[tuple[int, pa.Array]]:
    """(number of the first line, whole lines) in pieces of a few megabytes."""
    first, held = 1, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            whole, end, rest = (held + piece).rpartition(b"\n")
            if len(rest) > _LONGEST:
                raise BadFile(f"A line is longer than {_LONGEST:,} bytes. Split it.")
            held = rest
            if end:
                texts = _split(whole, first)
                yield first, texts
                first += len(texts)
    if held:
        yield first, _split(held, first)


def _split(whole: bytes, first: int) -> pa.Array:
    texts = pc.split_pattern(pa.array([whole], pa.string()), "\n").values
    longest = pc.max(pc.binary_length(texts)).as_py()
    if longest > _LONGEST:
        raise BadFile(f"A line after line {first:,} is longer than {_LONGEST:,} bytes. Split it.")
    return texts


def _keys(connection: duckdb.DuckDBPyConnection, groups: list[tuple[int, int]]) -> list[str]:
    """The names in order of first appearance, a piece at a time so that they cannot fill memory."""
    found: dict[str, None] = {}
    for first, last in groups:
        lists = connection.execute(
            "SELECT names, min(line) AS began FROM read WHERE reason IS NULL AND line BETWEEN ? AND ? "
            "GROUP BY names ORDER BY began",
            [first, last],
        )
        while row := lists.fetchone():
            found.update(dict.fromkeys(row[0]))
            if len(found) > MOST_COLUMNS:
                raise BadFile(
                    f"The objects have more than {MOST_COLUMNS:,} names. "
                    "Put what varies into a list inside one of them."
                )
    if not found:
        raise BadFile(
            "No line is a JSON object with a name in it. Write one whole object on each line, as in "
            '{"id": 1, "town": "Leeds"}.'
        )
    return list(found)
