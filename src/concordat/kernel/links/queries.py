"""The links of a record, as far as the reader may know its other ends."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from concordat.kernel.access import Actor
from concordat.kernel.links.models import BACKWARD, RELATIONS, Link
from concordat.kernel.publication.models import Record, record_kinds


@dataclass(frozen=True)
class Linked:
    """A link as it reads from one of its ends: “Uses data from”, the record at the other."""

    link: Link
    label: str
    other: Record


def links_of(actor: Actor, record: Record) -> list[Linked]:
    """The standing links of a record the actor may already see: a query, and one for each kind of
    record linked."""
    found = Link.objects.visible_to(actor).standing().of(record.reference)
    ends: dict[str, dict[str, Record]] = {}
    wanted = defaultdict(set)
    links = list(found.select_related("owner").order_by("id"))
    for link in links:
        wanted[_other_end(link, record)[0]].add(_other_end(link, record)[1])
    for kind, references in wanted.items():
        rows = record_kinds()[kind].objects.visible_to(actor).filter(reference__in=references)
        ends[kind] = {row.reference: row for row in rows}
    return [
        Linked(link, _label(link, record), ends[kind][reference])
        for link in links
        for kind, reference in [_other_end(link, record)]
        if reference in ends[kind]
    ]


def _other_end(link: Link, record: Record) -> tuple[str, str]:
    if link.source == record.reference:
        return link.target_kind, link.target
    return link.source_kind, link.source


def _label(link: Link, record: Record) -> str:
    forward = RELATIONS[link.relation]
    return forward if link.source == record.reference else BACKWARD.get(link.relation, forward)
