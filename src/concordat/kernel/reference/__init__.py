"""Codelists: data files with versions, one a list, read once.

Each is a CSV with the columns `code` and `label`, and any others the list needs; `codelists.json`
says of each its version and where it comes from.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

_FOLDER: Final = "codelists"


@dataclass(frozen=True)
class Codelist:
    """An ordered list of codes with their labels, a version and a source."""

    name: str
    version: str
    source: str
    rows: dict[str, dict[str, str]]

    def __contains__(self, code: object) -> bool:
        return code in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def label(self, code: str) -> str:
        """The words for a code; the code itself when the list does not hold it."""
        row = self.rows.get(code)
        return row["label"] if row else code

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, label) pairs, as a Django field wants them."""
        return [(code, row["label"]) for code, row in self.rows.items()]

    def find(self, column: str, value: str) -> str | None:
        """The code of the row whose `column` equals `value` in any case, or None."""
        wanted = value.casefold()
        for code, row in self.rows.items():
            if row.get(column, "").casefold() == wanted:
                return code
        return None


@cache
def codelist(name: str) -> Codelist:
    """The codelist of that name. Raises FileNotFoundError when there is none."""
    folder = files(__package__) / _FOLDER
    about: dict[str, Any] = json.loads((folder / "codelists.json").read_text("utf-8"))[name]
    text = (folder / f"{name}.csv").read_text("utf-8")
    rows = {row["code"]: dict(row) for row in csv.DictReader(text.splitlines())}
    return Codelist(name, about["version"], about["source"], rows)


@cache
def codelist_names() -> tuple[str, ...]:
    """Every codelist there is, in order of name."""
    folder = files(__package__) / _FOLDER
    return tuple(sorted(json.loads((folder / "codelists.json").read_text("utf-8"))))
