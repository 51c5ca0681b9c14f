"""Governed delivery of five million rows, beside DuckDB in process on the same Parquet."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa

from bench.measure import Row, once, seconds
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.ingest import load
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.language import parse
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.prepare import prepare
from concordat.tables.plane.streams import Tally, arrow_stream, csv_stream

ROWS = int(os.environ.get("BENCH_ROWS", "5000000"))


def run() -> list[Row]:
    """Rows a second by Arrow and CSV under a policy, and the loading of a CSV file."""
    folder = Path(tempfile.mkdtemp())
    lake = Lake(str(folder / "tables"), folder / "work")
    source = folder / "in.parquet"
    duckdb.sql(
        "COPY (SELECT i AS id, i % 317 AS area, hash(i) % 1000 / 10.0 AS value, "
        "'E' || (i % 1000) AS code, DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS day "
        f"FROM range({ROWS}) t(i)) TO '{source}' (FORMAT parquet)"
    )
    loaded = load(lake, "t", source)
    policy = Policy(("id", "area", "value", "day"), parse("area >= 10", loaded.columns))
    files = [name for name, _ in lake.files("t", loaded.version)]

    def governed(shape: object) -> None:
        relation = open_table(lake, "t", loaded.version, loaded.columns, policy)
        for _piece in shape(relation, lambda: True, Tally()):  # type: ignore[operator]
            pass

    def plain_arrow() -> None:
        sink = pa.MockOutputStream()  # counts bytes and keeps none, as ours are not kept
        reader = (
            duckdb.connect()
            .sql(f"SELECT id, area, value, day FROM read_parquet({files}) WHERE area >= 10")
            .to_arrow_reader(65_536)
        )
        with pa.ipc.new_stream(sink, reader.schema) as writer:
            for batch in reader:
                writer.write_batch(batch)

    def plain_csv() -> None:
        target = folder / "out.csv"
        duckdb.connect().execute(
            f"COPY (SELECT id, area, value, day FROM read_parquet({files}) WHERE area >= 10) TO '{target}'"
        )

    arrow, bare = seconds(lambda: governed(arrow_stream), 3), seconds(plain_arrow, 3)
    text, bare_text = seconds(lambda: governed(csv_stream), 3), seconds(plain_csv, 3)
    first = once(lambda: prepare(lake, "t", loaded.version, loaded.columns, policy))
    again = once(lambda: prepare(lake, "t", loaded.version, loaded.columns, policy))
    return [
        _row("Arrow under a policy", arrow, "DuckDB to Arrow", bare, "0.8"),
        _row("CSV under a policy", text, "DuckDB COPY to CSV", bare_text, ""),
        Row(
            "Delta files, first time",
            f"{ROWS / first:,.0f} rows a second",
            f"prepared: {again * 1000:.0f} ms",
            "",
            "",
        ),
    ]


def _row(what: str, ours: float, peer: str, theirs: float, target: str) -> Row:
    return Row(
        f"{what}, {ROWS:,} rows",
        f"{ROWS / ours:,.0f} rows a second",
        f"{peer}: {ROWS / theirs:,.0f}",
        f"{theirs / ours:.2f}",
        target,
    )
