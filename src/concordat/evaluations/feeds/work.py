"""What is cited: an evaluation, or one version of its plan, in nobody's format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Relation:
    """Another thing it stands in a relation to, in DataCite's word; its DOI, or else its address."""

    kind: str
    address: str
    doi: str = ""


@dataclass(frozen=True)
class Output:
    """A report of an evaluation."""

    title: str
    address: str
    doi: str = ""
    published: str = ""


@dataclass(frozen=True)
class Work:
    """An evaluation, or with `version` one version of its plan.

    `creators` are the lead body and the others, in that order; `available` is the day from which on
    anyone could read it; `dates` are (DataCite's type, day); `grants` are (name, number).
    """

    reference: str
    address: str
    title: str
    creators: tuple[str, ...]
    available: date
    summary: str = ""
    subjects: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    version: str = ""
    doi: str = ""
    dates: tuple[tuple[str, str], ...] = ()
    related: tuple[Relation, ...] = ()
    grants: tuple[tuple[str, str], ...] = ()
    outputs: tuple[Output, ...] = ()

    @property
    def publisher(self) -> str:
        """The lead body."""
        return self.creators[0]
