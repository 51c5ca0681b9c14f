"""Where Apache Spark begins to pay: one extract by DuckDB and by Spark on workers of this machine.

`.venv/bin/python -m bench.spark 1000000 10000000` prints a row for each number of rows, of ten
columns; it needs the extra `spark` and Java. MASTER names another master.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import connect
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.policy import Policy, Sample
from concordat.tables.plane.predicate import Compare
from concordat.tables.plane.prepare import prepare
from concordat.tables.plane.spark import Cluster

ROWS = (
    "SELECT i AS id, 'E' || (i % 1000) AS area, hash(i) % 100000 / 100 AS amount, "
    "DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS day, 'Town of ' || hash(i) AS town, "
    "i % 3 = 0 AS paid, CAST(hash(i + 1) % 1000000 AS BIGINT) AS one, i // 7 AS two, "
    "'SW' || (i % 20) || ' 1AA' AS postcode, hash(i + 2) % 977 / 7.0 AS rate FROM range({}) t(i)"
)
COLUMNS = [
    Column(*each.split())
    for each in "id integer,area text,amount number,day date,town text,paid boolean,"
    "one integer,two integer,postcode text,rate number".split(",")
]
POLICY = Policy(
    tuple(column.name for column in COLUMNS),
    Compare("amount", "ge", (100,)),
    masks=(Mask("town", "hash"), Mask("postcode", "district"), Mask("day", "month")),
    sample=Sample("two", 90),
)


def _measured(work: Callable[[], object]) -> str:
    """Wall and CPU seconds, of this process and of those it starts, wherever they end."""
    seen: dict[int, float] = {}
    done = threading.Event()
    mine = resource.getrusage(resource.RUSAGE_SELF)
    watcher = threading.Thread(target=_watch, args=(seen, done))
    watcher.start()
    began = time.perf_counter()
    work()
    wall = time.perf_counter() - began
    done.set()
    watcher.join()
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - mine.ru_utime - mine.ru_stime + sum(seen.values())
    return f"{wall:.1f} s, CPU {cpu:.1f} s"


def _watch(seen: dict[int, float], done: threading.Event) -> None:
    """Keep what CPU each process below this one had when it was last seen."""
    tick = os.sysconf("SC_CLK_TCK")
    while not done.wait(0.3):
        found = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(path.parent.name)] = (
                int(words[1]),
                (int(words[11]) + int(words[12])) / tick,
            )
        for pid in found:
            above = pid
            while above in found and above != os.getpid():
                above = found[above][0]
            if above == os.getpid() != pid:
                seen[pid] = found[pid][1]


def main() -> int:
    """Measure each number of rows that is named."""
    master = os.environ.get("MASTER", "local-cluster[2,1,1024]")
    for rows in map(int, sys.argv[1:] or ["1000000"]):
        with tempfile.TemporaryDirectory(dir=os.environ.get("CONCORDAT_DATA_DIR")) as place:
            here, there = (Lake(f"{place}/lake", Path(place) / name) for name in ("here", "there"))
            connection = connect(Path(place) / "spill")
            here.write("t", lambda: connection.sql(ROWS.format(rows)).to_arrow_reader(100_000))  # noqa: B023
            connection.close()
            told = [f"{rows:,}", f"{here.size('t', 0) / 1e6:,.0f} MB"]
            kept = []
            for lake, cluster in ((here, None), (there, Cluster(master, 0))):
                work = partial(prepare, lake, "t", 0, COLUMNS, POLICY, bytes(32), cluster)
                told.append(_measured(lambda: kept.append(work())))  # noqa: B023
            one, other = (sum(part.rows for part in parts) for parts in kept)
            assert one == other
            told.append(f"{len(kept[0])} and {len(kept[1])}")
            print("| " + " | ".join(told) + " |", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
