"""A version as one file in one format, written once under a policy: what a client can resume, and
check against the sum of its bytes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Final

from concordat.tables.plane.engine import Relation
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.prepare import DONE, locked
from concordat.tables.plane.streams import Format, Tally, stream

_FACTS: Final = "facts.json"
_LITTLE: Final = 1024 * 1024  # bytes, below which a file saves nobody anything
Progress = Callable[[int], None]  # told the rows written so far


@dataclass(frozen=True)
class Rendering:
    """A file that is written: bytes, rows and the SHA-256 (hex) of the bytes, "" where nobody has
    asked for it yet."""

    path: Path
    bytes: int
    rows: int
    sha256: str


def rendering(lake: Lake, name: str) -> Rendering | None:
    """The file of that name; None where it is not written, or not here."""
    folder = lake.work / "extracts" / name
    try:
        facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
        os.utime(folder / DONE)  # the eviction's clock
    except FileNotFoundError:
        return None
    return Rendering(folder / "rows", **facts)


def summed(found: Rendering) -> Rendering:
    """The same with its sum, worked out once: while it was streamed nobody waited for that."""
    if found.sha256:
        return found
    with found.path.open("rb") as file:
        told = replace(found, sha256=hashlib.file_digest(file, "sha256").hexdigest())
    _tell(found.path.parent, told)
    return told


def render(
    lake: Lake,
    name: str,
    opened: Callable[[], Relation],
    form: Format,
    progress: Progress = lambda rows: None,
) -> Rendering:
    """The file of that name, written from what `opened` yields if it is not there.

    Safe between processes; a crash, or `progress` raising, leaves nothing that looks whole. Raises
    TableError.
    """
    folder = lake.work / "extracts" / name
    with locked(folder):
        if (found := rendering(lake, name)) is not None:
            return found
        made = Path(tempfile.mkdtemp(dir=lake.staging()))
        try:
            written = _written(made / "rows", opened(), form, progress)
            _place(folder, made, written)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return replace(written, path=folder / "rows")


def kept(
    lake: Lake, name: str, pieces: Iterator[bytes], tally: Tally, most: int
) -> Iterator[bytes]:
    """The pieces, written down as they pass, so that the next reader gets a file.

    Nothing is kept of a stream that breaks off, of one that is little or more than `most` bytes, or
    where another is being written or there is no room: the pieces go on all the same.
    """
    made = Path(tempfile.mkdtemp(dir=lake.staging()))
    file = (made / "rows").open("wb")
    try:
        for piece in pieces:
            if not file.closed and not _noted(file, piece, most):
                file.close()
            yield piece
        if not file.closed and tally.whole and tally.bytes > _LITTLE:
            file.close()
            _place(
                lake.work / "extracts" / name,
                made,
                Rendering(made, tally.bytes, tally.rows, ""),
            )
    finally:
        file.close()
        shutil.rmtree(made, ignore_errors=True)


def _noted(file: IO[bytes], piece: bytes, most: int) -> bool:
    try:
        file.write(piece)
    except OSError:  # no room: the reader does not need the file
        return False
    return file.tell() <= most


def _tell(folder: Path, written: Rendering) -> None:
    """Write the facts of a file, so that whoever reads them has the old ones or the new."""
    facts = {key: value for key, value in asdict(written).items() if key != "path"}
    fresh = folder / f"{_FACTS}.{os.getpid()}"
    fresh.write_text(json.dumps(facts), encoding="utf-8")
    fresh.replace(folder / _FACTS)


def _place(folder: Path, made: Path, written: Rendering) -> None:
    _tell(made, written)
    (made / DONE).touch()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # somebody else was first: theirs holds the same bytes
        made.rename(folder)


def _written(path: Path, relation: Relation, form: Format, progress: Progress) -> Rendering:
    tally, digest = Tally(), hashlib.sha256()
    with path.open("wb") as file:
        for piece in stream(relation, form, lambda: True, tally):
            file.write(piece)
            digest.update(piece)
            progress(tally.rows)
    return Rendering(path, tally.bytes, tally.rows, digest.hexdigest())
