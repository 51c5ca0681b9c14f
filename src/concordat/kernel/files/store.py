"""The one store: a folder on this machine, or a bucket that speaks S3."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

import obstore
from django.conf import settings
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, from_url

PIECE: Final = 4 * 1024 * 1024
_ALLOW_HTTP: Final = ("allow_http", "aws_allow_http")


@dataclass(frozen=True)
class Store:
    """Objects by path. `uri` and `options` are what other engines (Delta Lake) open it with."""

    objects: Any
    uri: str
    options: dict[str, str]

    def put(self, path: str, source: Path) -> None:
        """Store a file under `path`, in pieces; all of it or nothing."""
        with source.open("rb") as file:
            obstore.put(self.objects, path, file)

    def write(self, path: str, data: bytes) -> None:
        """Store bytes under `path`."""
        obstore.put(self.objects, path, data)

    def create(self, path: str, data: bytes) -> bool:
        """Store bytes under `path` unless something is there; whether they were stored."""
        try:
            obstore.put(self.objects, path, data, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def read(self, path: str) -> Iterator[bytes]:
        """The object's bytes in pieces. Raises FileNotFoundError."""
        for piece in obstore.get(self.objects, path).stream(min_chunk_size=PIECE):
            yield bytes(piece)

    def open(self, path: str) -> IO[bytes]:
        """The object as a file, of which no more is fetched than is read. Raises FileNotFoundError."""
        size = int(obstore.head(self.objects, path)["size"])
        return io.BufferedReader(_Ranges(self.objects, path, size), PIECE // 4)

    def list(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """(path, size) of every object below `prefix`."""
        for batch in obstore.list(self.objects, prefix or None):
            for item in batch:
                yield item["path"], item["size"]

    def remove(self, path: str) -> None:
        """Remove an object; one that is not there is no error."""
        with suppress(FileNotFoundError):  # a folder says so, a bucket does not
            obstore.delete(self.objects, path)


class _Ranges(io.RawIOBase):
    """An object read by ranges."""

    def __init__(self, objects: Any, path: str, size: int) -> None:
        self.objects, self.path, self.size, self.place = objects, path, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.place = offset + {io.SEEK_CUR: self.place, io.SEEK_END: self.size}.get(whence, 0)
        return self.place

    def readinto(self, buffer: Any) -> int:
        end = min(self.size, self.place + len(buffer))
        if end <= self.place:
            return 0
        piece = obstore.get_range(self.objects, self.path, start=self.place, end=end)
        buffer[: len(piece)] = memoryview(piece)
        self.place += len(piece)
        return len(piece)


def opened(url: str, options: dict[str, str]) -> Store:
    """The store at `url`, with the options of an object store in the words of Delta Lake."""
    config = {name: value for name, value in options.items() if name.lower() not in _ALLOW_HTTP}
    allows = {value.lower() for name, value in options.items() if name.lower() in _ALLOW_HTTP}
    # Delta Lake takes this among the store's options; obstore has it among the client's.
    client = {"allow_http": True} if "true" in allows else None
    objects = from_url(url, config=config, client_options=client)  # type: ignore[call-overload]
    return Store(objects, url, options)


@cache
def store() -> Store:
    """The store that the settings name."""
    url = settings.ENV.storage_url.rstrip("/")
    if url:
        options = {k: v.get_secret_value() for k, v in settings.ENV.storage_options.items()}
        return opened(url, options)
    folder = Path(settings.DATA_DIR) / "store"
    folder.mkdir(parents=True, exist_ok=True)
    return Store(LocalStore(prefix=folder), str(folder), {})
