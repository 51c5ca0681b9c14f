"""The workbook: one row for each evaluation, report and outcome, read into evaluations.

Rows of one evaluation share its id; a row that goes on from another leaves what was said already
empty. Facts said differently in two rows are both kept, in the order of the rows; a thing in a list
is the same thing when its name is and no cell contradicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from concordat.evaluations.feeds import cells
from concordat.evaluations.feeds.columns import Column
from concordat.evaluations.feeds.found import FeedEvaluation, Line
from concordat.evaluations.feeds.gather import Gathered, RowCells
from concordat.evaluations.feeds.sheets import Sheet


@dataclass
class Reading:
    """What reading a sheet gives: evaluations as they are complete, and lines about rows that no
    evaluation could be read from."""

    sheet: Sheet
    most: int | None = None  # rows to read at most
    lines: list[Line] = field(default_factory=list)
    rows: int = 0

    def __post_init__(self) -> None:
        groups = [found.group if found else "" for found in self.sheet.columns]
        self._key = groups.index("id")

    def __iter__(self) -> Iterator[FeedEvaluation]:
        """Each evaluation once the last row of it is read, in the order of those rows."""
        ends: dict[str, int] = {}
        for number, row in self._rows():
            ends[self._id(row)] = number
        self.rows = 0
        open_ones: dict[str, Gathered] = {}
        for number, row in self._rows():
            self.rows += 1
            key = self._id(row)
            if not key:
                self._without_id(number)
                continue
            gathered = open_ones.setdefault(key, Gathered(FeedEvaluation(key)))
            gathered.add(number, self._strange(row), *self._said(row))
            if number == ends[key]:
                yield open_ones.pop(key).finish()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        return islice(self.sheet.rows(), self.most)

    def _id(self, row: list[str]) -> str:
        cell = row[self._key] if self._key < len(row) else ""
        return "" if cells.says_nothing(cell) else cells.identifier(cell)

    def _without_id(self, number: int) -> None:
        mend = "Enter the id of the evaluation in every row that belongs to it."
        says = "The row names no evaluation, so it was left out."
        self.lines.append(Line(f"row {number}", "refused", says, mend, "Evaluation ID"))

    def _strange(self, row: list[str]) -> list[str]:
        """The cells beyond the columns that are known, kept so that nothing is lost."""
        return [
            cell
            for position, cell in enumerate(row)
            if cell and (position >= len(self.sheet.columns) or not self.sheet.columns[position])
        ]

    def _said(self, row: list[str]) -> tuple[RowCells, list[tuple[Column, str]]]:
        said: RowCells = {}
        unsaid = []
        for found, cell in zip(self.sheet.columns, row, strict=False):
            if found is None or not cell or found.group == "id":
                continue
            if cells.says_nothing(cell):
                unsaid.append((found, cell))
                continue
            name = f"{found.name}.{found.part}" if found.part else found.name
            said.setdefault(found.group, {})[name or found.header] = cell
        return said, unsaid


def read_evaluations(sheet: Sheet, most: int | None = None) -> Reading:
    """The evaluations of a sheet, or of its first `most` rows."""
    return Reading(sheet, most)
