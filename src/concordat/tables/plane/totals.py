"""One table of totals: computed, judged beside those released before, and said as data."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from math import isfinite, prod
from threading import Timer
from typing import Any, Final, Self

import duckdb

from concordat.tables.plane.aggregate import (
    Aggregate,
    AggregateError,
    Dimension,
    atoms_of,
    coarser,
    places,
)
from concordat.tables.plane.columns import Column
from concordat.tables.plane.disclosure import RULES, Facts
from concordat.tables.plane.errors import TableError, TooLong
from concordat.tables.plane.linked import Atom, Judged, Label, Place, Question, Released, Sheet

MOST_GROUPS: Final = 500  # by all the columns used so far: judging twice as many takes 6 seconds
MOST_CLEARED: Final = 5_000  # cells of a page
MOST_NAMED: Final = 5  # tables that would pass
_PLACES: Final = 6  # decimals of a sum or a mean

Key = tuple[str, str]  # a dimension, whatever the case of its column


@dataclass(frozen=True)
class Figure:
    """One cell: which of the table's dimensions it is of (none: of all rows), their labels (None:
    where the column is empty), and the value, None where it is hidden or a mean of nothing."""

    over: tuple[int, ...]
    labels: tuple[Label, ...]
    value: float | None
    hidden: bool = False

    @property
    def place(self) -> Place:
        """Where it stands, as the rules name it."""
        return self.over, self.labels

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        told = {"value": self.value, "hidden": self.hidden}
        return {"over": list(self.over), "labels": list(self.labels), **told}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """From `to_data`."""
        return cls(tuple(data["over"]), tuple(data["labels"]), data["value"], data["hidden"])


@dataclass(frozen=True)
class Earlier:
    """A table released before: the bit of the version it is of, what it was, its cells."""

    bit: int
    asked: Aggregate
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Answer:
    """A table as it may be released, the rules that hid something, how many rows it counts, and
    whether categories of too few were left out, names and all."""

    figures: list[Figure]
    rules: list[str]
    rows: int
    lacking: bool

    @property
    def shown(self) -> int:
        """How many cells are shown."""
        return sum(not figure.hidden for figure in self.figures)

    @property
    def whole(self) -> bool:
        """Whether it has cells, hides none, and lacks no category."""
        return bool(self.figures) and self.shown == len(self.figures) and not self.lacking


@dataclass
class Bench:
    """What a recipient's tables are made from: each version's rows under its policy, as (bit,
    SELECT), the columns as they see them, what they were given before, the fewest contributors that
    a cell may have, and the moment (`time.monotonic`) to give up at."""

    connection: duckdb.DuckDBPyConnection
    versions: Sequence[tuple[int, str]]
    columns: list[Column]
    earlier: Sequence[Earlier]
    least: int
    until: float
    _read: dict[Any, list[Atom]] = field(default_factory=dict)

    def answer(self, asked: Aggregate, bit: int) -> Answer:
        """The table over the version `bit`, judged beside the earlier ones.

        Raises AggregateError where it is too large, TableError, and TooLong.
        """
        keys = list(dict.fromkeys(k for t in (*self.earlier, self._new(asked)) for k in _keys(t)))
        atoms = self._atoms(asked, keys)
        ours = [atom for atom in atoms if atom.seen & bit]
        at = [keys.index(key) for key in _keys(self._new(asked))]
        sheet = Sheet(atoms, self._released(keys), self.least, self.until)
        question = Question(
            bit, tuple(at), asked.of.casefold(), tuple(places(asked, ours, at, self.least))
        )
        found = sheet.judge(question)
        facts = {p: sheet.facts(sheet.inside(p, question.columns, bit)) for p in question.places}
        figures = [_figure(place, facts[place], asked.measure, found) for place in question.places]
        lacking = any(
            {atom.labels[place] for atom in ours} > _labels(question.places, n)
            for n, place in enumerate(at)
        )
        rows = sum(atom.facts.rows for atom in ours)
        return Answer(figures, _told(found), rows, lacking)

    def passing(self, asked: Aggregate, bit: int) -> list[Aggregate]:
        """Tables near to the one asked for of which every cell would be shown, asked for alone; as
        many as are found in time."""
        found = []
        try:
            for near in coarser(asked):
                if self.answer(near, bit).whole:
                    found.append(near)
                if len(found) == MOST_NAMED:
                    break
        except (TooLong, AggregateError):  # no longer, and no more groups than those asked for
            pass
        return found

    def everything(self, asked: Aggregate, bit: int) -> dict[Place, Facts]:
        """What each cell of a table holds that holds any rows, whatever may be shown, those of every
        category: for who clears it. Raises AggregateError where they make too large a table."""
        atoms = self._atoms(asked, _keys(self._new(asked)))
        sheet = Sheet(atoms, [], self.least)
        columns = tuple(range(len(asked.dimensions)))
        if prod(len({atom.labels[n] for atom in atoms}) for n in columns) > MOST_CLEARED:
            raise AggregateError(f"That makes more than {MOST_CLEARED:,} cells.")
        sizes = range(len(columns) + 1) if asked.margins else [len(columns)]
        cells = dict.fromkeys(
            (over, tuple(atom.labels[n] for n in over))
            for size in sizes
            for over in combinations(columns, size)
            for atom in atoms
        )
        return {place: sheet.facts(sheet.inside(place, columns, bit)) for place in cells}

    def _new(self, asked: Aggregate) -> Earlier:
        return Earlier(0, asked, ())

    def _released(self, keys: list[Key]) -> list[Released]:
        found = {}
        for table in self.earlier:
            shown = tuple(f.place for f in table.figures if not f.hidden)
            hidden = tuple(f.place for f in table.figures if f.hidden)
            at = tuple(keys.index(key) for key in _keys(table))
            one = Released(table.bit, at, table.asked.of.casefold(), shown, hidden)
            found[one] = one  # the same table given again tells nothing new
        return list(found)

    def _atoms(self, asked: Aggregate, keys: list[Key]) -> list[Atom]:
        key = (tuple(keys), asked.of.casefold())
        if key not in self._read:
            dimensions = [Dimension(*each) for each in keys]
            with self._stopped_in_time():
                self._read[key] = atoms_of(
                    self.connection, self.versions, self.columns, dimensions, asked.of
                )
        if len(self._read[key]) > MOST_GROUPS:
            raise AggregateError(_too_many(keys))
        return self._read[key]

    @contextmanager
    def _stopped_in_time(self) -> Iterator[None]:
        """Stops the engine at the moment to give up at. Raises TooLong."""
        timer = Timer(max(0.01, self.until - time.monotonic()), self.connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        except TableError as error:
            if time.monotonic() >= self.until:
                raise TooLong from error
            raise
        finally:
            timer.cancel()


def _labels(cells: Sequence[Place], n: int) -> set[Label]:
    """The categories that a table's cells have of its dimension `n`."""
    return {labels[over.index(n)] for over, labels in cells if n in over}


