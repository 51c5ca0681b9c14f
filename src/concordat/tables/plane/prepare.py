"""Parquet written per policy, once: the files that Delta Sharing hands out.

An extract is named by its table, version and policy, so two shares with the same terms use the same
files and a change of terms never meets an old file.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

BYTES_A_FILE: Final = 128 * 1024 * 1024  # clients ask a dozen times for each file, however small
DONE: Final = "_done"


@dataclass(frozen=True)
class Part:
    """One file of an extract."""

    number: int
    path: Path
    size: int
    rows: int


def prepare(
    lake: Lake, table: str, version: int, columns: list[Column], policy: Policy
) -> list[Part]:
    """The extract's files, written if they are not there. Safe between processes.

    Raises TableError, PolicyError or PredicateError; a crash leaves nothing that looks whole.
    """
    folder = folder_of(lake, table, version, policy.digest())
    if not (folder / DONE).exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f"{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / DONE).exists():
                _write(lake, table, version, columns, policy, folder)
    os.utime(folder / DONE)  # the eviction's clock
    return _parts(folder)


def folder_of(lake: Lake, table: str, version: int, policy_digest: str) -> Path:
    """Where an extract lives."""
    return lake.work / "extracts" / f"{table}-{version}-{policy_digest[:32]}"


def prepared_file(
    lake: Lake, table: str, version: int, policy_digest: str, number: int
) -> Path | None:
    """One file of an extract that is written; None where it is not, or not here."""
    folder = folder_of(lake, table, version, policy_digest)
    path = folder / f"{number:05}.parquet"
    if not (folder / DONE).exists() or not path.exists():
        return None
    os.utime(folder / DONE)
    return path


def _write(
    lake: Lake, table: str, version: int, columns: list[Column], policy: Policy, folder: Path
) -> None:
    made = Path(tempfile.mkdtemp(dir=lake.staging()))
    relation = open_table(lake, table, version, columns, policy)
    try:
        batches, number = relation.batches(), 0
        while _write_file(batches, made / f"{number:05}.parquet"):
            number += 1
        (made / DONE).touch()
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    finally:
        relation.close()
        shutil.rmtree(made, ignore_errors=True)


def _write_file(batches: Iterator[pa.RecordBatch], path: Path) -> bool:
    """Write the next file; False where there was nothing left to write."""
    first = next(batches, None)
    if first is None:
        return False
    with (
        pa.OSFile(str(path), "wb") as sink,
        pq.ParquetWriter(sink, first.schema, compression="zstd") as writer,
    ):
        writer.write_batch(first)
        while sink.tell() < BYTES_A_FILE and (batch := next(batches, None)) is not None:
            writer.write_batch(batch)
    return True


def _parts(folder: Path) -> list[Part]:
    parts = []
    for path in sorted(folder.glob("*.parquet")):
        rows = pq.read_metadata(path).num_rows
        parts.append(Part(int(path.stem), path, path.stat().st_size, rows))
    return parts


def evict(lake: Lake, most_bytes: int) -> int:
    """Remove the extracts longest unused until the rest fit; returns how many were removed."""
    root = lake.work / "extracts"
    if not root.exists():
        return 0
    found = []
    for done in root.glob(f"*/{DONE}"):
        size = sum(p.stat().st_size for p in done.parent.iterdir())
        found.append((done.stat().st_mtime, size, done.parent))
    held, removed = sum(size for _, size, _ in found), 0
    for _, size, folder in sorted(found):
        if held <= most_bytes:
            break
        shutil.rmtree(folder, ignore_errors=True)
        held, removed = held - size, removed + 1
    return removed
