"""Locks between the processes of one host, and what goes wrong inside the index's library."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


class DamagedError(Exception):
    """The index cannot be read or written as it is: it must be built again."""


class BusyError(Exception):
    """Another process of this host is building the index."""


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever the Rust library raises into DamagedError: a panic is no Exception."""
    try:
        yield
    except (ValueError, OSError, RuntimeError, SystemError) as error:
        raise DamagedError(repr(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedError(repr(error)) from error


class HostLock:
    """A file that one process of this host holds; the system lets it go when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[Any] | None = None

    def take(self) -> bool:
        """Whether this process holds it now."""
        if self._file is not None and self._is_the_one_on_disk():
            return True
        self.release()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let it go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _is_the_one_on_disk(self) -> bool:
        """A lock on a file that was deleted excludes nobody."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except FileNotFoundError:
            return False
