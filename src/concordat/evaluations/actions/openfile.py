"""The open file of a day: everything public, made once, never changed."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from concordat.evaluations.queries.openfile import (
    FOLDER,
    MANIFEST,
    flat,
    flat_columns,
    open_days,
    open_rows,
)
from concordat.evaluations.rules.openfile import FORMS
from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.audit.models import Seal
from concordat.kernel.audit.sealing import seal, seal_data
from concordat.kernel.doors.exports import csv_pieces
from concordat.kernel.files.store import store
from concordat.kernel.jobs import Running, queue, task
from concordat.kernel.jobs.models import Job

TASK: Final = "open_file"
_BATCH: Final = 500


def make_open_file(actor: Actor) -> Job | None:
    """Queue the open file of today; None where there is one."""
    today = timezone.now().date().isoformat()
    if any(day.date == today for day in open_days(PUBLIC)):
        return None
    return queue(actor, None, TASK, {"day": today}, title=f"Open file of evaluations, {today}")


@task(TASK)
def _make(running: Running, day: str) -> dict[str, Any]:
    """The job: seal the log, write the three forms, and last the manifest, which makes them a whole."""
    if any(found.date == day for found in open_days(PUBLIC)):
        return {}
    seal()
    last = Seal.objects.order_by("-number").first()
    made_at = timezone.now().isoformat()
    with tempfile.TemporaryDirectory() as folder:
        counts = _write(Path(folder), running)
        files = {}
        for form in FORMS:
            path = Path(folder) / form
            store().put(f"{FOLDER}/{day}.{form}", path)
            files[form] = {"bytes": path.stat().st_size, "sha256": _digest(path)}
    manifest = {
        "date": day,
        "made_at": made_at,
        **counts,
        "files": files,
        "seal": seal_data(last) if last else None,
    }
    store().create(f"{FOLDER}/{day}.{MANIFEST}", json.dumps(manifest, indent=1).encode())
    return {**counts, "url": "/evaluations/open"}


def _write(folder: Path, running: Running) -> dict[str, int]:
    """The three forms, each row read once; returns how many evaluations and versions there are."""
    counts = {"evaluations": 0, "versions": 0}
    columns = flat_columns()
    schema = pa.schema([*((name, pa.string()) for name in columns), ("history", pa.string())])
    waiting: list[list[str]] = []

    def told() -> Iterator[list[str]]:
        with (
            (folder / "json").open("wb") as whole,
            pq.ParquetWriter(folder / "parquet", schema) as to,
        ):
            whole.write(b'{"evaluations": [\n')
            for row in open_rows(PUBLIC):
                whole.write(b",\n" if counts["evaluations"] else b"")
                whole.write(json.dumps(row, ensure_ascii=False).encode())
                counts["evaluations"] += 1
                counts["versions"] += len(row["versions"])
                line = flat(row)
                waiting.append([*line, json.dumps(row["versions"], ensure_ascii=False)])
                if len(waiting) == _BATCH:
                    _flush(to, waiting, schema)
                    running.progress(counts["evaluations"], message="Written")
                yield line
            whole.write(b"\n]}\n")
            _flush(to, waiting, schema)

    with (folder / "csv").open("wb") as flat_file:
        for piece in csv_pieces(columns, told()):
            flat_file.write(piece)
    return counts


def _flush(to: pq.ParquetWriter, waiting: list[list[str]], schema: pa.Schema) -> None:
    columns = [pa.array(values, pa.string()) for values in zip(*waiting, strict=True)]
    if columns:
        to.write_table(pa.Table.from_arrays(columns, schema=schema))
    waiting.clear()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
