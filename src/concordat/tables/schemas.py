"""Which fields of tables and shares the API takes and shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from concordat.kernel.audit.models import Entry
from concordat.kernel.doors.schemas import In, Out, Owner, RecordDetail, RecordOut, inputs
from concordat.tables.models import MOST_SQL, SavedQuery, Share, Source, StoredTable
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


class ShareRow(RecordOut):
    """A share in a list: `basis` is the record that it rests on."""

    recipient: Owner
    table: str
    basis: str
    basis_digest: str
    policy_digest: str
    starts_at: datetime
    ends_at: datetime

    @staticmethod
    def resolve_table(found: Share) -> str:
        """The reference of its table."""
        return found.table.reference


class ShareOut(ShareRow, RecordDetail):
    """A share with the policy that it enforces."""

    policy: dict[str, Any]


class DeliveryOut(Out):
    """One read through a share, as both its sides may know it."""

    at: datetime
    actor: str
    facts: dict[str, Any]

    @staticmethod
    def resolve_actor(entry: Entry) -> str:
        """Who read."""
        return entry.actor_name

    @staticmethod
    def resolve_facts(entry: Entry) -> dict[str, Any]:
        """Door, version, columns, rows, bytes."""
        return dict(entry.private.get("facts", {}))


class SqlIn(In):
    """One SELECT, and how its rows are to come; without a `format`, as the Accept header says."""

    sql: Annotated[str, Field(min_length=1, max_length=MOST_SQL)]
    format: Literal["", "json", "csv", "arrow", "parquet"] = ""
    limit: Annotated[int, Field(ge=1, le=10_000, description="Rows of a JSON answer")] = 1000
    explain: Annotated[bool, Field(description="The plan, as a row of text, in place of rows")] = (
        False
    )


class SqlColumn(Out):
    """A column: its name and type."""

    name: str
    type: str


class SqlOut(Out):
    """The rows, each a list in the order of the columns; `whole` is false where there are more."""

    columns: list[SqlColumn]
    rows: list[list[Any]]
    whole: bool


class SqlTable(Out):
    """A table that can be queried: `name` is the shortest that means it, `qualified` always does."""

    name: str
    qualified: str
    share: str
    columns: list[SqlColumn]


class SqlTables(Out):
    """The tables that one's shares give."""

    items: list[SqlTable]


class QueryRunOut(Out):
    """A query that was run: as written, as run, and what came of it."""

    id: int
    sql: str
    run_sql: str
    bases: list[str]
    started_at: datetime
    milliseconds: int
    rows: int
    bytes: int
    outcome: str
    problem: str


class SavedQueryOut(Out):
    """A query that is kept."""

    id: int
    title: str
    sql: str
    status: str
    version: int
    owner: str
    by: str

    @staticmethod
    def resolve_owner(found: SavedQuery) -> str:
        """The slug of its organisation."""
        return found.owner.slug

    @staticmethod
    def resolve_by(found: SavedQuery) -> str:
        """Who saved it."""
        return found.person.name


QuerySave = inputs("QuerySave", SavedQuery, ["title", "sql"])
QueryEdit = inputs("QueryEdit", SavedQuery, ["title", "sql"], partial=True)
