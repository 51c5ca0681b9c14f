"""Bytes packed for the wire, a piece at a time: the content codings (RFC 9110 §8.4.1) we offer."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final

import pyarrow as pa

from concordat.tables.plane.sink import Sink


def gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """gzip (RFC 1952), fast rather than small; what was read is given on at once."""
    packer = zlib.compressobj(1, wbits=31)  # 31: gzip's header and sum
    for piece in pieces:
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def zstandard(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """zstd (RFC 8878)."""
    sink = Sink()
    out = pa.CompressedOutputStream(pa.PythonFile(sink, "w"), "zstd")
    for piece in pieces:
        out.write(piece)
        out.flush()
        yield sink.taken()
    out.close()
    yield sink.taken()


# In the order we would choose.
CODINGS: Final[dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]]] = {
    "zstd": zstandard,
    "gzip": gzipped,
}
