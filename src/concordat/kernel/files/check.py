"""What a file holds, by its content and not by what it is called."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Final

from concordat.kernel.files.packed import (
    GZIP,
    PIECE,
    ZIP,
    BadFile,
    check_workbook,
    is_workbook,
    unpacked,
)

_TEXTS: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".ttl", ".rdf", ".xml")
# What a name promises. Text is any of the formats that a person could read.
KINDS: Final[dict[str, str]] = {
    **dict.fromkeys(_TEXTS, "text"),
    ".parquet": "Parquet",
    ".gz": "gzip",
    ".zip": "zip",
    ".xlsx": "workbook",
}
_OLD: Final = "an old Office file"
_MARKS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PAR1", "Parquet"),
    (GZIP, "gzip"),
    (ZIP, "zip"),
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xd0\xcf\x11\xe0", _OLD),
)


def check(path: Path, name: str, allowed: Iterable[str]) -> str:
    """The kind of the file, one of `allowed` (`text`, `Parquet`, `gzip`, `zip`, `workbook`).

    Raises BadFile, saying what to send instead, for an empty file, a kind or an ending that is not
    taken, content that is not what the ending promises, and an archive that is a bomb.
    """
    ending = check_promise(name, path.stat().st_size, allowed)
    found, promised = kind_of(path), KINDS[ending]
    if promised == "workbook" and found == _OLD:
        raise BadFile(
            "The workbook is encrypted or of an old kind. Save it as .xlsx without a password."
        )
    if found != promised:
        raise BadFile(f"The file is called {ending} but holds {found}. Send it as what it is.")
    if found in ("gzip", "zip"):
        for _ in unpacked(path):
            pass
    if found == "workbook":
        check_workbook(path)
    return found


def check_promise(name: str, size: int, allowed: Iterable[str]) -> str:
    """The ending of a file by its name and bytes alone, as far as they tell before it is sent.

    Raises BadFile for an empty file and an ending that is not taken.
    """
    if size == 0:
        raise BadFile("The file is empty. Send a file with something in it.")
    wanted = sorted(end for end, kind in KINDS.items() if kind in set(allowed))
    ending = PurePath(name).suffix.lower()
    if ending not in wanted:
        raise BadFile(f"A file that ends in “{ending}” is not taken. Use {', '.join(wanted)}.")
    return ending


def kind_of(path: Path) -> str:
    """What the content says it is: a kind of KINDS, or words for something that is not taken."""
    with path.open("rb") as file:
        start = file.read(PIECE)
        file.seek(-min(4, path.stat().st_size), io.SEEK_END)
        end = file.read(4)
    for mark, kind in _MARKS:
        if start.startswith(mark) and (kind != "Parquet" or end == mark):
            return "workbook" if kind == "zip" and is_workbook(path) else kind
    marked = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "something that is not text" if b"\0" in start and not marked else "text"
