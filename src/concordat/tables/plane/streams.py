"""A relation as bytes over a wire: first byte early, memory flat, the share asked at each piece.

The same rows give the same bytes, in whatever batches the engine yields them, so that a file can be
resumed and checked.
"""

from __future__ import annotations

import io
import json
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from concordat.tables.plane.columns import Column, quoted
from concordat.tables.plane.engine import BATCH_ROWS, Relation
from concordat.tables.plane.sink import Sink

GROUP_ROWS: Final = 4 * BATCH_ROWS  # of a Parquet file
_AHEAD: Final = 2  # batches that are ready before they can be sent


class Cut(Exception):
    """The share ended while its data was being sent; the stream stops where it is."""


Defuse = Callable[[str], str]
Made = tuple[list[bytes], int]  # pieces, and how many rows they hold


@dataclass
class Tally:
    """What was sent so far."""

    rows: int = 0
    bytes: int = 0
    whole: bool = field(default=False)


class Format(Protocol):
    """How rows become bytes: once at the start, for each batch, once at the end."""

    rows: int  # of a batch

    def prepared(self, relation: Relation) -> Relation:
        """The relation whose batches it takes."""

    def head(self, schema: pa.Schema) -> bytes:
        """What comes before the rows."""

    def pieces(self, batch: pa.RecordBatch) -> list[bytes]:
        """A batch."""

    def tail(self) -> bytes:
        """What comes after the rows."""


def stream(
    relation: Relation, form: Format, allowed: Callable[[], bool], tally: Tally
) -> Iterator[bytes]:
    """The relation in a format, in pieces of a few megabytes at the most.

    `allowed` is asked before each piece; when it says no, Cut is raised and the client sees a broken
    transfer rather than a short file.
    """
    try:
        relation = form.prepared(relation)
        if start := form.head(relation.schema()):
            yield _counted(start, tally)
        with closing(_ahead(_made(relation, form))) as batches:
            for pieces, rows in batches:
                for place, piece in enumerate(pieces):
                    if not allowed():
                        raise Cut
                    # The log may name rows that did not arrive, and never fewer than did.
                    tally.rows += 0 if place else rows
                    yield _counted(piece, tally)
        if end := form.tail():
            yield _counted(end, tally)
        tally.whole = True
    finally:
        relation.close()


def _made(relation: Relation, form: Format) -> Iterator[Made]:
    for batch in _even(relation.batches(form.rows), form.rows):
        yield form.pieces(batch), batch.num_rows


def _ahead(items: Iterator[Made]) -> Generator[Made]:
    """The batches, the next few of which a thread makes while one is being sent."""
    maker = ThreadPoolExecutor(1)
    try:
        waiting = deque(maker.submit(next, items, None) for _ in range(_AHEAD))
        while (item := waiting.popleft().result()) is not None:
            waiting.append(maker.submit(next, items, None))
            yield item
    finally:
        maker.shutdown(cancel_futures=True)  # and wait: the engine is closed next


