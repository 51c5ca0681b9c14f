"""Delimited text of unknown make as rows of cells: its encoding, its delimiter, its line ends."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MOST_BYTES: Final = 16 * 1024 * 1024
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 5_000
MOST_CELLS: Final = 2_000_000
MARKS: Final = ",;\t|"
_BOMS: Final = (  # the longer before the shorter that it begins with
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS: Final = (
    (b"PK\x03\x04", "a workbook or a packed file. Save its sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old workbook. Save its sheet as CSV"),
    (b"%PDF", "a PDF. Send the table as CSV"),
    (b"PAR1", "a Parquet file. Send the table as CSV"),
)
_STRANGE: Final = 5  # bytes without a meaning that are told one by one

csv.field_size_limit(max(csv.field_size_limit(), MOST_BYTES))


class UnreadableFile(ValueError):
    """No table can be read from the file; the message says why and what to do."""


@dataclass(frozen=True)
class Remark:
    """A line of the report: where, whether the line was refused or only noted, why and the mend."""

    place: str
    outcome: str  # "refused" | "noted"
    message: str
    cell: str = ""


@dataclass
class Text:
    """A file as text, with what its bytes say badly."""

    text: str
    encoding: str
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class Grid:
    """Rows of cells, each with the number of the line on which it ends; blank rows are not there.

    `left_open` is whether the last row is within quotes that nothing closes.
    """

    rows: list[list[str]]
    lines: list[int]
    left_open: bool = False


def read_text(data: bytes) -> Text:
    """The text of a file: by its byte order mark, as UTF-8, UTF-16 or else Windows-1252.

    A byte that Windows-1252 gives no meaning is read as “�” and told with its position from 0.
    Raises UnreadableFile for what is too large, empty or no text.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableFile("The file is larger than 16 MB. Send one year of the portfolio alone.")
    if not data.strip():
        raise UnreadableFile("The file is empty. Send the table as CSV.")
    for start, said in _OTHERS:
        if data.startswith(start):
            raise UnreadableFile(f"This is {said}.")
    for encoding in _candidates(data):
        try:
            return Text(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            continue
    return _windows(data)


def _candidates(data: bytes) -> Iterator[str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            yield encoding
            return
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    most = min(len(data), 2000) / 8  # every second byte of Latin text in UTF-16 is zero
    if odd > most and not even:
        yield "utf-16-le"
    elif even > most and not odd:
        yield "utf-16-be"
    else:
        yield "utf-8"


def _windows(data: bytes) -> Text:
    found = Text(data.decode("cp1252", errors="replace"), "cp1252")
    wrong = [place for place, sign in enumerate(found.text) if sign == "�"]
    for place in wrong[:_STRANGE]:
        line = data.count(b"\n", 0, place) + 1
        said = f"Byte 0x{data[place]:02x} means nothing in Windows-1252: it is read as “�”."
        found.remarks.append(Remark(f"line {line:,}, byte {place:,}", "noted", said))
    if (more := len(wrong) - _STRANGE) > 0:
        said = f"{more:,} more bytes mean nothing in Windows-1252. Is it another encoding?"
        found.remarks.append(Remark("the file", "noted", said))
    return found


def read_grid(text: str, mark: str) -> Grid:
    """The rows of a text that `mark` separates. Raises UnreadableFile for more than it holds."""
    grid = Grid([], [])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                grid.rows.append(row)
                grid.lines.append(reader.line_num)
            if len(grid.rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise UnreadableFile("The table is larger than any portfolio. Is it another file?")
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num:,}: {error}.") from error
    grid.left_open = '"' in text and _is_open(text, mark, len(grid.rows))
    return grid


def _is_open(text: str, mark: str, rows: int) -> bool:
    """Whether a line added to the text would fall within the quotes of its last row."""
    added = csv.reader(io.StringIO(f"{text.rstrip()}\nadded\n", newline=""), delimiter=mark)
    return sum(any(cell.strip() for cell in row) for row in added) == rows


def tidy_cell(cell: str) -> str:
    """A cell on one line: line ends of any make and runs of spaces as one space."""
    return " ".join(cell.split())


def transposed(grid: Grid) -> Grid:
    """Columns as rows, the short ones filled up; `lines` number the columns from 1.

    Raises UnreadableFile for one that is too large to be turned.
    """
    wide = max((len(row) for row in grid.rows), default=0)
    if wide * len(grid.rows) > MOST_CELLS:
        raise UnreadableFile("The table is larger than any portfolio. Is it another file?")
    filled = [[*row, *[""] * (wide - len(row))] for row in grid.rows]
    return Grid([list(row) for row in zip(*filled, strict=True)], list(range(1, wide + 1)))
