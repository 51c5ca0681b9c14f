"""What a file holds, by its content and not by what it is called."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Final

from concordat.kernel.files.packed import GZIP, PIECE, ZIP, BadFile, unpacked

# What a name promises. Text is any of the formats that a person could read.
KINDS: Final[dict[str, str]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".json", ".jsonl", ".ttl", ".rdf", ".xml"), "text"),
    ".parquet": "Parquet",
    ".gz": "gzip",
    ".zip": "zip",
}
_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PAR1", "Parquet"),
    (GZIP, "gzip"),
    (ZIP, "zip"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
)


def check(path: Path, name: str, allowed: Iterable[str]) -> str:
    """The kind of the file, one of `allowed` (`text`, `Parquet`, `gzip`, `zip`).

    Raises BadFile, saying what to send instead, for an empty file, a kind or an ending that is not
    taken, content that is not what the ending promises, and an archive that is a bomb.
    """
    wanted = sorted(end for end, kind in KINDS.items() if kind in set(allowed))
    if path.stat().st_size == 0:
        raise BadFile("The file is empty. Send a file with something in it.")
    ending = PurePath(name).suffix.lower()
    if ending not in wanted:
        raise BadFile(f"A file that ends in “{ending}” is not taken. Use {', '.join(wanted)}.")
    found, promised = kind_of(path), KINDS[ending]
    if found != promised:
        raise BadFile(f"The file is called {ending} but holds {found}. Send it as what it is.")
    if found in ("gzip", "zip"):
        for _ in unpacked(path):
            pass
    return found


def kind_of(path: Path) -> str:
    """What the content says it is: a kind of KINDS, or words for something that is not taken."""
    with path.open("rb") as file:
        start = file.read(PIECE)
        file.seek(-min(4, path.stat().st_size), io.SEEK_END)
        end = file.read(4)
    for mark, kind in _MARKS:
        if start.startswith(mark) and (kind != "Parquet" or end == mark):
            return kind
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "something that is not text" if b"\0" in start and not marked else "text"
