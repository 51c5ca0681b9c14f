"""Catalogues as tables: commas, semicolons, tabs or bars; headers known or guessed by their words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from concordat.marketplace.feeds import exchange
from concordat.marketplace.feeds.found import FeedError, Found
from concordat.marketplace.feeds.names import FIELDS, column, local
from concordat.marketplace.feeds.record import Line, plain

_MARKS: Final = ",;\t|"
_ROWS_ABOVE: Final = 15  # a header stands no deeper under titles and notes
_MOST_COLUMNS: Final = 500
_NESTED: Final = {
    "distribution_": "distribution",
    "resource_": "distribution",
    "contactPoint_": "contactPoint",
}
csv.field_size_limit(16 * 1024 * 1024)


def csv_rows(text: str, name: str) -> Iterator[Found]:
    """Each row by the names of its columns, and lines about the header and ragged rows.

    Raises FeedError when no row near the top looks like a catalogue's header.
    """
    mark, skipped = _header(text, name)
    record = _Record(text)
    reader = csv.reader(record, delimiter=mark)
    try:
        for _ in range(skipped):
            above = next(reader)
            if any(above):
                yield Line(f"{name}, line {reader.line_num}", "ignored", "Above the header.")
        header = next(reader)
        names = _names(header)
        yield from _header_lines(header, names, f"{name}, line {reader.line_num}")
        template = {"contactPoint_email", "securityClassification"} <= set(header)
        record.lines.clear()
        for cells in reader:
            place = f"{name}, line {reader.line_num}"
            problem = record.left_open(mark, len(header), reader.line_num)
            if problem and problem.outcome == "rejected":
                yield replace(problem, place=place)
            elif any(cell.strip() for cell in cells):
                if problem:
                    yield replace(problem, place=place)
                yield from _row(header, names, cells, place, template=template)
            elif cells:
                yield Line(place, "rejected", "An empty row.")
            record.lines.clear()
    except csv.Error as error:
        raise FeedError(f"{name}, line {reader.line_num}: {error}.") from error


class _Record:
    """The lines of a text, with those that the row now being read is made of."""

    def __init__(self, text: str) -> None:
        self.source = io.StringIO(text, newline="")
        self.length = len(text)
        self.lines: list[str] = []

    def __iter__(self) -> _Record:
        return self

    def __next__(self) -> str:
        line = next(self.source)
        self.lines.append(line)
        return line

    def left_open(self, mark: str, columns: int, last: int) -> Line | None:
        """A line about a quote that was not closed, where it took other rows for its own."""
        first = last - len(self.lines) + 1
        span = f"lines {first} to {last}" if first < last else f"line {last}"
        if self.source.tell() == self.length and self._is_open(mark):
            said = f"A quote is opened and never closed: {span} cannot be told apart as rows."
            return Line("", "rejected", said, before=plain(self.lines[0].strip()))
        if any(line.count(mark) >= max(columns - 1, 2) for line in self.lines[1:]):
            said = f"One row over {span}: is a quote left open? They may be rows of their own."
            return Line("", "noted", said, before=plain(self.lines[0].strip()))
        return None

    def _is_open(self, mark: str) -> bool:
        """Whether a line added to the row would still be within its quotes."""
        added = [*self.lines[:-1], self.lines[-1].rstrip("\r\n") + "\n", "added\n"]
        return '"' in "".join(self.lines) and len(list(csv.reader(added, delimiter=mark))) == 1


def _header(text: str, name: str) -> tuple[str, int]:
    """The delimiter, and how many rows stand above the header."""
    start = text[:262_144]
    best = (1, 0, ",", 0)
    for mark in _MARKS:
        try:
            rows = list(
                islice(csv.reader(io.StringIO(start, newline=""), delimiter=mark), _ROWS_ABOVE)
            )
        except csv.Error:
            continue
        for number, row in enumerate(rows):
            exact = len({local(cell) for cell in row if column(cell) == local(cell)} - {""})
            known = len({column(cell) for cell in row if len(cell) < 80} - {""})
            if known >= 2 and (known, exact) > best[:2]:
                best = (known, exact, mark, number)
    if best[0] < 2:
        shown = start.lstrip().partition("\n")[0][:120].rstrip()
        raise FeedError(
            f"{name}: none of the columns ({shown}) is one that a catalogue has. "
            "Name at least a title, a publisher and an address."
        )
    return best[2], best[3]


def _names(header: list[str]) -> list[str]:
    """What each column is read as: its own name, or what its words say if no other column says it."""
    given = {field for cell in header for field in FIELDS.get(local(cell), ())}
    names: list[str] = []
    for cell in header[:_MOST_COLUMNS]:
        known = column(cell)
        guessed = known not in ("", local(cell)) and not cell.startswith(tuple(_NESTED))
        if guessed and not given & FIELDS[known]:
            given |= FIELDS[known]
            names.append(known)
        else:
            names.append(cell)
    return names


def _header_lines(header: list[str], names: list[str], place: str) -> Iterator[Line]:
    seen: set[str] = set()
    for cell, name in zip(header, names, strict=False):
        if name and local(name) in seen:
            yield Line(place, "noted", "This column is there twice: the first is used.", cell[:64])
        elif name and name != cell:
            yield Line(place, "noted", f"Read as “{name}”.", cell[:64])
        seen.add(local(name))
    if len(header) > _MOST_COLUMNS:
        yield Line(place, "noted", f"Only the first {_MOST_COLUMNS} columns are read.")


def _row(
    header: list[str], names: list[str], cells: list[str], place: str, *, template: bool
) -> Iterator[Found]:
    if extra := [cell for cell in cells[len(header) :] if cell.strip()]:
        message = "More cells than columns: those beyond the last are left out."
        yield Line(place, "noted", message, before=plain(extra))
    elif len(cells) < len(header):
        yield Line(place, "noted", f"{len(cells)} cells under {len(header)} columns.")
    values: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and values.get(name) in (None, ""):
            values[name] = cell
    nested = _nested(values)
    if template:
        yield from _template_lines(values, place)
    yield place, nested


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    """`distribution_title` as the title within a distribution, and so on."""
    made: dict[str, Any] = {}
    for name, cell in values.items():
        for prefix, inside in _NESTED.items():
            if name.startswith(prefix):
                if cell.strip():
                    made.setdefault(inside, {})[name.removeprefix(prefix)] = cell
                break
        else:
            made[name] = cell
    return made


def _template_lines(values: Mapping[str, str], place: str) -> Iterator[Line]:
    """What the bulk-upload template asks for and the row does not give, by column."""
    kind = "DataService" if "serviceType" in values else "Dataset"
    for field, said in exchange.row_problems(kind, values).items():
        yield Line(place, "noted", " ".join(said), field, plain(values.get(field, "")))
