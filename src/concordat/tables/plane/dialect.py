"""The words of an engine: how DuckDB and Spark write the few things that a policy compiles to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from concordat.tables.plane.columns import Column, duckdb_type, quoted, spark_type

KEYS: Final = ("mask", "sample")  # what a share's key is used for, each with a key of its own


class Dialect:
    """DuckDB's words. Keys are not in the text: whoever runs it sets them as variables, so that no
    error, plan or log shows them."""

    starts: str = "starts_with"

    def name(self, name: str) -> str:
        """An identifier."""
        return quoted(name)

    def string(self, text: str) -> str:
        """A text."""
        return "'" + text.replace("'", "''") + "'"

    def type(self, type_: str) -> str:
        """One of our types."""
        return duckdb_type(type_)

    def cast(self, expression: str, type_: str) -> str:
        """`expression` as one of our types."""
        return f"CAST({expression} AS {self.type(type_)})"

    def literal(self, text: str, column: Column) -> str:
        """A value of the column's type, from its text."""
        return self.cast(self.string(text), column.type)

    def number(self, expression: str) -> str:
        """A number to compare: NaN becomes empty. Engines order NaN, but not where they trust the
        least and most that a file tells, which leave it out: then rows would pass that must not."""
        # isnan alone would be taken for false, by the same trust.
        return f"CASE WHEN isfinite({expression}) OR isinf({expression}) THEN {expression} END"

    def first_day(self, expression: str, unit: str) -> str:
        """The first day of the `unit` (year or month) that a date or a time is in, as a date."""
        return self.cast(f"date_trunc('{unit}', {expression})", "date")

    def coded(self, expression: str, purpose: str) -> str:
        """HMAC-SHA-256 (RFC 2104) of a text under the key for `purpose`, in hexadecimal."""
        inner, outer = (f"getvariable('{purpose}_{pad}')" for pad in ("inner", "outer"))
        return f"sha256({outer} || from_hex(sha256({inner} || encode({expression}))))"


DUCKDB: Final = Dialect()


@dataclass(frozen=True)
class Spark(Dialect):
    """Spark SQL's words, with the `pads` of the keys in the text: it has no variables in a plan."""

    pads: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    starts = "startswith"

    def name(self, name: str) -> str:
        """An identifier."""
        return "`" + name.replace("`", "``") + "`"

    def string(self, text: str) -> str:
        """A text, by its bytes: Spark's rules for backslashes and quotes hang on its settings."""
        return f"CAST(X'{text.encode().hex()}' AS STRING)"

    def type(self, type_: str) -> str:
        """One of our types."""
        return spark_type(type_)

    def number(self, expression: str) -> str:
        """A number to compare: NaN becomes empty."""
        return f"CASE WHEN NOT isnan({expression}) THEN {expression} END"

    def first_day(self, expression: str, unit: str) -> str:
        """The first day of the `unit` (year or month) that a date or a time is in, as a date."""
        return f"trunc({self.cast(expression, 'date')}, '{unit}')"

    def coded(self, expression: str, purpose: str) -> str:
        """HMAC-SHA-256 (RFC 2104) of a text under the key for `purpose`, in hexadecimal."""
        inner, outer = (f"X'{self.pads[f'{purpose}_{p}'].hex()}'" for p in ("inner", "outer"))
        hashed = f"sha2(concat({inner}, CAST({expression} AS BINARY)), 256)"
        return f"sha2(concat({outer}, unhex({hashed})), 256)"


def pads_of(purpose: str, key: bytes) -> dict[str, bytes]:
    """The two blocks with which HMAC begins its two hashes (RFC 2104), for a key of 32 bytes."""
    block = key.ljust(64, b"\0")
    return {
        f"{purpose}_inner": bytes(byte ^ 0x36 for byte in block),
        f"{purpose}_outer": bytes(byte ^ 0x5C for byte in block),
    }
