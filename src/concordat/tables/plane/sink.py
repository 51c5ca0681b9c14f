"""Where Arrow's writers write to, emptied as they go."""

from __future__ import annotations

from typing import Any, Final

_LARGE: Final = 64 * 1024  # bytes, from which on a copy costs more than another piece


class Sink:
    """A file for writers that is taken piece by piece, and still knows how far it is: the footer of
    Parquet and the frames of zstd need that."""

    closed = False

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._place = 0

    def write(self, data: Any) -> int:
        """Take bytes."""
        piece = bytes(data)
        self._held.append(piece)
        self._place += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Bytes written so far, those taken included."""
        return self._place

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing to let go."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._held = []
        return data

    def taken_apart(self) -> list[bytes]:
        """The same, what is large by itself so that it is not copied again; one piece at the least."""
        made: list[bytes] = []
        small: list[bytes] = []
        for piece in self._held:
            if len(piece) < _LARGE:
                small.append(piece)
            else:
                made += [b"".join(small), piece] if small else [piece]
                small = []
        self._held = []
        return [*made, b"".join(small)] if small or not made else made
