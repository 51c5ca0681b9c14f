"""The lines that did not fit, read in pieces: there may be as many as there are rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import Relation, connect, source
from concordat.tables.plane.lake import Lake

_COLUMNS = [Column("line", "integer"), Column("reason", "text"), Column("text", "text")]


@dataclass(frozen=True)
class Rejects(Sequence[dict[str, Any]]):
    """The `count` lines that did not fit when a version was loaded, in their order.

    A slice reads no more than that, and iterating holds one batch at a time.
    """

    lake: Lake
    table: str
    version: int
    count_: int

    def __len__(self) -> int:
        return self.count_

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self._read()

    @overload
    def __getitem__(self, at: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        start, stop, _ = (at if isinstance(at, slice) else slice(at, at + 1)).indices(len(self))
        found = list(self._read(f" LIMIT {max(0, stop - start)} OFFSET {start}"))
        return found if isinstance(at, slice) else found[0]

    def _read(self, piece: str = "") -> Iterator[dict[str, Any]]:
        if not self.count_:
            return
        name = f"{self.table}-rejects"
        connection = connect(self.lake.work / "spill")
        try:
            stored = source(connection, self.lake, name, self.lake.open(name).version())
            sql = f"SELECT line, reason, text FROM {stored} WHERE version = {int(self.version)}"  # noqa: S608
            relation = Relation(connection, f"{sql} ORDER BY line, reason{piece}", _COLUMNS)
            for batch in relation.batches(2_048):
                yield from batch.to_pylist()
        finally:
            connection.close()
