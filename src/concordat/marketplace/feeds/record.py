"""The normal form of a harvested dataset, and the lines of the report."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

# Each row is used, merged, rejected or ignored, once; what was changed or is amiss comes besides.
# A file that could not be read at all is refused.
Outcome = Literal["used", "merged", "rejected", "ignored", "repaired", "noted", "refused"]


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
class FeedResource:
    """What datasets and services have in common. Identity is the source's own id, never the title."""

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
    landing_page: str = ""

    def digest(self) -> str:
        """SHA-256 (hex) of everything in it: equal when nothing changed at the source."""
        data = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class FeedService(FeedResource):
    """An API as its source describes it."""

    endpoint_url: str = ""
    endpoint_description: str = ""
    service_type: str = "REST"
    service_status: str = "LIVE"

    def merged(self, others: Sequence[FeedResource]) -> FeedService:
        """This service; other rows of the same identity add their titles alone."""
        return replace(self, alternative_titles=_titles(self, others))


@dataclass(frozen=True)
class FeedDataset(FeedResource):
    """A dataset as its source describes it."""

    frequency: str = "freq:irregular"
    distributions: tuple[FeedDistribution, ...] = field(default=())

    def merged(self, others: Sequence[FeedResource]) -> FeedDataset:
        """This dataset with the other rows of the same identity added, exact repeats once."""
        more = [
            d for other in others if isinstance(other, FeedDataset) for d in other.distributions
        ]
        words = (word for each in (self, *others) for word in each.keywords)
        return replace(
            self,
            alternative_titles=_titles(self, others),
            keywords=tuple(dict.fromkeys(words))[:100],
            modified=max((d.modified for d in (self, *others) if d.modified), default=None),
            distributions=told_apart(dict.fromkeys((*self.distributions, *more))),
        )


def _titles(one: FeedResource, others: Sequence[FeedResource]) -> tuple[str, ...]:
    titles = (title for each in (one, *others) for title in (*each.alternative_titles, each.title))
    return tuple(dict.fromkeys(title for title in titles if title != one.title))[:100]


def told_apart(forms: Iterable[FeedDistribution]) -> tuple[FeedDistribution, ...]:
    """Distributions, each with an identifier of its own: the second `x` is `x#2`."""
    known: set[str] = set()
    last: dict[str, int] = {}
    made = []
    for form in forms:
        name, number = form.identifier, last.get(form.identifier, 1)
        while name in known:
            number += 1
            name = f"{form.identifier[:480]}#{number}"
        last[form.identifier] = number
        known.add(name)
        made.append(form if name == form.identifier else replace(form, identifier=name))
    return tuple(made)


def plain(value: Any) -> str:
    """A value as the report shows it: short, and the same at every reading of a blank node."""
    return re.sub(r"_:\w+", "_:", str(value))[:200]
