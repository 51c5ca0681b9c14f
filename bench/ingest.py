"""A CSV file of about 300 MB into a table, and by DuckDB's own reader into Parquet.

Each runs in a process of its own with the same settings of the engine, so that the peak of its memory
is its own. Both find the types out; ours also checks every cell, keeps what does not fit, and profiles
what was stored.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.queues
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.measure import Row, interleaved
from concordat.tables.plane.engine import connect
from concordat.tables.plane.ingest import load
from concordat.tables.plane.lake import Lake


def run() -> list[Row]:
    """Megabytes a second of each, as medians of interleaved rounds, and the peaks of memory."""
    rows = 50_000 if os.environ.get("BENCH_QUICK") else 5_000_000
    with tempfile.TemporaryDirectory(dir=os.environ["CONCORDAT_DATA_DIR"]) as place:
        source = Path(place) / "in.csv"
        duckdb.sql(
            "COPY (SELECT i AS id, 'E' || (i % 1000) AS area, hash(i) % 100000 / 100 AS amount, "
            "DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS day, 'Town of ' || hash(i) AS town, "
            f"i % 3 = 0 AS paid FROM range({rows}) t(i)) TO '{source}'"
        )
        size = source.stat().st_size / 1e6
        peaks: dict[Callable[[Path], None], float] = {}
        ours, bare = interleaved(
            [lambda: _apart(_ours, source, peaks), lambda: _apart(_bare, source, peaks)], 3
        )
    return [
        Row(
            f"CSV of {size:,.0f} MB into a table",
            f"{size / ours:,.0f} MB/s, peak {peaks[_ours]:,.0f} MB",
            f"DuckDB to Parquet: {size / bare:,.0f} MB/s, peak {peaks[_bare]:,.0f} MB",
            f"{bare / ours:.2f}",
            "≥ 0.5",
        )
    ]


def _apart(
    work: Callable[[Path], None], source: Path, peaks: dict[Callable[[Path], None], float]
) -> float:
    """Seconds that `work` takes in a process of its own."""
    context = multiprocessing.get_context("spawn")
    told = context.SimpleQueue()
    process = context.Process(target=_measured, args=(work, source, told))
    process.start()
    seconds, peak = told.get()
    process.join()
    peaks[work] = max(peak, peaks.get(work, 0))
    return float(seconds)


def _measured(
    work: Callable[[Path], None],
    source: Path,
    told: multiprocessing.queues.SimpleQueue[tuple[float, float]],
) -> None:
    start = time.perf_counter()
    work(source)
    seconds = time.perf_counter() - start
    told.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000))


def _ours(source: Path) -> None:
    with tempfile.TemporaryDirectory(dir=source.parent) as place:
        load(Lake(f"{place}/tables", Path(place) / "work"), "t", source)


def _bare(source: Path) -> None:
    with tempfile.TemporaryDirectory(dir=source.parent) as place, connect() as connection:
        connection.execute(
            f"COPY (FROM read_csv('{source}')) TO '{place}/out.parquet' (FORMAT parquet)"
        )