def written(form: Format, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """Batches that come from elsewhere in a format, a piece for each."""
    yield form.head(schema)
    for batch in batches:
        yield from form.pieces(batch)
    yield form.tail()


def _counted(piece: bytes, tally: Tally) -> bytes:
    tally.bytes += len(piece)
    return piece


def _even(batches: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The rows in batches of `rows` and a rest, however the engine cut them."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        while count + batch.num_rows >= rows:
            took = rows - count
            yield _joined([*held, batch.slice(0, took)])
            held, count, batch = [], 0, batch.slice(took)
        if batch.num_rows:
            held.append(batch)
            count += batch.num_rows
    if held:
        yield _joined(held)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)


class Csv:
    """CSV in UTF-8 with a header (RFC 4180, lines ended by LF). `defuse` makes text safe for a
    spreadsheet: the caller's rule, so that this door and the others have the same."""

    rows = BATCH_ROWS

    def __init__(self, defuse: Defuse) -> None:
        self.defuse = defuse

    def prepared(self, relation: Relation) -> Relation:
        """As it is."""
        return relation

    def head(self, schema: pa.Schema) -> bytes:
        """The header."""
        names = (self.defuse(name).replace('"', '""') for name in schema.names)
        return (",".join(f'"{name}"' for name in names) + "\n").encode()

    def pieces(self, batch: pa.RecordBatch) -> list[bytes]:
        """Lines."""
        out = io.BytesIO()
        options = pcsv.WriteOptions(include_header=False, quoting_style="needed")
        pcsv.write_csv(_defused(_flat(batch), self.defuse), out, options)
        return [out.getvalue()]

    def tail(self) -> bytes:
        """Nothing."""
        return b""


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with what CSV has no cell for (lists, structs, intervals) as JSON text."""
    arrays = []
    for array in batch.columns:
        if pa.types.is_nested(array.type) or pa.types.is_interval(array.type):
            cells = [
                None if cell is None else json.dumps(cell, default=str)
                for cell in array.to_pylist()
            ]
            array = pa.array(cells, pa.string())
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _defused(batch: pa.RecordBatch, defuse: Defuse) -> pa.RecordBatch:
    """The batch with its text made safe. No rule stops what begins with a letter or a digit, so
    only the other cells are put to it."""
    arrays = []
    for array in batch.columns:
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            odd = pc.fill_null(pc.match_substring_regex(array, r"\A[^0-9A-Za-z]"), False)
            cells = [defuse(cell) for cell in array.filter(odd).to_pylist()]
            array = pc.replace_with_mask(array, odd, pa.array(cells, array.type))
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


class JsonLines:
    """One JSON object a line. Dates and times are ISO 8601; what JSON has no number for is null."""

    rows = BATCH_ROWS

    def prepared(self, relation: Relation) -> Relation:
        """The lines, made by the engine."""
        cells = ", ".join(f"{quoted(c.name)} := {_json(c)}" for c in relation.columns)
        sql = f"SELECT to_json(struct_pack({cells}))::VARCHAR || chr(10) AS line FROM ({relation.sql})"  # noqa: S608
        return Relation(relation.connection, sql, [Column("line", "text")])

    def head(self, schema: pa.Schema) -> bytes:
        """Nothing."""
        return b""

    def pieces(self, batch: pa.RecordBatch) -> list[bytes]:
        """Lines: an array of text already lies end to end in memory."""
        lines = batch.column(0).cast(pa.large_string())
        _, ends, text = lines.buffers()
        places = memoryview(ends).cast("q")
        start, stop = places[lines.offset], places[lines.offset + len(lines)]
        return [bytes(memoryview(text)[start:stop])]

    def tail(self) -> bytes:
        """Nothing."""
        return b""


def _json(column: Column) -> str:
    name = quoted(column.name)
    if column.type == "number":
        return f"CASE WHEN isfinite({name}) THEN {name} END"
    return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%f')" if column.type == "datetime" else name


class Arrow:
    """The Arrow IPC stream format: its schema, a message for each batch, and the end mark."""

    rows = 2 * BATCH_ROWS

    def __init__(self) -> None:
        self.sink = Sink()
        self.writer: Any = None

    def prepared(self, relation: Relation) -> Relation:
        """As it is."""
        return relation

    def head(self, schema: pa.Schema) -> bytes:
        """The schema: without rows there is one too."""
        self.writer = pa.ipc.new_stream(pa.PythonFile(self.sink, "w"), schema)
        # The writer says the schema with its first batch, and the reader is to have it before that.
        self.writer.write_batch(_none(schema))
        self.sink.taken()
        return bytes(schema.serialize().to_pybytes())

    def pieces(self, batch: pa.RecordBatch) -> list[bytes]:
        """A record batch, each of its buffers copied once."""
        self.writer.write_batch(cleaned(batch))
        return self.sink.taken_apart()

    def tail(self) -> bytes:
        """The end-of-stream mark (Arrow columnar format, IPC streaming format)."""
        self.writer.close()
        return self.sink.taken()


def _none(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], f.type) for f in schema], schema=schema)


def cleaned(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with nothing but its cells in its memory.

    Under an empty cell, and in the last bits of a bitmap, the engine leaves what it worked with
    before: it may be of rows and columns that the policy hides, and is never the same twice.
    """
    arrays = [
        _cleaned(a) if a.null_count or pa.types.is_boolean(a.type) else a for a in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _cleaned(array: pa.Array) -> pa.Array:
    kind = array.type
    valid = _bits(pc.invert(pc.is_null(array))) if array.null_count else None
    if pa.types.is_boolean(kind):
        held = [_bits(pc.invert(pc.invert(pc.fill_null(array, False))))]
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        held = pc.fill_null(array, "").buffers()[1:]
    else:  # a date, a time and a number are filled alike, by their bits
        plain = {32: pa.int32(), 64: pa.int64()}.get(kind.bit_width, kind)
        zero = pa.scalar(Decimal(0) if pa.types.is_decimal(plain) else 0, plain)
        held = pc.fill_null(array.view(plain), zero).buffers()[1:]
    return pa.Array.from_buffers(kind, len(array), [valid, *held], array.null_count)


def _bits(flags: pa.BooleanArray) -> pa.Buffer:
    """The bits of fresh flags, those after the last one off."""
    count = len(flags)
    data = bytearray(memoryview(flags.buffers()[1])[: (count + 7) // 8])
    if count % 8:
        data[-1] &= (1 << count % 8) - 1
    return pa.py_buffer(bytes(data))


class Parquet:
    """One Parquet file (zstd), a row group for each batch."""

    rows = GROUP_ROWS

    def __init__(self) -> None:
        self.sink = Sink()
        self.writer: Any = None

    def prepared(self, relation: Relation) -> Relation:
        """As it is."""
        return relation

    def head(self, schema: pa.Schema) -> bytes:
        """The mark at its start."""
        sink = pa.PythonFile(self.sink, "w")
        self.writer = pq.ParquetWriter(sink, schema, compression="zstd")
        return self.sink.taken()

    def pieces(self, batch: pa.RecordBatch) -> list[bytes]:
        """A row group."""
        self.writer.write_batch(batch)
        return self.sink.taken_apart()

    def tail(self) -> bytes:
        """The footer."""
        self.writer.close()
        return self.sink.taken()
