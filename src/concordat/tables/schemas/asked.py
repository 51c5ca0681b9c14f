"""Which fields of queries the API takes and shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from concordat.kernel.doors.schemas import In, Out, inputs
from concordat.tables.models import MOST_SQL, SavedQuery


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
