"""The process that runs one analyst's query: no files, no network, no settings, hard limits.

`python -m concordat.tables.plane.sandbox SOCKET` is a nursery: it has imported the engine and holds
no data, no keys and no connection. For each query it forks a child, which takes the query's pipes,
limits itself, opens the granted extracts, locks the engine, runs the text and ends. So a query is a
process of its own without paying for the imports (0.5 s) each time.

Frames on the way back: a kind (S schema, B batch, D done, E error), the length, the body.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

HEAD: Final = struct.Struct("<cQ")
BATCH_ROWS: Final = 16_384
_LOCKS: Final = (
    "SET python_enable_replacements=false",
    "SET autoinstall_known_extensions=false",
    "SET autoload_known_extensions=false",
    "SET allow_community_extensions=false",
    "SET enable_progress_bar=false",
    "SET temp_directory=''",
    "SET TimeZone='UTC'",
    "SET enable_external_access=false",
    "SET lock_configuration=true",
)
_UNKNOWN_COLUMN: Final = re.compile(r'(?:Referenced column|column named) "([^"]+)"')
# The engine's words hold values and names that its reader may not know; only their kind goes out.
_KINDS: Final = (
    (duckdb.OutOfMemoryException, "memory"),
    (duckdb.BinderException, "bind"),
    (duckdb.CatalogException, "bind"),
    (duckdb.ParserException, "parse"),
    (duckdb.ConversionException, "convert"),
    (duckdb.OutOfRangeException, "convert"),
    (duckdb.InvalidInputException, "convert"),
)
_ENGINE_SHARE: Final = 2  # the engine's own limit is a half of the process's


def nursery(control: socket.socket) -> None:
    """Fork a child for each pair of pipes that comes, and send back a handle to it, until the
    socket is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the system
    while True:
        message, pipes, _, _ = socket.recv_fds(control, 1, 2)
        if not message:
            return
        child = os.fork()
        if child == 0:
            control.close()
            _child(*pipes)
        handle = os.pidfd_open(child)
        for one in pipes:
            os.close(one)
        socket.send_fds(control, [b"p"], [handle])
        os.close(handle)


def _child(source: int, sink: int) -> None:
    """Run the one query that `source` describes, write frames to `sink`, and end."""
    try:
        os.setsid()
        with os.fdopen(source, "rb") as stream:
            job = json.load(stream)
        _limit(job["memory"], job["seconds"])
        _give_up_powers()
        with os.fdopen(sink, "wb", buffering=0) as out:
            try:
                run(job, out)
            except Exception as error:
                _frame(out, b"E", json.dumps(fault(error)).encode())
    except BaseException:
        os._exit(1)
    os._exit(0)


def _limit(memory: int, seconds: int) -> None:
    """What the system itself holds the process to. The time that passes is its parent's to
    count: it is killed from outside, which no call of the engine can hold off."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
    ):
        resource.setrlimit(what, (most, most))


def _give_up_powers() -> None:
    """A superuser's powers, of which one is to write what nobody may write (capabilities(7)): from
    here on the modes of files hold for it as for anybody."""
    # Version 3 of the call, for this process; no effective, permitted or inheritable power.
    if ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()):
        raise OSError("the process keeps its powers")


def fault(error: Exception) -> dict[str, str]:
    """What kind of failure it was; a column's name only where the engine did not know it."""
    if isinstance(error, MemoryError | pa.ArrowMemoryError):
        return {"kind": "memory"}
    kind = next((kind for known, kind in _KINDS if isinstance(error, known)), "other")
    if kind == "bind" and (found := _UNKNOWN_COLUMN.search(str(error))):
        return {"kind": "column", "name": found[1]}
    return {"kind": kind}


def run(job: dict[str, Any], out: Any) -> None:
    """The job's rows as frames on `out`, up to its rows and bytes."""
    connection = _locked(job)
    if job["explain"]:
        found = connection.execute(f"EXPLAIN {job['sql']}").fetchall()
        reader = pa.table({"plan": [row[1] for row in found]}).to_reader()
    else:
        reader = connection.sql(job["sql"]).to_arrow_reader(BATCH_ROWS)
    _frame(out, b"S", reader.schema.serialize())
    rows = size = 0
    whole = True
    for batch in reader:
        kept = batch.slice(0, job["rows"] - rows)
        data = kept.serialize()
        whole = kept.num_rows == batch.num_rows and size + data.size <= job["bytes"]
        if size + data.size <= job["bytes"] and kept.num_rows:
            rows, size = rows + kept.num_rows, size + data.size
            _frame(out, b"B", data)
        if not whole:
            break
    _frame(out, b"D", json.dumps({"whole": whole}).encode())


def _locked(job: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """An engine that holds the granted tables and nothing else, and can be told nothing more."""
    pa.set_cpu_count(job["threads"])
    pa.set_io_thread_count(job["threads"])
    memory = f"{job['memory'] // _ENGINE_SHARE // 2**20}MB"
    options: dict[str, Any] = {"threads": str(job["threads"]), "memory_limit": memory}
    connection = duckdb.connect(":memory:", config=options)
    readable: list[str] = []
    for number, table in enumerate(job["tables"]):
        source = f"extract_{number}"
        files = table["files"]
        if files and not any(os.access(file, os.W_OK) for file in files):
            # What the engine may read it may write as well, so these are read-only to the process.
            connection.execute(f"CREATE VIEW {source} AS FROM read_parquet({_listed(files)})")
            readable += files
        elif files:
            # Read by Arrow, which opens these files alone; slower, for it leaves nothing out.
            connection.register(source, ds.dataset(files, format="parquet"))
        else:
            empty = ", ".join(f"NULL::{kind} AS {_quoted(name)}" for name, kind in table["columns"])
            connection.execute(f"CREATE VIEW {source} AS SELECT {empty} WHERE false")
        for schema, name in table["names"]:
            if schema:
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
            place = f"{_quoted(schema or 'main')}.{_quoted(name)}"
            connection.execute(f"CREATE VIEW {place} AS FROM {source}")
    if readable:
        connection.execute(f"SET allowed_paths={_listed(readable)}")
    for setting in _LOCKS:
        connection.execute(setting)
    return connection


def _listed(files: list[str]) -> str:
    texts = ("'" + file.replace("'", "''") + "'" for file in files)
    return f"[{', '.join(texts)}]"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _frame(out: Any, kind: bytes, body: Any) -> None:
    data = memoryview(HEAD.pack(kind, len(body)) + bytes(body))
    while data:
        data = data[out.write(data) :]


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, ConnectionError):
        nursery(socket.socket(fileno=int(sys.argv[1])))
