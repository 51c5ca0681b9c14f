"""Which fields of sources the API takes and shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from concordat.kernel.doors.schemas import Out, RecordDetail, RecordOut, inputs
from concordat.tables.models import Source

_SOURCE = ["connection", "place", "every", "hour", "weekday"]


TableNamed = Annotated[str, Field(max_length=12, pattern=r"^TB-[0-9A-Z]{4}-[0-9A-Z]{2}$")]


SourceDraft = inputs("SourceDraft", Source, _SOURCE, table=(TableNamed, ...))


SourceEdit = inputs("SourceEdit", Source, _SOURCE, partial=True)


class SourceRow(RecordOut):
    """Where a table is loaded from, how often, and how that went last time."""

    table: str
    connection: str
    place: str
    every: str
    hour: int
    weekday: int
    next_at: datetime | None
    ran_at: datetime | None
    result: str

    @staticmethod
    def resolve_table(found: Source) -> str:
        """The reference of its table."""
        return found.table.reference


class SourceOut(SourceRow, RecordDetail):
    """A source with what may be done to it."""


class ConnectionOut(Out):
    """A connection that a table may be loaded from."""

    name: str
    kind: str
