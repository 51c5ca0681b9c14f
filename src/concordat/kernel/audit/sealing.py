"""Sealing the log, proving entries, and writing the public files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from concordat.kernel.audit import merkle
from concordat.kernel.audit.archive import FIRST, seal_hash
from concordat.kernel.audit.log import exclusive, sequence
from concordat.kernel.audit.models import Entry, EntryQuerySet, Leaf, Seal, Tile

_BATCH: Final = 2000


def seal() -> Seal | None:
    """Seal every entry that has committed; None when nothing came since the last seal.

    Called once a day, and whenever somebody wants a seal now.
    """
    while sequence():
        pass
    with transaction.atomic():
        exclusive()
        last = Seal.objects.order_by("-number").first()
        end = Leaf.objects.aggregate(last=Max("position"))["last"]
        size = 0 if end is None else end + 1
        if size == (last.size if last else 0):
            return None
        tree = _grow(last.size if last else 0, size)
        now = timezone.now()
        made = {
            "number": last.number + 1 if last else 0,
            "date": now.date().isoformat(),
            "at": now.isoformat(),
            "size": size,
            "root": tree.root().hex(),
            "previous": last.hash if last else FIRST,
        }
        return Seal.objects.create(**{**made, "at": now, "date": now.date()}, hash=seal_hash(made))


def with_seals(entries: EntryQuerySet) -> EntryQuerySet:
    """The entries, each with `sealed`: whether it stands under a seal."""
    size = Seal.objects.aggregate(size=Max("size"))["size"] or 0
    leaf = Leaf.objects.filter(entry=OuterRef("pk"), position__lt=size)
    return entries.annotate(sealed=Exists(leaf))


def _grow(start: int, stop: int) -> merkle.Frontier:
    """The tree at `stop`, keeping the root of each subtree completed on the way."""
    tree = merkle.frontier_at(stored_node, start)
    tiles: list[Tile] = []

    def keep(level: int, index: int, found: bytes) -> None:
        tiles.append(Tile(level=level, index=index, hash=found))

    leaves = Leaf.objects.filter(position__gte=start, position__lt=stop).order_by("position")
    for commitment in leaves.values_list("commitment", flat=True).iterator(chunk_size=_BATCH):
        tree.append(bytes(commitment), keep)
        if len(tiles) > _BATCH:
            Tile.objects.bulk_create(tiles)
            tiles.clear()
    Tile.objects.bulk_create(tiles)
    return tree


def stored_node(level: int, index: int) -> bytes:
    """The root of a complete subtree, from the stored tiles: one query."""
    if level == 0:
        return merkle.leaf_hash(
            bytes(Leaf.objects.values_list("commitment", flat=True).get(pk=index))
        )
    found = Tile.objects.values_list("hash", flat=True).get(level=level, index=index)
    return bytes(found)


def seal_data(found: Seal) -> dict[str, Any]:
    """A seal as the public files hold it."""
    return {
        "number": found.number,
        "date": found.date.isoformat(),
        "at": found.at.isoformat(),
        "size": found.size,
        "root": found.root,
        "previous": found.previous,
        "hash": found.hash,
    }


def seal_lines() -> Iterator[str]:
    """`seals.jsonl`, line by line."""
    for found in Seal.objects.order_by("number").iterator():
        yield json.dumps(seal_data(found), separators=(",", ":")) + "\n"


def day_lines(day: str, known: EntryQuerySet | None = None) -> Iterator[str]:
    """`days/<day>.jsonl`, line by line: the leaves that the seals of that day added.

    `known` are the entries whose body may be read; without it, those that were public when made.
    """
    known = Entry.objects.public() if known is None else known
    seals = Seal.objects.filter(date=day).order_by("number")
    first, last = seals.first(), seals.last()
    if first is None or last is None:
        return
    before = Seal.objects.filter(number=first.number - 1).first()
    leaves = (
        Leaf.objects.filter(position__gte=before.size if before else 0, position__lt=last.size)
        .annotate(shown=Exists(known.filter(pk=OuterRef("entry_id"))))
        .select_related("entry")
        .order_by("position")
    )
    for leaf in leaves.iterator(chunk_size=_BATCH):
        yield json.dumps(leaf_data(leaf), separators=(",", ":"), ensure_ascii=False) + "\n"


def leaf_data(leaf: Leaf) -> dict[str, Any]:
    """A leaf, with `shown` told, as the public files hold it: the body only where it is shown."""
    data: dict[str, Any] = {"position": leaf.position, "commitment": bytes(leaf.commitment).hex()}
    if leaf.shown and leaf.entry.body:  # type: ignore[attr-defined]
        data |= {"salt": bytes(leaf.entry.salt).hex(), "body": leaf.entry.body}
    return data


def proof_of(entry: Entry, *, open_body: bool) -> dict[str, Any] | None:
    """The inclusion proof of an entry under the first seal over it; None until it is sealed.

    `open_body` adds body and salt, for a reader who may see the entry.
    """
    leaf = Leaf.objects.filter(entry=entry).first()
    over = Seal.objects.filter(size__gt=leaf.position).order_by("number").first() if leaf else None
    if leaf is None or over is None:
        return None
    path = merkle.inclusion(stored_node, leaf.position, over.size)
    proof: dict[str, Any] = {
        "position": leaf.position,
        "commitment": bytes(leaf.commitment).hex(),
        "path": [step.hex() for step in path],
        "seal": seal_data(over),
    }
    if open_body:
        proof |= {"salt": bytes(entry.salt).hex(), "body": entry.body}
    return proof


def consistency_between(first: int, second: int) -> dict[str, Any] | None:
    """The proof that the log at seal `second` extends that at seal `first`, by their numbers."""
    seals = Seal.objects.in_bulk([first, second])
    if first not in seals or second not in seals or first > second or seals[first].size == 0:
        return None
    path = merkle.consistency(stored_node, seals[first].size, seals[second].size)
    return {
        "first": seal_data(seals[first]),
        "second": seal_data(seals[second]),
        "path": [step.hex() for step in path],
    }