def _keys(table: Earlier) -> list[Key]:
    return [(d.column.casefold(), d.by) for d in table.asked.dimensions]


def _too_many(keys: list[Key]) -> str:
    named = ", ".join(f"{column} ({by})" if by else column for column, by in keys)
    return (
        f"That makes more than {MOST_GROUPS} groups, by every column that you have used so far: "
        f"{named}. Choose coarser ones, or those that you have used before."
    )


def _told(found: Judged) -> list[str]:
    """The rules that a table fails. That a cell is hidden for the sake of another is said only where
    none is hidden for its own: else the two kinds could be told apart."""
    rules = [rule for rule in RULES if rule in found.hidden.values()]
    return [rule for rule in rules if rule != "difference"] or rules


def _figure(place: Place, facts: Facts, measure: str, found: Judged) -> Figure:
    hidden = place in found.hidden
    return Figure(*place, None if hidden else value_of(facts, measure), hidden)


_VALUES: Final[dict[str, Callable[[Facts], Any]]] = {
    "count": lambda facts: facts.rows,
    "sum": lambda facts: facts.total,
    "mean": lambda facts: facts.total / facts.n if facts.n else None,
}


def value_of(facts: Facts, measure: str) -> float | None:
    """The count, sum or mean of a group as JSON holds it; None for the mean of nothing.

    Raises AggregateError for one that no number can hold.
    """
    found = _VALUES[measure](facts)
    if isinstance(found, Decimal):
        found = int(found) if found == found.to_integral_value() else float(found)
    if isinstance(found, float):
        if not isfinite(found):
            raise AggregateError("That adds up to more than a number can hold.")
        found = round(found, _PLACES)
    return found
