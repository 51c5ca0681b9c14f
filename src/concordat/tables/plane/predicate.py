"""Which rows: a small typed language that is data, a sentence, SQL and Python, all meaning the same.

    organisation in ('HM Treasury', 'Cabinet Office') and fte >= 0.5
    not (grade = 'AO') or "Start date" between '2024-01-01' and '2024-12-31'

Emptiness follows SQL: a comparison with an empty cell is neither true nor false, and only rows for
which the whole is true are kept. A number that is none (NaN) is compared as an empty cell is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from concordat.tables.plane.columns import Column, find, quoted_name, quoted_value
from concordat.tables.plane.dialect import DUCKDB, Dialect

MOST_TERMS: Final = 500
DEEPEST: Final = 20
Value = str | int | float | bool

OPS: Final[dict[str, str]] = {
    "eq": "=",
    "ne": "<>",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "in": "in",
    "between": "between",
    "empty": "is empty",
    "starts": "starts with",
}
_WORDS: Final[dict[str, str]] = {
    "eq": "is",
    "ne": "is not",
    "lt": "is less than",
    "le": "is at most",
    "gt": "is more than",
    "ge": "is at least",
    "in": "is one of",
    "between": "is between",
    "empty": "is empty",
    "starts": "starts with",
}


class PredicateError(ValueError):
    """The rows cannot be understood; the message says where and how to mend it."""


@dataclass(frozen=True)
class Compare:
    """`column` `op` `values`; `empty` has no values, `between` two, `in` one or more."""

    column: str
    op: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Not:
    """The opposite."""

    of: Predicate


@dataclass(frozen=True)
class All:
    """Every one of them."""

    of: tuple[Predicate, ...]


@dataclass(frozen=True)
class Either:
    """At least one of them."""

    of: tuple[Predicate, ...]


Predicate = Compare | Not | All | Either


def to_data(predicate: Predicate) -> dict[str, Any]:
    """The predicate as JSON holds it."""
    match predicate:
        case Compare(column, op, values):
            return {"column": column, "op": op, "values": list(values)}
        case Not(of):
            return {"not": to_data(of)}
        case All(of):
            return {"all": [to_data(each) for each in of]}
        case Either(of):
            return {"any": [to_data(each) for each in of]}


def from_data(data: Any, depth: int = 0) -> Predicate:
    """From `to_data`. Raises PredicateError for anything else."""
    if not isinstance(data, dict) or depth > DEEPEST:
        raise PredicateError("A condition must be an object, nested no deeper than 20.")
    match data:
        case {"not": of} if len(data) == 1:
            return Not(from_data(of, depth + 1))
        case {"all": [*of]} if len(data) == 1 and of:
            return All(tuple(from_data(each, depth + 1) for each in of))
        case {"any": [*of]} if len(data) == 1 and of:
            return Either(tuple(from_data(each, depth + 1) for each in of))
        case {"column": str(column), "op": str(op), "values": [*values]} if len(data) == 3:
            return _compare_from(column, op, values)
    raise PredicateError(f"“{str(data)[:80]}” is not a condition.")


def _compare_from(column: str, op: str, values: list[Any]) -> Compare:
    if op in OPS and all(isinstance(v, str | int | float | bool) for v in values):
        return Compare(column, op, tuple(values))
    raise PredicateError(f"“{op[:20]}” on {column[:80]} is not a condition.")


def sentence(predicate: Predicate, nested: bool = False) -> str:
    """The predicate as people read it."""
    match predicate:
        case Compare(column, op, values):
            return _compare_words(column, op, values)
        case Not(of):
            return f"it is not so that {sentence(of, True)}"
        case All(of) | Either(of):
            word = " and " if isinstance(predicate, All) else " or "
            text = word.join(sentence(each, True) for each in of)
            return f"({text})" if nested and len(of) > 1 else text


def _compare_words(column: str, op: str, values: Sequence[Value]) -> str:
    shown, name = [quoted_value(value) for value in values], quoted_name(column)
    if op == "between":
        return f"{name} {_WORDS[op]} {shown[0]} and {shown[1]}"
    return f"{name} {_WORDS[op]} {', '.join(shown)}".rstrip()


def check(predicate: Predicate, columns: list[Column]) -> Predicate:
    """The predicate with the columns' own names and values of their types.

    Raises PredicateError for an unknown column, a value that does not fit, or too many terms.
    """
    count = 0

    def walk(node: Predicate, depth: int) -> Predicate:
        nonlocal count
        count += 1
        if count > MOST_TERMS or depth > DEEPEST:
            raise PredicateError(f"Use {MOST_TERMS} conditions or fewer, nested {DEEPEST} deep.")
        match node:
            case Compare():
                return _typed(node, columns)
            case Not(of):
                return Not(walk(of, depth + 1))
            case All(of):
                return All(tuple(walk(each, depth + 1) for each in of))
            case Either(of):
                return Either(tuple(walk(each, depth + 1) for each in of))

    return walk(predicate, 0)


def _typed(node: Compare, columns: list[Column]) -> Compare:
    column = find(columns, node.column)
    if column is None:
        raise PredicateError(f"There is no column “{node.column[:80]}”.")
    expected = {"empty": (0, 0), "between": (2, 2), "in": (1, 1000)}.get(node.op, (1, 1))
    if node.op not in OPS or not expected[0] <= len(node.values) <= expected[1]:
        raise PredicateError(f"“{node.op[:20]}” has the wrong number of values.")
    if node.op == "starts" and column.type != "text":
        raise PredicateError(f"“starts with” needs text; {column.name} holds {column.type}.")
    values = tuple(_fit(value, column) for value in node.values)
    return Compare(column.name, node.op, values)


def _fit(value: Value, column: Column) -> Value:
    """The value in the column's type. Raises PredicateError, naming both."""
    kind = column.type
    try:
        if kind == "text" and isinstance(value, str) and "\0" not in value and len(value) < 4000:
            return value
        if kind == "boolean" and isinstance(value, bool):
            return value
        if kind == "date" and isinstance(value, str):
            return date.fromisoformat(value).isoformat()
        if kind == "datetime" and isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=None).isoformat(" ")
        if kind == "integer" and isinstance(value, int) and abs(value) < 2**63:
            return value
        numeric = kind == "number" or (kind.startswith("decimal") and _exact(value, column))
        if numeric and isinstance(value, int | float) and abs(value) < 1e300:
            return value
    except ValueError:
        pass
    raise PredicateError(f"{column.name} holds {kind}, and “{str(value)[:60]}” is not that.")


