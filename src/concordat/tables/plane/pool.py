"""Running a query in a process of its own, from outside: starting it, hearing it, ending it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from concordat.tables.plane.gate import SqlError
from concordat.tables.plane.sandbox import HEAD
from concordat.tables.plane.streams import Cut

_ASKED_EVERY: Final = 0.1  # seconds between two questions whether the query may still go on
_PIECE: Final = 1 << 20
_MEMORY: Final = (
    "The query needs more memory than one may have.",
    "Read fewer columns or rows, or aggregate sooner.",
)
_FAULTS: Final[dict[str, tuple[str, ...]]] = {
    "memory": _MEMORY,
    "bind": (
        "A column, a function or a type in the query does not fit its tables.",
        "Compare it with the columns listed.",
    ),
    "parse": ("The query is nested too deep for the engine.", "Split it into named parts."),
    "convert": (
        "A value in the tables does not fit what the query does with it.",
        "Use try_cast in place of cast, or leave such rows out.",
    ),
    "other": ("The query could not be run.", "Change the query and run it again."),
}


@dataclass(frozen=True)
class Job:
    """A query that the gate has passed, with the extracts it reads and its limits.

    `tables` holds, for each, its `names` ([schema, table]), `files` and `columns` ([name, type]).
    Memory and size are bytes; `seconds` bounds both processor time and waiting.
    """

    sql: str
    tables: list[dict[str, Any]]
    seconds: int
    memory: int
    rows: int
    size: int
    explain: bool = False
    threads: int = 2

    def text(self) -> bytes:
        """As the child reads it."""
        facts = {**self.__dict__, "bytes": self.size}
        return json.dumps(facts).encode()


class Nursery:
    """One process that has the engine ready and forks a child for each query."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._of = 0

    def warm(self) -> None:
        """Start it ahead of need."""
        with self._lock:
            self._ready()

    def child(self, source: int, sink: int) -> int:
        """A child that reads `source` and writes `sink`; a file descriptor that stands for it."""
        with self._lock:
            for again in (True, False):
                control = self._ready()
                try:
                    socket.send_fds(control, [b"q"], [source, sink])
                    _, handles, _, _ = socket.recv_fds(control, 1, 1)
                    if handles:
                        return handles[0]
                    raise ConnectionError("the nursery ended")
                except OSError:
                    self._drop()
                    if not again:
                        raise
        raise AssertionError

    def _ready(self) -> socket.socket:
        if self._of != os.getpid():  # after a fork the other end listens to the parent
            self._control = self._process = None
        if self._control is None:
            ours, theirs = socket.socketpair()
            self._of = os.getpid()
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-m",
                    "concordat.tables.plane.sandbox",
                    str(theirs.fileno()),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                # Allocators that reserve little, for the address space is what is limited.
                env={"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"},
                start_new_session=True,
            )
            theirs.close()
            self._control = ours
        return self._control

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


NURSERY: Final = Nursery()


def _begin(text: bytes) -> tuple[int, int]:
    """A child that has been told its job: (what stands for it, the end of its pipe to read)."""
    theirs_in, ours_in = os.pipe()
    ours_out, theirs_out = os.pipe()
    try:
        handle = NURSERY.child(theirs_in, theirs_out)
    except BaseException:
        os.close(ours_in)
        os.close(ours_out)
        raise
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    # A child that ended already is found out by what it does not say.
    with suppress(BrokenPipeError), os.fdopen(ours_in, "wb") as stream:
        stream.write(text)
    return handle, ours_out


class Run:
    """A query that is running. Read `schema`, then `batches`; `close` ends it whatever it does.

    `allowed` is asked every tenth of a second while the query computes, and before each piece.
    Raises SqlError for what the query did wrong, Cut when it may not go on.
    """

    def __init__(self, job: Job, allowed: Callable[[], bool]) -> None:
        self.job, self.whole, self._allowed = job, False, allowed
        self._left = float(job.seconds)
        self._received = 0
        self._handle, self._out = _begin(job.text())
        try:
            self.schema: pa.Schema = pa.ipc.read_schema(pa.py_buffer(self._next(b"S")[1]))
        except BaseException:
            self.close()
            raise

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, streamed."""
        try:
            while True:
                kind, body = self._next(b"B", b"D")
                if kind == b"D":
                    self.whole = bool(json.loads(body)["whole"])
                    return
                batch = pa.ipc.read_record_batch(pa.py_buffer(body), self.schema)
                batch.validate(full=True)  # what comes out of there is not trusted
                yield batch
        finally:
            self.close()

    def close(self) -> None:
        """End the child, if it has not ended, and let go of it."""
        handle, self._handle = self._handle, -1
        if handle < 0:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        os.close(handle)
        os.close(self._out)

    def _next(self, *wanted: bytes) -> tuple[bytes, bytes]:
        kind, length = HEAD.unpack(self._read(HEAD.size))
        self._received += length
        if length > self.job.size + _PIECE or self._received > 2 * self.job.size + _PIECE:
            raise SqlError(*_MEMORY)
        body = self._read(length)
        if kind == b"E":
            raise self._fault(json.loads(body))
        if kind not in wanted:
            raise SqlError(*_FAULTS["other"])
        return kind, body

    def _read(self, length: int) -> bytes:
        """So many bytes of what the child writes; only time spent waiting for it counts."""
        found = bytearray()
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        while len(found) < length:
            if not self._allowed():
                raise Cut
            before = time.monotonic()
            ready = poll.poll(1000 * min(_ASKED_EVERY, max(0.0, self._left)))
            self._left -= time.monotonic() - before
            if not ready:
                if self._left <= 0:
                    raise self._too_long()
                continue
            piece = os.read(self._out, min(_PIECE, length - len(found)))
            if not piece:  # ended without a word: killed for its time, or out of memory
                raise self._too_long()
            found += piece
        return bytes(found)

    def _too_long(self) -> SqlError:
        return SqlError(
            f"The query was stopped: it needs more than {self.job.seconds} seconds or more memory "
            "than one may have.",
            "Read fewer rows, or aggregate before you join.",
        )

    def _fault(self, fault: dict[str, str]) -> SqlError:
        name = fault.get("name", "")
        if fault["kind"] == "column" and name.lower() in self.job.sql.lower():
            return SqlError(
                f"There is no column “{name[:80]}” in the tables that the query reads there.",
                "Compare it with the columns listed.",
            )
        return SqlError(*_FAULTS.get(fault["kind"], _FAULTS["bind"]))
