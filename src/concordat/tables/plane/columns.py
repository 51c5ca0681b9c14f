"""A table's columns and the few types they have, in the words of each engine."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, Self

_DECIMAL: Final = re.compile(r"^decimal\((\d{1,2}),(\d{1,2})\)$")
_PLAIN: Final = re.compile(r"[^\W\d]\w*")
# our word → (DuckDB, Spark)
TYPES: Final[dict[str, tuple[str, str]]] = {
    "text": ("VARCHAR", "string"),
    "integer": ("BIGINT", "long"),
    "number": ("DOUBLE", "double"),
    "boolean": ("BOOLEAN", "boolean"),
    "date": ("DATE", "date"),
    "datetime": ("TIMESTAMP", "timestamp"),
}
# What people choose from; a program may name any `decimal(p,s)`.
OFFERED: Final = (*TYPES, "decimal(18,2)")


@dataclass(frozen=True)
class Column:
    """A column: its name, one of our types (or `decimal(p,s)`), and what a load found in it."""

    name: str
    type: str
    profile: dict[str, Any] = field(default_factory=dict, compare=False)

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"name": self.name, "type": self.type, **self.profile}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """From `to_data`. Raises ValueError for an unknown type."""
        column = cls(str(data["name"]), str(data["type"]))
        column.duckdb  # noqa: B018 - checks the type
        return column

    @property
    def duckdb(self) -> str:
        """The type in DuckDB's words. Raises ValueError for an unknown type."""
        return duckdb_type(self.type)

    @property
    def spark(self) -> str:
        """The type in Spark's words, as Delta Sharing wants it."""
        return TYPES[self.type][1] if self.type in TYPES else self.type


def duckdb_type(type_: str) -> str:
    """One of our types in DuckDB's words. Raises ValueError for an unknown type."""
    if type_ in TYPES:
        return TYPES[type_][0]
    if found := _DECIMAL.match(type_):
        return f"DECIMAL({found[1]},{found[2]})"
    raise ValueError(f"{type_!r} is not a type of column")


def spark_type(type_: str) -> str:
    """One of our types in the words of Spark's SQL."""
    ours = {"text": "STRING", "integer": "BIGINT", "datetime": "TIMESTAMP_NTZ"}
    return ours.get(type_) or duckdb_type(type_)


def spark_schema(columns: list[Column]) -> str:
    """The schema string of Delta and Delta Sharing: Spark's JSON."""
    fields = [{"name": c.name, "type": c.spark, "nullable": True, "metadata": {}} for c in columns]
    return json.dumps({"type": "struct", "fields": fields}, separators=(",", ":"))


def quoted(name: str) -> str:
    """An identifier, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def quoted_name(name: str) -> str:
    """A column's name in a sentence, quoted where it would run into the words around it."""
    return name if _PLAIN.fullmatch(name) else quoted(name)


def quoted_value(value: object) -> str:
    """A value in a sentence: text between quotation marks, which are doubled inside it."""
    if isinstance(value, str):
        return "“" + value.replace("”", "””") + "”"
    return str(value).lower()


def find(columns: list[Column], name: str) -> Column | None:
    """The column of that name, in any case."""
    wanted = name.casefold()
    return next((c for c in columns if c.name.casefold() == wanted), None)
