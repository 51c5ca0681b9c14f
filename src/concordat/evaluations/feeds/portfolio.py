"""The Government Major Projects Portfolio, in the shapes in which its years were published.

Headers are read, never positions: they differ by year, may stand below titles, may occur twice, and
in the earliest years run down the first column with one project in each column beside it. Whatever
cannot be read as a project is refused with its place and the mend; no other line suffers for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from concordat.evaluations.feeds.days import read_day
from concordat.evaluations.feeds.grid import (
    MARKS,
    Grid,
    Remark,
    UnreadableFile,
    read_grid,
    read_text,
    tidy_cell,
    transposed,
)
from concordat.evaluations.feeds.headers import LABELS, field_of, preferred, same_header

LONGEST_CELL: Final = 32_767  # what a cell of a spreadsheet holds
LONGEST: Final = {"number": 64, "name": 500, "body": 200, "category": 200, "year": 40}
LONGEST_COST: Final = 2_000
_ROWS_ABOVE: Final = 25  # a header stands no deeper under titles and notes
_COLUMNS_BEFORE: Final = 3
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)", re.ASCII)
_SUM: Final = re.compile(r"(grand |sub-?)?totals?\b", re.I)


@dataclass(frozen=True)
class ProjectLine:
    """One project in one year, as its file says it. `cost` is the cell of the whole-life cost,
    untouched; a date is None where its cell tells no day; `number` is "" in a file without any."""

    place: str
    number: str
    name: str
    body: str
    category: str
    cost: str
    start: date | None
    end: date | None
    start_cell: str = ""
    end_cell: str = ""


@dataclass
class Portfolio:
    """What a file holds, and what of it could not be read."""

    lines: list[ProjectLine] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    encoding: str = ""
    separator: str = ""
    by_column: bool = False

    @property
    def refused(self) -> list[Remark]:
        """The lines that were refused."""
        return [remark for remark in self.remarks if remark.outcome == "refused"]


@dataclass(frozen=True)
class _Layout:
    """Where the header is, and which columns hold which field (more than one, if it occurs twice)."""

    grid: Grid
    mark: str
    at: int
    columns: dict[str, list[int]]
    by_column: bool

    @property
    def rank(self) -> tuple[int, bool]:
        """How well it fits: the number of fields known, rows before columns."""
        return len(self.columns), not self.by_column


def read_portfolio(data: bytes, year: int) -> Portfolio:
    """The projects of the portfolio of `year` in a file. Raises UnreadableFile, with the mend."""
    text = read_text(data)
    layout = _layout(text.text)
    found = Portfolio(
        remarks=[*text.remarks, *_header_remarks(layout)],
        encoding=text.encoding,
        separator=layout.mark,
        by_column=layout.by_column,
    )
    held: dict[str, str] = {}
    for line in _lines(layout, year):
        if isinstance(line, Remark):
            found.remarks.append(line)
            continue
        key = line.number.casefold() or f"{line.body} {line.name}".casefold()
        if key in held:
            said = f"The same project stands at {held[key]}. Keep one of the two."
            found.remarks.append(Remark(line.place, "refused", said, line.number or line.name))
            continue
        held[key] = line.place
        found.lines.append(line)
        if "number" in layout.columns and not line.number:
            said = "It has no project number, so it is known by its department and its name."
            found.remarks.append(Remark(line.place, "noted", said, line.name[:120]))
        found.remarks += _date_remarks(line)
    return found


def _layout(text: str) -> _Layout:
    """The separator, header and direction under which the most fields are known."""
    best: _Layout | None = None
    for mark in MARKS:
        if mark not in text:
            continue
        for found in _layouts(read_grid(text, mark), mark):
            if best is None or found.rank > best.rank:
                best = found
    if best is None:
        seen = tidy_cell(text[:400])[:120]
        raise UnreadableFile(
            "No header was found: the table needs a column “project name” or “project number” and a "
            f"column “whole-life cost”. The file begins: {seen}"
        )
    return best


def _layouts(grid: Grid, mark: str) -> Iterator[_Layout]:
    for at, row in enumerate(grid.rows[:_ROWS_ABOVE]):
        columns = _known(row)
        if _enough(columns):
            yield _Layout(grid, mark, at, columns, by_column=False)
    for at in range(_COLUMNS_BEFORE):
        columns = _known([row[at] if at < len(row) else "" for row in grid.rows])
        if _enough(columns):
            yield _Layout(transposed(grid), mark, at, columns, by_column=True)


def _known(headers: list[str]) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        if name := field_of(header):
            columns.setdefault(name, []).append(place)
    return {name: _read_from(name, places, headers) for name, places in columns.items()}


def _read_from(name: str, places: list[int], headers: list[str]) -> list[int]:
    """The columns of a field: all those under the one header of it that is read."""
    chosen = preferred(name, [headers[place] for place in places])
    return [place for place in places if same_header(headers[place], chosen)]


def _enough(columns: dict[str, list[int]]) -> bool:
    return "cost" in columns and bool(columns.keys() & {"name", "number"})


def _header_remarks(layout: _Layout) -> Iterator[Remark]:
    place = _place(layout, layout.at)
    for at, header in enumerate(layout.grid.rows[layout.at]):
        name = field_of(header)
        if name and at not in layout.columns[name]:
            read = tidy_cell(layout.grid.rows[layout.at][layout.columns[name][0]])[:120]
            said = f"Its {LABELS[name]} is read from “{read}”: this column is let be."
            yield Remark(place, "noted", said, tidy_cell(header)[:120])
    for name, label in LABELS.items():
        columns = layout.columns.get(name, [])
        if len(columns) > 1:
            said = (
                f"{len(columns)} headers say {label}. Where their cells differ, a line is refused."
            )
            yield Remark(place, "noted", said, layout.grid.rows[layout.at][columns[1]][:120])
        if not columns and name in ("number", "body", "category", "end"):
            yield Remark(place, "noted", f"No header says {label}: nothing is known of it.")


def _place(layout: _Layout, at: int) -> str:
    """Where a row ends in the file: “line 12”, or “column C” in a file with a project a column."""
    number = layout.grid.lines[at]
    if not layout.by_column:
        return f"line {number:,}"
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"column {letters}"


def _lines(layout: _Layout, year: int) -> Iterator[ProjectLine | Remark]:
    rows = layout.grid.rows
    for at in range(layout.at + 1, len(rows)):
        place, row = _place(layout, at), rows[at]
        if layout.by_column and not any(cell.strip() for cell in row):
            continue
        is_open = layout.grid.left_open and at == len(rows) - 1 and not layout.by_column
        if said := _misshapen(row, len(rows[layout.at]), is_open=is_open):
            yield Remark(place, "refused", said, tidy_cell(row[0][:400])[:120])
            continue
        cells, said = _cells(layout, row)
        said = said or _fault(cells, layout, year)
        if said:
            yield Remark(place, "refused", said, tidy_cell(cells.get("name", ""))[:120])
            continue
        yield _line(place, cells)


def _misshapen(row: list[str], wide: int, *, is_open: bool) -> str:
    """Why a row cannot be told apart into cells; "" for one that can."""
    if is_open:
        return (
            "A quote is opened and never closed. Close it: the lines after it are lost in its cell."
        )
    if any(len(cell) > LONGEST_CELL for cell in row):
        return f"A cell holds more than {LONGEST_CELL:,} characters. Is a quote left open?"
    if any(cell.strip() for cell in row[wide:]):
        return (
            f"{len(row)} cells under {wide} headers. Put a cell that holds the separator in quotes."
        )
    return ""


def _cells(layout: _Layout, row: list[str]) -> tuple[dict[str, str], str]:
    """(cell by field, what is wrong). A field that has two headers is read where they agree."""
    cells: dict[str, str] = {}
    for name, columns in layout.columns.items():
        if min(columns) >= len(row):
            return (
                cells,
                f"The line ends before its {LABELS[name]}. Give it every cell, empty or not.",
            )
        given = [row[column] for column in columns if column < len(row)]
        told = {tidy_cell(cell): cell for cell in given if cell.strip()}
        if len(told) > 1:
            says = " and ".join(f"“{cell[:60]}”" for cell in list(told)[:2])
            return cells, f"Its {LABELS[name]} is given twice, as {says}. Keep one."
        cells[name] = next(iter(told.values()), given[0])
    return cells, ""


def _fault(cells: dict[str, str], layout: _Layout, year: int) -> str:
    """Why the cells make no project of that year; "" where they do."""
    for name, cell in cells.items():
        most = LONGEST.get(name, LONGEST_COST)
        if len(cell.strip()) > most:
            return f"Its {LABELS[name]} is longer than {most:,} characters. Shorten it."
        if hidden := _control(cell):
            return (
                f"Its {LABELS[name]} holds the control character U+{ord(hidden):04X}. Take it out."
            )
    number, name = cells.get("number", "").strip(), tidy_cell(cells.get("name", ""))
    if "number" in layout.columns and not (number or _tells(cells)):
        return "It has no project number. Give it one such as MOD_0106_1617-Q1."
    if number and not _NUMBER.fullmatch(number):
        return "Its project number is not one. Write it like MOD_0106_1617-Q1."
    if "name" in layout.columns and not name:
        return "It has no project name. Give it one."
    if not number and _SUM.match(name):
        return "It is a sum of projects and not one of them. Take it out."
    told = set(_YEAR.findall(cells.get("year", "")))
    if told and str(year) not in told:
        return f"It is of {min(told)}, not of {year}. Load each year by itself."
    return ""


def _tells(cells: dict[str, str]) -> bool:
    """Whether a line without a number is a project all the same, and no note beneath the table."""
    return all(cells.get(name, "").strip() for name in ("name", "body", "cost"))


def _control(cell: str) -> str:
    """The first character of a cell that is neither text nor a line end; "" for none."""
    return next(
        (c for c in cell if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n"), ""
    )


def _line(place: str, cells: dict[str, str]) -> ProjectLine:
    start_cell, end_cell = (tidy_cell(cells.get(name, ""))[:200] for name in ("start", "end"))
    start = read_day(start_cell)
    return ProjectLine(
        place=place,
        number=cells.get("number", "").strip(),
        name=_seen(cells.get("name", "")) or cells.get("number", "").strip(),
        body=_seen(cells.get("body", "")),
        category=_seen(cells.get("category", "")),
        cost=cells["cost"],
        start=start,
        end=read_day(end_cell, after=start),
        start_cell=_seen(start_cell),
        end_cell=_seen(end_cell),
    )


def _seen(cell: str) -> str:
    """A cell on one line, composed, without characters that show nothing."""
    text = "".join(c for c in cell if unicodedata.category(c) != "Cf")
    return tidy_cell(unicodedata.normalize("NFC", text))


def _date_remarks(line: ProjectLine) -> Iterator[Remark]:
    """About cells that look like a date and are none; prose such as “Exempt” is no date at all."""
    for name, day, cell in (
        ("start", line.start, line.start_cell),
        ("end", line.end, line.end_cell),
    ):
        if day is None and cell and re.fullmatch(r"[\d\s./-]+", cell):
            said = f"Its {LABELS[name]} is no day. Write it as 2031-03-31 or 31.03.31."
            yield Remark(line.place, "noted", said, cell)
