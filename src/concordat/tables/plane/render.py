"""A version as one file in one format, written once under a policy: what a client can resume, and
check against the sum of its bytes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from concordat.tables.plane.engine import Relation
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.prepare import DONE, locked
from concordat.tables.plane.streams import Format, Tally, stream

_FACTS: Final = "facts.json"
Progress = Callable[[int], None]  # told the rows written so far


@dataclass(frozen=True)
class Rendering:
    """A file that is written: bytes, rows and the SHA-256 (hex) of the bytes."""

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
            facts = {key: value for key, value in asdict(written).items() if key != "path"}
            (made / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
            (made / DONE).touch()
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return Rendering(folder / "rows", **facts)


def _written(path: Path, relation: Relation, form: Format, progress: Progress) -> Rendering:
    tally, digest = Tally(), hashlib.sha256()
    with path.open("wb") as file:
        for piece in stream(relation, form, lambda: True, tally):
            file.write(piece)
            digest.update(piece)
            progress(tally.rows)
    return Rendering(path, tally.bytes, tally.rows, digest.hexdigest())