def _exact(value: Value, column: Column) -> bool:
    """Whether a decimal column can hold the value as it is: engines round what does not fit."""
    digits, places = column.type[8:-1].split(",")
    number = Decimal(str(value))
    return abs(number) < 10 ** (int(digits) - int(places)) and number == round(number, int(places))


def to_sql(predicate: Predicate, columns: list[Column], dialect: Dialect = DUCKDB) -> str:
    """The predicate as SQL; call `check` first. Identifiers and values are quoted."""
    match predicate:
        case Not(of):
            return f"(NOT {to_sql(of, columns, dialect)})"
        case All(of):
            return "(" + " AND ".join(to_sql(each, columns, dialect) for each in of) + ")"
        case Either(of):
            return "(" + " OR ".join(to_sql(each, columns, dialect) for each in of) + ")"
        case Compare(name, op, values):
            column = find(columns, name)
            if column is None:
                raise PredicateError(f"There is no column “{name[:80]}”.")
            literals = [dialect.literal(_text(value), column) for value in values]
            cell = dialect.name(column.name)
            if column.type == "number" and op != "empty":
                cell = f"({dialect.number(cell)})"
            return "(" + _compare_sql(cell, op, literals, dialect) + ")"


def _compare_sql(name: str, op: str, literals: list[str], dialect: Dialect) -> str:
    if op == "empty":
        return f"{name} IS NULL"
    if op == "in":
        return f"{name} IN ({', '.join(literals)})"
    if op == "between":
        return f"{name} BETWEEN {literals[0]} AND {literals[1]}"
    if op == "starts":
        return f"{dialect.starts}({name}, {literals[0]})"
    return f"{name} {OPS[op]} {literals[0]}"


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def keeps(predicate: Predicate, row: Mapping[str, Any]) -> bool | None:
    """The same in plain Python: True keeps the row, None is SQL's unknown. Rows as DuckDB types."""
    match predicate:
        case Not(of):
            inner = keeps(of, row)
            return None if inner is None else not inner
        case All(of):
            answers = [keeps(each, row) for each in of]
            return False if False in answers else None if None in answers else True
        case Either(of):
            answers = [keeps(each, row) for each in of]
            return True if True in answers else None if None in answers else False
        case Compare(column, op, values):
            return _compare(row[column], op, values)


def _compare(cell: Any, op: str, values: Sequence[Value]) -> bool | None:
    if op == "empty":
        return cell is None
    if cell is None or cell != cell:
        return None
    wanted = [_like(value, cell) for value in values]
    answers: dict[str, Callable[[], Any]] = {
        "eq": lambda: cell == wanted[0],
        "ne": lambda: cell != wanted[0],
        "lt": lambda: cell < wanted[0],
        "le": lambda: cell <= wanted[0],
        "gt": lambda: cell > wanted[0],
        "ge": lambda: cell >= wanted[0],
        "in": lambda: cell in wanted,
        "between": lambda: wanted[0] <= cell <= wanted[1],
        "starts": lambda: cell.startswith(wanted[0]),
    }
    return bool(answers[op]())


def _like(value: Value, cell: Any) -> Any:
    if isinstance(cell, datetime):
        return datetime.fromisoformat(str(value))
    if isinstance(cell, date):
        return date.fromisoformat(str(value))
    return Decimal(str(value)) if isinstance(cell, Decimal) else value
