"""A table of totals as it is asked for: fixed categories, one measure, and no words of SQL.

A recipient chooses among the columns that a policy shows them and among fixed ways of making them
coarser; there are no free conditions, so that two tables cannot be made to differ by one person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any, Final, Self

import duckdb

from concordat.tables.plane.columns import Column, find, quoted
from concordat.tables.plane.disclosure import Facts
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.linked import Atom, Label, Place

MOST_DIMENSIONS: Final = 2  # with three, judging takes a minute at some 500 groups
MOST_CELLS: Final = 1_000  # judging them takes seconds; the work grows with their square or worse
MEASURES: Final = ("count", "sum", "mean")
_PERIODS: Final = {"day": "%Y-%m-%d", "month": "%Y-%m", "quarter": "", "year": "%Y"}
_BANDS: Final = {"tens": 10, "hundreds": 100, "thousands": 1_000, "ten thousands": 10_000}


class AggregateError(ValueError):
    """What is asked for is not a table of totals, or does not fit the columns: says what would."""


@dataclass(frozen=True)
class Dimension:
    """A column that makes categories: as it stands (`by` is ""), by period or by band."""

    column: str
    by: str = ""


@dataclass(frozen=True)
class Aggregate:
    """Up to two dimensions, one measure (of a number column, or a count of rows), margins or not."""

    dimensions: tuple[Dimension, ...]
    measure: str = "count"
    of: str = ""
    margins: bool = True

    def __post_init__(self) -> None:
        if len(self.dimensions) > MOST_DIMENSIONS:
            raise AggregateError("A table of totals has at most two dimensions.")
        if len({d.column.casefold() for d in self.dimensions}) != len(self.dimensions):
            raise AggregateError("Choose each column once.")
        if self.measure not in MEASURES:
            raise AggregateError("Totals are a count, a sum or a mean: no others are given.")
        if (self.measure == "count") == bool(self.of):
            raise AggregateError("A sum or mean is of one column; a count is of rows.")

    def words(self) -> str:
        """What it counts or adds up, and by what, as people read it."""
        what = f"{self.measure.capitalize()} of {self.of or 'rows'}"
        by = [f"{d.column} ({d.by})" if d.by else d.column for d in self.dimensions]
        return f"{what} by {' and '.join(by)}" if by else what

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        dimensions = [{"column": d.column, "by": d.by} for d in self.dimensions]
        said = {"measure": self.measure, "of": self.of, "margins": self.margins}
        return {"dimensions": dimensions, **said}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """From `to_data`. Raises AggregateError, KeyError or TypeError for anything else."""
        dimensions = tuple(Dimension(**d) for d in data["dimensions"])
        return cls(dimensions, data["measure"], data["of"], data["margins"])


def ways(column: Column) -> tuple[str, ...]:
    """How a column may make categories; none where it may not."""
    if column.type in ("text", "boolean"):
        return ("",)
    return tuple(_PERIODS) if column.type in ("date", "datetime") else tuple(_BANDS)


def measured(column: Column) -> bool:
    """Whether a column can be summed."""
    return column.type in ("integer", "number") or column.type.startswith("decimal")


def coarser(asked: Aggregate) -> Iterator[Aggregate]:
    """Tables that tell less: without totals, by a longer period or a wider band, by one column less."""
    if asked.margins and asked.dimensions:
        yield replace(asked, margins=False)
    for n, dimension in enumerate(asked.dimensions):
        for steps in (tuple(_PERIODS), tuple(_BANDS)):
            at = steps.index(dimension.by) if dimension.by in steps else len(steps)
            for by in steps[at + 1 :]:
                yield _with(asked, n, replace(dimension, by=by))
    for n in range(len(asked.dimensions)):
        yield _with(asked, n)


def _with(asked: Aggregate, n: int, *instead: Dimension) -> Aggregate:
    held = asked.dimensions
    return replace(asked, dimensions=(*held[:n], *instead, *held[n + 1 :]))


def check(asked: Aggregate, columns: list[Column]) -> None:
    """Refuse what the columns do not bear. Raises AggregateError."""
    for dimension in asked.dimensions:
        _expression(dimension, columns)
    if asked.of:
        found = find(columns, asked.of)
        if found is None or not measured(found):
            raise AggregateError("A sum or mean is of a column of numbers that the share gives.")


def atoms_of(
    connection: duckdb.DuckDBPyConnection,
    versions: Sequence[tuple[int, str]],
    columns: list[Column],
    dimensions: Sequence[Dimension],
    of: str = "",
) -> list[Atom]:
    """The finest groups of rows, over every dimension, with the facts of the column `of`.

    `versions` are (bit, SELECT under the policy). A row counts as the same in two versions where the
    columns used here are alike. Raises AggregateError where there are more than 1,000 groups.
    """
    labels = [_expression(dimension, columns) for dimension in dimensions]
    value = quoted(of) if of else "NULL::BIGINT"
    found = find(columns, of) if of else None
    if found is not None and found.type == "number":  # nor infinities nor NaN can be added up
        value = f"CASE WHEN isfinite({value}) THEN {value} END"
    used = {d.column.casefold(): quoted(d.column) for d in dimensions}
    used |= {of.casefold(): quoted(of)} if of else {}
    named = "".join(f"{text} AS d{n}, " for n, text in enumerate(labels))
    sql = (
        f"SELECT {''.join(f'd{n}, ' for n in range(len(labels)))} seen, count(*), count(x), "  # noqa: S608
        "coalesce(sum(x), 0), max(abs(x), 2), coalesce(bool_or(x < 0), false) "
        f"FROM (SELECT {named} {value} AS x, seen FROM ({_across(versions, list(used.values()))})) "
        f"GROUP BY ALL ORDER BY ALL LIMIT {MOST_CELLS + 1}"
    )
    try:
        rows = connection.execute(sql).fetchall()
    except duckdb.Error as error:
        raise TableError("The stored table could not be read.") from error
    if len(rows) > MOST_CELLS:
        raise AggregateError(f"That makes more than {MOST_CELLS:,} groups. Choose coarser ones.")
    return [_atom(row, len(labels)) for row in rows]


def _atom(row: tuple[Any, ...], width: int) -> Atom:
    seen, rows, n, total, largest, negative = row[width:]
    first, second = [*(largest or ()), 0, 0][:2]
    return Atom(tuple(row[:width]), seen, Facts(rows, n, total, first, second, negative))


def _across(versions: Sequence[tuple[int, str]], used: list[str]) -> str:
    """The rows of all versions, each once, with the bits of the versions that it is in."""
    names = "".join(f"{name}, " for name in used)
    if len(versions) == 1:
        bit, sql = versions[0]
        return f"SELECT {names} {bit:d} AS seen FROM ({sql})"  # noqa: S608
    alike = f"PARTITION BY {', '.join(used)}" if used else ""
    each = " UNION ALL ".join(
        f"SELECT {names} row_number() OVER ({alike}) AS copy, {bit:d} AS bit FROM ({sql})"  # noqa: S608
        for bit, sql in versions
    )
    return f"SELECT {names} bit_or(bit) AS seen FROM ({each}) GROUP BY {names} copy"  # noqa: S608


def _expression(dimension: Dimension, columns: list[Column]) -> str:
    """A dimension's label as SQL text. Raises AggregateError for one that the columns do not bear."""
    column = find(columns, dimension.column)
    if column is None:
        raise AggregateError("Choose among the columns that the share gives.")
    if dimension.by not in ways(column):
        raise AggregateError(f"Choose how to group that column: {', '.join(ways(column))}.")
    name = quoted(column.name)
    if dimension.by in _BANDS:
        width = _BANDS[dimension.by]
        low = f"floor({name} / {width})::HUGEINT * {width}"
        return f"({low})::VARCHAR || ' to under ' || ({low} + {width})::VARCHAR"
    if dimension.by == "quarter":
        return f"strftime({name}, '%Y') || ' quarter ' || quarter({name})::VARCHAR"
    if dimension.by:
        return f"strftime({name}, '{_PERIODS[dimension.by]}')"
    return f"{name}::VARCHAR"


def places(asked: Aggregate, atoms: Sequence[Atom], at: Sequence[int], least: int) -> list[Place]:
    """Every cell of the table, its dimensions at the places `at` among the atoms' labels.

    A category of fewer than `least` rows is left out with its cells, name and all: a name can say as
    much as a number. Raises AggregateError for more than 1,000 cells.
    """
    categories = [_categories(atoms, place, least) for place in at]
    whole = range(len(at) + 1) if asked.margins else [len(at)]
    found: list[Place] = []
    for size in whole:
        for over in combinations(range(len(at)), size):
            count = 1
            for n in over:
                count *= len(categories[n])
            if len(found) + count > MOST_CELLS:
                raise AggregateError(f"That makes more than {MOST_CELLS:,} cells.")
            found += [(over, told) for told in product(*(categories[n] for n in over))]
    return found


def _categories(atoms: Sequence[Atom], place: int, least: int) -> list[Label]:
    counted: dict[Label, int] = {}
    for atom in atoms:
        counted[atom.labels[place]] = counted.get(atom.labels[place], 0) + atom.facts.rows
    kept = [label for label, rows in counted.items() if rows >= least]
    return sorted(kept, key=lambda label: (label is None, label or ""))
