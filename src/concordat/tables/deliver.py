"""Delivering through a share: every door's one way to the rows, each read told to the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from concordat.kernel.access import Actor
from concordat.tables import sharing
from concordat.tables.actions import note_delivery
from concordat.tables.models import Share, TableVersion
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import Relation, open_table
from concordat.tables.plane.prepare import Part, prepare, prepared_file
from concordat.tables.plane.streams import Tally
from concordat.tables.queries import still_readable
from concordat.tables.store import lake

PIECE: Final = 1024 * 1024
AGAIN: Final = 0.05  # seconds: what is sent later than that after a revocation is nothing
Stream = Callable[[Relation, Callable[[], bool], Tally], Iterator[bytes]]


class Watch:
    """Whether a delivery may go on: asked before each piece, and of the database when the last
    answer is older than `AGAIN`."""

    def __init__(self, actor: Actor, share: Share, token: int | None) -> None:
        self._facts = (actor, share.pk, token)
        self._asked = time.monotonic()  # whoever opened the door has just asked

    def __call__(self) -> bool:
        """True while it may."""
        if time.monotonic() - self._asked < AGAIN:
            return True
        self._asked = time.monotonic()
        return still_readable(*self._facts)


def parts_of(share: Share) -> list[Part]:
    """The share's Parquet files, written under its policy if they are not there yet.

    Raises WrongState where the policy no longer fits the table.
    """
    sharing.allowed_columns(share)
    latest = share.table.latest
    assert latest is not None
    return _prepared(share, latest)


def part_file(share: Share, table: str, version: int, number: int) -> Path | None:
    """One file of a version, written here if another host prepared it; None: it never was."""
    if path := prepared_file(lake(), table, version, share.policy_digest, number):
        return path
    found = share.table.versions.filter(number=version).first()
    parts = {part.number: part.path for part in _prepared(share, found)} if found else {}
    return parts.get(number)


def _prepared(share: Share, version: TableVersion) -> list[Part]:
    columns = [Column.from_data(data) for data in version.columns]
    policy = sharing.policy_of(share)
    return prepare(lake(), share.table.reference, version.number, columns, policy)


def stream(
    actor: Actor, share: Share, door: str, shape: Stream, *, token: int | None = None
) -> Iterator[bytes]:
    """The share's rows as bytes, for as long as it and the `token`, where there is one, let.

    The log is told before the first byte, so that a crash hides no read, and again when it stops.
    Raises WrongState where the policy no longer fits the table.
    """
    columns = [column.name for column in sharing.allowed_columns(share)]
    latest = share.table.latest
    assert latest is not None
    watch = Watch(actor, share, token)
    relation = open_table(
        lake(),
        share.table.reference,
        latest.number,
        sharing.columns_of(share),
        sharing.policy_of(share),
    )
    tally = Tally()

    def pieces() -> Iterator[bytes]:
        note_delivery(actor, share, door, begun=True, version=latest.number, columns=columns)
        try:
            yield from shape(relation, watch, tally)
        finally:
            note_delivery(
                actor,
                share,
                door,
                version=latest.number,
                columns=columns,
                rows=tally.rows,
                bytes=tally.bytes,
                whole=tally.whole,
            )

    return pieces()


def file_range(
    actor: Actor, share: Share, path: Path, start: int, stop: int, *, version: int, token: int
) -> Iterator[bytes]:
    """Bytes `start` to `stop` (not included) of a prepared file, for as long as the share lets.

    That the file was handed out is in the log since its address was asked for.
    """
    sent, watch = 0, Watch(actor, share, token)
    try:
        with path.open("rb") as file:
            file.seek(start)
            while sent < stop - start:
                if sent and not watch():
                    return
                piece = file.read(min(PIECE, stop - start - sent))
                if not piece:
                    return
                sent += len(piece)
                yield piece
    finally:
        facts: dict[str, Any] = {
            "version": version,
            "file": path.stem,
            "start": start,
            "bytes": sent,
        }
        note_delivery(actor, share, "delta-sharing file", **facts)
