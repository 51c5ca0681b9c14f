"""Governed delivery of five million rows, beside DuckDB in process on the same Parquet."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from bench.measure import Row, once, seconds
from concordat.tables.plane.engine import Relation, open_table
from concordat.tables.plane.ingest import load
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.language import parse
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.prepare import prepare
from concordat.tables.plane.streams import Tally, arrow_stream, csv_stream

Shape = Callable[[Relation, Callable[[], bool], Tally], Iterator[bytes]]
ROWS = int(os.environ.get("BENCH_ROWS", "5000000"))


def run() -> list[Row]:
    """Rows a second by Arrow and CSV under a policy, and the preparing of Delta files."""
    folder = Path(tempfile.mkdtemp())
    lake = Lake(str(folder / "tables"), folder / "work")
    loaded = load(lake, "t", _source(folder))
    policy = Policy(("id", "area", "value", "day"), parse("area >= 10", loaded.columns))
    files = [name for name, _ in lake.files("t", loaded.version)]
    plain = f"SELECT id, area, value, day FROM read_parquet({files}) WHERE area >= 10"

    def governed(shape: Shape) -> None:
        relation = open_table(lake, "t", loaded.version, loaded.columns, policy)
        for _piece in shape(relation, lambda: True, Tally()):
            pass

    arrow = seconds(lambda: governed(arrow_stream), 3), seconds(lambda: _arrow(plain), 3)
    text = seconds(lambda: governed(csv_stream), 3), seconds(lambda: _csv(plain, folder), 3)
    first = once(lambda: prepare(lake, "t", loaded.version, loaded.columns, policy))
    again = once(lambda: prepare(lake, "t", loaded.version, loaded.columns, policy))
    return [
        _row("Arrow under a policy", *arrow, "DuckDB to Arrow", "0.8"),
        _row("CSV under a policy", *text, "DuckDB COPY to CSV", ""),
        Row(
            "Delta files, first time",
            f"{ROWS / first:,.0f} rows a second",
            f"once prepared: {again * 1000:.0f} ms",
            "",
            "",
        ),
    ]


def _source(folder: Path) -> Path:
    target = folder / "in.parquet"
    duckdb.sql(
        "COPY (SELECT i AS id, i % 317 AS area, hash(i) % 1000 / 10.0 AS value, "
        "'E' || (i % 1000) AS code, DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS day "
        f"FROM range({ROWS}) t(i)) TO '{target}' (FORMAT parquet)"
    )
    return target


def _arrow(query: str) -> None:
    reader = duckdb.connect().sql(query).to_arrow_reader(65_536)
    sink = pa.MockOutputStream()  # counts bytes and keeps none, as ours are not kept
    with pa.ipc.new_stream(sink, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _csv(query: str, folder: Path) -> None:
    duckdb.connect().execute(f"COPY ({query}) TO '{folder / 'out.csv'}'")


def _row(what: str, ours: float, theirs: float, peer: str, target: str) -> Row:
    return Row(
        f"{what}, {ROWS:,} rows",
        f"{ROWS / ours:,.0f} rows a second",
        f"{peer}: {ROWS / theirs:,.0f}",
        f"{theirs / ours:.2f}",
        target,
    )
