"""A file as it was sent: unpacked within limits, its encoding, delimiter and header found."""

from __future__ import annotations

import codecs
import csv
import io
import lzma
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Final

from concordat.kernel.files.packed import MOST_BYTES, PIECE, BadFile, is_packed, unpacked

MOST_COLUMNS: Final = 2000
SAMPLE: Final = 1024 * 1024
# What is no table, though it is text: HTML, XML and a list of JSON.
_MARKUP: Final = re.compile(r"\s*(?:<[!?a-z]|\[\s*[\[{\]])", re.IGNORECASE)
_OBJECT: Final = re.compile(r'\s*\{\s*["}]')
_JSON_LINES: Final = frozenset({".json", ".jsonl", ".ndjson"})
_HIDDEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


@dataclass(frozen=True)
class Shape:
    """How a text is written; JSON lines have neither delimiter nor header."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]


def unpack(source: Path, folder: Path, most_bytes: int = MOST_BYTES) -> Path:
    """The file itself, out of a .gz or a .zip with one member, written into `folder`.

    Raises BadFile as `unpacked` does; what was written by then is removed.
    """
    if not is_packed(source):
        return source
    target = folder / "unpacked"
    try:
        with target.open("wb") as out:
            out.writelines(unpacked(source, most_bytes))
    except lzma.LZMAError as error:
        target.unlink(missing_ok=True)
        raise BadFile(
            "The archive is damaged or packed in an unusual way. Pack it again."
        ) from error
    except (BadFile, OSError):
        target.unlink(missing_ok=True)
        raise
    return target


def is_parquet(path: Path) -> bool:
    """Whether the file says it is Parquet, at both ends."""
    if path.stat().st_size < 12:
        return False
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-4, io.SEEK_END)
        return start == file.read(4) == b"PAR1"


def read_shape(
    path: Path, *, name: str = "", encoding: str | None = None, delimiter: str | None = None
) -> Shape:
    """Encoding, delimiter and header of a text, found or as told; `name` is what it is called.

    Raises BadFile with the place of what is wrong.
    """
    found = encoding or find_encoding(path)
    with path.open("rb") as file:
        text = codecs.decode(file.read(SAMPLE), found, errors="ignore")
    return shape_of(text, found, name=name, delimiter=delimiter)


def shape_of(text: str, encoding: str, *, name: str = "", delimiter: str | None = None) -> Shape:
    """What `read_shape` gives, from the start of the text."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadFile("The file is empty. Send a file with a header and rows.")
    if _MARKUP.match(text):
        raise BadFile(
            "This is HTML, XML or a JSON list and not a table. Send CSV, TSV, Parquet, or JSON with "
            "one object on each line."
        )
    if not delimiter and (_OBJECT.match(text) or is_named_json(name)):
        return _json_lines(encoding)
    marked = delimiter or find_delimiter(text)
    try:
        header = next(_rows(text, marked), [])
    except csv.Error as error:
        raise BadFile(f"The header cannot be read ({error}). Give columns short names.") from error
    return Shape(encoding, marked, check_header(header))


def is_named_json(name: str) -> bool:
    """Whether a file, packed or not, is called as JSON lines are."""
    return not _JSON_LINES.isdisjoint(PurePath(name.lower()).suffixes[-2:])


def _json_lines(encoding: str) -> Shape:
    if encoding == "cp1252":  # which JSON never is: RFC 8259, section 8.1
        raise BadFile("The file is JSON but not UTF-8 text. Save it as UTF-8.")
    return Shape(encoding, "", ())


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)


def find_encoding(path: Path) -> str:
    """utf-8, utf-8-sig, utf-16 or cp1252: the first that fits the whole file.

    Raises BadFile when none does, with the byte where text stops being text.
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
    raise BadFile("The file is neither UTF-8 nor Windows-1252 text. Save it as UTF-8 CSV.")


def _fits(path: Path, name: str) -> str | None:
    decoder = codecs.getincrementaldecoder(name)()
    place = 0
    with path.open("rb") as file:
        try:
            while piece := file.read(PIECE):
                if (nul := piece.find(b"\0")) >= 0:
                    raise BadFile(
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
            for number, row in enumerate(_rows(text, candidate)):
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

    Raises BadFile for none, too many, an empty, a repeated or a deceptive name, with its place.
    """
    if not header or len(header) > MOST_COLUMNS:
        raise BadFile(f"The header has {len(header):,} columns; 1 to {MOST_COLUMNS:,} fit.")
    seen: dict[str, int] = {}
    for place, raw in enumerate(header, 1):
        name = raw.strip()
        if not name:
            raise BadFile(f"Column {place} has no name. Give every column a name.")
        if len(name) > 255:
            raise BadFile(f"The name of column {place} is longer than 255 characters.")
        if bad := next((c for c in name if unicodedata.category(c) in _HIDDEN), None):
            raise BadFile(
                f"The name of column {place} holds the hidden character U+{ord(bad):04X}. Remove it."
            )
        key = unicodedata.normalize("NFKC", name).casefold()
        if key in seen:
            raise BadFile(f"Columns {seen[key]} and {place} are both called “{name}”. Rename one.")
        seen[key] = place
    return tuple(name.strip() for name in header)


def as_utf8(path: Path, shape: Shape, folder: Path) -> Path:
    """The file in UTF-8, without a mark at its start and with its lines ended in one way: itself
    when it is so already."""
    return _ended_alike(_transcoded(path, shape, folder), folder)


def _transcoded(path: Path, shape: Shape, folder: Path) -> Path:
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
            raise BadFile(
                f"Byte {error.start:,} cannot be read as {shape.encoding}. Save it as UTF-8."
            ) from error
    return target


def _ended_alike(path: Path, folder: Path) -> Path:
    """Lines ended by LF, where a file mixes endings (as exports glued together do) or has CR alone.

    The engine refuses such a file whole. Breaks inside cells become LF with the others.
    """
    with path.open("rb") as file:
        if not any(b"\r" in piece for piece in iter(lambda: file.read(PIECE), b"")):
            return path  # most files, and finding one byte is quicker than counting others
    returns = feeds = both = 0
    with path.open("rb") as file:
        for piece in _whole_endings(file):
            feeds += piece.count(b"\n")
            if b"\r" in piece:
                returns += piece.count(b"\r")
                both += piece.count(b"\r\n")
    alone = returns and not feeds
    if not alone and both in (0, feeds):
        return path
    target = folder / "lines"
    with path.open("rb") as file, target.open("wb") as out:
        for piece in _whole_endings(file):
            out.write(piece.replace(b"\r" if alone else b"\r\n", b"\n"))
    return target


def _whole_endings(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces that never part a CR from its LF."""
    while piece := file.read(PIECE):
        while piece.endswith(b"\r") and (more := file.read(1)):
            piece += more
        yield piece
