"""The normal form of a harvested dataset, and the lines of the report."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

Outcome = Literal["used", "merged", "repaired", "rejected"]


@dataclass(frozen=True)
class Line:
    """One line of the report: where, what became of it, and what was changed in which field."""

    place: str
    outcome: Outcome
    message: str
    field: str = ""
    before: str = ""


@dataclass(frozen=True)
class FeedDistribution:
    """One form in which a dataset can be had."""

    identifier: str
    title: str
    description: str = ""
    access_url: str = ""
    download_url: str = ""
    format: str = ""
    media_type: str = "application/octet-stream"
    licence: str = "UNKNOWN"
    byte_size: int | None = None


@dataclass(frozen=True)
class FeedDataset:
    """A dataset as its source describes it. Identity is the source's own id, never the title."""

    source_id: str
    title: str
    description: str
    publisher: str
    alternative_titles: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    contact_name: str = ""
    contact_email: str = ""
    licence: str = "UNKNOWN"
    access_rights: str = "OPEN"
    created: date | None = None
    issued: date | None = None
    modified: date | None = None
    frequency: str = "freq:irregular"
    landing_page: str = ""
    distributions: tuple[FeedDistribution, ...] = field(default=())

    def digest(self) -> str:
        """SHA-256 (hex) of everything in it: equal when nothing changed at the source."""
        data = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(data.encode()).hexdigest()

    def merged(self, other: FeedDataset) -> FeedDataset:
        """This dataset with another row of the same identity added to it."""
        known = {d.identifier for d in self.distributions}
        more = tuple(_renamed(d, known) for d in other.distributions)
        titles = self.alternative_titles
        if other.title != self.title and other.title not in titles:
            titles = (*titles, other.title)
        dates = [d for d in (self.modified, other.modified) if d]
        return replace(
            self,
            alternative_titles=titles,
            keywords=tuple(dict.fromkeys((*self.keywords, *other.keywords)))[:100],
            modified=max(dates) if dates else None,
            distributions=(*self.distributions, *more),
        )


def _renamed(found: FeedDistribution, known: set[str]) -> FeedDistribution:
    """A distribution with an identifier of its own among those already there."""
    name, number = found.identifier, 2
    while name in known:
        name, number = f"{found.identifier[:480]}#{number}", number + 1
    known.add(name)
    return replace(found, identifier=name)


def plain(value: Any) -> str:
    """A value as the report shows it: short."""
    return str(value)[:200]
