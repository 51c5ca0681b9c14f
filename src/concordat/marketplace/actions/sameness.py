"""One dataset that several sources tell of: each record is kept, and they are linked as the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act_many
from concordat.kernel.links.models import LINK, Link
from concordat.marketplace.models import Dataset

_Key = tuple[int, str]


def link_same(actor: Actor, source: str) -> int:
    """Link the datasets of `source` with those that other sources give the same owner and title.

    The first that came in stands in the middle. A source that uses one title for several datasets
    does not say which is meant, so none of those is linked. A link that somebody removed is not
    made again. Returns how many were made.
    """
    known = set(
        Link.objects.visible_to(actor)
        .filter(relation="same_as", source_kind=Dataset.KIND, target_kind=Dataset.KIND)
        .values_list("source", "target")
    )
    links = [
        Link(
            owner=row.owner,
            relation="same_as",
            source_kind=Dataset.KIND,
            source=row.reference,
            target_kind=Dataset.KIND,
            target=first.reference,
        )
        for first, *others in _groups(actor, source)
        for row in others
        if not {(row.reference, first.reference), (first.reference, row.reference)} & known
    ]
    return act_many(actor, LINK["draft"], ((link, None) for link in links))


def _groups(actor: Actor, source: str) -> Iterator[list[Any]]:
    """Two or more datasets of one owner and title, each the only one of its source."""
    harvested = Dataset.objects.visible_to(actor).filter(status="published").exclude(source="")
    ours = harvested.filter(source=source)
    rows = harvested.filter(title__in=ours.values("title")).select_related("owner").order_by("id")
    found: dict[_Key, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.only("reference", "owner", "title", "source", "owner__name"):
        found[row.owner_id, row.title][row.source].append(row)
    for by_source in found.values():
        single = [rows[0] for rows in by_source.values() if len(rows) == 1]
        if len(single) > 1:
            yield single
