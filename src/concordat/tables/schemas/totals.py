"""Which fields of totals the API takes and shows."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from concordat.kernel.doors.schemas import In, Out, Owner, RecordDetail, RecordOut
from concordat.kernel.refusals import Invalid
from concordat.tables.models import Output
from concordat.tables.plane.aggregate import Aggregate, AggregateError, Dimension


class DimensionIn(In):
    """A column that makes categories: as it stands, a date by period, a number by band."""

    column: str = Field(max_length=1000)
    by: Literal[
        "", "day", "month", "quarter", "year", "tens", "hundreds", "thousands", "ten thousands"
    ] = ""


class TotalsIn(In):
    """A table of totals: by up to two columns; `of` names the column of a sum or mean."""

    dimensions: list[DimensionIn] = Field(default_factory=list, max_length=2)
    measure: Literal["count", "sum", "mean"] = "count"
    of: str = Field("", max_length=1000)
    margins: bool = True

    def asked(self) -> Aggregate:
        """The request. Raises Invalid."""
        dimensions = tuple(Dimension(d.column, d.by) for d in self.dimensions)
        try:
            Aggregate(dimensions)
        except AggregateError as error:
            raise Invalid({"dimensions": [str(error)]}) from error
        try:
            return Aggregate(dimensions, self.measure, self.of, self.margins)
        except AggregateError as error:
            raise Invalid({"of": [str(error)]}) from error


class FigureOut(Out):
    """A cell: `over` are the dimensions it is of (none: all rows), with a label of each (null: the
    column is empty). A hidden one has no value, nor has a mean of nothing."""

    over: list[int]
    labels: list[str | None]
    value: float | None
    hidden: bool


class OutputRow(RecordOut):
    """A table of totals in a list."""

    recipient: Owner
    share: str
    policy_digest: str
    request: dict[str, Any]

    @staticmethod
    def resolve_share(found: Output) -> str:
        """The reference of the share it was asked through."""
        return found.share.reference


class OutputOut(OutputRow, RecordDetail):
    """A table of totals: its cells, the rules that refused it, and what would be shown whole."""

    title: str
    table_version: int
    least: int
    cells: list[FigureOut]
    rules: list[str]
    would_pass: list[dict[str, Any]]

    @staticmethod
    def resolve_title(found: Output) -> str:
        """What it counts or adds up, and by what."""
        return found.title_text

    @staticmethod
    def resolve_table_version(found: Output) -> int:
        """The version of the table."""
        return found.table_version.number

    @staticmethod
    def resolve_rules(found: Output) -> list[str]:
        """In words."""
        return found.refusals

    @staticmethod
    def resolve_would_pass(found: Output) -> list[dict[str, Any]]:
        """As `ask_share_totals` takes them; each alone."""
        return [table.to_data() for table in found.near]


class ReviewedOut(FigureOut):
    """A cell with its value, and the rule that hides it ("": none)."""

    rule: str
