"""A CSV file or a workbook as rows of text under a header, as often as they are asked for.

Nothing of a CSV file stays in memory but the row that is read; a workbook is refused before it is
opened where its cells would not fit.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from python_calamine import CalamineError

from concordat.evaluations.feeds.cells import text_of
from concordat.evaluations.feeds.columns import Column, column
from concordat.evaluations.feeds.found import Line
from concordat.kernel.files.packed import BadFile, is_workbook
from concordat.tables.plane.workbook import open_workbook, sheet_names

MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 400
MOST_CELL: Final = 200_000  # characters
_HEADER_ROWS: Final = 10  # a header stands no deeper under titles
# The mark before a text that a spreadsheet would take for a formula, as exports write it.
_QUOTED: Final = re.compile(r"^'(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NEEDED: Final = ("id", "title")
Rows = Iterator[tuple[int, list[str]]]


class FeedError(ValueError):
    """The file cannot be read at all; the message is for the person who sent it."""


@dataclass
class Sheet:
    """The header as columns (None for a strange one), the number of its row, and the rows below it
    that are not empty, each with its own number, read anew at each call. `lines` tell of columns."""

    columns: list[Column | None]
    above: int
    every: Callable[[], Rows]
    lines: list[Line]

    @property
    def form(self) -> str:
        """`light` for the plain template, else `shorter` or `fuller` as the workbook's is."""
        forms = {c.form for c in self.columns if c}
        return next((form for form in ("light", "fuller") if form in forms), "shorter")

    def rows(self) -> Rows:
        """The rows below the header. Raises FeedError past the limits."""
        for count, (number, cells) in enumerate(self.every()):
            if count > MOST_ROWS:
                raise FeedError(f"There are more than {MOST_ROWS:,} rows. Send the file in parts.")
            if number > self.above:
                yield number, cells


def open_sheet(path: Path) -> Sheet:
    """The first sheet of a workbook, or a CSV file, that has the columns of evaluations.

    Raises FeedError for a file that is damaged, too large or a bomb, or that has no such header.
    """
    candidates = _workbook(path) if is_workbook(path) else [lambda: _delimited(path)]
    for every in candidates:
        found = _header(every)
        if found is not None:
            return found
    raise FeedError(
        "No row near the top has the columns “Evaluation ID” and “Evaluation title”, or “Your "
        "identifier” and “Title”. Use the headers of the workbook or of the template as they are."
    )


def _header(every: Callable[[], Rows]) -> Sheet | None:
    for number, cells in every():
        if number > _HEADER_ROWS:
            return None
        columns = [column(cell) for cell in cells]
        groups = {found.group for found in columns if found}
        if all(needed in groups for needed in _NEEDED):
            return _sheet(number, cells, columns, every)
    return None


def _sheet(
    number: int, cells: list[str], columns: list[Column | None], every: Callable[[], Rows]
) -> Sheet:
    place = f"row {number}"
    if len(cells) > MOST_COLUMNS:
        raise FeedError(f"The header has more than {MOST_COLUMNS} columns. Take the others away.")
    lines, seen = [], set[str]()
    for position, (cell, found) in enumerate(zip(cells, columns, strict=True)):
        if found and found.header in seen:
            columns[position] = None
            mend = "Take one of them away, or give it another name."
            lines.append(Line(place, "noted", "This column is there twice.", mend, cell[:100]))
        elif found is None and cell.strip("\ufeff "):
            mend = "Use a header of the workbook. What it holds is kept as it is."
            lines.append(Line(place, "noted", "A column that is not known.", mend, cell[:100]))
        seen.add(found.header if found else "")
    return Sheet(columns, number, every, lines)


def _workbook(path: Path) -> list[Callable[[], Rows]]:
    try:
        book = open_workbook(path)
    except BadFile as error:
        raise FeedError(str(error)) from error

    def rows(name: str) -> Rows:
        try:
            found = book.get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError) as error:
            raise FeedError(f"The sheet “{name}” is damaged. Save it again.") from error
        return _filled((number, row) for number, row in enumerate(found.iter_rows(), 1))

    return [lambda name=name: rows(name) for name in sheet_names(book)]  # type: ignore[misc]


def _delimited(path: Path) -> Rows:
    with _opened(path) as file:
        start = file.read(65_536)
        file.seek(0)
        mark = max(",;\t", key=start.partition("\n")[0].count)
        reader = csv.reader(file, delimiter=mark)
        try:
            yield from _filled((reader.line_num, row) for row in reader)
        except (csv.Error, UnicodeDecodeError) as error:
            raise FeedError(f"Line {reader.line_num}: {error}. Save the file again.") from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """The file as text: UTF-8 or UTF-16 where it says so, else as old spreadsheets write it."""
    with path.open("rb") as raw:
        start = raw.read(4)
    encoding = "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif not _is_utf8(path):
        encoding = "cp1252"
    errors = "replace" if encoding == "cp1252" else "strict"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        yield file


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(65_536):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _filled(rows: Iterator[tuple[int, list[Any]]]) -> Rows:
    for number, row in rows:
        cells = [_QUOTED.sub("", text_of(cell)) for cell in row]
        if longest := max(map(len, cells), default=0):
            if longest > MOST_CELL:
                raise FeedError(
                    f"Row {number} holds a cell of {longest:,} characters; {MOST_CELL:,} fit."
                )
            yield number, cells
