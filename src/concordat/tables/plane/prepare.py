"""Parquet written per policy, once: the files that Delta Sharing hands out.

An extract is named by its table, version and policy, so two shares with the same terms use the same
files and a change of terms never meets an old file.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

ROWS_A_FILE: Final = 1_000_000
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
    folder = folder_of(lake, table, version, policy)
    if not (folder / DONE).exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f"{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / DONE).exists():
                _write(lake, table, version, columns, policy, folder)
    os.utime(folder / DONE)  # the eviction's clock
    return _parts(folder)


def folder_of(lake: Lake, table: str, version: int, policy: Policy) -> Path:
    """Where an extract lives."""
    return lake.work / "extracts" / f"{table}-{version}-{policy.digest()[:32]}"


def _write(
    lake: Lake, table: str, version: int, columns: list[Column], policy: Policy, folder: Path
) -> None:
    made = Path(tempfile.mkdtemp(dir=lake.staging()))
    relation = open_table(lake, table, version, columns, policy)
    try:
        writer, written, number = None, 0, 0
        for batch in relation.batches():
            if writer is None:
                path = made / f"{number:05}.parquet"
                writer = pq.ParquetWriter(path, batch.schema, compression="zstd")
            writer.write_batch(batch)
            written += batch.num_rows
            if written >= ROWS_A_FILE:
                writer.close()
                writer, written, number = None, 0, number + 1
        if writer is not None:
            writer.close()
        (made / DONE).touch()
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    finally:
        relation.close()
        shutil.rmtree(made, ignore_errors=True)


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
