"""A relation as bytes over a wire: first byte early, memory flat, the share asked at each piece."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import Relation


class Cut(Exception):
    """The share ended while its data was being sent; the stream stops where it is."""


@dataclass
class Tally:
    """What was sent so far."""

    rows: int = 0
    bytes: int = 0
    whole: bool = field(default=False)


def csv_stream(
    relation: Relation, allowed: Callable[[], bool], tally: Tally, *, defuse: bool = True
) -> Iterator[bytes]:
    """CSV in UTF-8 with a header, in pieces of a few megabytes at the most.

    `allowed` is asked before each piece; when it says no, Cut is raised and the client sees a broken
    transfer rather than a short file. With `defuse`, text cells that a spreadsheet would run as a
    formula get an apostrophe before them.
    """
    try:
        yield _counted(_header(relation.columns), tally)
        for batch in relation.batches():
            if not allowed():
                raise Cut
            text = _csv(_defused(batch) if defuse else batch)
            tally.rows += batch.num_rows
            yield _counted(text, tally)
        tally.whole = True
    finally:
        relation.close()


def _counted(piece: bytes, tally: Tally) -> bytes:
    tally.bytes += len(piece)
    return piece


def _header(columns: list[Column]) -> bytes:
    names = ",".join('"' + column.name.replace('"', '""') + '"' for column in columns)
    return f"{names}\n".encode()


def _csv(batch: pa.RecordBatch) -> bytes:
    out = io.BytesIO()
    pcsv.write_csv(batch, out, pcsv.WriteOptions(include_header=False, quoting_style="needed"))
    return out.getvalue()


def _defused(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Text cells that begin like a formula, with an apostrophe before them."""
    arrays = []
    for array in batch.columns:
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            risky = pc.match_substring_regex(array, r"^[=+\-@\t\r]")
            if pc.any(risky).as_py():
                fixed = pc.binary_join_element_wise(
                    pa.scalar("'", array.type), array, pa.scalar("", array.type)
                )
                array = pc.if_else(risky, fixed, array)
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def arrow_stream(relation: Relation, allowed: Callable[[], bool], tally: Tally) -> Iterator[bytes]:
    """The Arrow IPC stream format, batch by batch; `allowed` and Cut as in `csv_stream`."""
    try:
        writer, sink = None, io.BytesIO()
        for batch in relation.batches():
            if not allowed():
                raise Cut
            if writer is None:
                writer = pa.ipc.new_stream(sink, batch.schema)
            writer.write_batch(batch)
            tally.rows += batch.num_rows
            yield _counted(_drain(sink), tally)
        if writer is not None:
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
