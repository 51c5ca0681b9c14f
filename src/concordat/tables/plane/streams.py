"""A relation as bytes over a wire: first byte early, memory flat, the share asked at each piece."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import Relation


class Cut(Exception):
    """The share ended while its data was being sent; the stream stops where it is."""


Defuse = Callable[[str], str]


@dataclass
class Tally:
    """What was sent so far."""

    rows: int = 0
    bytes: int = 0
    whole: bool = field(default=False)


def csv_stream(
    relation: Relation, allowed: Callable[[], bool], tally: Tally, *, defuse: Defuse
) -> Iterator[bytes]:
    """CSV in UTF-8 with a header, in pieces of a few megabytes at the most.

    `allowed` is asked before each piece; when it says no, Cut is raised and the client sees a broken
    transfer rather than a short file. `defuse` makes text safe for a spreadsheet: the caller's
    rule, so that this door and the others have the same.
    """
    try:
        yield _counted(_header(relation.columns, defuse), tally)
        for batch in relation.batches():
            if not allowed():
                raise Cut
            text = _csv(_defused(batch, defuse))
            tally.rows += batch.num_rows
            yield _counted(text, tally)
        tally.whole = True
    finally:
        relation.close()


def _counted(piece: bytes, tally: Tally) -> bytes:
    tally.bytes += len(piece)
    return piece


def _header(columns: list[Column], defuse: Defuse) -> bytes:
    names = ",".join('"' + defuse(column.name).replace('"', '""') + '"' for column in columns)
    return f"{names}\n".encode()


def _csv(batch: pa.RecordBatch) -> bytes:
    out = io.BytesIO()
    pcsv.write_csv(batch, out, pcsv.WriteOptions(include_header=False, quoting_style="needed"))
    return out.getvalue()


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


def arrow_stream(relation: Relation, allowed: Callable[[], bool], tally: Tally) -> Iterator[bytes]:
    """The Arrow IPC stream format, batch by batch; `allowed` and Cut as in `csv_stream`."""
    try:
        sink = io.BytesIO()
        writer = pa.ipc.new_stream(sink, relation.schema())  # without rows there is a schema too
        for batch in relation.batches():
            if not allowed():
                raise Cut
            writer.write_batch(batch)
            tally.rows += batch.num_rows
            yield _counted(_drain(sink), tally)
        writer.close()
        yield _counted(_drain(sink), tally)
        tally.whole = True
    finally:
        relation.close()


def _drain(sink: io.BytesIO) -> bytes:
    data = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return data


class Sink(io.RawIOBase):
    """A file that is written once from the start, and handed on as it grows."""

    def __init__(self) -> None:
        self.waiting, self.at = bytearray(), 0

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How much was written in all."""
        return self.at

    def write(self, data: Any) -> int:
        """Take what the writer gives."""
        size = memoryview(data).nbytes
        self.waiting += data
        self.at += size
        return size

    def drain(self) -> bytes:
        """What was written since the last time."""
        data, self.waiting = bytes(self.waiting), bytearray()
        return data


def batches_as(
    kind: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch], *, defuse: Defuse
) -> Iterator[bytes]:
    """Batches as `csv`, `arrow` or `parquet`, a piece for each."""
    if kind == "csv":
        yield (
            ",".join('"' + defuse(n).replace('"', '""') + '"' for n in schema.names) + "\n"
        ).encode()
        for batch in batches:
            yield _csv(_defused(_flat(batch), defuse))
        return
    sink = Sink()
    writer = (
        pq.ParquetWriter(sink, schema, compression="zstd")
        if kind == "parquet"
        else pa.ipc.new_stream(sink, schema)
    )
    for batch in batches:
        writer.write_batch(batch)
        if sink.waiting:
            yield sink.drain()
    writer.close()
    yield sink.drain()


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
