"""Masks: what a recipient sees in place of a cell, as data, words, SQL and Python, all the same."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from concordat.tables.plane.columns import Column, quoted_name
from concordat.tables.plane.dialect import Dialect
from concordat.tables.plane.errors import PolicyError

SHOWN: Final = 32  # hexadecimal digits of a keyed hash: 128 bits, so no two values meet
_BIGGEST: Final = 9_000_000_000_000_000  # above this a double holds no fraction to round away
_LEAST: Final = -(2**63)
# The outward code of a UK postcode, whole or its letters alone; Royal Mail, PAF Programmers' Guide.
_POSTCODE: Final = " *([A-Za-z]{1,2})([0-9][A-Za-z0-9]?) *[0-9][A-Za-z]{2} *"


@dataclass(frozen=True)
class Kind:
    """A kind of mask: the types it takes, the type it leaves (None: the same), the least and most of
    its amount (None: it has none), and what it does, `{}` being the amount."""

    takes: tuple[str, ...]
    leaves: str | None
    amount: tuple[int, int] | None
    words: str


_ANY: Final = ("text", "integer", "number", "decimal", "boolean", "date", "datetime")
KINDS: Final[dict[str, Kind]] = {
    "hide": Kind(_ANY, None, None, "is left empty"),
    "hash": Kind(
        ("text", "integer", "date"), "text", None, "is replaced by a code made with a secret key"
    ),
    "start": Kind(("text",), None, (1, 100), "is cut to its first {} characters"),
    "year": Kind(("date", "datetime"), "date", None, "is given by its year"),
    "month": Kind(("date", "datetime"), "date", None, "is given by its month"),
    "round": Kind(("integer", "number"), None, (2, 10**12), "is rounded down to a multiple of {}"),
    "district": Kind(("text",), None, None, "is given by its postcode district"),
    "area": Kind(("text",), None, None, "is given by its postcode area"),
}


@dataclass(frozen=True)
class Mask:
    """What is done to `column`; `amount` where the kind has one."""

    column: str
    kind: str
    amount: int | None = None

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise PolicyError(f"“{self.kind[:20]}” is not a mask. Use {', '.join(KINDS)}.")
        if (self.amount is None) != (kind.amount is None):
            needs = "needs" if kind.amount else "has no"
            raise PolicyError(f"The mask “{self.kind}” of {self.column[:80]} {needs} amount.")
        if kind.amount and not kind.amount[0] <= (self.amount or 0) <= kind.amount[1]:
            least, most = kind.amount
            raise PolicyError(f"The amount of “{self.kind}” is from {least:,} to {most:,}.")

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        amount = {} if self.amount is None else {"amount": self.amount}
        return {"column": self.column, "mask": self.kind, **amount}

    def sentence(self) -> str:
        """What it does, in words."""
        return f"{quoted_name(self.column)} {self.becomes}"

    @property
    def becomes(self) -> str:
        """What it does, without the name of the column."""
        return KINDS[self.kind].words.format(self.amount)

    def leaves(self, column: Column) -> Column:
        """The column as its reader sees it. Raises PolicyError where the mask does not fit."""
        kind = KINDS[self.kind]
        if column.type.partition("(")[0] not in kind.takes:
            raise PolicyError(
                f"The mask “{self.kind}” is for {' or '.join(kind.takes)}; "
                f"{column.name} holds {column.type}."
            )
        return Column(column.name, kind.leaves or column.type)

    def sql(self, column: Column, dialect: Dialect) -> str:
        """The masked cell as an expression of `dialect`."""
        return _SQL[self.kind](dialect.name(column.name), self.amount, column, dialect)

    def value(self, cell: Any, key: bytes) -> Any:
        """The masked cell in plain Python, under the share's `key`: what the engines must agree to."""
        return None if cell is None else _PYTHON[self.kind](cell, self.amount, key)


def from_data(data: Any) -> Mask:
    """From `to_data`. Raises PolicyError for anything else."""
    match data:
        case {"column": str(column), "mask": str(kind), **rest} if set(rest) <= {"amount"}:
            amount = rest.get("amount")
            if amount is None or type(amount) is int:
                return Mask(column, kind, amount)
    raise PolicyError(f"“{str(data)[:80]}” is not a mask.")


def key_for(key: bytes, purpose: str) -> bytes:
    """One key for each purpose, so that what a sample keeps tells nothing of a hash."""
    return hmac.digest(key, purpose.encode(), "sha256")


def coded(cell: Any, key: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104) of the cell as text, in hexadecimal."""
    return hmac.new(key, str(cell).encode(), hashlib.sha256).hexdigest()


def _round(cell: Any, amount: int | None) -> Any:
    assert amount
    if isinstance(cell, int):
        return None if cell < _LEAST + amount else cell - cell % amount
    whole = abs(cell / amount) < _BIGGEST
    return float(math.floor(cell / amount)) * amount if whole else None


def _postcode(cell: str, parts: int) -> str | None:
    found = re.fullmatch(_POSTCODE, cell)
    return "".join(found.groups()[:parts]).upper() if found else None


_PYTHON: Final[dict[str, Callable[[Any, int | None, bytes], Any]]] = {
    "hide": lambda cell, amount, key: None,
    "hash": lambda cell, amount, key: coded(cell, key_for(key, "mask"))[:SHOWN],
    "start": lambda cell, amount, key: cell[:amount],
    "year": lambda cell, amount, key: date(cell.year, 1, 1),
    "month": lambda cell, amount, key: date(cell.year, cell.month, 1),
    "round": lambda cell, amount, key: _round(cell, amount),
    "district": lambda cell, amount, key: _postcode(cell, 2),
    "area": lambda cell, amount, key: _postcode(cell, 1),
}
Expression = Callable[[str, int | None, Column, Dialect], str]


def _round_sql(name: str, amount: int | None, column: Column, dialect: Dialect) -> str:
    assert amount
    if column.type == "integer":
        least = dialect.literal(str(_LEAST + amount), column)
        return f"CASE WHEN {name} >= {least} THEN {name} - (({name} % {amount}) + {amount}) % {amount} END"
    part = f"({dialect.number(name)}) / {dialect.cast(str(amount), 'number')}"
    floor = dialect.cast(f"floor({part})", "number")
    nought = dialect.cast("0", "number")  # added, it makes the -0.0 of some engines 0.0
    return f"CASE WHEN abs({part}) < {_BIGGEST} THEN ({floor} + {nought}) * {amount} END"


def _trunc(unit: str) -> Expression:
    def expression(name: str, amount: int | None, column: Column, dialect: Dialect) -> str:
        return dialect.first_day(name, unit)

    return expression


def _postcode_sql(parts: int) -> Expression:
    def expression(name: str, amount: int | None, column: Column, dialect: Dialect) -> str:
        pattern = dialect.string(f"^{_POSTCODE}\\z")
        found = " || ".join(
            f"upper(regexp_extract({name}, {pattern}, {n + 1}))" for n in range(parts)
        )
        return f"nullif({found}, '')"

    return expression


_SQL: Final[dict[str, Expression]] = {
    "hide": lambda name, amount, column, dialect: dialect.cast("NULL", column.type),
    "hash": lambda name, amount, column, dialect: (
        f"left({dialect.coded(dialect.cast(name, 'text'), 'mask')}, {SHOWN})"
    ),
    "start": lambda name, amount, column, dialect: f"left({name}, {amount})",
    "year": _trunc("year"),
    "month": _trunc("month"),
    "round": _round_sql,
    "district": _postcode_sql(2),
    "area": _postcode_sql(1),
}
