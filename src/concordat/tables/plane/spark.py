"""Extracts too big for one machine, written by Apache Spark from the version's own list of files.

The same compiled policy, in Spark's words. The driver is a process of its own, which ends with the
extract and gives the cluster back: `python -m concordat.tables.plane.spark` takes its job, which
holds the keys, on its standard input, and says no more on its output than what kind of fault it met.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from concordat.tables.plane.columns import Column
from concordat.tables.plane.compile import pads, select
from concordat.tables.plane.dialect import Spark
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

MOST_SECONDS: Final = 12 * 3600  # a cluster whose workers never come would be waited for for ever
STORED: Final = "stored"
# What the SQL means may not hang on how a cluster is set up.
SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",  # the calendar that Python has, too
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    # Its set of many numbers tells 0.0 from -0.0, which nobody else does.
    "spark.sql.optimizer.inSetConversionThreshold": "100000",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.files.maxPartitionBytes": str(128 * 1024 * 1024),  # a task's share, and so a file's
    # The pads of the keys stand in the plan: nothing shows plans, and where one is told of, not those.
    "spark.ui.enabled": "false",
    "spark.eventLog.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.redaction.string.regex": "(?i)(x'|0x)?[0-9a-f]{128}'?",
}
_GLOB: Final = re.compile(r"[\\{}\[\]*?]")


@dataclass(frozen=True)
class Cluster:
    """Spark's `master` address, and from how many stored bytes on a version is prepared by it."""

    master: str
    least_bytes: int


def write(
    lake: Lake,
    table: str,
    version: int,
    columns: list[Column],
    policy: Policy,
    key: bytes,
    master: str,
    folder: Path,
) -> None:
    """`table` at `version` under `policy` as Parquet files in `folder`, which is made.

    The workers read the lake and write `folder` by the same paths as this host. From an object store
    the files are fetched first, beside `folder`. Raises TableError, PolicyError or PredicateError.
    """
    dialect = Spark(pads(key) if policy.keyed else {})
    sql = select(policy, columns, STORED, dialect)
    with tempfile.TemporaryDirectory(dir=folder.parent) as fetched:
        job = {
            "master": master,
            "files": [str(path) for path in lake.fetch(table, version, Path(fetched))],
            "columns": [Column(column.name, column.type).to_data() for column in columns],
            "sql": sql,
            "folder": str(folder),
        }
        if job["files"]:
            _driven(job)


def _driven(job: dict[str, Any]) -> None:
    """Run the job in a process of its own, which knows none of our settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONCORDAT_")}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "concordat.tables.plane.spark"],
            input=json.dumps(job),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            timeout=MOST_SECONDS,
            env=kept,
        )
    except subprocess.TimeoutExpired:  # whose words hold the job
        raise TableError(f"Spark took more than {MOST_SECONDS // 3600} hours.") from None
    if done.returncode:
        kind = (done.stdout.strip().splitlines() or ["it was stopped"])[-1]
        raise TableError(f"Spark could not prepare the extract ({kind}).")


def started(master: str) -> Any:
    """A session on the cluster with our settings."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("concordat")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def opened(session: Any, files: list[str], columns: list[Column], name: str = STORED) -> None:
    """Let `name` stand for the files' rows in the session's SQL."""
    dialect = Spark()
    schema = ", ".join(f"{dialect.name(c.name)} {dialect.type(c.type)}" for c in columns)
    paths = [_GLOB.sub(r"\\\g<0>", file) for file in files]
    session.read.schema(schema).parquet(*paths).createOrReplaceTempView(name)


def main() -> int:
    """Do the job that is on the standard input."""
    job = json.load(sys.stdin)
    try:
        session = started(job["master"])
        opened(session, job["files"], [Column.from_data(each) for each in job["columns"]])
        session.sql(job["sql"]).write.parquet(job["folder"])
        session.stop()
    except Exception as error:  # its words may hold the plan, and that the keys
        kind = getattr(error, "getCondition", lambda: None)()
        sys.stdout.write(f"{type(error).__name__} {kind or ''}".strip() + "\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
