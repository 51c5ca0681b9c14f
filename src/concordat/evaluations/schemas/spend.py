"""What the API takes and shows of the portfolio and of the share of spend evaluated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from concordat.evaluations.rules.spend import BASES
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import In, Out, Owner
from concordat.kernel.text import LINE_PATTERN, TEXT_PATTERN

Number = Annotated[
    str,
    Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", description="MOD_0106_1617-Q1"),
]
Year = Annotated[int, Field(ge=2000, le=2100)]


class IntervalOut(Out):
    """Two shares from 0 to 1."""

    lower: float
    upper: float


class CoverageOut(Out):
    """What is evaluated of some projects. Costs in £ million; `hidden_cost` and `share` are null where
    no usable total is published."""

    projects: int
    disclosed: int
    hidden: int
    evaluated: int
    hidden_evaluated: int
    cost: Decimal
    evaluated_cost: Decimal
    hidden_cost: Decimal | None
    share: IntervalOut | None
    of_disclosed: float | None
    by_count: IntervalOut | None
    flags: list[str]


class BlockOut(Out):
    """All projects of a year, a portfolio, or a body as it is today; `reported` is the same for
    evaluations that have published a report."""

    kind: str
    name: str
    slug: str
    year: int
    coverage: CoverageOut
    reported: CoverageOut
    codes: list[str]
    split: int


class YearOut(Out):
    """A year of the portfolio as a whole, with the published total, what it covers, and where it is
    published."""

    year: int
    total: Decimal | None
    basis: str
    total_source: str
    source: str
    whole: BlockOut


class CoveragePage(Out):
    """Every year, the newest first."""

    items: list[YearOut]


class YearDetail(YearOut):
    """A year with its portfolios and bodies."""

    parts: list[BlockOut]


class LineOut(Out):
    """A project in a year. `cost_cell` is the cost as published; `value`, in £ million, is null where
    it is hidden."""

    year: int
    project: str
    number: str
    name: str
    department: str
    category: str
    cost_cell: str
    cost_class: str
    sections: list[int]
    value: Decimal | None
    start: date | None
    end: date | None
    evaluated: bool
    reported: bool

    @staticmethod
    def resolve_project(line: Any) -> str:
        """The number of its page."""
        return str(line.project_number)

    @staticmethod
    def resolve_cost_cell(line: Any) -> str:
        """As published."""
        return str(line.cost.cell)

    @staticmethod
    def resolve_cost_class(line: Any) -> str:
        """Why it is hidden, or that it is disclosed."""
        return str(line.cost.kind)

    @staticmethod
    def resolve_sections(line: Any) -> list[int]:
        """The exempting sections."""
        return list(line.cost.sections)

    @staticmethod
    def resolve_value(line: Any) -> Decimal | None:
        """The cost, where it is disclosed."""
        return line.cost.value


class PartDetail(BlockOut):
    """The projects behind one part of a year."""

    lines: list[LineOut]


class ProjectQuery(ListQuery):
    """How the list of projects is narrowed."""

    category: Annotated[str, Field(max_length=200)] | None = None
    body: Annotated[str, Field(max_length=255, pattern=r"^[-a-z0-9]+$")] | None = None


class ProjectRow(Out):
    """A project of the portfolio, as its newest year says it."""

    number: str
    name: str
    department: str
    category: str
    body: Owner | None


class ProjectsPage(Out):
    """Projects, in the order in which they came."""

    items: list[ProjectRow]
    next: str | None


class NumberOut(Out):
    """A number it was published under, and in which years."""

    number: str
    first: int
    last: int


class MoveOut(Out):
    """How its end date moved from one year to another, in days; null where it cannot be compared."""

    before: int
    after: int
    days: int | None
    hidden: str


class ProjectDetail(ProjectRow):
    """A project over its years, with its published evaluations."""

    status: str
    version: int
    numbers: list[NumberOut]
    lines: list[LineOut]
    moves: list[MoveOut]
    evaluations: list[str]


class JoinIn(In):
    """The project that it is."""

    into: Number


class RemarkOut(Out):
    """A line that was refused or noted: where, why, and how to mend it."""

    place: str
    outcome: Literal["refused", "noted"]
    message: str
    cell: str


class LoadedOut(Out):
    """What a run did."""

    year: int
    made: int
    changed: int
    unchanged: int
    withdrawn: int
    refused: int
    remarks: list[RemarkOut]


_AMOUNT: Any = Annotated[str, Field(max_length=22, pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$")]
_NAME: Any = Annotated[
    str, Field(min_length=1, max_length=200, json_schema_extra={"pattern": LINE_PATTERN})
]
_SOURCE: Any = Annotated[
    str, Field(min_length=1, max_length=500, json_schema_extra={"pattern": LINE_PATTERN})
]


class CategoryTotalIn(In):
    """The published total of one portfolio, in £ million."""

    category: _NAME
    total: _AMOUNT


class TotalIn(In):
    """The published total of a year, in £ million, what it covers and where it is published; with
    null as the total, that none is published, whatever else is said."""

    total: _AMOUNT | None
    basis: Literal[tuple(BASES)]  # type: ignore[valid-type]
    total_source: _SOURCE
    category_totals: Annotated[list[CategoryTotalIn], Field(max_length=40)] = []


class SeparateIn(In):
    """Why."""

    note: Annotated[
        str, Field(min_length=1, max_length=4000, json_schema_extra={"pattern": TEXT_PATTERN})
    ]
