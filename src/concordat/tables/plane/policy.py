"""A policy: what may be read, as data that is signed, shown as a sentence and compiled to SQL."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from concordat.tables.plane import predicate as predicates
from concordat.tables.plane.columns import Column, find, quoted
from concordat.tables.plane.predicate import Predicate

VERSION: Final = 1


class PolicyError(ValueError):
    """The policy is not one, or does not fit the table."""


@dataclass(frozen=True)
class Policy:
    """Columns (at least one), rows (None: all), and the moments between which it holds."""

    columns: tuple[str, ...]
    rows: Predicate | None = None
    starts: datetime | None = None
    expires: datetime | None = None

    def __post_init__(self) -> None:
        if not self.columns:
            raise PolicyError("A policy allows at least one column.")
        if len({name.casefold() for name in self.columns}) != len(self.columns):
            raise PolicyError("A policy names each column once.")

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "version": VERSION,
            "columns": list(self.columns),
            "rows": predicates.to_data(self.rows) if self.rows else None,
            "starts": self.starts.isoformat() if self.starts else None,
            "expires": self.expires.isoformat() if self.expires else None,
        }

    @classmethod
    def from_data(cls, data: Any) -> Self:
        """From `to_data`. Raises PolicyError for anything else, unknown keys included."""
        keys = {"version", "columns", "rows", "starts", "expires"}
        if not isinstance(data, dict) or set(data) != keys or data["version"] != VERSION:
            raise PolicyError("This is not a policy that this version knows.")
        columns = data["columns"]
        if not isinstance(columns, list) or not all(isinstance(c, str) for c in columns):
            raise PolicyError("A policy's columns are a list of names.")
        moments = {
            k: datetime.fromisoformat(data[k]) if data[k] else None for k in ("starts", "expires")
        }
        rows = predicates.from_data(data["rows"]) if data["rows"] else None
        return cls(tuple(columns), rows, moments["starts"], moments["expires"])

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical form: sorted keys, no spaces, UTF-8."""
        text = json.dumps(self.to_data(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def holds(self, now: datetime) -> bool:
        """True between its two moments."""
        return not (self.starts and now < self.starts) and not (
            self.expires and now >= self.expires
        )

    def sentence(self) -> str:
        """What it allows, in words."""
        columns = f"{len(self.columns)} columns ({', '.join(self.columns)})"
        if len(self.columns) == 1:
            columns = f"one column ({self.columns[0]})"
        rows = f"rows where {predicates.sentence(self.rows)}" if self.rows else "all rows"
        return f"{columns[:1].upper()}{columns[1:]}; {rows}."

    def allowed(self, columns: list[Column]) -> list[Column]:
        """The table's columns that the policy allows, in the policy's order.

        Raises PolicyError when the table has lost one: then nothing is delivered, rather than less
        than was agreed.
        """
        found = [find(columns, name) for name in self.columns]
        if missing := [n for n, c in zip(self.columns, found, strict=True) if c is None]:
            raise PolicyError(f"The table no longer has {', '.join(missing)}.")
        return [column for column in found if column is not None]

    def select(self, columns: list[Column], source: str) -> str:
        """The one SELECT that reads `source` (a SQL table expression) under this policy.

        Raises PolicyError or PredicateError when the policy does not fit the columns.
        """
        names = ", ".join(quoted(column.name) for column in self.allowed(columns))
        sql = f"SELECT {names} FROM {source}"  # noqa: S608 - identifiers are quoted
        if self.rows is None:
            return sql
        return f"{sql} WHERE {predicates.to_sql(predicates.check(self.rows, columns), columns)}"
