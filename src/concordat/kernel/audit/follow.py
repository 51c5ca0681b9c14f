"""Followers of the log: each keeps its own place, at least once, in order, nothing skipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from django.db import connection, transaction
from django.db.models import Max

from concordat.kernel.audit.models import Entry, Follower, Leaf

log = structlog.get_logger()
Handle = Callable[[Sequence[Entry]], None]


def after(position: int, limit: int) -> list[tuple[int, Entry]]:
    """(place, entry) for the entries after `position`, in the order of the log."""
    rows = Entry.objects.filter(leaf__position__gt=position).select_related("leaf")
    return [(entry.leaf.position, entry) for entry in rows.order_by("leaf__position")[:limit]]


def end_of_log() -> int:
    """The last place that was given; -1 while there is none."""
    last = Leaf.objects.aggregate(last=Max("position"))["last"]
    return -1 if last is None else int(last)


def follow(name: str, handle: Handle, limit: int = 200) -> int:
    """Hand the next entries to `handle` and remember the place; returns how many.

    One process at a time follows under a name: the others find the row locked and do nothing. The
    place moves in the same transaction as what `handle` writes, so a crash repeats a batch and
    never loses one. When a batch fails its entries are tried one by one, so that the follower
    stops exactly before the entry that fails.
    """
    Follower.objects.get_or_create(name=name)
    try:
        return _step(name, handle, limit)
    except Exception as error:
        log.exception("follower failed", follower=name)
        if limit == 1:
            Follower.objects.filter(name=name).update(error=repr(error)[:2000])
            return 0
    done = 0
    while _step_one(name, handle):
        done += 1
        if done == limit:
            break
    return done


def _step_one(name: str, handle: Handle) -> int:
    return follow(name, handle, limit=1)


def _step(name: str, handle: Handle, limit: int) -> int:
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        row = Follower.objects.select_for_update(skip_locked=skip).filter(name=name).first()
        if row is None:
            return 0
        batch = after(row.position, limit)
        if not batch:
            return 0
        handle([entry for _, entry in batch])
        Follower.objects.filter(name=name).update(position=batch[-1][0], error="")
        return len(batch)
