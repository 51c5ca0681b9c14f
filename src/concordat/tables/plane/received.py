"""A file as it was sent: unpacked within limits, its encoding, delimiter and header found."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import unicodedata
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from concordat.tables.plane.errors import IngestError

PIECE: Final = 1024 * 1024
MOST_BYTES: Final = 20 * 1024**3
MOST_RATIO: Final = 200  # Parquet and CSV compress well; a bomb compresses a thousandfold
MOST_COLUMNS: Final = 2000
_SAMPLE: Final = 256 * 1024
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


@dataclass(frozen=True)
class Shape:
    """How a delimited file is written."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]


def unpack(source: Path, folder: Path, most_bytes: int = MOST_BYTES) -> Path:
    """The file itself, out of a .gz or a .zip with one member.

    Raises IngestError for a damaged archive, several members, or one that unpacks to far more than
    it holds; what was written by then is removed.
    """
    with source.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        with gzip.open(source) as packed:
            return _copy(packed, folder / "unpacked", source.stat().st_size, most_bytes)
    if start[:4] == b"PK\x03\x04":
        return _unzip(source, folder, most_bytes)
    return source


def _unzip(source: Path, folder: Path, most_bytes: int) -> Path:
    try:
        with zipfile.ZipFile(source) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) != 1:
                raise IngestError(f"The archive holds {len(members)} files. Send one file.")
            if members[0].filename.lower().endswith((".zip", ".gz")):
                raise IngestError("The archive holds another archive. Send the file itself.")
            if members[0].filename.startswith("[Content_Types]"):
                raise IngestError("This looks like an Office file. Save it as CSV and send that.")
            with archive.open(members[0]) as packed:
                return _copy(packed, folder / "unpacked", source.stat().st_size, most_bytes)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise IngestError("The archive is damaged or encrypted. Pack it again.") from error


def _copy(
    packed: IO[bytes] | gzip.GzipFile, target: Path, packed_size: int, most_bytes: int
) -> Path:
    limit = min(most_bytes, max(packed_size * MOST_RATIO, 16 * PIECE))
    written = 0
    try:
        with target.open("wb") as out:
            while piece := packed.read(PIECE):
                written += len(piece)
                if written > limit:
                    raise IngestError(
                        f"The archive unpacks to more than {limit // PIECE:,} MB, over "
                        f"{MOST_RATIO} times its size. Send the file unpacked."
                    )
                out.write(piece)
    except IngestError:
        target.unlink(missing_ok=True)
        raise
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno == 28:
            raise
        raise IngestError("The archive is damaged. Pack it again.") from error
    return target


def is_parquet(path: Path) -> bool:
    """Whether the file says it is Parquet, at both ends."""
    if path.stat().st_size < 12:
        return False
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-4, io.SEEK_END)
        return start == file.read(4) == b"PAR1"


def read_shape(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> Shape:
    """Encoding, delimiter and header of a delimited file, found or as told.

    Raises IngestError with the place of what is wrong.
    """
    found = encoding or find_encoding(path)
    with path.open("rb") as file:
        text = codecs.decode(file.read(_SAMPLE), found, errors="ignore")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise IngestError("The file is empty. Send a file with a header and rows.")
    marked = delimiter or find_delimiter(text)
    header = next(csv.reader(io.StringIO(text), delimiter=marked), [])
    return Shape(found, marked, check_header(header))


def find_encoding(path: Path) -> str:
    """utf-8, utf-8-sig, utf-16 or cp1252: the first that fits the whole file.

    Raises IngestError when none does, with the byte where text stops being text.
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start[:3] == codecs.BOM_UTF8:
            return _fits(path, "utf-8-sig") or "utf-8-sig"
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for name in ("utf-8", "cp1252"):
        if _fits(path, name):
            return name
    raise IngestError("The file is neither UTF-8 nor Windows-1252 text. Save it as UTF-8 CSV.")


def _fits(path: Path, name: str) -> str | None:
    decoder = codecs.getincrementaldecoder(name)()
    place = 0
    with path.open("rb") as file:
        try:
            while piece := file.read(PIECE):
                if (nul := piece.find(b"\0")) >= 0:
                    raise IngestError(
                        f"Byte {place + nul + 1:,} is zero, so this is not text. "
                        "Send CSV, TSV or Parquet."
                    )
                decoder.decode(piece)
                place += len(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return name


def find_delimiter(text: str) -> str:
    """The one of , ; tab | that gives the most lines the same number (above one) of cells."""
    best, best_score = ",", (0, 0)
    for candidate in ",;\t|":
        counts: Counter[int] = Counter()
        try:
            for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=candidate)):
                counts[len(row)] += 1
                if number == 200:
                    break
        except csv.Error:
            continue
        width, lines = counts.most_common(1)[0] if counts else (0, 0)
        if width > 1 and (lines, width) > best_score:
            best, best_score = candidate, (lines, width)
    return best


def check_header(header: list[str]) -> tuple[str, ...]:
    """The names of the columns, spaces at their ends removed.

    Raises IngestError for none, too many, an empty, a repeated or a deceptive name, with its place.
    """
    if not header or len(header) > MOST_COLUMNS:
        raise IngestError(f"The header has {len(header):,} columns; 1 to {MOST_COLUMNS:,} fit.")
    seen: dict[str, int] = {}
    for place, raw in enumerate(header, 1):
        name = raw.strip()
        if not name:
            raise IngestError(f"Column {place} has no name. Give every column a name.")
        if len(name) > 255:
            raise IngestError(f"The name of column {place} is longer than 255 characters.")
        if bad := next((c for c in name if unicodedata.category(c) in _HIDDEN), None):
            raise IngestError(
                f"The name of column {place} holds the hidden character U+{ord(bad):04X}. Remove it."
            )
        key = unicodedata.normalize("NFKC", name).casefold()
        if key in seen:
            raise IngestError(
                f"Columns {seen[key]} and {place} are both called “{name}”. Rename one."
            )
        seen[key] = place
    return tuple(name.strip() for name in header)


def as_utf8(path: Path, shape: Shape, folder: Path) -> Path:
    """The file in UTF-8 without a mark at its start: itself when it is so already."""
    if shape.encoding == "utf-8":
        return path
    target = folder / "utf8"
    with (
        path.open("r", encoding=shape.encoding, newline="") as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        try:
            while piece := text.read(PIECE):
                out.write(piece)
        except UnicodeDecodeError as error:
            raise IngestError(
                f"Byte {error.start:,} cannot be read as {shape.encoding}. Save it as UTF-8."
            ) from error
    return target
