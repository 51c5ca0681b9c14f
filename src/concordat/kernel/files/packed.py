"""Packed files, opened piece by piece within limits, so that no archive can fill a disk."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

PIECE: Final = 1024 * 1024
MOST_BYTES: Final = 20 * 1024**3
MOST_RATIO: Final = 200  # Parquet and CSV compress well; a bomb compresses a thousandfold
GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
MOST_WORKBOOK: Final = 1024**3  # bytes unpacked: a workbook is read whole
_OFFICE: Final = "[Content_Types].xml"
_MACROS: Final = ("vbaproject.bin", "xl/macrosheets/")


class BadFile(ValueError):
    """The file was not taken and nothing changed. The message is for the person who sent it."""


def is_packed(source: Path) -> bool:
    """Whether the file says at its start that it is a .gz or a .zip."""
    with source.open("rb") as file:
        return file.read(4).startswith((GZIP, ZIP))


def unpacked(source: Path, most_bytes: int = MOST_BYTES) -> Iterator[bytes]:
    """The pieces of the one file inside a .gz or a .zip.

    Raises BadFile for a damaged archive, one with several members or another archive inside, and
    as soon as it unpacks to more than `most_bytes` or to far more than it holds.
    """
    with source.open("rb") as file:
        zipped = file.read(4) == ZIP
    size = source.stat().st_size
    limit = min(most_bytes, max(size * MOST_RATIO, 16 * PIECE))
    try:
        if zipped:
            with zipfile.ZipFile(source) as archive, archive.open(_member(archive)) as packed:
                yield from _pieces(packed, limit)
        else:
            with gzip.open(source) as packed:
                yield from _pieces(packed, limit)
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadFile("The archive is damaged. Pack it again.") from error
    except (NotImplementedError, RuntimeError) as error:  # how zipfile says encrypted or unknown
        raise BadFile("The archive is encrypted or packed in an unusual way.") from error


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if any(member.filename == _OFFICE for member in members):
        raise BadFile("This looks like an Office file. Send it as .xlsx, or save it as CSV.")
    if len(members) != 1:
        raise BadFile(f"The archive holds {len(members)} files. Send one file.")
    if members[0].filename.lower().endswith((".zip", ".gz")):
        raise BadFile("The archive holds another archive. Send the file itself.")
    return members[0]


def _pieces(packed: IO[bytes] | gzip.GzipFile, limit: int) -> Iterator[bytes]:
    read = 0
    while piece := packed.read(PIECE):
        read += len(piece)
        if read > limit:
            raise BadFile(
                f"The archive unpacks to more than {limit // PIECE:,} MB, over {MOST_RATIO} times "
                "its size. Send the file unpacked."
            )
        yield piece


def is_workbook(source: Path | IO[bytes]) -> bool:
    """Whether a .zip is a workbook of Excel's kind inside."""
    try:
        with zipfile.ZipFile(source) as archive:
            return {_OFFICE, "xl/workbook.xml"} <= set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    finally:
        if not isinstance(source, Path):
            source.seek(0)


def check_workbook(source: Path) -> None:
    """Unpack a workbook to nowhere, to know that it is whole and no bomb.

    Raises BadFile for one that is damaged or encrypted, has macros, or unpacks to more than
    MOST_WORKBOOK or to far more than it holds.
    """
    left = min(MOST_WORKBOOK, max(source.stat().st_size * MOST_RATIO, 16 * PIECE))
    try:
        with zipfile.ZipFile(source) as archive:
            names = [member.filename.lower() for member in archive.infolist()]
            if any(mark in name for name in names for mark in _MACROS):
                raise BadFile("The workbook has macros. Save it as .xlsx, without them.")
            if len(names) != len(set(names)):
                raise BadFile("The workbook is damaged. Save it again and send it.")
            for member in archive.infolist():
                member.file_size = 2**62  # what it says of its size may be a lie
                with archive.open(member) as packed:
                    for piece in _pieces(packed, left):
                        left -= len(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        if isinstance(error, BadFile):
            raise
        raise BadFile("The workbook is damaged. Save it again and send it.") from error
    except (NotImplementedError, RuntimeError) as error:  # how zipfile says encrypted or unknown
        raise BadFile("The workbook is encrypted. Save it without a password.") from error
