"""Rows over HTTP under a policy and in the log, beside roapi, which asks nobody, and beside DuckDB
in one process with no HTTP at all.

roapi gets a Parquet file of the very rows and columns that the policy lets through; DuckDB runs the
policy's SELECT over the file that was loaded. Each client throws away what it reads.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from bench import agreed
from bench.measure import Row, interleaved, milliseconds
from bench.serving import Server, family, served
from bench.world import build, size
from concordat.tables.store import lake

ROUNDS = 5
Timed = Callable[[], float]


def run() -> list[Row]:
    """Rows a second of both formats in two sizes; first byte, memory and the cost of a range."""
    people = build()
    secret = agreed.token(people)
    found: list[Row] = []
    for times in (1, 2):
        rows = size().rows * times
        share = agreed.share(people, rows, f"rows{times}")
        path = f"/api/v1/shares/{share.reference}/data."
        source, kept = agreed.source(rows), _kept(rows)
        with served() as ours, _roapi(kept) as peer:
            for kind, accepted in (("arrow", "vnd.apache.arrow.stream"), ("csv", "csv")):
                mine = {"Authorization": f"Bearer {secret}"}
                asked = partial(_read, ours.port, "GET", path + kind, mine)
                wants = {"Accept": f"application/{accepted}"}
                answered = partial(_read, peer.port, "POST", "/api/sql", wants, "SELECT * FROM t")
                local = partial(_local, kind, source)
                found += _streams(rows, kind, ours, asked, peer, answered, local)
            found.append(_memory(rows, ours, peer))
            if times == 1:
                found.append(_first_byte(ours, secret, path + "csv"))
    return found


def _streams(
    rows: int, kind: str, ours: Server, asked: Timed, peer: Server, answered: Timed, local: Timed
) -> list[Row]:
    before = (ours.cpu(), peer.cpu())
    governed, bare, inside = interleaved([partial(_fresh, kind, asked), answered, local], ROUNDS)
    spent = (ours.cpu() - before[0], peer.cpu() - before[1])
    again, bare_again = interleaved([asked, answered], ROUNDS)
    each = " and ".join(f"{1e6 * seconds / rows / ROUNDS:.2f}" for seconds in spent)

    def row(what: str, mine: float, whose: str, theirs: float, target: str) -> Row:
        said = f"{rows / mine:,.0f} rows a second"
        beside = f"{whose}: {rows / theirs:,.0f}"
        what = f"{kind}, {rows:,} rows, {what}"
        return Row(what, said, beside, f"{theirs / mine:.2f}", target)

    first = "read for the first time"
    return [
        row(f"{first} ({each} CPU s a million)", governed, "roapi", bare, "≥ 1"),
        row(first, governed, "DuckDB in process", inside, "≥ 0.8"),
        row("read again", again, "roapi", bare_again, "≥ 1"),
    ]


def _fresh(kind: str, asked: Callable[[], float]) -> float:
    """A read of what nobody has read before."""
    for folder in (lake().work / "extracts").glob(f"*.{kind}"):
        shutil.rmtree(folder)
    return asked()


def _read(
    port: int, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> float:
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read(500)
    while answer.read(1024 * 1024):
        pass
    connection.close()
    return time.perf_counter() - start


def _local(kind: str, source: Path) -> float:
    """The same SELECT, its bytes made by the engine alone and thrown away."""
    start = time.perf_counter()
    sql = agreed.SELECT.format(source)
    with duckdb.connect() as connection, Path(os.devnull).open("wb") as sink:
        connection.execute("SET threads=2")
        if kind == "csv":
            connection.execute(f"COPY ({sql}) TO '{os.devnull}' (FORMAT csv)")
        else:
            reader = connection.sql(sql).to_arrow_reader(65_536)
            with pa.ipc.new_stream(sink, reader.schema) as writer:
                for batch in reader:
                    writer.write_batch(batch)
    return time.perf_counter() - start


def _first_byte(ours: Server, secret: str, path: str) -> Row:
    told = []
    for _ in range(20):
        connection = http.client.HTTPConnection("127.0.0.1", ours.port, timeout=60)
        start = time.perf_counter()
        connection.request("GET", path, headers={"Authorization": f"Bearer {secret}"})
        connection.getresponse().read(1)
        told.append(time.perf_counter() - start)
        connection.close()
    return Row("first byte of a CSV stream", milliseconds(told), target="p50 < 100 ms")


def _memory(rows: int, ours: Server, peer: Server) -> Row:
    """The most memory that one process of each has held so far."""
    most = [max(_peak(pid) for pid in family(server.pid)) for server in (ours, peer)]
    return Row(
        f"peak memory of a process, {rows:,} rows",
        f"{most[0]:,} MB",
        f"roapi: {most[1]:,} MB",
        f"{most[0] / most[1]:.2f}",
        "flat",
    )


def _peak(pid: int) -> int:
    told = Path(f"/proc/{pid}/status").read_text()
    return next(
        int(line.split()[1]) // 1024 for line in told.splitlines() if line.startswith("VmHWM")
    )


def _kept(rows: int) -> Path:
    """A folder with one Parquet file of what the policy lets through."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["CONCORDAT_DATA_DIR"]))
    sql = agreed.SELECT.format(agreed.source(rows))
    duckdb.sql(f"COPY ({sql}) TO '{folder}/t.parquet' (FORMAT parquet, COMPRESSION zstd)")
    return folder / "t.parquet"


@contextmanager
def _roapi(file: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = Path(sys.executable).parent / "roapi"
    command = [str(program), "--addr-http", f"127.0.0.1:{port}", "--table", f"t={file}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)
