"""Parquet written per policy, once: the files that Delta Sharing hands out.

An extract is named by its table, version and the policy's mark, so two shares whose clauses shape
rows alike use the same files, and a change of terms never meets an old file.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from concordat.tables.plane import spark
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import Relation, open_changes, open_table
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.spark import Cluster

BYTES_A_FILE: Final = 128 * 1024 * 1024  # clients ask a dozen times for each file, however small
_SMALL: Final = 8  # what a cluster wrote is kept as it is from an eighth of that to twice that
DONE: Final = "_done"
IN_USE_SECONDS: Final = 3600  # as long as the address of a file works


@dataclass(frozen=True)
class Part:
    """One file of an extract."""

    number: int
    path: Path
    size: int
    rows: int

    @property
    def extract(self) -> str:
        """The name of the extract that it belongs to."""
        return self.path.parent.name

    @property
    def stats(self) -> dict[str, Any]:
        """Delta's statistics of the file: rows, and the least and most of columns of whole numbers
        and dates that are never empty. The reader finds the same in the file."""
        found: dict[str, Any] = {"numRecords": self.rows}
        metadata = pq.read_metadata(self.path)
        for place in range(metadata.num_columns):
            groups = [metadata.row_group(n).column(place) for n in range(metadata.num_row_groups)]
            told = [group.statistics for group in groups]
            if groups and all(s and s.has_min_max and _ordered(s.min) for s in told):
                name = groups[0].path_in_schema
                low, high = min(s.min for s in told), max(s.max for s in told)
                found.setdefault("minValues", {})[name] = _json(low)
                found.setdefault("maxValues", {})[name] = _json(high)
        return found


def _ordered(value: Any) -> bool:
    return isinstance(value, int | date) and not isinstance(value, bool | datetime)


def _json(value: int | date) -> int | str:
    return value.isoformat() if isinstance(value, date) else value


def prepare(
    lake: Lake,
    table: str,
    version: int,
    columns: list[Column],
    policy: Policy,
    key: bytes = b"",
    cluster: Cluster | None = None,
) -> list[Part]:
    """The extract's files, written if they are not there: by the `cluster` where the version is as
    big as that is for, else here. Safe between processes.

    Raises TableError, PolicyError or PredicateError; a crash leaves nothing that looks whole.
    """

    def fill(made: Path) -> None:
        if cluster is None or lake.size(table, version) < cluster.least_bytes:
            _write(open_table(lake, table, version, columns, policy, key), made)
            return
        written = made / "written"
        spark.write(lake, table, version, columns, policy, key, cluster.master, written)
        _lay(written, made)

    return prepared(lake, folder_of(lake, table, version, policy.mark(key)), fill)


def prepare_changes(
    lake: Lake,
    table: str,
    before: tuple[int, list[Column]] | None,
    after: tuple[int, list[Column]],
    policy: Policy,
    key: bytes = b"",
) -> list[Part]:
    """The files of what a load changed, as `open_changes` has it; else as `prepare`."""
    name = f"{'none' if before is None else before[0]}_{after[0]}"
    return prepared(
        lake,
        folder_of(lake, table, name, policy.mark(key)),
        lambda made: _write(open_changes(lake, table, before, after, policy, key), made),
    )


def prepared(lake: Lake, folder: Path, fill: Callable[[Path], None]) -> list[Part]:
    """The files of `folder`; if they are not there, `fill` writes them into one that becomes it."""
    if not (folder / DONE).exists():
        with locked(folder):
            if not (folder / DONE).exists():
                _make(lake, fill, folder)
    os.utime(folder / DONE)  # the eviction's clock
    return _parts(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock under which `folder` is written, between the processes of this host."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def folder_of(lake: Lake, table: str, version: int | str, mark: str) -> Path:
    """Where the extract of a version (or `before_after` of changes) lives."""
    return lake.work / "extracts" / f"{table}-{version}-{mark[:32]}"


def prepared_file(lake: Lake, extract: str, number: int) -> Path | None:
    """One file of an extract that is written; None where it is not, or not here."""
    folder = lake.work / "extracts" / extract
    path = folder / f"{number:05}.parquet"
    if not (folder / DONE).exists() or not path.exists():
        return None
    os.utime(folder / DONE)
    return path


def _of(lake: Lake, table: str, version: int) -> Iterator[Path]:
    """The extracts of a version and of its changes, on this host."""
    root = lake.work / "extracts"
    for pattern in (f"{table}-{version}-*", f"{table}-{version}_*-*", f"{table}-*_{version}-*"):
        yield from (path for path in root.glob(pattern) if path.suffix != ".lock")


def in_use(lake: Lake, table: str, version: int, seconds: float = IN_USE_SECONDS) -> bool:
    """Whether somebody was handed an extract of a version on this host so short a while ago that
    they may still read it."""
    since = time.time() - seconds
    return any(
        (done := path / DONE).exists() and done.stat().st_mtime > since
        for path in _of(lake, table, version)
    )


def forget(lake: Lake, table: str, version: int) -> None:
    """Remove the extracts of a version, on this host; elsewhere they go when long unused."""
    for path in list(_of(lake, table, version)):
        shutil.rmtree(path, ignore_errors=True)


def _make(lake: Lake, fill: Callable[[Path], None], folder: Path) -> None:
    made = Path(tempfile.mkdtemp(dir=lake.staging()))
    try:
        fill(made)
        for path in made.glob("*.parquet"):
            path.chmod(0o444)  # nobody has cause to change one, and queries run where none can
        (made / DONE).touch()
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _write(relation: Relation, made: Path) -> None:
    try:
        _write_files(relation.batches(), made)
    finally:
        relation.close()


def _lay(written: Path, made: Path) -> None:
    """Name what a cluster wrote as our parts. Files far from the size that we want are rewritten."""
    number, odd = 0, []
    for path in sorted(written.glob("*.parquet")):
        if BYTES_A_FILE // _SMALL <= path.stat().st_size <= BYTES_A_FILE * 2:
            path.rename(made / f"{number:05}.parquet")
            number += 1
        else:
            odd.append(path)
    _write_files(_batches(odd), made, number)
    shutil.rmtree(written)


def _batches(paths: list[Path]) -> Iterator[pa.RecordBatch]:
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                yield batch.replace_schema_metadata(None)


def _write_files(batches: Iterator[pa.RecordBatch], made: Path, number: int = 0) -> None:
    while _write_file(batches, made / f"{number:05}.parquet"):
        number += 1


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
