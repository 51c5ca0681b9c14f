"""Which fields of tables, versions and files the API takes and shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from concordat.kernel.doors.schemas import In, Out, RecordDetail, RecordOut, inputs
from concordat.tables.models import StoredTable
from concordat.tables.models.stored import MOST_NAMES

Slug = Annotated[str, Field(max_length=255, pattern=r"^[-a-z0-9]+$")]


TableDraft = inputs("TableDraft", StoredTable, ["title", "name"], owner=(Slug, ...))


# A table keeps its name, which its recipients' programs use.
Names = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=255)]], Field(max_length=MOST_NAMES)
]


Days = Annotated[int, Field(ge=0, le=32767)]


TableEdit = inputs(
    "TableEdit",
    StoredTable,
    ["title"],
    partial=True,
    key=(Names, []),
    needed=(Names, []),
    due_days=(Days | None, None),
    keep_versions=(Annotated[int, Field(ge=1, le=32767)] | None, None),
    keep_days=(Days | None, None),
)


class RollBack(In):
    """The version whose rows are to be the next."""

    number: Annotated[int, Field(ge=0, le=2**31 - 1)]


class TableRow(RecordOut):
    """A stored table in a list."""

    title: str
    name: str
    rows: int | None
    latest_version: int | None

    @staticmethod
    def resolve_rows(found: StoredTable) -> int | None:
        """Rows of the latest version."""
        return found.latest.rows if found.latest else None

    @staticmethod
    def resolve_latest_version(found: StoredTable) -> int | None:
        """Its number."""
        return found.latest.number if found.latest else None


class TableOut(TableRow, RecordDetail):
    """A stored table with its columns: name, type and profile of each."""

    columns: list[dict[str, Any]]
    key: list[str]
    needed: list[str]
    due_days: int | None
    keep_versions: int | None
    keep_days: int | None

    @staticmethod
    def resolve_columns(found: StoredTable) -> list[dict[str, Any]]:
        """Those of the latest version."""
        return found.latest.columns if found.latest else []


class VersionRow(Out):
    """One load of a table. `restored_from` is the version whose rows it holds again."""

    number: int
    status: str
    rows: int
    rejected: int
    size: int
    source_name: str
    source_digest: str
    restored_from: int | None
    created_at: datetime


class Measurement(Out):
    """One rule: how many it tested, how many of them failed, when and for whom."""

    dimension: str
    rule: str
    tested: int
    failing: int
    at: datetime
    by: str


class VersionOut(VersionRow):
    """One load with what it is found to hold, so that no row can be told from it.

    `columns` have `empty`, `distinct`, `least`, `most`, `top` and `shapes` beside name and type;
    `changes` says what was `added`, `removed`, `retyped` or `moved` since the version before.
    """

    columns: list[dict[str, Any]]
    changes: dict[str, Any]
    quality: list[Measurement]


class RejectOut(Out):
    """A line that did not fit."""

    line: int
    reason: str
    text: str


class WaitingOut(Out):
    """A file that was sent for a table and not loaded yet; it is kept for a week."""

    id: int
    name: str
    size: int
    created_at: datetime


class PreviewOut(WaitingOut):
    """The start of a waiting file as a table; `types` are found over every row when it is loaded."""

    format: str
    encoding: str
    delimiter: str
    sheets: list[str]
    columns: list[dict[str, Any]]
    rows: list[list[str | None]]


class HowToLoad(Schema):
    """How a file is read where that is not to be found out; `types` by column."""

    encoding: str = Field("", max_length=20)
    delimiter: str = Field("", max_length=1)
    sheet: str = Field("", max_length=100)
    types: dict[str, str] = Field(default_factory=dict, max_length=2000)


class Queued(Out):
    """Long work that was asked for; its own address says how far it is."""

    job: int
    status: str
    title: str
    url: str
