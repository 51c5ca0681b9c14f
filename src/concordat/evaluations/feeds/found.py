"""What is read of an evaluation, whatever wrote it, and the lines of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["made", "changed", "unchanged", "waits", "refused", "noted"]


@dataclass(frozen=True)
class Line:
    """One line of the report: where, what became of it, why, and how to mend it.

    `column` is the header of the cell, `said` what stood there.
    """

    place: str
    outcome: Outcome
    says: str
    mend: str = ""
    column: str = ""
    said: str = ""


@dataclass(frozen=True)
class Unsaid:
    """A cell whose whole text said that something is not stated; `item` is such as `outcomes[2]`."""

    column: str
    said: str
    item: str = ""


@dataclass
class FeedReport:
    """A report of an evaluation. `published` is such as `2016-11`; `outcomes` are places in the
    evaluation's list of outcomes, from 0."""

    id: str
    title: str = ""
    kind: str = ""
    authors: str = ""
    url: str = ""
    links: str = ""
    published: str = ""
    outcomes: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What tells it from the other reports of its evaluation."""
        return self.id or self.title


@dataclass(frozen=True)
class Finding:
    """What was found of one kind (`process`, `impact`, `economic`, `other`); `report` is a place in
    the evaluation's list of reports, from 0, or None."""

    kind: str
    summary: str
    findings: str
    report: int | None = None


@dataclass
class FeedEvaluation:
    """An evaluation as its source tells it.

    `sections` and `items` are named as the plan names them, with every value as text. `designs` are
    (column, text), or ("", code) where the code is known already, and `dates` are (event, date,
    kind), where kind is "" if the source does not say. `rest` holds, by column, what the plan has
    no place for. `places` are the rows it was read from.
    """

    source_id: str
    title: str = ""
    summary: str = ""
    types: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    designs: list[tuple[str, str]] = field(default_factory=list)
    contact_name: str = ""
    contact_email: str = ""
    access_class: str = ""
    dates: list[tuple[str, str, str]] = field(default_factory=list)
    sections: dict[str, dict[str, str]] = field(default_factory=dict)
    items: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    reports: list[FeedReport] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rest: dict[str, str] = field(default_factory=dict)
    unsaid: list[Unsaid] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where it stands."""
        first, last = self.places[0], self.places[-1]
        return f"row {first}" if first == last else f"rows {first} to {last}"

    def note(self, row: int, says: str, mend: str, column: str = "", said: str = "") -> None:
        """Add a line about one of its cells."""
        self.lines.append(Line(f"row {row}", "noted", says, mend, column, said[:500]))
